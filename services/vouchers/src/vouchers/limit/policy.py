"""Returns a use to its shared limits when its hold is released or its redemption given back."""

from collections.abc import Sequence
from functools import partial

from vouchers.limit.decider import ReturnUse, limit_history, limit_of
from zugabe_events.contracts.vouchers import VoucherReleased, VoucherReturned
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(received: ReceivedEvent) -> Sequence[Reaction]:
    match received.event:
        case VoucherReleased() | VoucherReturned() as event:
            limits = [
                limit_of(kind, event.dealer, event.campaign_id, event.customer)
                for kind in event.limits
            ]
            return [
                Reaction(limit_history(limit), partial(ReturnUse, limit, event.hold_id))
                for limit in limits
            ]
        case _:
            return []


LIMITS = Policy(name="vouchers.limits", topics=("vouchers",), react=react)
