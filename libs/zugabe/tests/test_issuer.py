from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest

from zugabe.issuer import issue, load_key
from zugabe.issuer_http import issuer_app, serve_issuer
from zugabe.ports import Ports

SECRETS = {"checkout": "open sesame"}


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    port = Ports({}, {}).of("issuer")
    url = f"http://127.0.0.1:{port}"
    server = await serve_issuer(issuer_app(load_key(tmp_path / "key.pem"), url, SECRETS), port)
    yield url
    await server.cleanup()


async def read(url: str) -> dict[str, Any]:
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        return dict(await answer.json())


async def verified(url: str, token: str) -> dict[str, Any]:
    """As a service does it: discovery, keys, signature, issuer, audience."""
    found = await read(f"{url}/.well-known/openid-configuration")
    keys = jwt.PyJWKSet.from_dict(await read(found["jwks_uri"]))
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, ["ES256"], audience="zugabe", issuer=found["issuer"])
    return dict(claims)


async def test_a_token_of_the_issuer_is_believed(url: str, tmp_path: Path) -> None:
    key = load_key(tmp_path / "key.pem")
    rights = ["bonus:activate"]
    token = issue(
        key,
        url,
        subject="u1",
        role="user",
        dealer="d1",
        rights=rights,
        lifetime_seconds=60,
    )
    claims = await verified(url, token)
    assert (claims["sub"], claims["role"], claims["dealer"]) == ("u1", "user", "d1")
    assert claims["rights"] == rights
    assert "customer" not in claims


async def test_a_token_of_a_foreign_key_is_not(url: str, tmp_path: Path) -> None:
    own, foreign = load_key(tmp_path / "key.pem"), load_key(tmp_path / "foreign.pem")
    token = issue(foreign, url, subject="u1", role="central", lifetime_seconds=60)
    header = {"kid": own.public()["kid"]}
    claims = jwt.decode(token, options={"verify_signature": False})
    pretending = jwt.encode(claims, foreign.private, "ES256", headers=header)
    with pytest.raises(KeyError):
        await verified(url, token)
    with pytest.raises(jwt.InvalidSignatureError):
        await verified(url, pretending)


async def test_an_old_token_is_not_believed(url: str, tmp_path: Path) -> None:
    key = load_key(tmp_path / "key.pem")
    token = issue(key, url, subject="u1", role="user", lifetime_seconds=-1)
    with pytest.raises(jwt.ExpiredSignatureError):
        await verified(url, token)


@pytest.mark.parametrize("basic", [True, False])
async def test_a_service_gets_a_token_for_its_secret(url: str, basic: bool) -> None:
    form = {"grant_type": "client_credentials"}
    named = {"client_id": "checkout", "client_secret": "open sesame"}
    header = {"Authorization": aiohttp.encode_basic_auth(*named.values())} if basic else {}
    sent = form if basic else form | named
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{url}/token", data=sent, headers=header) as answer,
    ):
        granted = await answer.json()
    claims = await verified(url, granted["access_token"])
    assert (claims["sub"], claims["role"]) == ("checkout", "service")
    assert "dealer" not in claims


async def test_a_wrong_secret_gets_nothing(url: str) -> None:
    form = {"grant_type": "client_credentials", "client_id": "checkout", "client_secret": "guess"}
    async with aiohttp.ClientSession() as http, http.post(f"{url}/token", data=form) as answer:
        assert answer.status == 401
        assert await answer.json() == {"error": "invalid_client"}


def test_the_key_is_made_once_and_is_its_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "state" / "key.pem"
    assert load_key(path).public() == load_key(path).public()
    assert path.stat().st_mode & 0o777 == 0o600
