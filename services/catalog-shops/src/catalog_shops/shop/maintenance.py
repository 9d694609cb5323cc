"""Maintenance of own shops: by central, and by dealers who have what it takes.

A dealer needs the module (CS-1), shops unlocked by E-Commerce-Support (CS-3), and has to leave the
central shops first, for brand shops (CS-13) as for theme shops (CS-38).
"""

from collections.abc import Callable, Sequence
from typing import Any

from catalog_shops.dealer.decider import Dealer, check_own_shops, dealer_history
from catalog_shops.placement.decider import Placement, placement_history
from catalog_shops.placement.refusals import CentralShopsAdoptedError
from catalog_shops.shop.state import ShopKey
from zugabe_events.contracts.catalog_shops import GROUP_PREFIX, ShopKind
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.eventstore.command_handler import CommandResult
from zugabe_events.http.request_context import RequestContext

type Decided = Sequence[Sequence[Event]]


class NoShopsError(InvalidError):
    """Groups of dealers have gifts, but no shops."""

    code = "no-shops"

    def __init__(self) -> None:
        super().__init__("Eine Händlergruppe hat keine eigenen Shops.")


def check_has_shops(tenant: str) -> None:
    """Raise NoShopsError."""
    if tenant.startswith(GROUP_PREFIX):
        raise NoShopsError


def check_maintains(tenant: str, kind: ShopKind, dealer: Dealer, placement: Placement) -> None:
    """Raise ModuleMissingError, OwnShopsLockedError, CentralShopsAdoptedError, NoShopsError."""
    check_has_shops(tenant)
    if tenant == CENTRAL:
        return
    check_own_shops(dealer)
    if placement.adopted:
        raise CentralShopsAdoptedError(kind)


async def check_tenant_maintains(store: EventStore, key: ShopKey) -> None:
    """`check_maintains` before something that takes time."""
    dealer, placement = await states_of(store, gates_of(key))
    check_maintains(key.dealer, key.kind, dealer, placement)


def gates_of(key: ShopKey) -> list[History[Any, Any]]:
    return [dealer_history(key.dealer), placement_history(key.dealer, key.kind)]


async def maintain(
    store: EventStore,
    request: RequestContext,
    key: ShopKey,
    histories: Sequence[History[Any, Any]],
    decide: Callable[[Placement, Sequence[Any]], tuple[Sequence[Event], Decided]],
) -> CommandResult:
    """Decide over a tenant's own shop, if the tenant may maintain it.

    `decide` takes the states of the placement and of `histories`, and returns the events of both.
    """

    def checked(states: Sequence[Any]) -> Decided:
        dealer, placement, *others = states
        check_maintains(key.dealer, key.kind, dealer, placement)
        arranged, decided = decide(placement, others)
        return [[], arranged, *decided]

    return await request.handle_together(store, [*gates_of(key), *histories], checked)
