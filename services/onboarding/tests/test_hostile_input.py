"""Whatever is sent to any route by anybody, the answer is a problem, and nothing has happened."""

from fastapi import FastAPI
from onboarding_tests.examples import BEFORE, EXAMPLES
from onboarding_tests.form_examples import BEFORE_FORMS
from onboarding_tests.office import Office
from onboarding_tests.samples import NOON

from onboarding.access import RIGHTS
from zugabe_events.http.authorization import Access
from zugabe_testing.api_contract import ApiContract
from zugabe_testing.examples import ask, verify


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
            await service.deliver_own()
    return service


class TestOnboarding(ApiContract):
    examples = EXAMPLES
    anonymous = frozenset(
        {"POST /partners/{partner}/sessions", "POST /partners/{partner}/link-requests"}
    )

    def app(self) -> FastAPI:
        return office().app

    async def opened(self) -> Office:
        return await opened()
