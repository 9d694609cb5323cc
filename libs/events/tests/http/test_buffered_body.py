"""S3: nobody waits for the body of somebody who may not ask, and nobody takes all places."""

import asyncio
import json
from typing import Annotated, Any
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from starlette.types import Message

from zugabe_events.domain.errors import ThrottledError, UnavailableError
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.buffered_body import BodyBudget
from zugabe_events.http.fields import Body, Text
from zugabe_events.http.principal import ANONYMOUS, Principal
from zugabe_events.http.public_routes import PUBLIC_ROUTE
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.request_limits import RequestLimits
from zugabe_testing.callers import known

ANNA = Principal("anna", "user", "acme", "c1")
RIGHTS = {
    "note": frozenset({"user"}),
    "greet": frozenset({"user", ANONYMOUS}),
    "rule": frozenset({"central"}),
}


class Note(Body):
    text: Text


def notes() -> FastAPI:
    router = APIRouter(prefix="/dealers/{dealer}")
    access = Access(known(ANNA), RIGHTS)

    @router.put("/notes")
    async def note(
        body: Note, _: Annotated[RequestContext, Depends(access.requires("note"))]
    ) -> str:
        return body.text

    @router.put("/greetings")
    async def greet(
        body: Note, _: Annotated[RequestContext, Depends(access.requires("greet"))]
    ) -> str:
        return body.text

    @router.put("/rules")
    async def rule(
        body: Note, _: Annotated[RequestContext, Depends(access.requires("rule"))]
    ) -> None:
        raise AssertionError

    @router.get("/front", dependencies=[Depends(PUBLIC_ROUTE)])
    async def front() -> str:
        return "open"

    app = http_app("notes", [], larger_bodies={"PUT /dealers/{dealer}/notes": 5_000_000})
    app.include_router(router)  # as services do with routes that all of them have
    return app


class Client:
    """One that sends its head, and its body only when a test says so."""

    def __init__(self, app: Any, path: str, token: str = "", host: str = "203.0.113.7") -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"17")]
        if token:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        self.scope = {
            "type": "http",
            "method": "GET" if path == "front" else "PUT",
            "path": f"/dealers/acme/{path}",
            "query_string": b"",
            "headers": headers,
            "client": (host, 1),
        }
        self.sending = asyncio.Event()
        self.sent: list[Message] = []
        self.task = asyncio.create_task(app(self.scope, self.receive, self.send))

    async def receive(self) -> Message:
        await self.sending.wait()
        return {"type": "http.request", "body": b'{"text": "Hallo"}', "more_body": False}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"]) if self.sent else 0

    @property
    def code(self) -> str:
        return str(json.loads(self.sent[1]["body"])["code"])

    async def answered(self) -> int:
        async with asyncio.timeout(2):
            while len(self.sent) < 2:
                await asyncio.sleep(0.005)
        return self.status

    async def finish(self) -> int:
        self.sending.set()
        await self.task
        return self.status


@pytest.mark.parametrize(
    ("path", "token", "status"),
    [
        ("notes", "", 401),
        ("notes", "nobody", 401),
        ("rules", "anna", 403),
        ("greetings", "nobody", 401),
        ("nothing", "anna", 404),
        ("front", "", 413),
    ],
)
async def test_whoever_may_not_ask_is_answered_before_the_body_has_come(
    path: str, token: str, status: int
) -> None:
    client = Client(notes(), path, token)
    assert await client.answered() == status
    assert (b"connection", b"close") in client.sent[0]["headers"]
    await client.finish()


async def test_a_tenant_of_others_is_refused_before_the_body_has_come() -> None:
    """X-16"""
    app = notes()
    client = Client(app, "notes", "anna")
    client.scope["path"] = "/dealers/other/notes"
    assert await client.answered() == 403
    await client.finish()


async def test_half_sent_requests_of_strangers_take_no_place() -> None:
    app = notes()
    app.user_middleware[0].kwargs["max_concurrent_requests"] = 5
    strangers = [Client(app, "notes") for _ in range(5)]
    for one in strangers:
        await one.answered()
    assert not any(one.task.done() for one in strangers), "they are still being drained"
    assert await Client(app, "notes", "anna").finish() == 200
    for one in strangers:
        await one.finish()


async def waiting(app: Any, number: int, *who: str) -> list[Client]:
    clients = [Client(app, *who) for _ in range(number)]
    await asyncio.sleep(0.05)
    return clients


async def test_one_address_waits_with_so_many_bodies_and_others_are_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("zugabe_events.http.buffered_body.MAX_WAITING_BY_ADDRESS", 3)
    app = notes()
    slow = await waiting(app, 3, "greetings")
    refused = Client(app, "greetings")
    assert (await refused.answered(), refused.code) == (429, "too-many-attempts")
    assert await Client(app, "greetings", "", "198.51.100.9").finish() == 200
    assert await Client(app, "greetings", "anna").finish() == 200
    assert [await one.finish() for one in slow] == [200] * 3
    assert await Client(app, "greetings").finish() == 200
    await refused.finish()


async def test_one_person_waits_with_so_many_bodies_from_anywhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("zugabe_events.http.buffered_body.MAX_WAITING_BY_PERSON", 2)
    app = notes()
    slow = [*await waiting(app, 1, "notes", "anna"), *await waiting(app, 1, "notes", "anna", "::1")]
    refused = Client(app, "notes", "anna", "198.51.100.9")
    assert await refused.answered() == 429
    assert [await one.finish() for one in slow] == [200] * 2
    await refused.finish()


async def test_all_bodies_together_have_a_budget() -> None:
    app = RequestLimits(notes(), 1_000, uuid4)
    app.budget.max_bytes = 20
    first = Client(app, "notes", "anna")
    app.budget.take(10)
    assert (await first.finish(), first.code) == (503, "overloaded")
    app.budget.give_back(10)
    assert await Client(app, "notes", "anna").finish() == 200
    assert app.budget.bytes == 0


def test_what_was_taken_is_given_back() -> None:
    budget = BodyBudget(10)
    with budget.place("a", 1), pytest.raises(ThrottledError), budget.place("a", 1):
        raise AssertionError
    assert not budget.waiting
    budget.take(10)
    with pytest.raises(UnavailableError):
        budget.take(1)
    budget.give_back(10)
    budget.take(1)


async def test_a_body_that_nobody_asked_for_ends_no_connection_if_it_is_here() -> None:
    transport = httpx.ASGITransport(notes())
    async with httpx.AsyncClient(transport=transport, base_url="http://notes") as http:
        answer = await http.put("/dealers/acme/notes", json={"text": "x"})
        assert answer.status_code == 401
        assert "connection" not in answer.headers
