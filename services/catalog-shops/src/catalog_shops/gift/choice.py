"""Gifts as a buyer sees them: those that a net value allows, and the missing amount (GA-2, GA-3).

What has been chosen already is the cart's matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from catalog_shops.article.view import ArticleView
from catalog_shops.gift.offer import Offer, image_of, there
from zugabe_events.contracts.catalog_shops import GiftSource
from zugabe_events.domain import gift_sentences
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.gifts import (
    Gift,
    GiftMode,
    NextGift,
    Pieces,
    automatic,
    next_gift,
    possible_pieces,
    valid_on,
)
from zugabe_events.domain.money import euros


@dataclass(frozen=True, slots=True)
class GiftChoice:
    """`pieces` can be chosen at most; for 0 of them `missing_cents` are missing for the first.

    `image` is the path of a graphic of this service.
    """

    gift: str
    number: str
    name: str
    text: str
    image: str | None
    limit_cents: int
    valid_until: date | None
    pieces: int
    missing_cents: int


@dataclass(frozen=True, slots=True)
class AutomaticGift:
    """Is added without a choice (GA-15)."""

    gift: str
    pieces: int


@dataclass(frozen=True, slots=True)
class GiftChoices:
    """Every gift that can be had, those within reach first. `missing_cents` is the amount to the
    next one, or to another piece; None if a larger value allows nothing more."""

    source: GiftSource
    version: int
    mode: GiftMode
    net_cents: int
    choices: tuple[GiftChoice, ...]
    automatic: AutomaticGift | None
    missing_cents: int | None
    explanation: tuple[str, ...]


def choices_of(
    offer: Offer, articles: Mapping[str, ArticleView], net_cents: int, at: datetime
) -> GiftChoices:
    """`articles` are those that can be had, by number."""
    mode, day = offer.configuration.mode, day_of(at)
    valid = valid_on(offer.configuration.gifts, day)
    gifts = there(valid, articles)
    shown = [
        choice_of(mode, gift, offer.tenant, articles[gift.number], net_cents) for gift in gifts
    ]
    added = automatic(mode, valid, net_cents) if gifts else None
    following = next_gift(mode, gifts, net_cents)
    return GiftChoices(
        source=offer.source,
        version=offer.configuration.version,
        mode=mode,
        net_cents=net_cents,
        choices=tuple(sorted(shown, key=lambda one: (one.missing_cents, one.limit_cents))),
        automatic=AutomaticGift(added.gift.gift, added.pieces) if added else None,
        missing_cents=following.missing_cents if following else None,
        explanation=explained(mode, gifts, net_cents, added, following),
    )


def without_gifts(source: GiftSource, net_cents: int, reason: str) -> GiftChoices:
    return GiftChoices(source, 0, "per", net_cents, (), None, None, (reason,))


def choice_of(
    mode: GiftMode, gift: Gift, tenant: str, article: ArticleView, net_cents: int
) -> GiftChoice:
    return GiftChoice(
        gift=gift.gift,
        number=gift.number,
        name=article.name,
        text=article.plain,
        image=image_of(tenant, article),
        limit_cents=gift.limit_cents,
        valid_until=gift.valid_until,
        pieces=possible_pieces(mode, gift, net_cents),
        missing_cents=max(0, gift.limit_cents - net_cents),
    )


def explained(
    mode: GiftMode,
    gifts: Sequence[Gift],
    net_cents: int,
    added: Pieces | None,
    following: NextGift | None,
) -> tuple[str, ...]:
    """The rule and how it applies, as German sentences (N-4)."""
    if not gifts:
        return ("Zurzeit gibt es keine Gratis-Artikel.",)
    sentences = [gift_sentences.rule(mode, gifts), applied(mode, gifts, net_cents)]
    if added is not None:
        pieces = gift_sentences.pieces_of(gifts[0].name, added.pieces)
        sentences.append(f"Automatisch in den Warenkorb gelegt wird: {pieces}.")
    if following is not None:
        sentences.append(gift_sentences.missing(following, net_cents))
    return tuple(sentences)


def applied(mode: GiftMode, gifts: Sequence[Gift], net_cents: int) -> str:
    most = max(possible_pieces(mode, gift, net_cents) for gift in gifts)
    value = f"Bei einem Netto-Warenwert von {euros(net_cents)}"
    match most:
        case 0:
            return f"{value} ist noch keine Auftragswertgrenze erreicht."
        case 1:
            return f"{value} können Sie einen Gratis-Artikel wählen."
        case _:
            return f"{value} können Sie bis zu {most} Gratis-Artikel wählen."
