"""N-8: what a service learns first of a dealer's user is sealed by the owner of their key."""

from collections.abc import AsyncGenerator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from zugabe_events.encryption.master_key import KeysUnavailableError
from zugabe_events.encryption.remote_sealing import RemoteSealing


class Owner:
    """The route of the owner."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.status = 200

    async def sealed(self, request: web.Request) -> web.Response:
        self.asked.append((request.headers["Authorization"], request.path))
        texts = (await request.json())["texts"]
        answer = {name: text.upper() for name, text in texts.items()}
        return web.json_response({"texts": answer}, status=self.status)


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
async def sealing(owner: Owner) -> AsyncGenerator[RemoteSealing]:
    app = web.Application()
    app.router.add_post("/dealers/{dealer}/people/{user}/sealed", owner.sealed)

    async def bearer() -> str:
        return "t1"

    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        yield RemoteSealing(http, str(server.make_url("")).rstrip("/"), bearer)


async def test_the_owner_is_asked_with_our_token(sealing: RemoteSealing, owner: Owner) -> None:
    assert await sealing.seal("acme", "anna", name="Anna") == {"name": "ANNA"}
    assert owner.asked == [("Bearer t1", "/dealers/acme/people/anna/sealed")]


async def test_an_erased_person_stays_erased(sealing: RemoteSealing, owner: Owner) -> None:
    """X-15"""
    owner.status = 409
    assert await sealing.seal("acme", "anna", name="Anna") is None


@pytest.mark.parametrize("status", [401, 403, 500, 503])
async def test_an_owner_without_an_answer_is_asked_again_later(
    sealing: RemoteSealing, owner: Owner, status: int
) -> None:
    owner.status = status
    with pytest.raises(KeysUnavailableError):
        await sealing.seal("acme", "anna", name="Anna")
