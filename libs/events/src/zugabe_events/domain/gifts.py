"""Gifts with an order: which ones a net goods value allows, and which go when it falls.

Whoever shows or grants gifts decides it here: `catalog-shops` and `checkout` agree to the cent.
A limit that is reached exactly counts (Q3). The value is that before vouchers and rewards (Q18).
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from zugabe_events.domain.event import Fact

type GiftMode = Literal["per", "from"]
"""`per` X euro („je“): as many gifts as the value allows; `from` X euro on („ab“): one gift."""


class Gift(Fact, frozen=True):
    """An article that can be chosen from a net value of `limit_cents` on, at least one cent.

    Days are inclusive in Berlin; None is open.
    """

    gift: str
    number: str
    name: str
    limit_cents: int
    valid_from: date
    valid_until: date | None = None


class Pieces(Fact, frozen=True):
    """A number of pieces of a gift, in a cart or to be added to one."""

    gift: Gift
    pieces: int


def valid_on(gifts: Sequence[Gift], day: date) -> tuple[Gift, ...]:
    return tuple(
        gift
        for gift in gifts
        if gift.valid_from <= day and (gift.valid_until is None or day <= gift.valid_until)
    )


def spent_cents(chosen: Sequence[Pieces]) -> int:
    """The sum of limits that chosen gifts take up in mode `per` (Q4)."""
    return sum(one.gift.limit_cents * one.pieces for one in chosen)


def possible_pieces(
    mode: GiftMode, gift: Gift, net_cents: int, chosen: Sequence[Pieces] = ()
) -> int:
    """The pieces of a gift that a value allows besides those that are chosen."""
    if mode == "per":
        return max(0, net_cents - spent_cents(chosen)) // gift.limit_cents
    is_free = not any(one.pieces for one in chosen)
    return int(is_free and gift.limit_cents <= net_cents)


def choices(
    mode: GiftMode, valid: Sequence[Gift], net_cents: int, chosen: Sequence[Pieces] = ()
) -> tuple[Pieces, ...]:
    """The gifts that can be chosen besides those that are, as often as the value allows (GA-2,
    GA-13, GA-14)."""
    possible = (Pieces(gift, possible_pieces(mode, gift, net_cents, chosen)) for gift in valid)
    return tuple(one for one in possible if one.pieces)


def fits(mode: GiftMode, chosen: Sequence[Pieces], net_cents: int) -> bool:
    """True if a value allows all that is chosen."""
    return reduced(mode, chosen, net_cents) == tuple(one for one in chosen if one.pieces)


def automatic(mode: GiftMode, valid: Sequence[Gift], net_cents: int) -> Pieces | None:
    """The gift that is added without a choice: the only one, as often as the value allows (GA-15,
    Q16)."""
    if len(valid) != 1:
        return None
    pieces = possible_pieces(mode, valid[0], net_cents)
    return Pieces(valid[0], pieces) if pieces else None


def reduced(mode: GiftMode, chosen: Sequence[Pieces], net_cents: int) -> tuple[Pieces, ...]:
    """The gifts that a value still allows, in the order in which they were added (GA-16).

    What was added last goes first (Q17); nothing goes that the value still allows beside the rest.
    """
    kept: list[Pieces] = []
    for one in chosen:
        pieces = min(one.pieces, possible_pieces(mode, one.gift, net_cents, kept))
        if pieces:
            kept.append(Pieces(one.gift, pieces))
    return tuple(kept)


class NextGift(Fact, frozen=True):
    """The gift that comes next into reach, and the net value that is missing for it."""

    gift: Gift
    missing_cents: int


def next_gift(
    mode: GiftMode, valid: Sequence[Gift], net_cents: int, chosen: Sequence[Pieces] = ()
) -> NextGift | None:
    """A gift out of reach for which least is missing; in mode `per`, if all are within reach,
    another piece of one. None: a larger value allows nothing more."""
    if mode == "from" and any(one.pieces for one in chosen):
        return None
    value = net_cents - spent_cents(chosen)
    beyond = [gift for gift in valid if gift.limit_cents > value]
    if not beyond and mode == "per":
        beyond = list(valid)
    return min(
        (NextGift(gift, missing_cents(gift, value)) for gift in beyond),
        key=lambda one: one.missing_cents,
        default=None,
    )


def missing_cents(gift: Gift, net_cents: int) -> int:
    """The amount missing for the first piece, or for one more than the value allows."""
    pieces = max(0, net_cents) // gift.limit_cents
    return (pieces + 1) * gift.limit_cents - net_cents
