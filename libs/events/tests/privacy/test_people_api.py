"""X-15, X-16: who may have whose data told, opened or erased over HTTP; every look is on record."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import pytest
from kernel_tests.guests import erase
from kernel_tests.toy import now

from zugabe_events.domain.errors import UnauthenticatedError
from zugabe_events.domain.event import Context
from zugabe_events.encryption.key_store import StoredKey
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import parsed
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.principal import Principal
from zugabe_events.privacy.people_api import RIGHTS, export_api, people_api
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.personal_data import InMemoryMaster, InMemoryPersons, no_owner
from zugabe_testing.routes import routes_without_right

BOTH = frozenset({"export-people", "erase-people"})
CALLERS = {
    "anna": Principal("anna", "user", "acme", "c1"),
    "bert": Principal("bert", "user", "acme", "c1"),
    "staff": Principal("staff", "dealer-staff", "acme"),
    "officer": Principal("officer", "dealer-staff", "acme", rights=BOTH),
    "auditor": Principal(
        "auditor",
        "dealer-staff",
        "acme",
        rights=frozenset({"export-people", "see-restricted-people"}),
    ),
    "other-officer": Principal(
        "other-officer",
        "dealer-staff",
        "other",
        rights=frozenset({"export-people", "erase-people"}),
    ),
    "central": Principal("central", "central"),
    "vouchers": Principal("vouchers", "service"),
}
WHY = {"reason": "Anfrage"}


async def verify(token: str) -> Principal:
    if token not in CALLERS:
        raise UnauthenticatedError("Unbekannt.")
    return CALLERS[token]


@dataclass
class Told:
    """Stands for the database that an export reads; its order of calls is what counts."""

    calls: list[tuple[str, str, bool]] = field(default_factory=list)
    going_on: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.going_on.set()

    async def disclose(self, user: str, context: Context, *, even_restricted: bool) -> None:
        assert context.reason == "Anfrage"
        self.calls.append(("disclosed", user, even_restricted))

    async def of(self, dealer: str, user: str, *, even_restricted: bool) -> AsyncIterator[bytes]:
        self.calls.append(("told", user, even_restricted))
        yield b"{"
        await self.going_on.wait()
        yield b"}\n"


@dataclass
class Desk:
    """`ask` answers over HTTP as the caller sees it."""

    http: httpx.AsyncClient
    store: InMemoryEventStore
    people: People
    persons: InMemoryPersons
    master: InMemoryMaster
    told: Told
    app: Any

    async def ask(self, caller: str, method: str, path: str, body: object = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {caller}"}
        return await self.http.request(method, path, json=body, headers=headers)

    async def sealed(self, text: str = "Anna Ast", at: datetime | None = None) -> str:
        sealed = await self.people.seal("acme/anna", "receipt", at or now(), name=text)
        assert sealed
        return sealed["name"]


@pytest.fixture
async def desk() -> AsyncGenerator[Desk]:
    store, told = InMemoryEventStore("guests", now), Told()
    persons, master = InMemoryPersons(), InMemoryMaster()
    people, access = People("guests", persons, master, no_owner), Access(verify, RIGHTS)

    async def export() -> Any:
        return told

    app = http_app("guests", [export_api(export, access), people_api(store, people, erase, access)])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://guests") as http:
        yield Desk(http, store, people, persons, master, told, app)


ANNA = "/dealers/acme/people/anna"


def test_every_route_needs_a_right(desk: Desk) -> None:
    assert routes_without_right(desk.app) == []


@pytest.mark.parametrize(
    ("caller", "restricted"), [("anna", True), ("officer", False), ("auditor", True)]
)
async def test_who_may_is_told_and_that_is_on_record_first(
    desk: Desk, caller: str, restricted: bool
) -> None:
    answer = await desk.ask(caller, "POST", f"{ANNA}/export", WHY)
    assert (answer.status_code, answer.text) == (200, "{}\n")
    assert desk.told.calls == [("disclosed", "anna", restricted), ("told", "anna", restricted)]


@pytest.mark.parametrize("caller", ["bert", "staff", "other-officer", "central", "vouchers"])
async def test_nobody_else_is_told_anything(desk: Desk, caller: str) -> None:
    answer = await desk.ask(caller, "POST", f"{ANNA}/export", WHY)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert desk.told.calls == []


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x", "more": 1}])
async def test_without_a_reason_nothing_is_told_or_erased(desk: Desk, body: object) -> None:
    for path in ("export", "erasure"):
        answer = await desk.ask("officer", "POST", f"{ANNA}/{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert (desk.told.calls, desk.store.commits) == ([], [])


@pytest.mark.parametrize("caller", ["anna", "staff", "auditor", "other-officer", "central"])
async def test_erasing_takes_a_right_of_its_own(desk: Desk, caller: str) -> None:
    assert (await desk.ask(caller, "POST", f"{ANNA}/erasure", WHY)).status_code == 403
    assert desk.store.commits == []


async def test_what_need_not_be_kept_is_erased_once_and_says_who_and_why(desk: Desk) -> None:
    await desk.sealed(at=datetime.fromisoformat("2001-05-04T12:00:00Z"))
    for _ in range(3):
        assert (await desk.ask("officer", "POST", f"{ANNA}/erasure", WHY)).status_code == 202
    [(commit, _)] = desk.store.commits
    assert [event.stored_as for event in commit.events] == ["guest-forgotten"]
    assert (commit.context.actor, commit.context.reason) == ("officer", "Anfrage")


async def test_staff_see_whether_and_how_long_somebody_is_kept(desk: Desk) -> None:
    """X-19"""
    unknown = (await desk.ask("staff", "GET", ANNA)).json()
    assert (unknown["status"], unknown["keep_until"]) == ("unknown", None)
    await desk.sealed(at=datetime.fromisoformat("2026-05-04T12:00:00Z"))
    known = (await desk.ask("staff", "GET", ANNA)).json()
    assert (known["status"], known["keep_until"]) == ("known", "2034-12-31T23:00:00Z")


async def test_another_service_may_have_opened_what_was_sealed_here(desk: Desk) -> None:
    text, other = await desk.sealed(), (await desk.sealed()).replace("guests:", "elsewhere:")
    body = {"texts": [text, other, text.replace("anna", "bert")]}
    answer = await desk.ask("vouchers", "POST", "/people/opened", body)
    assert [(one["text"], one["closed"]) for one in answer.json()["texts"]] == [
        ("Anna Ast", False),
        ("verborgen", True),
        ("gelöscht", True),
    ]
    for caller in ("anna", "officer", "central"):
        assert (await desk.ask(caller, "POST", "/people/opened", body)).status_code == 403
    plain = await desk.ask("vouchers", "POST", "/people/opened", {"texts": ["Anna"]})
    assert plain.status_code == 422


async def test_another_service_has_sealed_what_it_learns_first(desk: Desk) -> None:
    """N-8"""
    path, body = f"{ANNA}/sealed", {"texts": {"name": "Anna Ast", "salutation": ""}}
    answer = await desk.ask("vouchers", "POST", path, body)
    sealed = answer.json()["texts"]
    assert sealed["salutation"] == ""
    assert parsed(sealed["name"]).person == "acme/anna"
    assert await desk.people.open([sealed["name"]]) == {sealed["name"]: "Anna Ast"}
    assert (await desk.people.stored("acme/anna")) is not None
    assert await desk.people.keep_until("acme/anna") is None, "no law asks for it"
    for caller in ("anna", "officer", "central", "staff"):
        assert (await desk.ask(caller, "POST", path, body)).status_code == 403
    for wrong in ({"at": "x"}, {}, {"name": None}):
        refused = await desk.ask("vouchers", "POST", path, {"texts": wrong})
        assert refused.status_code == 422


async def test_nothing_is_sealed_about_somebody_who_was_erased(desk: Desk) -> None:
    """X-15"""
    await desk.sealed()
    desk.persons.by_id["acme/anna"] = StoredKey(None)
    desk.people.evict("acme/anna")
    body = {"texts": {"name": "Anna Ast"}}
    answer = await desk.ask("vouchers", "POST", f"{ANNA}/sealed", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "person-erased")


async def test_lost_keys_are_a_problem_that_passes(desk: Desk) -> None:
    body = {"texts": [await desk.sealed()]}
    desk.people.evict("acme/anna")
    desk.master.away = True
    answer = await desk.ask("vouchers", "POST", "/people/opened", body)
    assert (answer.status_code, answer.json()["code"]) == (503, "keys-unavailable")
    assert answer.headers["retry-after"] == "5"


async def test_one_export_of_a_person_at_a_time(desk: Desk) -> None:
    """S9: each reads the whole log of the tenant."""
    desk.told.going_on.clear()
    first = asyncio.create_task(desk.ask("anna", "POST", f"{ANNA}/export", WHY))
    while len(desk.told.calls) < 2:
        await asyncio.sleep(0)
    for caller in ("anna", "officer"):
        refused = await desk.ask(caller, "POST", f"{ANNA}/export", WHY)
        assert (refused.status_code, refused.json()["code"]) == (429, "too-many-attempts")
    bert = asyncio.create_task(desk.ask("bert", "POST", "/dealers/acme/people/bert/export", WHY))
    desk.told.going_on.set()
    assert [(await one).status_code for one in (first, bert)] == [200, 200]
    assert (await desk.ask("anna", "POST", f"{ANNA}/export", WHY)).status_code == 200


async def test_whether_the_erased_person_was_known_is_told(desk: Desk) -> None:
    """D12: an id may be mistyped; nobody else learns it, since it takes the same right."""
    await desk.sealed()
    for user, known in (("anna", True), ("anne", False)):
        answer = await desk.ask("officer", "POST", f"/dealers/acme/people/{user}/erasure", WHY)
        assert (answer.status_code, answer.json()) == (202, {"known": known})
