"""The gifts of one tenant: the mode, and from which net value on articles can be chosen.

They may be prepared before they are used: a dealer's own gifts count while `own` is the source
that E-Commerce-Support set for the dealer, which needs the module (CS-1, GA-5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from catalog_shops.article.decider import ArticleState
from catalog_shops.gift.refusals import (
    ForSaleError,
    GiftNotFoundError,
    NoGiftArticleError,
    OfferedTwiceError,
    TooManyGiftsError,
    ValidityReversedError,
)
from zugabe_events.contracts.catalog_shops import (
    Article,
    GiftEvent,
    GiftModeSet,
    GiftOffered,
    GiftWithdrawn,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream
from zugabe_events.domain.gift_rules import (
    GiftRules,
    ModeVersion,
    OfferVersion,
    configuration_at,
    latest_at,
    offered_last,
    with_mode,
    with_offer,
)
from zugabe_events.domain.gifts import Gift, GiftMode

MAX_OFFERED = 200
"""Gifts that are offered at the same time."""


@dataclass(frozen=True, slots=True)
class SetGiftMode:
    """`effective_at`, here and below, is for history that is set up, in the past (X-40)."""

    dealer: str
    mode: GiftMode
    at: datetime
    effective_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OfferGift:
    """`article` is what the tenant's catalogue has under the number."""

    dealer: str
    gift: str
    number: str
    limit_cents: int
    valid_from: date
    valid_until: date | None
    article: ArticleState
    at: datetime
    effective_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WithdrawGift:
    dealer: str
    gift: str
    at: datetime


type Command = SetGiftMode | OfferGift | WithdrawGift


def decide(command: Command, rules: GiftRules) -> Sequence[GiftEvent]:
    match command:
        case SetGiftMode():
            return set_mode(command, rules)
        case OfferGift():
            return offer(command, rules)
        case WithdrawGift():
            return withdraw(command, rules)


def set_mode(command: SetGiftMode, rules: GiftRules) -> Sequence[GiftModeSet]:
    effective_at = command.effective_at or since(rules, command.at)
    if configuration_at(rules, effective_at).mode == command.mode:
        return []
    return [GiftModeSet(command.dealer, rules.version + 1, command.mode, effective_at)]


def offer(command: OfferGift, rules: GiftRules) -> Sequence[GiftOffered]:
    """Offer a gift, or change it: its limit, its article and its days (GA-12)."""
    if command.valid_until is not None and command.valid_until < command.valid_from:
        raise ValidityReversedError
    offered = Gift(
        gift=command.gift,
        number=command.number,
        name=gift_article(command).name,
        limit_cents=command.limit_cents,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
    )
    effective_at = command.effective_at or since(rules, command.at)
    present = configuration_at(rules, effective_at).gifts
    if offered in present:
        return []
    others = [gift for gift in offered_last(rules) if gift.gift != command.gift]
    if len(others) >= MAX_OFFERED:
        raise TooManyGiftsError(MAX_OFFERED)
    if any(overlap(offered, gift) for gift in present if gift.gift != command.gift):
        raise OfferedTwiceError(command.number)
    return [GiftOffered(command.dealer, rules.version + 1, offered, effective_at)]


def withdraw(command: WithdrawGift, rules: GiftRules) -> Sequence[GiftWithdrawn]:
    if not any(one.gift == command.gift for one in rules.offers):
        raise GiftNotFoundError
    if not any(gift.gift == command.gift for gift in offered_last(rules)):
        return []
    return [
        GiftWithdrawn(command.dealer, rules.version + 1, command.gift, since(rules, command.at))
    ]


def since(rules: GiftRules, at: datetime) -> datetime:
    """Now, and after all changes before, even if clocks of two processes differ."""
    return max(at, latest_at(rules) or at)


def gift_article(command: OfferGift) -> Article:
    """The article of a gift. Raises NoGiftArticleError and ForSaleError."""
    article = command.article.article
    if article is None or not command.article.is_listed:
        raise NoGiftArticleError(command.number)
    if article.use != "gift":
        raise ForSaleError(command.number)
    return article


def overlap(one: Gift, other: Gift) -> bool:
    """True if both are the same article, on some day at least."""
    return (
        one.number == other.number
        and (other.valid_until is None or one.valid_from <= other.valid_until)
        and (one.valid_until is None or other.valid_from <= one.valid_until)
    )


def evolve(rules: GiftRules, event: GiftEvent) -> GiftRules:
    """Readers fold gifts by this function, too."""
    match event:
        case GiftModeSet():
            return with_mode(rules, ModeVersion(event.version, event.effective_at, event.mode))
        case GiftOffered():
            offered = event.offer
            version = OfferVersion(event.version, event.effective_at, offered.gift, offered)
            return with_offer(rules, version)
        case GiftWithdrawn():
            version = OfferVersion(event.version, event.effective_at, event.gift, None)
            return with_offer(rules, version)


GIFTS_DECIDER: Decider[Command, GiftRules, GiftEvent] = Decider(
    "gifts", GiftRules(), decide, evolve
)


def gifts_history(dealer: str) -> History[GiftRules, GiftEvent]:
    stream = f"gifts/{dealer}"
    return History(Stream(stream, stream), GIFTS_DECIDER)
