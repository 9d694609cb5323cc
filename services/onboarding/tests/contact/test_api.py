"""X-15, X-16: contacts export their own data, as may those who erase it; others see nothing."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from onboarding_tests.samples import NOON, PARTNER

from onboarding.contact.api import CONTACT_RIGHTS, contacts_api
from onboarding.contact.erasure import ERASURE
from zugabe_events.contracts.onboarding import ContactErased, ContactRestricted
from zugabe_events.domain.event import Context
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.principal import Principal
from zugabe_testing.callers import known, signed_in
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.personal_data import in_memory_people
from zugabe_testing.routes import routes_past_the_dealer, routes_without_right

CALLERS = {
    "kim": Principal("kim", "partner", partner=PARTNER),
    "jo": Principal("jo", "partner", partner=PARTNER),
    "stranger": Principal("kim", "partner", partner="other"),
    "carla": Principal("carla", "central"),
    "officer": Principal("officer", "central", rights=frozenset({"export-people", "erase-people"})),
}
KIM = f"/partners/{PARTNER}/people/kim"
WHY = {"reason": "Anfrage"}


class Told:
    """Stands for the database that an export reads."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, ...]] = []

    async def disclose(self, user: str, context: Context, *, even_restricted: bool) -> None:
        self.calls.append(("disclosed", context.tenant, user))

    async def of(self, dealer: str, user: str, *, even_restricted: bool) -> AsyncIterator[bytes]:
        self.calls.append(("told", dealer, user))
        yield b"{}"


class Desk:
    def __init__(self) -> None:
        self.store = InMemoryEventStore("onboarding", lambda: NOON)
        self.people = in_memory_people("onboarding")
        self.told = Told()
        callers = {name: caller for name, caller in CALLERS.items() if name != "stranger"}
        self.verify = known(*callers.values())
        access = Access(self.look, CONTACT_RIGHTS, now=lambda: NOON)
        assert ERASURE.erase is not None
        people = contacts_api(self.store, self.people, ERASURE.erase, self.export, access)
        self.app = http_app("onboarding", [people])
        transport = httpx.ASGITransport(self.app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://onboarding")

    async def look(self, token: str) -> Principal:
        return CALLERS["stranger"] if token == "stranger" else await self.verify(token)

    async def export(self) -> Any:
        return self.told

    async def ask(self, who: str, method: str, path: str) -> httpx.Response:
        headers = signed_in(CALLERS[who]) if who != "stranger" else {}
        headers = headers or {"Authorization": "Bearer stranger"}
        body = WHY if method == "POST" else None
        return await self.http.request(method, path, json=body, headers=headers)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_every_route_needs_a_right_and_says_whose_it_is(desk: Desk) -> None:
    assert routes_without_right(desk.app) == []
    assert routes_past_the_dealer(desk.app) == []


@pytest.mark.parametrize("who", ["kim", "officer"])
async def test_who_may_is_told_and_that_is_on_record_first(desk: Desk, who: str) -> None:
    answer = await desk.ask(who, "POST", f"{KIM}/export")
    assert (answer.status_code, answer.text) == (200, "{}")
    assert desk.told.calls == [("disclosed", PARTNER, "kim"), ("told", PARTNER, "kim")]


@pytest.mark.parametrize("who", ["jo", "stranger", "carla"])
async def test_nobody_else_is_told_and_nobody_else_erases(desk: Desk, who: str) -> None:
    for what in ("export", "erasure"):
        assert (await desk.ask(who, "POST", f"{KIM}/{what}")).status_code == 403
    assert desk.told.calls == []
    assert desk.store.commits == []


async def test_a_contact_is_restricted_for_as_long_as_letters_are_kept(desk: Desk) -> None:
    """X-19"""
    await desk.people.seal(f"{PARTNER}/kim", "letter", NOON, name="Kim Kai")
    for _ in range(2):
        assert (await desk.ask("officer", "POST", f"{KIM}/erasure")).status_code == 202
    [(commit, _)] = desk.store.commits
    [event] = commit.events
    assert isinstance(event, ContactRestricted)
    assert (event.until.year, event.until.month) == (2032, 12)
    view = (await desk.ask("carla", "GET", KIM)).json()
    assert (view["dealer"], view["user"], view["status"]) == (PARTNER, "kim", "known")


async def test_a_manager_is_a_contact_of_central(desk: Desk) -> None:
    """ON-12"""
    path = "/partners/central/people/maxi/erasure"
    assert (await desk.ask("kim", "POST", path)).status_code == 403
    assert (await desk.ask("officer", "POST", path)).status_code == 202
    [(commit, _)] = desk.store.commits
    assert commit.events == (ContactErased("central", "maxi"),)
