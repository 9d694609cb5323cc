"""Vouchers as they are now: what is left of them also depends on the time and on others."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec.structs import replace

from vouchers.campaign.decider import Active, campaign_history
from vouchers.campaign.owner import is_central, owner_of
from vouchers.limit.decider import Limit, limit_history
from vouchers.participation.decider import participations_history
from vouchers.wallet.view import VoucherView, uses_left
from zugabe_events.domain.calendar import day_of, german_date
from zugabe_events.domain.event_store import EventStore, states_of


async def at_present(
    store: EventStore, views: Sequence[VoucherView], now: datetime
) -> Sequence[VoucherView]:
    """With the uses that are left by the customer's limit and before the end (VO-35).

    Central campaigns that the dealer has left are over for their users (Q21).
    """
    ended = await ended_campaigns(store, views, now)
    left = await left_campaigns(store, views, now)
    counts = await uses_by_customers(store, views)
    return [
        present(
            # Not even a use that was given back is possible there.
            replace(view, grace_until=None) if name_of(view) in left else view,
            day_of(now),
            is_over=name_of(view) in ended | left,
            by_customer=counts.get(limit_of_customer(view), 0),
        )
        for view in views
    ]


def name_of(view: VoucherView) -> tuple[str, str]:
    return view.dealer, view.campaign_id


async def ended_campaigns(
    store: EventStore, views: Sequence[VoucherView], now: datetime
) -> set[tuple[str, str]]:
    found = sorted(set(map(name_of, views)))
    histories = [campaign_history(owner_of(name, dealer), name) for dealer, name in found]
    states = await states_of(store, histories) if histories else ()
    return {
        name
        for name, state in zip(found, states, strict=True)
        if not isinstance(state, Active) or state.in_force_at(now).is_ended
    }


async def left_campaigns(
    store: EventStore, views: Sequence[VoucherView], now: datetime
) -> set[tuple[str, str]]:
    found = {name_of(view) for view in views if is_central(view.campaign_id)}
    dealers = sorted({dealer for dealer, _ in found})
    histories = [participations_history(dealer) for dealer in dealers]
    states = await states_of(store, histories) if histories else ()
    known = dict(zip(dealers, states, strict=True))
    return {(dealer, name) for dealer, name in found if not known[dealer].takes_part(name, now)}


async def uses_by_customers(store: EventStore, views: Sequence[VoucherView]) -> dict[Limit, int]:
    limits = list({limit_of_customer(view) for view in views if view.max_per_customer is not None})
    states = await states_of(store, list(map(limit_history, limits))) if limits else ()
    return {limit: uses.count for limit, uses in zip(limits, states, strict=True)}


def limit_of_customer(view: VoucherView) -> Limit:
    return Limit(view.dealer, view.campaign_id, "customer", view.customer)


def present(view: VoucherView, today: date, *, is_over: bool, by_customer: int) -> VoucherView:
    """`by_customer` are the uses of all users of the customer."""
    if view.status == "revoked":
        return view
    if is_over or view.valid_until < today:
        return after_end(view, today)
    if view.max_per_customer is None:
        return view
    left = max(view.max_per_customer - by_customer, 0)
    remaining = left if view.remaining_uses is None else min(view.remaining_uses, left)
    notice = uses_left(view.code, view.valid_until, remaining)
    return replace(view, remaining_uses=remaining, notice=notice)


def after_end(view: VoucherView, today: date) -> VoucherView:
    """Only a use that was given back since is left (X-2)."""
    until = view.grace_until
    if until is None or until < today or view.holds:
        notice = f"Ihr Gutscheincode {view.code} gilt nicht mehr."
        return replace(view, remaining_uses=0, notice=notice)
    notice = (
        f"Sie können Ihren Gutscheincode {view.code} bis zum {german_date(until)} noch einmal "
        "verwenden, da Ihre Bestellung storniert wurde."
    )
    return replace(view, remaining_uses=1, notice=notice)
