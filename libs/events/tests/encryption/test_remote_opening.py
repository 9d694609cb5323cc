"""N-8: what another service sealed is opened by it, and by nothing that a text only names."""

from collections.abc import AsyncGenerator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from zugabe_events.encryption.master_key import KeysUnavailableError
from zugabe_events.encryption.personal_data import AskOwner
from zugabe_events.encryption.remote_opening import ask_owner_to_open
from zugabe_events.encryption.sealed_text import WithheldReason
from zugabe_testing.malformed import SEALED_BY_NOBODY


class Owner:
    """The route of an owner, which opens everything but what is gone."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []
        self.status = 200

    async def opened(self, request: web.Request) -> web.Response:
        texts = (await request.json())["texts"]
        self.asked.append((request.headers["Authorization"], texts))
        answers = [
            {"text": "gelöscht" if text == "gone" else text.upper(), "closed": text == "gone"}
            for text in texts
        ]
        return web.json_response({"texts": answers}, status=self.status)


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
async def ask(owner: Owner) -> AsyncGenerator[AskOwner]:
    app = web.Application()
    app.router.add_post("/people/opened", owner.opened)

    async def bearer() -> str:
        return "t1"

    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        urls = {"checkout": str(server.make_url("")).rstrip("/")}
        yield ask_owner_to_open(http, urls.__getitem__, bearer)


async def test_the_owner_is_asked_in_batches_with_our_token(ask: AskOwner, owner: Owner) -> None:
    texts = [f"t{number}" for number in range(501)] + ["gone"]
    opened = await ask("checkout", texts)
    assert [len(asked) for _, asked in owner.asked] == [500, 2]
    assert {token for token, _ in owner.asked} == {"Bearer t1"}
    assert (opened["t500"], opened["gone"]) == ("T500", WithheldReason.ERASED)


@pytest.mark.parametrize("name", ["nosuch", "client_id", "services", "mongo"])
async def test_a_text_cannot_say_whom_to_send_our_token_to(
    ask: AskOwner, owner: Owner, name: str
) -> None:
    """S7, D1: no service, nobody asked; the text stays as it is, and nothing breaks for good."""
    text = SEALED_BY_NOBODY.replace("nosuch", name)
    assert await ask(name, [text]) == {text: text}
    assert owner.asked == []


async def test_an_owner_that_is_away_means_not_now(ask: AskOwner, owner: Owner) -> None:
    owner.status = 503
    with pytest.raises(KeysUnavailableError):
        await ask("checkout", ["t1"])
