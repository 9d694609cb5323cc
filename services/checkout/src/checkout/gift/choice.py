"""The gifts of a cart: chosen, added without a choice, and reduced (GA-14 to GA-16, CH-7).

The arithmetic is that of `domain.gifts`, by which catalog-shops shows what can be chosen.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from checkout.gift import notices
from checkout.gift.notices import Notice
from checkout.gift.offer import GiftOffer
from checkout.gift.refusals import GiftNotOfferedError
from zugabe_events.contracts.checkout import ChosenGift
from zugabe_events.domain.gifts import (
    GiftMode,
    NextGift,
    Pieces,
    automatic,
    choices,
    missing_cents,
    next_gift,
    reduced,
    spent_cents,
)


@dataclass(frozen=True, slots=True)
class GiftWish:
    """A buyer's choices among the gifts of a cart.

    `chosen` is in the order of choosing, in which gifts stay when the value falls (Q17). A gift of
    `removed` is not added without a choice again (Q16). `added_before` are pieces that the cart
    showed last as added without a choice, where that is known: it is told if they become fewer.
    """

    chosen: tuple[ChosenGift, ...] = ()
    removed: frozenset[str] = frozenset()
    added_before: tuple[ChosenGift, ...] = ()


@dataclass(frozen=True, slots=True)
class GiftsGiven:
    """The gifts of a cart, in the order in which they were added.

    Either the buyer chose all of `pieces`, or they `are_automatic`. `choices` are the pieces that
    can be chosen besides. `next` is the gift that comes into reach next. `refused` are those of the
    notices that are about chosen gifts which cannot be had.
    """

    pieces: tuple[Pieces, ...] = ()
    are_automatic: bool = False
    choices: tuple[Pieces, ...] = ()
    next: NextGift | None = None
    notices: tuple[Notice, ...] = ()
    refused: tuple[Notice, ...] = ()

    def check(self) -> None:
        """For an order, of which nothing is left out. Raises GiftNotOfferedError."""
        if self.refused:
            raise GiftNotOfferedError(self.refused)


def gifts_for(
    wish: GiftWish, offer: GiftOffer, value_cents: int, *, is_excluded: bool = False
) -> GiftsGiven:
    """The gifts that a value allows of what the buyer wishes.

    `value_cents` is the net value that thresholds are compared with, before discounts (Q18). The
    only gift that is configured is added as often as it allows, unless the buyer chose a number of
    it or removed it (Q16). In mode `from` the first chosen gift counts: the buyer decides for one,
    and takes it out before they choose another (GA-14). `is_excluded`: the customer gets none
    (X-25). Nothing of what was removed is hinted at.
    """
    if is_excluded:
        refused = tuple(notices.excluded(gift) for gift in ids_of(wish.chosen))
        return GiftsGiven(notices=refused, refused=refused)
    refused = tuple(not_offered(ids_of(wish.chosen), offer))
    wanted = offered_pieces(wish.chosen, offer)
    added = None if wanted else added_without_choice(wish, offer, value_cents)
    pieces = (added,) if added else summed(reduced(offer.mode, wanted, value_cents))
    possible = choices(offer.mode, offer.gifts, value_cents, pieces)
    unwanted = wish.removed.difference(ids_of(wish.chosen))
    hinted = [gift for gift in offer.gifts if gift.gift not in unwanted]
    following = next_gift(offer.mode, hinted, value_cents, pieces)

    told = [*refused, *lost(wish, offer, pieces, value_cents)]
    if added:
        told.append(notices.added(added))
    if still := [one for one in possible if one.gift.gift not in unwanted]:
        told.append(notices.choice_open(still, has_gifts=bool(pieces)))
    if following:
        told.append(notices.next_in_reach(following, value_cents))
    return GiftsGiven(pieces, added is not None, possible, following, tuple(told), refused)


def ids_of(chosen: Iterable[ChosenGift]) -> list[str]:
    return list(dict.fromkeys(one.gift for one in chosen if one.pieces > 0))


def offered_pieces(chosen: Iterable[ChosenGift], offer: GiftOffer) -> tuple[Pieces, ...]:
    """The pieces of it that can be had, in its order."""
    gifts = {gift.gift: gift for gift in offer.gifts}
    return tuple(
        Pieces(gifts[one.gift], one.pieces)
        for one in chosen
        if one.gift in gifts and one.pieces > 0
    )


def not_offered(ids: Sequence[str], offer: GiftOffer) -> Iterator[Notice]:
    offered = {gift.gift for gift in offer.gifts}
    unavailable = {gift.gift: gift for gift in offer.unavailable}
    for gift in ids:
        if gift in unavailable:
            yield notices.unavailable(unavailable[gift])
        elif gift not in offered:
            yield notices.unknown(gift)


def added_without_choice(wish: GiftWish, offer: GiftOffer, value_cents: int) -> Pieces | None:
    """Of two that are configured neither is the only one, even if the other is out of stock."""
    found = automatic(offer.mode, offer.configured, value_cents)
    can_be_added = found and found.gift in offer.gifts and found.gift.gift not in wish.removed
    return found if can_be_added else None


def summed(pieces: Iterable[Pieces]) -> tuple[Pieces, ...]:
    """Each gift once, where it comes first."""
    found: dict[str, Pieces] = {}
    for one in pieces:
        before = found[one.gift.gift].pieces if one.gift.gift in found else 0
        found[one.gift.gift] = Pieces(one.gift, before + one.pieces)
    return tuple(found.values())


def lost(
    wish: GiftWish, offer: GiftOffer, given: Sequence[Pieces], value_cents: int
) -> Iterator[Notice]:
    """Pieces that the value does not allow, and what was added before and cannot be had."""
    wanted = offered_pieces(wish.chosen, offer)
    if not wanted:
        known = wish.removed.union(ids_of(wish.chosen))
        before = [one for one in wish.added_before if one.gift not in known]
        yield from not_offered(ids_of(before), offer)
        if len(offer.configured) == 1:
            wanted = offered_pieces(before, offer)
    for one in summed(wanted):
        left = sum(other.pieces for other in given if other.gift == one.gift)
        if left < one.pieces:
            yield reduction(offer.mode, one, left, given, value_cents)


def reduction(
    mode: GiftMode, wanted: Pieces, left: int, given: Sequence[Pieces], value_cents: int
) -> Notice:
    gone = Pieces(wanted.gift, wanted.pieces - left)
    if mode == "per":
        needed = spent_cents([*given, gone])
        return notices.below_limit(gone, left, needed - value_cents)
    if wanted.gift.limit_cents > value_cents:
        return notices.below_limit(gone, left, missing_cents(wanted.gift, value_cents))
    return notices.only_one(gone, left)
