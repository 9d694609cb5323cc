"""Handling of a request's command on a brand, decided together with its partner's state."""

from collections.abc import Callable, Sequence
from typing import Any

from onboarding.brand.decider import BRAND_DECIDER, Command, brand_history
from onboarding.brand.state import known
from onboarding.partner.decider import partner_history
from onboarding.partner.history import Open, welcomed_partner
from onboarding.warehouse.decider import Kept, kept, warehouse_history
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.eventstore.command_handler import Handled
from zugabe_events.http.authorization import RequestContext

type FromPartner = Callable[[Open], Command]
type FromWarehouse = Callable[[Open, Kept | None], Command]


async def handle_for_brand(
    request: RequestContext,
    store: EventStore,
    partner: str,
    brand_id: str,
    command: FromPartner | Command,
) -> Handled:
    """Raise RefusedError while the onboarding is prepared, paused or closed."""

    def from_partner(its: Open, _: Kept | None) -> Command:
        return command(its) if callable(command) else command

    return await handle_with_warehouse(request, store, partner, brand_id, None, from_partner)


async def handle_with_warehouse(
    request: RequestContext,
    store: EventStore,
    partner: str,
    brand_id: str,
    warehouse: str | None,
    command: FromWarehouse,
) -> Handled:
    """`handle_for_brand` for a command that depends on a warehouse, which is read with it."""
    warehouses = [warehouse_history(warehouse)] if warehouse is not None else []

    def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        of_partner, of_brand, *of_warehouses = states
        its = welcomed_partner(of_partner)
        known(of_brand)
        place = kept(of_warehouses[0]) if of_warehouses else None
        happened = BRAND_DECIDER.decide(command(its, place), of_brand)
        return [[], happened, *([] for _ in of_warehouses)]

    return await request.handle_together(
        store, [partner_history(partner), brand_history(partner, brand_id), *warehouses], decide
    )


async def warehouse_of(store: EventStore, partner: str, brand_id: str) -> str | None:
    """The id of the warehouse that is chosen now."""
    return known(await state_of(store, brand_history(partner, brand_id))).progress.warehouse
