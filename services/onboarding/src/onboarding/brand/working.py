"""A command on a brand, decided with what its partner's history says."""

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import Response

from onboarding.brand.decider import BRAND_DECIDER, Command, brand_history
from onboarding.brand.state import known
from onboarding.partner.decider import partner_history
from onboarding.partner.history import Open, welcomed_partner
from onboarding.warehouse.decider import Kept, kept, warehouse_history
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.eventstore.command_handler import Handled, handle_together
from zugabe_events.http.authorization import RequestContext

type OfPartner = Callable[[Open], Command]
type OfPlace = Callable[[Open, Kept | None], Command]


async def work_on(
    store: EventStore,
    partner: str,
    brand_id: str,
    command: OfPartner | Command,
    asked: RequestContext,
    response: Response,
) -> Handled:
    """Done, and answered. Refused while the onboarding is prepared, paused or closed."""

    def made(its: Open, _: Kept | None) -> Command:
        return command(its) if callable(command) else command

    return await work_at(store, partner, brand_id, None, made, asked, response)


async def work_at(
    store: EventStore,
    partner: str,
    brand_id: str,
    warehouse: str | None,
    command: OfPlace,
    asked: RequestContext,
    response: Response,
) -> Handled:
    """The same, for a command that needs to know a warehouse."""
    places = [warehouse_history(warehouse)] if warehouse is not None else []

    def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        of_partner, of_brand, *of_places = states
        its = welcomed_partner(of_partner)
        known(of_brand)
        place = kept(of_places[0]) if of_places else None
        return [[], BRAND_DECIDER.decide(command(its, place), of_brand), *([] for _ in of_places)]

    handled = await handle_together(
        store,
        [partner_history(partner), brand_history(partner, brand_id), *places],
        decide,
        asked.context,
        attempt=asked.attempt(),
        body=asked.body,
    )
    asked.answer(response, handled)
    return handled


async def warehouse_of(store: EventStore, partner: str, brand_id: str) -> str | None:
    """As it is chosen now."""
    brand = await state_of(store, brand_history(partner, brand_id))
    return known(brand).progress.warehouse
