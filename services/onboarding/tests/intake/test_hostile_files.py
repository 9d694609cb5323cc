"""Whatever file is sent by anybody, the answer is a report or a problem, and no bug."""

import asyncio
from dataclasses import replace

import pytest
from onboarding_tests.office import Office
from onboarding_tests.samples import NOON
from onboarding_tests.tables import IMPORTS

from onboarding.access import RIGHTS
from zugabe_events.http.authorization import Access
from zugabe_events.tables.limits import Limits
from zugabe_testing.checks import refuses_strangers, refuses_what_is_malformed
from zugabe_testing.examples import ask, verify
from zugabe_testing.fuzzing import conforms_to_openapi, openapi_of


async def opened() -> Office:
    office = Office(Access(verify, RIGHTS, lambda: NOON))
    for route, example in IMPORTS.items():
        answer = await ask(office.http, route, example)
        assert answer.is_success, answer.text
        assert answer.json()["new"] == 1
    return office


@pytest.mark.parametrize("route", IMPORTS)
async def test_what_is_no_table_is_a_problem_and_changes_nothing(route: str) -> None:
    """X-7, X-10"""
    await refuses_what_is_malformed(await opened(), route, IMPORTS[route])


@pytest.mark.parametrize("route", IMPORTS)
async def test_strangers_send_no_files(route: str) -> None:
    """X-16"""
    await refuses_strangers(await opened(), route, IMPORTS[route])


@pytest.mark.parametrize("route", IMPORTS)
def test_answers_are_those_that_the_document_names(route: str) -> None:
    """X-7"""
    service = asyncio.run(opened())
    answered = conforms_to_openapi(openapi_of(service.app), service, route, IMPORTS[route])
    assert answered - {401, 403}, "nothing but the door was tried"


@pytest.mark.parametrize("route", IMPORTS)
async def test_a_table_may_be_as_large_as_five_megabytes(route: str) -> None:
    """X-10"""
    office, example = await opened(), IMPORTS[route]
    assert isinstance(example.body, bytes)
    padded = example.body + b";" * 2_000_000 + b"\r\n"
    large = await ask(office.http, route, replace(example, body=padded))
    assert (large.status_code, large.json()["unchanged"]) == (200, 1)
    too_large = replace(example, body=b"x" * (Limits().max_bytes + 1))
    assert (await ask(office.http, route, too_large)).status_code == 413
