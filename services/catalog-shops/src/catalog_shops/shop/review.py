"""Reviews of brand shops that stay long: due some days after anybody looked at them (CS-45)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from catalog_shops.shop.state import Shop, ShopKey, ShopState
from zugabe_events.contracts.catalog_shops import ReviewEvent, ShopReviewDue, ShopReviewed
from zugabe_events.domain.calendar import day_of


@dataclass(frozen=True, slots=True)
class FlagReview:
    """The clock asks. `since` is when the shop was activated, None if it is not active; nothing
    happens if that, a change or a review came after `day`."""

    key: ShopKey
    since: datetime | None
    day: date
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewShop:
    key: ShopKey
    by: str
    at: datetime


def flag(command: FlagReview, state: ShopState) -> Sequence[ReviewEvent]:
    key, since = command.key, command.since
    if not isinstance(state, Shop) or since is None or state.review_due:
        return []
    if day_of(max(state.seen_at, since)) > command.day:
        return []
    return [ShopReviewDue(key.dealer, key.kind, key.shop, command.at)]


def review(command: ReviewShop, shop: Shop) -> Sequence[ReviewEvent]:
    """A second look on the same day is the same one."""
    key = command.key
    if not shop.review_due and day_of(shop.seen_at) == day_of(command.at):
        return []
    return [ShopReviewed(key.dealer, key.kind, key.shop, command.at, command.by)]
