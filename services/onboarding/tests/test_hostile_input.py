"""Whatever is sent to any route by anybody, the answer is a problem, and nothing has happened."""

import asyncio
from pathlib import Path

import pytest
from onboarding_examples import BEFORE, EXAMPLES
from onboarding_form_examples import BEFORE_FORMS
from onboarding_office import Office
from onboarding_samples import NOON

from onboarding.access import RIGHTS
from zugabe_events.http import Access, routes_past_the_dealer, routes_without_right
from zugabe_events.http.examples import ask, forgotten, verify
from zugabe_events.http.fuzzing import obeys_its_document
from zugabe_events.http.proving import (
    compare,
    permissions,
    refuses_strangers,
    refuses_what_is_malformed,
)


def office() -> Office:
    return Office(Access(verify, RIGHTS, lambda: NOON))


async def opened() -> Office:
    """An office after an onboarding in which every route was used once."""
    service = office()
    before = {**BEFORE, **BEFORE_FORMS}
    for route, example in EXAMPLES.items():
        for asked in (*before.get(route, ()), (route, example)):
            answer = await ask(service.http, *asked)
            assert answer.is_success, f"{asked[0]}: {answer.text}"
            await service.hear_own()
    return service


def test_nothing_that_can_be_sent_is_left_out() -> None:
    app = office().app
    assert forgotten(app, EXAMPLES) == []
    assert routes_without_right(app) == []
    assert routes_past_the_dealer(app) == []


@pytest.mark.parametrize("route", EXAMPLES)
async def test_what_is_malformed_is_a_problem_and_changes_nothing(route: str) -> None:
    """X-7, X-10"""
    await refuses_what_is_malformed(await opened(), route, EXAMPLES[route])


@pytest.mark.parametrize("route", EXAMPLES)
async def test_nobody_gets_in_without_a_valid_token(route: str) -> None:
    """X-16"""
    await refuses_strangers(await opened(), route, EXAMPLES[route])


@pytest.mark.parametrize("route", EXAMPLES)
def test_answers_are_those_that_the_document_names(route: str) -> None:
    """X-7"""
    answered = obeys_its_document(asyncio.run(opened()), route, EXAMPLES[route])
    assert answered - {401, 403}, "nothing but the door was tried"


async def test_each_role_may_do_what_the_table_says() -> None:
    """X-16: with own and foreign partners, own and foreign things."""
    found = await permissions(opened, EXAMPLES)
    compare(found, Path(__file__).with_name("permissions.txt"))
