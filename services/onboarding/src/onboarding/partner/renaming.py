"""Correcting the name of a brand: partner and brand record it in one transaction."""

from collections.abc import Sequence
from typing import Any

from onboarding.brand.decider import BRAND_DECIDER, brand_history
from onboarding.brand.names import RenameBrand
from onboarding.partner.decider import PARTNER_DECIDER, RenameOneBrand, partner_history
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore
from zugabe_events.http.request_context import RequestContext


async def rename_brand(
    store: EventStore, partner: str, command: RenameOneBrand, request: RequestContext
) -> None:
    def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        of_partner, of_brand = states
        renamed = PARTNER_DECIDER.decide(command, of_partner)
        own = RenameBrand(command.name, command.at)
        return [renamed, BRAND_DECIDER.decide(own, of_brand) if renamed else []]

    histories: list[History[Any, Any]] = [
        partner_history(partner),
        brand_history(partner, command.brand),
    ]
    await request.handle_together(store, histories, decide)
