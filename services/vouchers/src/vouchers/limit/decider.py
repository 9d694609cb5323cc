"""Limits of a campaign that several users share, and their uses (VO-11, VO-12, X-29)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from immutables import Map

from vouchers.campaign.owner import owner_of
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    LimitKind,
    SharedPastUsesImported,
    UseCounted,
    UseReturned,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Stream
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.tenant import SHARED_CUSTOMER


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of one campaign: of all its uses, or of those of one customer.

    `dealer` is the campaign's owner, or the customer's dealer.
    """

    dealer: str
    campaign_id: str
    kind: LimitKind
    customer: str | None


def limit_of(kind: LimitKind, dealer: str, campaign_id: str, customer: str) -> Limit:
    """A limit for a customer of the dealer: a central campaign's total is over all dealers."""
    match kind:
        case "campaign":
            return Limit(owner_of(campaign_id, dealer), campaign_id, kind, None)
        case "customer":
            return Limit(dealer, campaign_id, kind, customer)


@dataclass(frozen=True, slots=True)
class CountUse:
    """`is_known`: the user of the new hold had an attempt of this order before."""

    limit: Limit
    hold_id: str
    max_uses: int
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class ReturnUse:
    limit: Limit
    hold_id: str


@dataclass(frozen=True, slots=True)
class ImportSharedUses:
    """An import says how many uses there were in the system before; no limit refuses them."""

    limit: Limit
    import_id: str
    uses: int


type Command = CountUse | ReturnUse | ImportSharedUses
type LimitEvent = UseCounted | UseReturned | SharedPastUsesImported


class LimitReachedError(RefusedError):
    """A shared limit is used up."""


class OrderIdTakenError(RefusedError):
    """Another user holds a use for an order of this id, which would then not count (S20)."""

    code = "order-id-taken"

    def __init__(self) -> None:
        super().__init__("Diese Bestellkennung gehört zu einem anderen Benutzer.")


@dataclass(frozen=True, slots=True)
class Uses:
    """The hold that counts, by order: however many attempts an order takes, it counts once.

    `past` are uses of the system before, by import.
    """

    holds: Map[str, str] = field(default_factory=Map)
    past: Map[str, int] = field(default_factory=Map)

    @property
    def count(self) -> int:
        return len(self.holds) + sum(self.past.values())

    def of(self, order_id: str) -> str | None:
        return self.holds.get(order_id)


def order_of(hold_id: str) -> str:
    """The order in the id of a hold, `{order_id}/{attempt}` or `{order_id}/{attempt}/{number}`."""
    return hold_id.partition("/")[0]


def objection(limit: Limit, max_uses: int, order_id: str | None, uses: Uses) -> RefusedError | None:
    """The refusal of one more use by this order; None while it is within the limit."""
    taken = uses.count - (order_id is not None and uses.of(order_id) is not None)
    if taken < max_uses:
        return None
    return LimitReachedError(
        reason(limit, max_uses), code=f"{limit.kind}-limit", max_uses=max_uses, remaining_uses=0
    )


def reason(limit: Limit, max_uses: int) -> str:
    """In German; users of the shared customer are no company (VO-12)."""
    if limit.kind == "campaign":
        return f"Diese Aktion war {used_up(max_uses)}"
    if limit.customer == SHARED_CUSTOMER:
        return f"Dieser Gutschein war {used_up(max_uses)}"
    if max_uses == 1:
        return "Ihr Unternehmen hat diesen Gutschein bereits verwendet."
    return (
        f"Ihr Unternehmen kann diesen Gutschein {thousands(max_uses)} Mal verwenden und hat das "
        "bereits getan."
    )


def used_up(max_uses: int) -> str:
    if max_uses == 1:
        return "auf 1 Einlösung begrenzt; sie ist vergeben."
    return f"auf {thousands(max_uses)} Einlösungen begrenzt; alle sind vergeben."


def decide(command: Command, uses: Uses) -> Sequence[LimitEvent]:
    match command:
        case CountUse():
            return count(command, uses)
        case ReturnUse():
            if uses.of(order_of(command.hold_id)) != command.hold_id:
                return []  # returned already, or a newer attempt of the order took its place
            return [returned(command.limit, command.hold_id)]
        case ImportSharedUses():
            return import_uses(command, uses)


def import_uses(command: ImportSharedUses, uses: Uses) -> Sequence[SharedPastUsesImported]:
    """Only the difference to what the same import said before."""
    limit, before = command.limit, uses.past.get(command.import_id, 0)
    if command.uses == before:
        return []
    return [
        SharedPastUsesImported(
            import_id=command.import_id,
            dealer=limit.dealer,
            campaign_id=limit.campaign_id,
            uses=command.uses - before,
            limit=limit.kind,
            customer=limit.customer,
        )
    ]


def count(command: CountUse, uses: Uses) -> Sequence[LimitEvent]:
    limit, order_id = command.limit, order_of(command.hold_id)
    before = uses.of(order_id)
    if before is not None and not command.is_known:
        raise OrderIdTakenError
    if before == command.hold_id:
        return []
    if refusal := objection(limit, command.max_uses, order_id, uses):
        raise refusal
    # The order's earlier attempt is over, even if its return has not arrived here yet.
    return [
        *([returned(limit, before)] if before else []),
        UseCounted(limit.campaign_id, limit.dealer, limit.kind, limit.customer, command.hold_id),
    ]


def returned(limit: Limit, hold_id: str) -> UseReturned:
    return UseReturned(limit.campaign_id, limit.dealer, limit.kind, limit.customer, hold_id)


def evolve(uses: Uses, event: LimitEvent) -> Uses:
    match event:
        case UseCounted(hold_id=hold_id):
            return replace(uses, holds=uses.holds.set(order_of(hold_id), hold_id))
        case UseReturned(hold_id=hold_id) if (order_id := order_of(hold_id)) in uses.holds:
            return replace(uses, holds=uses.holds.delete(order_id))
        case UseReturned():
            return uses
        case SharedPastUsesImported(import_id=import_id):
            past = uses.past.get(import_id, 0) + event.uses
            return replace(uses, past=uses.past.set(import_id, past))


LIMIT_DECIDER: Decider[Command, Uses, LimitEvent] = Decider("limit", Uses(), decide, evolve)


def limit_history(limit: Limit) -> History[Uses, LimitEvent]:
    stream = f"uses/{limit.dealer}/{limit.campaign_id}"
    match limit.kind:
        case "campaign":
            return History(Stream(stream, stream), LIMIT_DECIDER)
        case "customer":
            return History(
                Stream(f"{stream}/{limit.customer}", f"{stream}/{limit.customer}"), LIMIT_DECIDER
            )


def limits_of(
    terms: CampaignTerms, dealer: str, campaign_id: str, customer: str
) -> list[tuple[Limit, int]]:
    """The shared limits that a campaign has for a customer, each with its number of uses."""
    most: dict[LimitKind, int | None] = {
        "campaign": terms.max_uses,
        "customer": terms.max_per_customer,
    }
    return [
        (limit_of(kind, dealer, campaign_id, customer), max_uses)
        for kind, max_uses in most.items()
        if max_uses is not None
    ]
