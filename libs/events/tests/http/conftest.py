"""A small sample service: one stream that remembers wishes, behind every guard there is."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, ClassVar

import aiohttp
import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from fastapi import APIRouter, Depends, FastAPI
from kernel_tests.identity_provider import Clock, Issuer
from pydantic import Field

from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import NewerSchemaError, RefusedError, TooLargeError
from zugabe_events.domain.event import Event, Stream
from zugabe_events.domain.projection import ReadModel
from zugabe_events.domain.views import Page
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Cents, Day, Id, Instant, Limit, Text
from zugabe_events.http.principal import Principal
from zugabe_events.http.request_context import RequestContext
from zugabe_testing.callers import known
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.views import InMemoryViews

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)

ANNA = Principal("anna", "user", "acme", "So.COMMERCE")
BERT = Principal("bert", "user", "acme", "So.COMMERCE")
CARL = Principal("carl", "user", "other", "other")
STAFF = Principal("staff", "dealer-staff", "acme")
TRUSTED = Principal("trusted", "dealer-staff", "acme", rights=frozenset({"wish.mend"}))
CENTRAL = Principal("central", "central")

RIGHTS = {
    "wish.make": frozenset({"user", "dealer-staff", "central"}),
    "wish.read": frozenset({"user", "dealer-staff"}),
    "wish.mend": frozenset[str](),
}


class WishMade(Event, frozen=True):
    stored_as: ClassVar[str] = "wish-made"

    wish_id: str
    title: str
    cents: int


def decide(command: WishMade, made: bool) -> Sequence[WishMade]:
    if command.cents < 100:
        raise RefusedError("Zu bescheiden.", code="too-modest", missing_cents=100 - command.cents)
    return [] if made else [command]


def decided(command: WishMade, states: Sequence[bool]) -> Sequence[Sequence[WishMade]]:
    return [decide(command, states[0])]


WISH_DECIDER: Decider[WishMade, bool, WishMade] = Decider("wish", False, decide, lambda _, __: True)


@dataclass(frozen=True, slots=True)
class WishView:
    wish_id: str
    title: str
    cents: int


def project(_: WishView | None, event: Event) -> WishView | None:
    match event:
        case WishMade():
            return WishView(event.wish_id, event.title, event.cents)
        case _:
            return None


def keys(event: Event) -> Sequence[str]:
    return [event.wish_id] if isinstance(event, WishMade) else []


WISHES = ReadModel("wishes", 1, ("wishes",), WishView, keys, project)


class NewWish(Body):
    title: Text
    cents: Cents
    tags: Annotated[tuple[Id, ...], Field(max_length=5)] = ()
    on: Day | None = None
    at: Instant | None = None


def sample(store: InMemoryEventStore, access: Access) -> FastAPI:
    views = InMemoryViews(WISHES, [store])
    router = APIRouter(prefix="/dealers/{dealer}/wishes")

    @router.put("/{wish_id}", status_code=201)
    async def make(
        dealer: Id,
        wish_id: Id,
        body: NewWish,
        request: Annotated[RequestContext, Depends(access.requires("wish.make"))],
    ) -> None:
        history = History(Stream(f"wish-{dealer}/{wish_id}", f"{dealer}/{wish_id}"), WISH_DECIDER)
        command = WishMade(wish_id=wish_id, title=body.title, cents=body.cents)
        await request.handle(store, history, command, attempt=request.attempt("make", wish_id))

    @router.post("/list", status_code=201)
    async def make_all(
        dealer: Id,
        body: Sequence[NewWish],
        request: Annotated[RequestContext, Depends(access.requires("wish.make"))],
    ) -> None:
        for number, wish in enumerate(body):
            stream = Stream(f"wish-{dealer}/{number}", wish.title)
            command = WishMade(wish_id=f"{number}", title=wish.title, cents=wish.cents)
            attempt = request.attempt("make-all", f"{number}")
            histories = [History(stream, WISH_DECIDER)]
            await request.handle_together(
                store, histories, partial(decided, command), attempt=attempt
            )

    @router.get("")
    async def browse(
        request: Annotated[RequestContext, Depends(reads(access.requires("wish.read"), views))],
        limit: Limit = 100,
    ) -> Page[WishView]:
        return await views.page({}, limit=limit)

    @router.get("/of/{user}")
    async def of_user(
        user: Id, request: Annotated[RequestContext, Depends(access.requires("wish.read"))]
    ) -> dict[str, str]:
        request.only(user)
        return {"user": user, "correlation": request.context.correlation}

    @router.post("/{wish_id}/mend")
    async def mend(
        request: Annotated[RequestContext, Depends(access.requires("wish.mend"))],
    ) -> dict[str, str]:
        return {"attempt": str(request.attempt())}

    @router.post("/{wish_id}/break")
    async def break_(
        request: Annotated[RequestContext, Depends(access.requires("wish.make"))],
    ) -> None:
        raise ZeroDivisionError("secret")

    @router.post("/{wish_id}/swell")
    async def swell(
        request: Annotated[RequestContext, Depends(access.requires("wish.make"))],
    ) -> None:
        raise TooLargeError("secret")

    @router.post("/{wish_id}/age")
    async def age(
        request: Annotated[RequestContext, Depends(access.requires("wish.make"))],
    ) -> None:
        raise NewerSchemaError("secret")

    return http_app("wishes", [router], max_body_bytes=100_000)


@pytest.fixture
def store() -> InMemoryEventStore:
    return InMemoryEventStore("wishes", lambda: NOON)


@pytest.fixture
def app(store: InMemoryEventStore) -> FastAPI:
    verify = known(ANNA, BERT, CARL, STAFF, TRUSTED, CENTRAL)
    return sample(store, Access(verify, RIGHTS, now=lambda: NOON))


@pytest.fixture
def client(app: FastAPI) -> httpx.AsyncClient:
    """An exception that leaves the app fails the test."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://wishes")


@pytest.fixture
async def issuer() -> AsyncGenerator[Issuer]:
    found = Issuer()
    found.add_key("k1")
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.answer)
    async with TestServer(app) as server:
        found.url = str(server.make_url("")).rstrip("/")
        yield found


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()
