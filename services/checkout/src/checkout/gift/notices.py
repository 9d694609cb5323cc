"""Notices about the gifts of a cart, for people and for machines (CH-7, GA-15, GA-16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from zugabe_events.domain import gift_sentences
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.gifts import Gift, NextGift, Pieces
from zugabe_events.domain.money import euros

type NoticeCode = Literal[
    "gift-added",
    "gift-reduced",
    "gift-removed-below-limit",
    "gift-not-offered",
    "gift-choice-open",
    "gift-next",
]


@dataclass(frozen=True, slots=True)
class Notice:
    """`detail` is a German sentence; `gift` is the id of the gift it is about, or "".

    `pieces` were added or taken away, or can be chosen; `missing_cents` is the net value that is
    missing for what was taken away, or for the next gift (X-7).
    """

    code: NoticeCode
    detail: str
    gift: str = ""
    pieces: int | None = None
    missing_cents: int | None = None


def added(what: Pieces) -> Notice:
    pieces = gift_sentences.pieces_of(what.gift.name, what.pieces)
    detail = f"Automatisch in den Warenkorb gelegt: {pieces}."
    return Notice("gift-added", detail, what.gift.gift, what.pieces)


def below_limit(gone: Pieces, left: int, missing_cents: int) -> Notice:
    """`gone` are pieces that the value does not allow any more, beside the `left` ones."""
    code: NoticeCode = "gift-reduced" if left else "gift-removed-below-limit"
    reason = f"Es fehlen {euros(missing_cents)} Netto-Warenwert."
    detail = f"{went(gone, left)}: {reason}"
    return Notice(code, detail, gone.gift.gift, gone.pieces, missing_cents)


def only_one(gone: Pieces, left: int) -> Notice:
    """An order has one gift, however large its value (GA-14)."""
    detail = f"{went(gone, left)}: Je Bestellung gibt es nur einen Gratis-Artikel."
    return Notice("gift-reduced", detail, gone.gift.gift, gone.pieces)


def went(gone: Pieces, left: int) -> str:
    verb = "wurde" if gone.pieces == 1 else "wurden"
    if not left:
        pieces = gift_sentences.pieces_of(gone.gift.name, gone.pieces)
        return f"{pieces} {verb} aus dem Warenkorb entfernt"
    stay = "bleibt" if left == 1 else "bleiben"
    return (
        f"Von „{gone.gift.name}“ {verb} {thousands(gone.pieces)} Stück aus dem Warenkorb entfernt, "
        f"{thousands(left)} {stay}"
    )


def unavailable(gift: Gift) -> Notice:
    detail = f"Der Gratis-Artikel „{gift.name}“ ist zurzeit nicht lieferbar."
    return Notice("gift-not-offered", detail, gift.gift)


def unknown(gift: str) -> Notice:
    """There is no such gift, or it is not valid any more."""
    detail = "Ein Gratis-Artikel Ihres Warenkorbs wird nicht angeboten."
    return Notice("gift-not-offered", detail, gift)


def excluded(gift: str) -> Notice:
    detail = "Für Ihr Unternehmen sind keine Gratis-Artikel vorgesehen."
    return Notice("gift-not-offered", detail, gift)


def choice_open(choices: Sequence[Pieces], *, has_gifts: bool) -> Notice:
    """`choices` are more than none."""
    most = max(one.pieces for one in choices)
    if most == 1:
        number = "einen weiteren" if has_gifts else "einen"
    else:
        number = f"bis zu {thousands(most)}{' weitere' if has_gifts else ''}"
    return Notice("gift-choice-open", f"Sie können {number} Gratis-Artikel wählen.", "", most)


def next_in_reach(following: NextGift, net_cents: int) -> Notice:
    detail = gift_sentences.missing(following, net_cents)
    gift = following.gift.gift
    return Notice("gift-next", detail, gift, missing_cents=following.missing_cents)
