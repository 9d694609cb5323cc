"""Changes since a quote, for people and for machines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from checkout.pricing.price import PricedCart
from checkout.pricing.promise import (
    Promise,
    PromisedGift,
    PromisedReward,
    PromisedShipping,
    PromisedVoucher,
    promise_of,
)
from zugabe_events.contracts.checkout import OrderLine
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.money import euros, percentage

type ChangeCode = Literal[
    "lines-changed",
    "price-changed",
    "voucher-changed",
    "reward-changed",
    "gift-changed",
    "shipping-changed",
    "tax-changed",
    "terms-changed",
    "total-changed",
]


@dataclass(frozen=True, slots=True)
class Change:
    """`detail` is a German sentence. `old` and `new` are cents, except pieces of a gift, basis
    points of a rate of VAT, versions of terms, and numbers of lines; None: there is none.

    `about` is the article, code, reward, gift or country; `line` is the number of the line.
    """

    code: ChangeCode
    detail: str
    about: str = ""
    old: int | None = None
    new: int | None = None
    line: int | None = None


class QuoteChangedError(RefusedError):
    """An order would not cost what its quote promised; nothing is placed."""

    code = "quote-changed"

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__(
            "Seit der Berechnung des Preises hat sich etwas geändert. Bitte prüfen Sie den "
            "Warenkorb erneut."
        )
        self.changes = changes
        self.attached = {"changes": changes}

    def add_quote(self, quote: object) -> None:
        """The cart as it is priced now."""
        self.attached = {"changes": self.changes, "quote": quote}


def changes_since(promise: Promise, cart: PricedCart) -> tuple[Change, ...]:
    """Every difference between what was promised and what would be charged; () if there is none."""
    now = promise_of(cart)
    return () if now == promise else tuple(differences(promise, now, cart.lines))


def differences(old: Promise, new: Promise, lines: Sequence[OrderLine]) -> Iterator[Change]:
    yield from of_lines(old, new, lines)
    yield from of_vouchers(old.vouchers, new.vouchers)
    yield from of_reward(old.reward, new.reward)
    yield from of_gifts(old.gifts, new.gifts)
    yield from of_shipping(old.shipping, new.shipping)
    if old.terms_version != new.terms_version:
        detail = "Der Händler hat seine Verkaufsbedingungen geändert."
        yield Change("terms-changed", detail, "", old.terms_version, new.terms_version)
    if old.gross_cents != new.gross_cents:
        detail = f"Der Gesamtbetrag ist {euros(new.gross_cents)} statt {euros(old.gross_cents)}."
        yield Change("total-changed", detail, "", old.gross_cents, new.gross_cents)
    elif old.net_cents != new.net_cents:
        detail = f"Der Nettobetrag ist {euros(new.net_cents)} statt {euros(old.net_cents)}."
        yield Change("total-changed", detail, "", old.net_cents, new.net_cents)


def of_lines(old: Promise, new: Promise, lines: Sequence[OrderLine]) -> Iterator[Change]:
    if len(old.lines) != len(new.lines):
        before, now = len(old.lines), len(new.lines)
        detail = f"Der Warenkorb hat {positions(now)} statt {thousands(before)}."
        yield Change("lines-changed", detail, "", before, now)
        return
    for line, before in zip(lines, old.lines, strict=True):
        if line.net_cents != before:
            name = line.from_catalogue.name if line.from_catalogue else line.article
            detail = (
                f"Position {thousands(line.number)} („{name}“) kostet {euros(line.net_cents)} "
                f"statt {euros(before)}."
            )
            yield Change("price-changed", detail, line.article, before, line.net_cents, line.number)
    rates = dict.fromkeys(zip(old.rates, new.rates, strict=False))
    for before, now in rates:
        if before != now:
            detail = f"Die Umsatzsteuer beträgt {percentage(now)} statt {percentage(before)}."
            yield Change("tax-changed", detail, "", before, now)


def positions(count: int) -> str:
    return "1 Position" if count == 1 else f"{thousands(count)} Positionen"


def of_vouchers(old: Sequence[PromisedVoucher], new: Sequence[PromisedVoucher]) -> Iterator[Change]:
    before = {voucher.code: voucher for voucher in old}
    now = {voucher.code: voucher for voucher in new}
    for code in dict.fromkeys([*before, *now]):
        was, is_ = before.get(code), now.get(code)
        if was == is_:
            continue
        if is_ is None:
            detail = f"Der Gutschein „{code}“ wird nicht mehr eingelöst."
        elif was is None:
            detail = f"Der Gutschein „{code}“ wird eingelöst: {euros(is_.discount_cents)} Rabatt."
        elif was.discount_cents != is_.discount_cents:
            detail = (
                f"Der Gutschein „{code}“ bringt {euros(is_.discount_cents)} "
                f"statt {euros(was.discount_cents)} Rabatt."
            )
        else:
            detail = f"Die Bedingungen des Gutscheins „{code}“ haben sich geändert."
        yield Change(
            "voucher-changed",
            detail,
            code,
            was.discount_cents if was else None,
            is_.discount_cents if is_ else None,
        )


def of_reward(old: PromisedReward | None, new: PromisedReward | None) -> Iterator[Change]:
    if new is None:
        if old is None:
            return
        detail = f"Die Prämie „{old.title}“ wird nicht mehr eingelöst."
    elif old is None or old.reward_id != new.reward_id:
        detail = f"Die Prämie „{new.title}“ wird eingelöst: {euros(new.discount_cents)} Rabatt."
    elif old.discount_cents != new.discount_cents:
        detail = (
            f"Die Prämie „{new.title}“ bringt {euros(new.discount_cents)} "
            f"statt {euros(old.discount_cents)} Rabatt."
        )
    elif old.points != new.points:
        detail = (
            f"Die Prämie „{new.title}“ kostet {points(new.points)} statt {thousands(old.points)}."
        )
    else:
        return
    yield Change(
        "reward-changed",
        detail,
        new.reward_id if new else old.reward_id if old else "",
        old.discount_cents if old else None,
        new.discount_cents if new else None,
    )


def points(count: int) -> str:
    return "1 Punkt" if count == 1 else f"{thousands(count)} Punkte"


def of_gifts(old: Sequence[PromisedGift], new: Sequence[PromisedGift]) -> Iterator[Change]:
    before = {gift.gift: gift for gift in old}
    now = {gift.gift: gift for gift in new}
    for gift in dict.fromkeys([*before, *now]):
        was, is_ = before.get(gift), now.get(gift)
        pieces = (was.pieces if was else 0, is_.pieces if is_ else 0)
        if pieces[0] == pieces[1]:
            continue
        named = is_ or was
        assert named is not None, "it was in one of both"
        detail = (
            f"Vom Gratis-Artikel „{named.name}“ erhalten Sie {thousands(pieces[1])} "
            f"statt {thousands(pieces[0])} Stück."
            if pieces[1]
            else f"Den Gratis-Artikel „{named.name}“ erhalten Sie nicht mehr."
        )
        yield Change("gift-changed", detail, gift, *pieces)


def of_shipping(old: PromisedShipping | None, new: PromisedShipping | None) -> Iterator[Change]:
    if old == new:
        return
    before = old.cost_cents if old else None
    now = new.cost_cents if new else None
    country = new.country if new else old.country if old else ""
    if new is None:
        detail = "Eine Lieferung in dieses Land ist nicht mehr möglich."
    elif before is None:
        detail = f"Der Versand kostet {euros(new.cost_cents)}."
    elif before != now:
        detail = f"Der Versand kostet {euros(new.cost_cents)} statt {euros(before)}."
    else:
        detail = "Geliefert wird in ein anderes Land."
    yield Change("shipping-changed", detail, country, before, now)
