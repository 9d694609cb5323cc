"""A file of partners and brands: what is good comes in once, what is bad is named."""

import io
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from onboarding_tests.office import CALLERS, Office
from onboarding_tests.samples import NOON
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from onboarding.intake.partner_import import carried_out, prepared
from onboarding.intake.partners import TITLES
from zugabe_events.contracts.onboarding import (
    BrandAdded,
    BrandOpened,
    ImportBegun,
    OnboardingOpened,
    PartnerWelcomed,
)
from zugabe_events.domain.event import Context
from zugabe_events.encryption.sealed_text import is_sealed
from zugabe_events.http.principal import Principal
from zugabe_events.http.request_context import RequestContext
from zugabe_events.tables.errors import TableError
from zugabe_events.tables.reader import TableReader
from zugabe_testing.callers import signed_in
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.personal_data import InMemoryMaster, in_memory_people

NORD = ("nord", "Nord GmbH", "Kim Kai", "kim@example.org", "fjord", "Fjord")
NORD_TOO = ("nord", "Nord GmbH", "Kim Kai", "kim@example.org", "sund", "Sund")
SUED = ("0017", "Süd AG", "Jo Jansen", "jo@example.org", "alp", "Alp")
GOOD = (NORD, NORD_TOO, SUED)
KEY: dict[str, Any] = {"Idempotency-Key": "k1"}
OTHER_KEY: dict[str, Any] = {"Idempotency-Key": "k2"}


def csv_of(*rows: Sequence[str]) -> bytes:
    return "\r\n".join(";".join(row) for row in (TITLES, *rows)).encode("cp1252")


def xlsx_of(*rows: Sequence[str]) -> bytes:
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    for row in (TITLES, *rows):
        book.active.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


async def send(
    office: Office, content: bytes, *, dry_run: bool = False, who: str = "carla", **headers: str
) -> Any:
    answer = await office.http.post(
        f"/partner-imports?dry_run={str(dry_run).lower()}",
        content=content,
        headers={**signed_in(CALLERS[who]), "Content-Type": "text/csv", **headers},
    )
    await office.deliver_own()
    return answer.json() | {"status_code": answer.status_code}


def with_(row: Sequence[str], **cells: str) -> tuple[str, ...]:
    named = dict(zip(("partner", "firm", "name", "email", "brand", "brand_name"), row, strict=True))
    return tuple((named | cells).values())


@pytest.mark.parametrize("table", [csv_of, xlsx_of])
async def test_partners_and_brands_come_in_with_their_contacts_sealed(table: Any) -> None:
    """X-15: and none is welcomed by it (ON-2)."""
    office = Office()
    told = await send(office, table(*GOOD))
    assert (told["rows"], told["new"], told["wrong"]) == (3, 3, [])
    opened = {one.partner: one for one in office.said(OnboardingOpened)}
    assert opened.keys() == {"nord", "0017"}
    assert opened["0017"].name == "Süd AG"
    assert is_sealed(opened["nord"].contact.email)
    texts = [opened["nord"].contact.name, opened["nord"].contact.email]
    assert list((await office.people.open(texts)).values()) == ["Kim Kai", "kim@example.org"]
    assert len(office.said(BrandAdded)) == len(office.said(BrandOpened)) == 3
    assert not office.said(PartnerWelcomed)
    assert all(commit.context.tenant in opened for commit, _ in office.store.commits)


async def test_a_dry_run_is_the_default_and_does_nothing() -> None:
    office = Office()
    headers = {**signed_in(CALLERS["carla"]), "Content-Type": "text/csv"}
    answer = await office.http.post("/partner-imports", content=csv_of(*GOOD), headers=headers)
    assert (answer.json()["dry_run"], answer.json()["new"]) == (True, 3)
    assert office.store.commits == []
    assert await office.people.stored("nord/ansprechpartner") is None, "a dry run seals nothing"


async def test_the_same_file_again_changes_nothing() -> None:
    """X-12"""
    office = Office()
    await send(office, csv_of(*GOOD))
    before = len(office.store.commits)
    again = await send(office, csv_of(*GOOD))
    assert (again["new"], again["unchanged"], again["wrong"]) == (0, 3, [])
    assert len(office.store.commits) == before


async def test_the_same_file_with_its_key_gets_the_first_answer_again() -> None:
    """X-12: whatever has changed meanwhile, and nothing is done twice."""
    office, key = Office(), KEY
    rows = (*GOOD, with_(NORD_TOO, firm="Nord AG"))
    first = await send(office, csv_of(*rows), **key)
    assert (first["new"], {one["line"] for one in first["wrong"]}) == (3, {5})
    await office.ask("carla", "POST", "/partners/nord/closure", {"reason": "Insolvenz"})
    before = len(office.store.commits)
    assert await send(office, csv_of(*rows), **key) == first
    assert len(office.store.commits) == before
    dry = await send(office, csv_of(*rows), dry_run=True, **key)
    assert (dry["dry_run"], dry["new"], len(dry["first_rows"])) == (True, 0, 4)


async def test_another_file_with_the_same_key_is_refused() -> None:
    """X-12: it is not carried out, not even in part."""
    office, key = Office(), KEY
    await send(office, csv_of(NORD), **key)
    before = len(office.store.commits)
    told = await send(office, csv_of(NORD, SUED), **key)
    assert (told["status_code"], told["code"]) == (422, "idempotency-key-reused")
    assert len(office.store.commits) == before
    assert (await send(office, csv_of(NORD, SUED), **OTHER_KEY))["new"] == 1


