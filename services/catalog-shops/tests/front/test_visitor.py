"""Visitors without a right: whom they buy for, and how many may wait at a time."""

import asyncio
from collections.abc import Sequence

import pytest
from fastapi import Request

from catalog_shops.front.visitor import MAX_WAITING, Visitor, Waiting
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.errors import UnavailableError
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
    slow = Slow()
    waiting = Waiting([slow])
    token = str(Token("catalog-shops", 0, 1, 1))
    async with asyncio.TaskGroup() as tasks:
        for _ in range(MAX_WAITING):
            tasks.create_task(waiting.catch_up(request(token)))
        await asyncio.sleep(0)
        assert slow.waiting == MAX_WAITING
        with pytest.raises(UnavailableError):
            await waiting.catch_up(request(token))
        await waiting.catch_up(request())
        slow.arrived.set()
    await waiting.catch_up(request(token))


def test_prices_are_those_of_a_customer_of_this_dealer() -> None:
    """Q34, X-16"""
    anna = Principal("anna", "user", "acme", "c1")
    assert Visitor("acme", anna).customer == "c1"
    assert Visitor("other", anna).customer == ""
    assert Visitor("acme", Principal("carla", "central")).customer == ""
    assert Visitor("acme", None).customer == ""
