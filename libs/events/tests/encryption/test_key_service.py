"""Master keys in a key service: entered with an OIDC token, asked with the person's name."""

import os
from base64 import b64decode, b64encode
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zugabe_events.encryption.key_service import KeyService
from zugabe_events.encryption.master_key import KeysUnavailableError

KEY = b"k" * 32


class Transit:
    """As OpenBao's transit engine answers, with real encryption."""

    def __init__(self) -> None:
        self.keys = [AESGCM(os.urandom(32))]
        self.sessions: list[str] = []
        self.down = False

    async def login(self, request: web.Request) -> web.Response:
        said = await request.json()
        if said != {"role": "checkout", "jwt": "our-token"}:
            return web.json_response({"errors": ["permission denied"]}, status=403)
        self.sessions.append(f"s{len(self.sessions)}")
        auth = {"client_token": self.sessions[-1], "lease_duration": 600}
        return web.json_response({"auth": auth})

    async def transit(self, request: web.Request) -> web.Response:
        if self.down:
            return web.Response(status=503)
        if request.headers.get("X-Vault-Token") not in self.sessions[-1:]:
            return web.json_response({"errors": ["permission denied"]}, status=403)
        said = await request.json() if request.can_read_body else {}
        match request.match_info["verb"]:
            case "keys":
                return web.json_response({"data": {"latest_version": len(self.keys)}})
            case "encrypt":
                nonce = os.urandom(12)
                plain, bound = b64decode(said["plaintext"]), b64decode(said["associated_data"])
                encrypted = b64encode(nonce + self.keys[-1].encrypt(nonce, plain, bound)).decode()
                return web.json_response(
                    {"data": {"ciphertext": f"vault:v{len(self.keys)}:{encrypted}"}}
                )
            case "decrypt":
                return web.json_response({"data": {"plaintext": self.decrypted(said)}})
        return web.Response(status=404)

    def decrypted(self, said: Any) -> str:
        _, version, encoded = said["ciphertext"].split(":")
        raw, bound = b64decode(encoded), b64decode(said["associated_data"])
        try:
            plain = self.keys[int(version[1:]) - 1].decrypt(raw[:12], raw[12:], bound)
        except InvalidTag as error:
            raise web.HTTPBadRequest from error
        return b64encode(plain).decode()


@pytest.fixture
def transit() -> Transit:
    return Transit()


@pytest.fixture
def clock() -> list[datetime]:
    return [datetime(2026, 5, 4, tzinfo=UTC)]


@pytest.fixture
async def service(transit: Transit, clock: list[datetime]) -> AsyncGenerator[KeyService]:
    app = web.Application()
    app.router.add_post("/v1/auth/jwt/login", transit.login)
    app.router.add_route("*", "/v1/transit/{verb}/zugabe", transit.transit)

    async def bearer() -> str:
        return "our-token"

    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        url = str(server.make_url(""))
        yield KeyService(url, "zugabe", "checkout", http, bearer, lambda: clock[0])


async def test_a_key_comes_back_for_its_own_person_only(service: KeyService) -> None:
    wrapped = await service.wrap(KEY, "acme/anna")
    assert wrapped.startswith("v1:")
    assert await service.unwrap(wrapped, "acme/anna") == KEY
    with pytest.raises(KeysUnavailableError):
        await service.unwrap(wrapped, "acme/bert")


async def test_a_new_version_wraps_and_the_old_one_still_unwraps(
    service: KeyService, transit: Transit
) -> None:
    old = await service.wrap(KEY, "acme/anna")
    transit.keys.append(AESGCM(os.urandom(32)))
    assert await service.version() == "v2"
    assert (await service.wrap(KEY, "acme/anna")).startswith("v2:")
    assert await service.unwrap(old, "acme/anna") == KEY


async def test_one_session_serves_until_it_ends_or_is_ended(
    service: KeyService, transit: Transit, clock: list[datetime]
) -> None:
    for _ in range(3):
        await service.wrap(KEY, "acme/anna")
    assert transit.sessions == ["s0"]
    clock[0] += timedelta(seconds=301)
    await service.wrap(KEY, "acme/anna")
    assert transit.sessions == ["s0", "s1"]
    transit.sessions.append("ended by the service")
    await service.wrap(KEY, "acme/anna")
    assert transit.sessions[-1] == "s3"


async def test_a_service_that_is_down_means_not_now(service: KeyService, transit: Transit) -> None:
    wrapped = await service.wrap(KEY, "acme/anna")
    transit.down = True
    for asking in (service.unwrap(wrapped, "acme/anna"), service.wrap(KEY, "acme/anna")):
        with pytest.raises(KeysUnavailableError):
            await asking
    with pytest.raises(KeysUnavailableError):
        await service.version()
    transit.down = False
    assert await service.unwrap(wrapped, "acme/anna") == KEY
