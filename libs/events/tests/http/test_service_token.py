"""A service shows its peers a token of its own, and asks for it as seldom as possible."""

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from zugabe_events.domain.errors import UnavailableError
from zugabe_events.http.service_token import ServiceToken


@pytest.fixture
def token(issuer: Any, session: aiohttp.ClientSession, clock: Any) -> ServiceToken:
    return ServiceToken(issuer.url, "checkout", "secret", session, clock)


async def test_many_requests_share_one_token(issuer: Any, token: ServiceToken) -> None:
    assert set(await asyncio.gather(*(token.bearer() for _ in range(20)))) == {"t"}
    assert issuer.asked["/token"] == 1


async def test_a_token_is_renewed_before_it_expires(
    issuer: Any, token: ServiceToken, clock: Any
) -> None:
    await token.bearer()
    issuer.grants = {"access_token": "t2", "expires_in": 600}
    clock.ahead = timedelta(seconds=530)
    assert await token.bearer() == "t"
    clock.ahead = timedelta(seconds=541)
    assert await token.bearer() == "t2"


async def test_the_last_token_serves_while_the_issuer_is_away(
    issuer: Any, token: ServiceToken, clock: Any
) -> None:
    await token.bearer()
    issuer.down = True
    clock.ahead = timedelta(seconds=590)
    assert await token.bearer() == "t"
    clock.ahead = timedelta(seconds=601)
    with pytest.raises(UnavailableError):
        await token.bearer()


@pytest.mark.parametrize("grants", [{}, {"access_token": 7}, [], {"access_token": "ü"}])
async def test_an_odd_grant_is_no_token(issuer: Any, token: ServiceToken, grants: Any) -> None:
    issuer.grants = grants
    with pytest.raises(UnavailableError):
        await token.bearer()


async def test_the_secret_stays_out_of_what_is_logged(
    issuer: Any, session: aiohttp.ClientSession, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    token = ServiceToken(issuer.url, "checkout", "wrong-secret", session, clock)
    with pytest.raises(UnavailableError):
        await token.bearer()
    assert "checkout" in caplog.text
    assert "wrong-secret" not in caplog.text
