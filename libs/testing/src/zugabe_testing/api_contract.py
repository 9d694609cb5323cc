"""For tests: what a test class of every service proves of its doors, by inheriting it.

`conftest.py` asks each test that takes a `route` for every route of `examples`.
"""

import asyncio
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from fastapi import FastAPI

from zugabe_testing.checks import (
    Sample,
    compare,
    permissions,
    refuses_strangers,
    refuses_what_is_malformed,
)
from zugabe_testing.examples import Example, forgotten
from zugabe_testing.fuzzing import obeys_its_document
from zugabe_testing.routes import routes_past_the_dealer, routes_without_right


class Doors(ABC):
    """`examples` has a request for each route; `more` are requests for the table of permissions
    alone, instead of these."""

    examples: ClassVar[Mapping[str, Example]]
    more: ClassVar[Mapping[str, Example]] = {}
    kept: ClassVar[Sample | None] = None

    @abstractmethod
    def app(self) -> FastAPI:
        """The service, before anything happened."""

    @abstractmethod
    async def opened(self) -> Sample:
        """The service, after every route was used once."""

    async def unchanged(self) -> Sample:
        """One service for all tests that prove of themselves that they change nothing."""
        kind = type(self)
        if kind.kept is None:
            kind.kept = await self.opened()
        return kind.kept

    def test_nothing_that_can_be_sent_is_left_out(self) -> None:
        app = self.app()
        assert forgotten(app, self.examples) == []
        assert routes_without_right(app) == []
        assert routes_past_the_dealer(app) == []

    async def test_what_is_malformed_is_a_problem_and_changes_nothing(self, route: str) -> None:
        """X-7, X-10"""
        await refuses_what_is_malformed(await self.unchanged(), route, self.examples[route])

    async def test_nobody_gets_in_without_a_valid_token(self, route: str) -> None:
        """X-16"""
        await refuses_strangers(await self.unchanged(), route, self.examples[route])

    def test_answers_are_those_that_the_document_names(self, route: str) -> None:
        """X-7"""
        answered = obeys_its_document(asyncio.run(self.opened()), route, self.examples[route])
        assert answered - {401, 403}, "nothing but the door was tried"

    async def test_each_role_may_do_what_the_table_says(self) -> None:
        """X-16, X-28: with own and foreign tenants, own and foreign things."""
        found = await permissions(self.opened, {**self.examples, **self.more})
        module = sys.modules[type(self).__module__]
        assert module.__file__ is not None
        compare(found, Path(module.__file__).with_name("permissions.txt"))
