"""Adding a brand: partner and brand record it in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from onboarding.brand.decider import BRAND_DECIDER, brand_history
from onboarding.brand.phases import OpenBrand, StartPhases
from onboarding.partner.decider import PARTNER_DECIDER, AddBrand, partner_history
from onboarding.partner.state import Open, open_partner
from zugabe_events.contracts.onboarding import BrandEvent
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore
from zugabe_events.eventstore.command_handler import CommandResult
from zugabe_events.http.request_context import RequestContext


async def add_brand(
    store: EventStore, partner_id: str, command: AddBrand, request: RequestContext, *natural: str
) -> CommandResult:
    """After the welcome its phases start at once (Q15)."""

    def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        of_partner, of_brand = states
        added = PARTNER_DECIDER.decide(command, of_partner)
        if not added:
            return [[], []]
        events = first_events(open_partner(of_partner), command, of_brand, request.context.at)
        return [added, events]

    return await request.handle_together(
        store,
        [partner_history(partner_id), brand_history(partner_id, command.brand)],
        decide,
        attempt=request.attempt(*natural),
    )


def first_events(its: Open, command: AddBrand, state: Any, at: datetime) -> Sequence[BrandEvent]:
    manager_id = its.manager.manager_id if its.manager else None
    opening = OpenBrand(
        its.partner,
        its.name,
        command.brand,
        command.name,
        its.steps,
        manager_id,
        its.contact,
        after_welcome=its.welcomed_at is not None,
        handed_in=its.handed_in,
    )
    events = BRAND_DECIDER.decide(opening, state)
    if its.welcomed_at is None:
        return events
    return [
        *events,
        *BRAND_DECIDER.decide(StartPhases(its.contact, at), BRAND_DECIDER.fold(events, state)),
    ]
