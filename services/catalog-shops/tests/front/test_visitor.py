"""Visitors without a right: whom they buy for, and how many may wait at a time."""

import asyncio
from collections.abc import Sequence

import pytest
from fastapi import Request

from catalog_shops.front.turns import Turns
from catalog_shops.front.visitor import Visitor, catch_up
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.errors import ForbiddenError, UnavailableError
from zugabe_events.http.principal import Principal


class Slow:
    """A read model that catches up when it is told to."""

    def __init__(self) -> None:
        self.waiting = 0
        self.arrived = asyncio.Event()

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        self.waiting += 1
        await self.arrived.wait()
        self.waiting -= 1


def request(*tokens: str) -> Request:
    headers = [(b"zugabe-token", token.encode()) for token in tokens]
    return Request({"type": "http", "headers": headers})


async def test_a_bounded_number_of_strangers_waits_for_tokens() -> None:
    """X-29: whoever makes tokens up keeps nobody else waiting."""
    slow, waiting = Slow(), Turns(5)
    token = str(Token("catalog-shops", 0, 1, 1))
    async with asyncio.TaskGroup() as tasks:
        for _ in range(5):
            tasks.create_task(catch_up(request(token), [slow], waiting))
        await asyncio.sleep(0)
        assert slow.waiting == 5
        with pytest.raises(UnavailableError):
            await catch_up(request(token), [slow], waiting)
        await catch_up(request(), [slow], waiting)
        slow.arrived.set()
    await catch_up(request(token), [slow], waiting)


async def test_some_make_pages_some_wait_and_the_others_come_again() -> None:
    """X-29: searches of strangers leave the database to others."""
    turns, done = Turns(2, 3), asyncio.Event()
    making, most = 0, 0

    async def make() -> None:
        nonlocal making, most
        async with turns.taken():
            making += 1
            most = max(most, making)
            await done.wait()
            making -= 1

    async with asyncio.TaskGroup() as tasks:
        for _ in range(5):
            tasks.create_task(make())
        await asyncio.sleep(0)
        with pytest.raises(UnavailableError):
            await make()
        done.set()
    assert most == 2
    await make()


@pytest.mark.parametrize(
    ("principal", "may"),
    [
        (Principal("anna", "user", "acme"), True),
        (Principal("otto", "user", "other"), False),
        (Principal("pia", "partner", partner="acme"), False),
        (Principal("carla", "central"), True),
        (Principal("cora", "central", "acme"), True),
        (Principal("cora", "central", "other"), False),
        (Principal("cora", "central", partner="acme"), False),
        (Principal("ours", "service"), True),
        (Principal("shop", "service", "acme"), True),
        (Principal("shop", "service", "other"), False),
    ],
)
def test_a_shop_that_is_not_public_opens_to_its_own_tenant(principal: Principal, may: bool) -> None:
    """X-16, S4"""
    visitor = Visitor("acme", principal)
    visitor.check_may_see(is_public=True)
    if may:
        visitor.check_may_see(is_public=False)
    else:
        with pytest.raises(ForbiddenError):
            visitor.check_may_see(is_public=False)


def test_prices_are_those_of_a_customer_of_this_dealer() -> None:
    """Q34, X-16"""
    anna = Principal("anna", "user", "acme", "c1")
    assert Visitor("acme", anna).customer == "c1"
    assert Visitor("other", anna).customer == ""
    assert Visitor("acme", Principal("carla", "central")).customer == ""
    assert Visitor("acme", None).customer == ""