async def test_an_import_that_stopped_half_way_goes_on_with_its_key() -> None:
    """X-12, N-8"""
    office, key = Office(), KEY
    assert isinstance(office.people.master, InMemoryMaster)
    await send(office, csv_of(*GOOD), dry_run=True)
    office.people.master.away = True
    assert (await send(office, csv_of(*GOOD), **key))["status_code"] == 503
    assert len(office.said(ImportBegun)) == 1
    office.people.master.away = False
    first = await send(office, csv_of(*GOOD), **key)
    assert (first["new"], first["wrong"]) == (3, [])
    assert await send(office, csv_of(*GOOD), **key) == first


async def test_another_file_adds_what_is_new_in_it() -> None:
    office = Office()
    await send(office, csv_of(NORD))
    told = await send(office, xlsx_of(*GOOD))
    assert (told["new"], told["unchanged"]) == (2, 1)
    assert len(office.said(OnboardingOpened)) == 2


async def test_every_bad_row_is_named_and_the_good_ones_come_in() -> None:
    """X-10"""
    office = Office()
    told = await send(
        office,
        csv_of(
            NORD,
            with_(SUED, partner="", email="jo"),
            with_(NORD_TOO, partner="../x"),
            with_(NORD_TOO, firm="Nord AG"),
            with_(NORD, brand_name="Fjord 2"),
            with_(NORD_TOO, brand=""),
            NORD_TOO,
        ),
    )
    assert (told["rows"], told["new"]) == (7, 2)
    assert [(one["line"], one["column"]) for one in told["wrong"]] == [
        (3, "Partner"),
        (3, "E-Mail"),
        (4, "Partner"),
        (5, "Firma"),
        (6, "Marke"),
        (7, "Marke"),
    ]
    assert all(one["reason"] for one in told["wrong"])
    assert {one.brand for one in office.said(BrandAdded)} == {"fjord", "sund"}


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"firm": "Nord AG"}, "Firma"),
        ({"name": "Kai Kim"}, "Ansprechpartner"),
        ({"email": "kai@example.org"}, "E-Mail"),
    ],
)
async def test_a_file_changes_nothing_that_is_known_of_a_partner(
    changes: dict[str, str], column: str
) -> None:
    office = Office()
    await send(office, csv_of(NORD))
    told = await send(office, csv_of(with_(NORD_TOO, **changes)))
    assert [(one["line"], one["column"]) for one in told["wrong"]] == [(2, column)]
    assert len(office.said(BrandAdded)) == 1


async def test_what_the_partner_does_not_allow_is_told_of_the_row() -> None:
    office = Office()
    await send(office, csv_of(NORD))
    other_name = await send(office, csv_of(with_(NORD, brand_name="Anders")))
    assert other_name["wrong"][0]["column"] == "Marke"
    await office.ask("carla", "POST", "/partners/nord/closure", {"reason": "Insolvenz"})
    closed = await send(office, csv_of(NORD_TOO, SUED))
    assert [one["line"] for one in closed["wrong"]] == [2]
    assert closed["new"] == 1, "another partner is not concerned"


async def test_too_many_brands_are_told_before_anything_happens() -> None:
    office = Office()
    rows = [with_(NORD, brand=f"b{number}", brand_name=f"B {number}") for number in range(101)]
    told = await send(office, csv_of(*rows), dry_run=True)
    assert (told["new"], [one["line"] for one in told["wrong"]]) == (100, [102])


async def test_nobody_is_the_partner_central() -> None:
    """X-16: it is the tenant of what belongs to no partner."""
    office = Office()
    told = await send(office, csv_of(with_(NORD, partner="central")))
    assert [(one["line"], one["column"]) for one in told["wrong"]] == [(2, "Partner")]
    assert office.store.commits == []


async def test_without_keys_nothing_comes_in_and_the_same_file_succeeds_later() -> None:
    """N-8"""
    office = Office()
    assert isinstance(office.people.master, InMemoryMaster)
    office.people.master.away = True
    told = await send(office, csv_of(*GOOD))
    assert (told["status_code"], told["code"]) == (503, "keys-unavailable")
    office.people.master.away = False
    assert (await send(office, csv_of(*GOOD)))["new"] == 3


@pytest.mark.parametrize("who", ["kim", "pim"])
async def test_only_central_brings_partners(who: str) -> None:
    """X-16"""
    office = Office()
    assert (await send(office, csv_of(*GOOD), who=who))["status_code"] == 403
    assert office.store.commits == []


CELLS = st.text(st.characters(exclude_characters=';"\r\n', exclude_categories=["Cs"]), max_size=12)


def asked(content: bytes) -> RequestContext:
    context = Context("carla", "central", "central", NOON, "c")
    return RequestContext(Principal("carla", "central"), context, None, str(content), uuid4())


@settings(max_examples=60, deadline=None)
@examples(st.lists(st.tuples(*[st.sampled_from(["nord", "", "Nord"]) | CELLS] * 6), max_size=6))
async def test_whatever_stands_in_it_the_dry_run_tells_the_truth(rows: list[Any]) -> None:
    """X-10: and it names each row that does not come in."""
    store, people = InMemoryEventStore("onboarding", lambda: NOON), in_memory_people("onboarding")
    content = "\r\n".join(";".join(row) for row in (TITLES, *rows)).encode()
    try:
        table = await TableReader().read(content, TITLES)
    except TableError:
        return
    would = (await prepared(store, people, table)).report(dry_run=False)
    assert store.commits == []
    wanted = await prepared(store, people, table)
    await carried_out(store, people, wanted, asked(content))
    did = wanted.report(dry_run=False)
    assert would == did
    assert did.new + len({one.line for one in did.wrong}) == did.rows
    events = [event for commit, _ in store.commits for event in commit.events]
    assert sum(isinstance(event, BrandAdded) for event in events) == did.new
