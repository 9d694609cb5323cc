"""Routes that know callers without a token (X-16)."""

from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI

from zugabe_events.domain.errors import UnauthenticatedError
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.principal import ANONYMOUS, Principal, principal_of
from zugabe_events.http.public_routes import open_routes, public_routes
from zugabe_events.http.request_context import RequestContext
from zugabe_testing.callers import known
from zugabe_testing.routes import routes_past_the_dealer, routes_without_right

RIGHTS = {"look": frozenset({ANONYMOUS, "user"}), "buy": frozenset({"user"})}
LOOK, BUY = "/dealers/acme/look", "/dealers/acme/buy"


@pytest.fixture
def app() -> FastAPI:
    access = Access(known(Principal("anna", "user", "acme", "c1")), RIGHTS)
    router = APIRouter(prefix="/dealers/{dealer}")

    @router.get("/look")
    async def look(
        dealer: Id, request: Annotated[RequestContext, Depends(access.requires("look"))]
    ) -> tuple[str, str, str | None]:
        return request.context.actor, request.context.role, request.principal.dealer

    @router.get("/buy")
    async def buy(
        dealer: Id, request: Annotated[RequestContext, Depends(access.requires("buy"))]
    ) -> None:
        pass

    return http_app("sample", [router])


@pytest.fixture
def http(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sample")


async def test_whoever_brings_no_token_may_do_only_what_names_them(
    http: httpx.AsyncClient,
) -> None:
    assert (await http.get(LOOK)).json() == ["-", "anonymous", "acme"]
    assert (await http.get(BUY)).status_code == 401


async def test_a_bad_token_is_not_the_same_as_none(http: httpx.AsyncClient) -> None:
    for header in ("Bearer stranger", "Bearer ", "Basic YTpi", ""):
        answer = await http.get(LOOK, headers={"Authorization": header})
        assert answer.status_code == 401, header
    known = await http.get(LOOK, headers={"Authorization": "Bearer anna"})
    assert known.json() == ["anna", "user", "acme"]


def test_no_token_makes_somebody_anonymous() -> None:
    with pytest.raises(UnauthenticatedError):
        principal_of({"sub": "anna", "role": ANONYMOUS, "dealer": "acme"})
    somebody = principal_of({"sub": "-", "role": "user", "dealer": "acme"})
    assert somebody.subject != "-"


def test_such_routes_are_listed_and_described(app: FastAPI) -> None:
    assert list(open_routes(app.routes)) == ["GET /dealers/{dealer}/look"]
    assert not list(public_routes(app.routes))
    assert routes_without_right(app) == []
    assert routes_past_the_dealer(app) == []
    paths = app.openapi()["paths"]
    assert paths["/dealers/{dealer}/look"]["get"]["security"] == [{"bearer": []}, {}]
    assert paths["/dealers/{dealer}/buy"]["get"]["security"] == [{"bearer": []}]
