"""S23: powerful steps need a fresh sign-in."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends

from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.fresh_sign_in import FreshSignIn
from zugabe_events.http.principal import Principal, principal_of
from zugabe_events.http.request_context import RequestContext
from zugabe_testing.callers import known, signed_in

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ALL = frozenset({"central", "service:checkout"})
CLAIMS = {"sub": "zoe", "role": "central"}


def zoe(**claims: object) -> Principal:
    return principal_of({**CLAIMS, **claims})


async def erased(caller: Principal, fresh: FreshSignIn | None) -> httpx.Response:
    access = Access(known(caller), {"erase": ALL}, lambda: NOW, fresh=fresh)
    router = APIRouter()

    @router.post("/erasure")
    async def erase(
        request: Annotated[RequestContext, Depends(access.requires("erase"))],
    ) -> Mapping[str, bool]:
        request.check_sign_in()
        return {"erased": True}

    transport = httpx.ASGITransport(http_app("wishes", [router]))
    async with httpx.AsyncClient(transport=transport, base_url="http://wishes") as http:
        return await http.post("/erasure", headers=signed_in(caller))


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"auth_time": NOW.timestamp() - 1_799}, 200),
        ({"auth_time": NOW.timestamp() - 1_801}, 401),
        ({"auth_time": NOW.timestamp() + 3_600}, 401),
        ({"auth_time": "today"}, 401),
        ({"auth_time": True}, 401),
        ({"auth_time": 1e300}, 401),
        ({}, 401),
    ],
)
async def test_a_sign_in_is_fresh_for_half_an_hour(
    claims: Mapping[str, object], status: int
) -> None:
    """S23: when the person signed in counts, not when the token was issued."""
    answer = await erased(zoe(iat=NOW.timestamp(), **claims), FreshSignIn(timedelta(minutes=30)))
    assert answer.status_code == status
    if status == 401:
        assert answer.json()["code"] == "sign-in-outdated"
        challenge = 'Bearer error="insufficient_user_authentication", max_age="1800"'
        assert answer.headers["www-authenticate"] == challenge


@pytest.mark.parametrize(("acr", "status"), [("gold", 200), ("bronze", 401), (None, 401)])
async def test_a_stronger_sign_in_may_be_asked_for(acr: str | None, status: int) -> None:
    """S23"""
    caller = zoe(auth_time=NOW.timestamp(), acr=acr)
    answer = await erased(caller, FreshSignIn(timedelta(minutes=5), frozenset({"gold"})))
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["www-authenticate"].endswith('acr_values="gold"')


async def test_services_sign_in_with_each_token() -> None:
    """S23: they have no person's sign-in; and nothing is asked where the setting says so."""
    service = principal_of({"sub": "checkout", "role": "service"})
    assert (await erased(service, FreshSignIn(timedelta(minutes=5)))).status_code == 200
    assert (await erased(zoe(), None)).status_code == 200
