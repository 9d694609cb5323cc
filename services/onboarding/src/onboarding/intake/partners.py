"""Import of partners with their brands from a file; existing ones stay as they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from onboarding.partner.decider import PARTNER_DECIDER, AddBrand, OpenOnboarding
from onboarding.partner.state import Partner, Unknown, onboarding_of
from zugabe_events.contracts.onboarding import Contact
from zugabe_events.domain.errors import RefusedError
from zugabe_events.http.fields import Email, Id, Text
from zugabe_events.tables.report import RowReader
from zugabe_events.tables.table import Row, RowError

PARTNER, FIRM, NAME, EMAIL = "Partner", "Firma", "Ansprechpartner", "E-Mail"
BRAND, BRAND_NAME = "Marke", "Markenname"
TITLES = (PARTNER, FIRM, NAME, EMAIL, BRAND, BRAND_NAME)

ID: TypeAdapter[str] = TypeAdapter(Id)
TEXT: TypeAdapter[str] = TypeAdapter(Text)
ADDRESS: TypeAdapter[str] = TypeAdapter(Email)

NOBODY = Contact("", "", "")
"""Placeholder for the contact in a dry run, which seals no personal data."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A good row: a brand, with what is said about its partner."""

    line: int
    partner: str
    firm: str
    name: str
    email: str
    brand: str
    brand_name: str

    @property
    def of_partner(self) -> Mapping[str, str]:
        return {FIRM: self.firm, NAME: self.name, EMAIL: self.email}


@dataclass(slots=True)
class Plan:
    """The plan for one partner. `opens`: the partner is new; `brands` are those to add."""

    first: Entry
    opens: bool = False
    brands: list[Entry] = field(default_factory=list)
    unchanged: int = 0
    wrong: list[RowError] = field(default_factory=list)


def entries_of(rows: Sequence[Row]) -> tuple[Sequence[Entry], Sequence[RowError]]:
    """Report every mistake of every row."""
    entries: list[Entry] = []
    wrong: list[RowError] = []
    for row in rows:
        reading = RowReader(row)
        cells = (
            reading.cell(PARTNER, ID),
            reading.cell(FIRM, TEXT),
            reading.cell(NAME, TEXT),
            reading.cell(EMAIL, ADDRESS),
            reading.cell(BRAND, ID),
            reading.cell(BRAND_NAME, TEXT),
        )
        if not reading.wrong:
            entries.append(Entry(row.line, *(cell for cell in cells if cell is not None)))
        wrong += reading.wrong
    return entries, wrong


def by_partner(entries: Sequence[Entry]) -> Mapping[str, Sequence[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.partner, []).append(entry)
    return found


def planned(entries: Sequence[Entry], state: Partner, contact: Mapping[str, str]) -> Plan:
    """Tried on the partner's history, as it is and as the rows before have changed it. `contact`
    is who is known already, by column."""
    plan = Plan(entries[0], opens=isinstance(state, Unknown))
    seen: dict[str, int] = {}
    for entry in entries:
        reasons = list(contradictions(entry, plan, state, contact))
        if entry.brand in seen:
            reasons.append((BRAND, f"Diese Marke steht schon in Zeile {seen[entry.brand]}."))
        plan.wrong += [RowError(entry.line, column, reason) for column, reason in reasons]
        if not reasons:
            seen[entry.brand] = entry.line
            state = tried(entry, plan, state)
    return plan


def contradictions(
    entry: Entry, plan: Plan, state: Partner, contact: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Rows of one partner must not contradict each other."""
    said = entry.of_partner
    for column, text in plan.first.of_partner.items():
        if said[column] != text:
            yield column, f"Das weicht von Zeile {plan.first.line} ab."
    if plan.opens:
        return
    there = {FIRM: onboarding_of(state).name, **contact}
    for column, text in there.items():
        if said[column] != text:
            yield column, "Für diesen Partner ist etwas anderes hinterlegt."


def tried(entry: Entry, plan: Plan, state: Partner) -> Partner:
    """The next state; a refusal becomes a mistake of the row."""
    column = PARTNER
    try:
        if isinstance(state, Unknown):
            opening = OpenOnboarding(entry.partner, entry.firm, NOBODY)
            state = PARTNER_DECIDER.fold(PARTNER_DECIDER.decide(opening, state), state)
        column = BRAND
        added = PARTNER_DECIDER.decide(AddBrand(entry.brand, entry.brand_name), state)
    except RefusedError as refusal:
        plan.wrong.append(RowError(entry.line, column, refusal.detail))
        return state
    if added:
        plan.brands.append(entry)
    else:
        plan.unchanged += 1
    return PARTNER_DECIDER.fold(added, state)
