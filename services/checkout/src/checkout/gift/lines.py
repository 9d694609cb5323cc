"""The gifts of an order as its lines of 0,00 €, and as sentences (X-20, X-27, N-4)."""

from collections.abc import Iterator

from checkout.gift.choice import GiftsGiven
from checkout.gift.offer import GiftOffer
from zugabe_events.contracts.checkout import GiftLine
from zugabe_events.domain import gift_sentences
from zugabe_events.domain.money import euros


def gift_lines(given: GiftsGiven, offer: GiftOffer, first_number: int) -> tuple[GiftLine, ...]:
    """Lines numbered from `first_number` on; whose gifts they are ships them (GA-8)."""
    return tuple(
        GiftLine(
            number=number,
            article=one.gift.number,
            name=one.gift.name,
            pieces=one.pieces,
            gift=one.gift.gift,
            limit_cents=one.gift.limit_cents,
            is_automatic=given.are_automatic,
            warehouse=offer.tenant,
        )
        for number, one in enumerate(given.pieces, start=first_number)
    )


def sentences(given: GiftsGiven, offer: GiftOffer) -> Iterator[str]:
    """Each gift with the value that it takes, in German (N-4)."""
    word = "je" if offer.mode == "per" else "ab"
    for one in given.pieces:
        pieces = gift_sentences.pieces_of(one.gift.name, one.pieces)
        how = ", automatisch hinzugefügt" if given.are_automatic else ""
        limit = f"{word} {euros(one.gift.limit_cents)} Netto-Warenwert"
        yield f"Gratis-Artikel: {pieces} ({limit}{how}): 0,00 €."
