"""Content of a cart, and changes to it: pure, without regard to prices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checkout.cart.codes import distinct_codes
from checkout.cart.refusals import CartFullError
from checkout.pricing.limits import MAX_CODES, MAX_GIFTS, MAX_LINES, MAX_QUANTITY
from zugabe_events.contracts.checkout import CartChanged, CartItem, ChosenGift, Delivery

USUAL_DELIVERY = Delivery()


@dataclass(frozen=True, slots=True)
class Content:
    """`lines` are in the order in which their articles came; `note` is sealed.

    `removed_gifts` are not added again by themselves.
    """

    lines: tuple[CartItem, ...] = ()
    codes: tuple[str, ...] = ()
    reward_id: str = ""
    gifts: tuple[ChosenGift, ...] = ()
    removed_gifts: tuple[str, ...] = ()
    delivery: Delivery = USUAL_DELIVERY
    note: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """`lines` set quantities, 0 takes an article out; all else replaces what was there.

    None and () leave it as it is, "" takes reward and note out.
    """

    lines: tuple[CartItem, ...] = ()
    codes: tuple[str, ...] | None = None
    reward_id: str | None = None
    gifts: tuple[ChosenGift, ...] | None = None
    removed_gifts: tuple[str, ...] | None = None
    delivery: Delivery | None = None
    note: str | None = None


def changed(content: Content, by: Changes | CartChanged) -> Content:
    quantities = {line.article: line.quantity for line in content.lines}
    quantities |= {line.article: line.quantity for line in by.lines}
    return Content(
        lines=items(quantities),
        codes=content.codes if by.codes is None else by.codes,
        reward_id=content.reward_id if by.reward_id is None else by.reward_id,
        gifts=content.gifts if by.gifts is None else by.gifts,
        removed_gifts=content.removed_gifts if by.removed_gifts is None else by.removed_gifts,
        delivery=content.delivery if by.delivery is None else by.delivery,
        note=content.note if by.note is None else by.note,
    )


def difference(content: Content, wanted: Changes, most_lines: int = MAX_LINES) -> Changes:
    """The part of changes that changes anything: `Changes()` if none. Raises CartFullError.

    An article that is named twice gets the sum; a code that is named twice counts once.
    """
    before = {line.article: line.quantity for line in content.lines}
    lines = {
        article: quantity
        for article, quantity in summed(wanted.lines).items()
        if quantity != before.get(article, 0)
    }
    if len(items(before | lines)) > max(most_lines, len(before)):
        raise CartFullError(most_lines, "Positionen")
    codes = wanted.codes and distinct_codes(wanted.codes, content.codes)
    gifts = wanted.gifts and pieces_of({gift.gift: gift.pieces for gift in wanted.gifts})
    removed = wanted.removed_gifts and tuple(dict.fromkeys(wanted.removed_gifts))
    check_at_most(MAX_CODES, "Gutscheincodes", codes)
    check_at_most(MAX_GIFTS, "Gratis-Artikel", gifts)
    check_at_most(MAX_GIFTS, "abgewählte Gratis-Artikel", removed)
    return Changes(
        lines=tuple(CartItem(article, quantity) for article, quantity in lines.items()),
        codes=other(content.codes, codes),
        reward_id=other(content.reward_id, wanted.reward_id),
        gifts=other(content.gifts, gifts),
        removed_gifts=other(content.removed_gifts, removed),
        delivery=other(content.delivery, wanted.delivery),
        note=other(content.note, wanted.note),
    )


def joined(content: Content, added: Content) -> Changes:
    """The changes that add another cart: quantities and pieces are summed, codes put together.

    Reward, delivery and note are left as they are. Raises CartFullError.
    """
    quantities = summed((*content.lines, *added.lines))
    pieces = summed(CartItem(gift.gift, gift.pieces) for gift in (*content.gifts, *added.gifts))
    return Changes(
        lines=tuple(CartItem(line.article, quantities[line.article]) for line in added.lines),
        codes=(*content.codes, *added.codes),
        gifts=pieces_of(pieces),
        removed_gifts=(*content.removed_gifts, *added.removed_gifts),
    )


def summed(lines: Iterable[CartItem]) -> dict[str, int]:
    """Quantities by article. Raises CartFullError."""
    quantities: dict[str, int] = {}
    for line in lines:
        quantities[line.article] = quantities.get(line.article, 0) + line.quantity
    if max(quantities.values(), default=0) > MAX_QUANTITY:
        raise CartFullError(MAX_QUANTITY, "Stück eines Artikels")
    return quantities


def items(quantities: dict[str, int]) -> tuple[CartItem, ...]:
    return tuple(
        CartItem(article, quantity) for article, quantity in quantities.items() if quantity
    )


def pieces_of(gifts: dict[str, int]) -> tuple[ChosenGift, ...]:
    return tuple(ChosenGift(gift, pieces) for gift, pieces in gifts.items() if pieces)


def check_at_most(most: int, things: str, found: Sequence[object] | None) -> None:
    if found is not None and len(found) > most:
        raise CartFullError(most, things)


def other[Part](before: Part, wanted: Part | None) -> Part | None:
    return None if wanted == before else wanted
