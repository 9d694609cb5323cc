"""Requests of one person: repeated until they are answered, and noted with their answers."""

import asyncio
import random
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx
from chaos.history import LATER, History, Said
from stories.dealer import Answer, Person

TIMEOUT_SECONDS = 6.0
PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = (0.2, 0.5)
ANSWERS = (200, 201, 202, 204, 409, LATER)
"""All others are wrong, whatever fails."""


class Asking:
    """`wrong` are answers that no failure excuses."""

    def __init__(
        self,
        person: Person,
        dealer: str,
        history: History,
        chance: random.Random,
        wrong: list[str],
    ) -> None:
        self.chance = chance
        self._person = person
        self._dealer = dealer
        self._history = history
        self._wrong = wrong

    def key(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128), version=4))

    async def once(
        self,
        kind: Said,
        method: str,
        order_id: str,
        step: str,
        body: Mapping[str, Any] | None,
        key: str,
        seconds: float = TIMEOUT_SECONDS,
    ) -> Answer | None:
        """`step` is the path below the order. None: no answer, or half of one."""
        path, answer = f"/orders/{order_id}{step}", None
        try:
            async with asyncio.timeout(seconds):
                answer = await self._person.ask(method, "checkout", path, body, key=key)
        except (httpx.TransportError, TimeoutError, ValueError):
            pass
        if answer is not None and answer.status not in ANSWERS:
            self._wrong.append(f"{method} {path}: {answer.status} {answer.body}")
        status, told = (answer.status, answer.body) if answer else (None, None)
        part = step.rpartition("/")[2] if kind == "return" else ""
        self._history.note(kind, self._dealer, order_id, key, status, told, part)
        return answer

    async def insist(
        self,
        kind: Said,
        method: str,
        order_id: str,
        step: str,
        body: Mapping[str, Any] | None,
        key: str,
    ) -> Answer | None:
        """The same request until it is answered with more than "not now"."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = await self.once(kind, method, order_id, step, body, key)
            if answer is not None and answer.status != LATER:
                return answer
            if time.monotonic() > deadline:
                return None
            await asyncio.sleep(self.chance.uniform(*PAUSE_SECONDS))
