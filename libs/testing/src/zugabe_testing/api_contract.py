"""Tests that every service inherits: what its HTTP API promises for each route.

The root `conftest.py` runs each test that takes a `route` for every route of `examples`.
"""

import asyncio
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import ClassVar

from fastapi import FastAPI
from schemathesis.schemas import BaseSchema

from zugabe_events.http.openapi import operations
from zugabe_events.http.public_routes import open_routes, public_routes
from zugabe_testing.api_document import undescribed
from zugabe_testing.checks import (
    PermissionTable,
    ReusedService,
    Sample,
    answers_strangers,
    permissions,
    refuses_strangers,
    refuses_what_is_malformed,
)
from zugabe_testing.examples import Example, forgotten
from zugabe_testing.fuzzing import conforms_to_openapi, openapi_of
from zugabe_testing.request_fields import fields_of, instants_with_offsets
from zugabe_testing.routes import routes_past_the_dealer, routes_without_right


class ApiContract(ABC):
    """`examples` has a request for each route; `for_permissions` replaces some of them in the
    table of permissions. `public` are the routes that need no token, and show the same to all;
    `anonymous` those that know callers without one."""

    examples: ClassVar[Mapping[str, Example]]
    public: ClassVar[frozenset[str]] = frozenset()
    anonymous: ClassVar[frozenset[str]] = frozenset()
    for_permissions: ClassVar[Mapping[str, Example]] = {}

    @abstractmethod
    def app(self) -> FastAPI:
        """Return the service before anything happened."""

    @abstractmethod
    async def opened(self) -> Sample:
        """Return the service after every route was used once."""

    @classmethod
    @cache
    def reused(cls, purpose: str) -> ReusedService:
        """Return a service that all tests of one purpose share while they change nothing."""
        return ReusedService(cls().opened)

    @classmethod
    @cache
    def openapi(cls) -> BaseSchema:
        return openapi_of(cls().app())

    @classmethod
    def table(cls) -> PermissionTable:
        file = sys.modules[cls.__module__].__file__
        assert file is not None
        return PermissionTable(Path(file).with_name("permissions.txt"), list(cls.examples))

    def test_nothing_that_can_be_sent_is_left_out(self) -> None:
        app = self.app()
        assert forgotten(app, self.examples) == []
        assert routes_without_right(app) == []
        assert set(public_routes(app.routes)) == self.public
        assert set(open_routes(app.routes)) == self.anonymous
        assert routes_past_the_dealer(app) == []

    def test_all_that_the_api_has_is_described(self) -> None:
        assert undescribed(self.app().openapi()) == []

    def test_times_are_utc_whatever_offset_a_caller_writes(self) -> None:
        """D16"""
        app = self.app()
        assert instants_with_offsets(app) == []
        assert any(fields_of(app))

    def test_generators_of_clients_find_one_name_for_each_thing(self) -> None:
        """X-14"""
        document = self.app().openapi()
        ids = [each["operationId"] for *_, each in operations(document)]
        assert sorted(set(ids)) == sorted(ids)
        for name, schema in document["components"]["schemas"].items():
            assert schema["title"] == name
            assert name.isalnum(), "a module's name, or that of a generic class"

    async def test_what_is_malformed_is_a_problem_and_changes_nothing(self, route: str) -> None:
        """X-7, X-10"""
        service = await self.reused("malformed").service()
        await refuses_what_is_malformed(service, route, self.examples[route])

    async def test_nobody_gets_in_without_a_valid_token(self, route: str) -> None:
        """X-16"""
        service = await self.reused("malformed").service()
        example = self.examples[route]
        if route in self.public:
            await answers_strangers(service, route, example)
        else:
            await refuses_strangers(service, route, example, may_bring_none=route in self.anonymous)

    def test_answers_are_those_that_the_document_names(self, route: str) -> None:
        """X-7"""
        service = asyncio.run(self.reused("generated").service())
        answered = conforms_to_openapi(self.openapi(), service, route, self.examples[route])
        assert answered - {401, 403}, "only the authorization was tried"

    async def test_each_role_may_do_what_the_table_says(self, route: str) -> None:
        """X-16, X-28: with own and foreign tenants, own and foreign things."""
        example = {**self.examples, **self.for_permissions}[route]
        self.table().expect(await permissions(self.reused("permissions"), route, example))

    def test_the_table_of_permissions_names_every_route(self) -> None:
        assert self.for_permissions.keys() <= self.examples.keys()
        self.table().expect_complete()
