"""Vouchers as they are now: what is left of them also depends on the time and on others."""

from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime

from msgspec.structs import replace

from vouchers.campaign.decider import Active, Campaign, campaign_history
from vouchers.campaign.owner import is_central, owner_of
from vouchers.limit.decider import Limit, limit_history, limit_of
from vouchers.participation.decider import participations_history
from vouchers.wallet.cancellation_words import cancelled
from vouchers.wallet.view import VoucherView, uses_left
from zugabe_events.contracts.vouchers import LimitKind
from zugabe_events.domain.calendar import day_of, german_date
from zugabe_events.domain.event_store import EventStore, states_of

type Name = tuple[str, str]
"""Dealer and campaign."""


async def at_present(
    store: EventStore, views: Sequence[VoucherView], now: datetime
) -> Sequence[VoucherView]:
    """With the uses that are left by shared limits and before the end (VO-35, X-29).

    Central campaigns that the dealer has left are over for their users (Q21).
    """
    campaigns = await campaigns_of(store, views)
    ended = {name for name, campaign in campaigns.items() if is_ended(campaign, now)}
    left = await left_campaigns(store, views, now)
    limits = [limits_at(view, campaigns[name_of(view)], now) for view in views]
    counts = await counts_of(store, {limit for found in limits for limit in found})
    return [
        present(
            # Not even a use that was given back is possible there.
            replace(view, grace_until=None) if name_of(view) in left else view,
            day_of(now),
            is_over=name_of(view) in ended | left,
            shared=[max_uses - counts[limit] for limit, max_uses in found.items()],
        )
        for view, found in zip(views, limits, strict=True)
    ]


def name_of(view: VoucherView) -> Name:
    return view.dealer, view.campaign_id


async def campaigns_of(store: EventStore, views: Sequence[VoucherView]) -> Mapping[Name, Campaign]:
    found = sorted(set(map(name_of, views)))
    histories = [campaign_history(owner_of(name, dealer), name) for dealer, name in found]
    states = await states_of(store, histories) if histories else ()
    return dict(zip(found, states, strict=True))


def is_ended(campaign: Campaign, now: datetime) -> bool:
    return not isinstance(campaign, Active) or campaign.in_force_at(now).is_ended


async def left_campaigns(
    store: EventStore, views: Sequence[VoucherView], now: datetime
) -> set[Name]:
    found = {name_of(view) for view in views if is_central(view.campaign_id)}
    dealers = sorted({dealer for dealer, _ in found})
    histories = [participations_history(dealer) for dealer in dealers]
    states = await states_of(store, histories) if histories else ()
    known = dict(zip(dealers, states, strict=True))
    return {(dealer, name) for dealer, name in found if not known[dealer].takes_part(name, now)}


def limits_at(view: VoucherView, campaign: Campaign, now: datetime) -> Mapping[Limit, int]:
    """The customer's limit as the voucher was issued, and that of all uses as it is now."""
    found: dict[LimitKind, int | None] = {"customer": view.max_per_customer}
    if isinstance(campaign, Active):
        found["campaign"] = campaign.in_force_at(now).terms.max_uses
    return {
        limit_of(kind, view.dealer, view.campaign_id, view.customer): max_uses
        for kind, max_uses in found.items()
        if max_uses is not None
    }


async def counts_of(store: EventStore, limits: Set[Limit]) -> Mapping[Limit, int]:
    found = list(limits)
    states = await states_of(store, list(map(limit_history, found))) if found else ()
    return {limit: uses.count for limit, uses in zip(found, states, strict=True)}


def present(view: VoucherView, today: date, *, is_over: bool, shared: Sequence[int]) -> VoucherView:
    """`shared` are the uses that limits leave to all who share them."""
    if view.status == "revoked":
        return view
    if is_over or view.valid_until < today:
        return after_end(view, today)
    if not shared:
        return view
    left = max(min(shared), 0)
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
        f"verwenden, da Ihre Bestellung {cancelled(by_return=view.grace_by_return)} wurde."
    )
    return replace(view, remaining_uses=1, notice=notice)
