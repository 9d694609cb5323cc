"""Wallets follow what checkout decides about orders and attempts."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from vouchers.advertising.mailing import mailing, mailing_histories
from vouchers.advertising.sender import sender_history
from vouchers.campaign.decider import campaign_history
from vouchers.campaign.owner import owner_of
from vouchers.campaign.register import Offers, register_history
from vouchers.participation.decider import Participations, participations_history
from vouchers.participation.terms import DealersOffers
from vouchers.wallet.decider import wallet_history
from vouchers.wallet.earning import ReachState
from vouchers.wallet.grace import GrantGrace
from vouchers.wallet.hold import EndAttempt
from vouchers.wallet.order import TakeOrder, UndoOrder
from zugabe_events.contracts.checkout import (
    CheckoutLapsed,
    Moment,
    OfOrder,
    OrderCancelled,
    OrderConfirmed,
    OrderPlaced,
    OrderReturned,
    OrderShipped,
    ReturnPeriodEnded,
    VoucherTakenOff,
)
from zugabe_events.contracts.vouchers import VoucherAttemptEnded, VoucherReturned
from zugabe_events.domain.decider import History
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent
from zugabe_events.domain.tenant import CENTRAL


def react(received: ReceivedEvent) -> Sequence[Reaction]:
    match received.event:
        case OrderPlaced() as placed:
            return [on_placed(placed, received)]
        case VoucherTakenOff() as taken_off:
            return [on_end(taken_off, received, taken_off.reason)]
        case CheckoutLapsed(voucher_asked=True) as lapsed:
            return [on_end(lapsed, received, "lapsed")]
        case OrderConfirmed(confirmed_at=at) as step:
            return [on_state(step, "confirmed", at)]
        case OrderShipped(is_complete=True, shipped_at=at) as step:
            return [on_state(step, "shipped", at)]
        case ReturnPeriodEnded(ended_at=at) as step:
            return [on_state(step, "return-period-over", at)]
        case OrderCancelled() as cancelled:
            hold_id, more = cancelled.voucher_hold_id, cancelled.more_voucher_hold_ids
            hold_ids = (hold_id, *more) if hold_id else ()
            return [on_undone(cancelled, hold_ids, cancelled.cancelled_at)]
        case OrderReturned(is_cancellation=True) as returned:
            return [on_undone(returned, returned.voucher_hold_ids, returned.returned_at)]
        case _:
            return []


def on_placed(placed: OrderPlaced, received: ReceivedEvent) -> Reaction:
    dealer = placed.dealer

    def command(
        own: Offers, central: Offers, participations: Participations, *of_mails: Any
    ) -> TakeOrder:
        offers = DealersOffers(own, central, participations)
        return TakeOrder(placed, offers, received.recorded_at, mailing(*of_mails))

    reads: tuple[History[Any, Any], ...] = (
        register_history(dealer),
        register_history(CENTRAL),
        participations_history(dealer),
        *mailing_histories(dealer, placed.user),
    )
    return Reaction(wallet_history(dealer, placed.user), command, reads=reads)


def on_state(step: OfOrder, state: Moment, at: datetime) -> Reaction:
    def command(*of_mails: Any) -> ReachState:
        return ReachState(step.order_id, state, at, mailing(*of_mails))

    target = wallet_history(step.dealer, step.user)
    return Reaction(target, command, reads=mailing_histories(step.dealer, step.user))


def on_undone(
    undone: OrderCancelled | OrderReturned, hold_ids: tuple[str, ...], at: datetime
) -> Reaction:
    by_return = isinstance(undone, OrderReturned)
    command = UndoOrder(undone.dealer, undone.user, undone.order_id, hold_ids, at, by_return)
    return Reaction(wallet_history(undone.dealer, undone.user), lambda: command)


def on_end(end: VoucherTakenOff | CheckoutLapsed, received: ReceivedEvent, reason: str) -> Reaction:
    command = EndAttempt(
        VoucherAttemptEnded(
            order_id=end.order_id,
            attempt=end.attempt,
            dealer=end.dealer,
            user=end.user,
            deadline=end.deadline,
            ended_at=received.recorded_at,
        ),
        reason,
    )
    return Reaction(wallet_history(end.dealer, end.user), lambda: command)


ORDERS = Policy(name="vouchers.orders", topics=("checkout",), react=react)


def react_to_return(received: ReceivedEvent) -> Sequence[Reaction]:
    match received.event:
        case VoucherReturned(returned_at=datetime() as at) as returned:
            dealer, campaign_id = returned.dealer, returned.campaign_id
            campaign = campaign_history(owner_of(campaign_id, dealer), campaign_id)
            return [
                Reaction(
                    wallet_history(dealer, returned.user),
                    partial(GrantGrace, returned, at),
                    reads=(campaign, sender_history(dealer)),
                )
            ]
        case _:
            return []


GRACES = Policy(name="vouchers.graces", topics=("vouchers",), react=react_to_return)
