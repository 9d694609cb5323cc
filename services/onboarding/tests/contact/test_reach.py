"""Customer Success learns that a contact's address is not reachable."""

from uuid import uuid4

import httpx
import pytest
from onboarding_tests.samples import NOON, PARTNER

from onboarding.access import RIGHTS
from onboarding.contact.reach_api import reach_api
from onboarding.partner.decider import partner_history
from zugabe_events.contracts.onboarding import Contact, OnboardingOpened
from zugabe_events.domain.event import Context
from zugabe_events.domain.event_store import Commit
from zugabe_events.domain.mail import MailFailure
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.principal import Principal
from zugabe_testing.callers import known, signed_in
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.personal_data import in_memory_people
from zugabe_testing.routes import routes_without_right

CARLA, KIM = Principal("carla", "central"), Principal("kim", "partner", partner=PARTNER)
PERSON = f"{PARTNER}/kim"


class Desk:
    def __init__(self) -> None:
        self.store = InMemoryEventStore("onboarding", lambda: NOON)
        self.people = in_memory_people("onboarding")
        self.failure: MailFailure | None = None
        access = Access(known(CARLA, KIM), RIGHTS, now=lambda: NOON)
        self.app = http_app("onboarding", [reach_api(self.store, self.people, self.last, access)])

    async def last(self, person: str) -> MailFailure | None:
        assert person == PERSON
        return self.failure

    async def sealed(self, email: str) -> dict[str, str]:
        texts = await self.people.seal(PERSON, "letter", NOON, name="Kim", email=email)
        assert texts is not None
        return dict(texts)

    async def ask(self, who: Principal) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://o") as http:
            return await http.get(f"/partners/{PARTNER}/address", headers=signed_in(who))


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    texts = await desk.sealed("kim@nord.example")
    opened = OnboardingOpened(PARTNER, "Nordwind GmbH", Contact("kim", **texts))
    context = Context("carla", "central", PARTNER, NOON, "c")
    stream = partner_history(PARTNER).stream
    await desk.store.append([Commit(uuid4(), stream, 1, (opened,), context)])
    return desk


async def test_an_address_that_mails_do_not_reach_is_told(desk: Desk) -> None:
    """ON-13"""
    assert (await desk.ask(CARLA)).json() == {"failed_at": None, "detail": ""}
    to = (await desk.sealed("kim@nord.example"))["email"]
    desk.failure = MailFailure(to, NOON, refused=True)
    found = (await desk.ask(CARLA)).json()
    assert found["failed_at"] == "2026-05-04T10:00:00Z"
    assert found["detail"].startswith("Die Adresse ist nicht erreichbar")


async def test_failures_of_an_address_before_are_over(desk: Desk) -> None:
    to = (await desk.sealed("kim@old.example"))["email"]
    desk.failure = MailFailure(to, NOON, refused=True)
    assert (await desk.ask(CARLA)).json()["failed_at"] is None


async def test_it_is_told_to_central_staff_alone(desk: Desk) -> None:
    """X-16"""
    assert routes_without_right(desk.app) == []
    assert (await desk.ask(KIM)).status_code == 403
