"""The plan of a file of partners, made from their histories and then carried out."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from typing import Any

from onboarding.brand.decider import brand_history
from onboarding.intake.partners import (
    EMAIL,
    NAME,
    TITLES,
    Entry,
    Plan,
    by_partner,
    entries_of,
    planned,
)
from onboarding.partner.brand_addition import first_events
from onboarding.partner.decider import (
    PARTNER_DECIDER,
    AddBrand,
    OpenOnboarding,
    partner_history,
)
from onboarding.partner.requests import ContactBody, sealed_contact
from onboarding.partner.state import Partner, Unknown, onboarding_of, open_partner
from zugabe_events.domain.errors import RefusedError, UnavailableError
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.encryption.personal_data import People
from zugabe_events.http.request_context import RequestContext
from zugabe_events.tables.reader import ReadTable
from zugabe_events.tables.report import ImportReport, report_of
from zugabe_events.tables.table import RowError

MAX_CONCURRENT = 20
MAX_LOADED_AT_ONCE = 500
MAX_BRANDS_AT_ONCE = 20
"""Of one partner, in one transaction."""

FIRST_CONTACT = "ansprechpartner"
"""The id of the contact that the file names; it says nothing about them."""


@dataclass(frozen=True, slots=True)
class Import:
    table: ReadTable
    plans: Sequence[Plan]
    wrong: Sequence[RowError]

    def report(self, *, dry_run: bool) -> ImportReport:
        wrong = [*self.wrong, *(line for plan in self.plans for line in plan.wrong)]
        return report_of(
            self.table,
            dry_run=dry_run,
            new=sum(len(plan.brands) for plan in self.plans),
            unchanged=sum(plan.unchanged for plan in self.plans),
            wrong=wrong,
        )


async def prepared(store: EventStore, people: People, table: ReadTable) -> Import:
    """Raise KeysUnavailableError."""
    entries, wrong = entries_of(table.rows)
    groups = by_partner(entries)
    states = await loaded(store, list(groups))
    contacts = await contacts_of(people, states)
    plans = [
        planned(those, states[partner], contacts[partner]) for partner, those in groups.items()
    ]
    return Import(table, plans, wrong)


async def loaded(store: EventStore, partners: Sequence[str]) -> Mapping[str, Partner]:
    states: dict[str, Partner] = {}
    for first in range(0, len(partners), MAX_LOADED_AT_ONCE):
        some = partners[first : first + MAX_LOADED_AT_ONCE]
        found = await states_of(store, [partner_history(partner) for partner in some])
        states |= dict(zip(some, found, strict=True))
    return states


async def contacts_of(
    people: People, states: Mapping[str, Partner]
) -> Mapping[str, Mapping[str, str]]:
    """By partner and column; empty for new partners."""
    there = {
        partner: onboarding_of(state).contact
        for partner, state in states.items()
        if not isinstance(state, Unknown)
    }
    unsealed = await people.open(
        text for contact in there.values() for text in (contact.name, contact.email)
    )
    return {
        partner: {NAME: unsealed[there[partner].name], EMAIL: unsealed[there[partner].email]}
        if partner in there
        else {}
        for partner in states
    }


async def carried_out(
    store: EventStore, people: People, wanted: Import, request: RequestContext
) -> None:
    """Carry out the plans. The same file, sent again, finishes what stopped half way; what another
    request has made impossible meanwhile becomes a wrong row."""
    running = asyncio.Semaphore(MAX_CONCURRENT)

    async def carry_out(plan: Plan) -> None:
        async with running:
            await settle(store, people, plan, on_behalf(plan, request))

    await asyncio.gather(*(carry_out(plan) for plan in wanted.plans))


def on_behalf(plan: Plan, request: RequestContext) -> RequestContext:
    """One file is many commands, each about a partner of its own: a key would make them one."""
    return replace(request, key=None, context=replace(request.context, tenant=plan.first.partner))


async def settle(store: EventStore, people: People, plan: Plan, request: RequestContext) -> None:
    """In as few transactions as there may be."""
    for some in batched(list(plan.brands), MAX_BRANDS_AT_ONCE):
        await add(store, people, plan, some, request)


async def add(
    store: EventStore,
    people: People,
    plan: Plan,
    entries: Sequence[Entry],
    request: RequestContext,
) -> None:
    """Add brands together, or brand by brand where one of them is refused, so that the others are
    taken; the refusal becomes a wrong row."""
    try:
        await add_together(store, people, plan, entries, request)
    except UnavailableError:
        raise
    except RefusedError as refusal:
        if len(entries) > 1:
            for entry in entries:
                await add(store, people, plan, [entry], request)
            return
        (entry,) = entries
        plan.brands.remove(entry)
        plan.wrong.append(RowError(entry.line, TITLES[0], refusal.detail))


async def add_together(
    store: EventStore,
    people: People,
    plan: Plan,
    entries: Sequence[Entry],
    request: RequestContext,
) -> None:
    """Open the onboarding if it is new, and add the brands."""
    partner = plan.first.partner
    opening = await opening_of(people, plan, request) if plan.opens else None

    def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        of_partner, *of_brands = states
        opened = PARTNER_DECIDER.decide(opening, of_partner) if opening else []
        of_partner, happened, first = PARTNER_DECIDER.fold(opened, of_partner), [*opened], []
        for entry, of_brand in zip(entries, of_brands, strict=True):
            command = AddBrand(entry.brand, entry.brand_name)
            added = PARTNER_DECIDER.decide(command, of_partner)
            its = open_partner(of_partner)
            first.append(first_events(its, command, of_brand, request.context.at) if added else [])
            of_partner = PARTNER_DECIDER.fold(added, of_partner)
            happened += added
        return [happened, *first]

    await request.handle_together(
        store,
        [partner_history(partner), *(brand_history(partner, entry.brand) for entry in entries)],
        decide,
        attempt=request.attempt("import", partner, *(entry.brand for entry in entries)),
    )
    plan.opens = False


async def opening_of(people: People, plan: Plan, request: RequestContext) -> OpenOnboarding:
    """Raise PersonErasedError and KeysUnavailableError."""
    first = plan.first
    body = ContactBody(contact_id=FIRST_CONTACT, name=first.name, email=first.email)
    contact = await sealed_contact(people, first.partner, body, request.context.at)
    return OpenOnboarding(first.partner, first.firm, contact)
