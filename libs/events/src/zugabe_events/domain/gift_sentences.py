"""German sentences about gifts, the same wherever they are offered (N-4)."""

from collections.abc import Sequence

from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.gifts import Gift, GiftMode, NextGift
from zugabe_events.domain.money import euros


def rule(mode: GiftMode, gifts: Sequence[Gift]) -> str:
    limits = {gift.limit_cents for gift in gifts}
    word = "Je" if mode == "per" else "Ab"
    if len(limits) == 1:
        return f"{word} {euros(limits.pop())} Netto-Warenwert gibt es einen Gratis-Artikel."
    if mode == "per":
        return (
            "Gratis-Artikel gibt es, solange die Summe ihrer Auftragswertgrenzen den "
            "Netto-Warenwert nicht übersteigt."
        )
    return (
        f"Ab {euros(min(limits))} Netto-Warenwert gibt es einen Gratis-Artikel, dessen "
        "Auftragswertgrenze erreicht ist."
    )


def pieces_of(name: str, pieces: int) -> str:
    """`„Kuli“`, or `2 × „Kuli“`."""
    times = f"{thousands(pieces)} × " if pieces > 1 else ""
    return f"{times}„{name}“"


def missing(following: NextGift, net_cents: int) -> str:
    name = following.gift.name
    further = "zu einem weiteren" if following.gift.limit_cents <= net_cents else "zum"
    amount = euros(following.missing_cents)
    return f"Ihnen fehlen noch {amount} bis {further} Gratis-Artikel „{name}“."
