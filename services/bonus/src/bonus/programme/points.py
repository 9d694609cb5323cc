"""Points of an order: whole euros by position, times rate, times the best promotion."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from bonus.programme.labels import label_key, label_keys
from bonus.programme.position import Position, threshold_cents
from bonus.programme.promotions import PromotionIndex, index_of, running_on
from bonus.programme.versions import Active, Closed, Draft, Programme, RunOff
from zugabe_events.contracts.bonus import LinePoints, ProgrammeTerms
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.german_numbers import thousands

NO_PROMOTION = 1

LEFT_OUT = (
    ("group", "ausgeschlossene Warengruppen"),
    ("line", "Positionen, die keine Punkte bringen"),
)
"""German names of what earned nothing."""


def earned_points(
    lines: Sequence[Position], placed_at: datetime, programme: Programme, minimum_cents: int = 0
) -> tuple[LinePoints, ...]:
    """The points by position (BO-14 to BO-18).

    There are none while the programme does not run, and for goods below the dealer's minimum (S6).
    """
    match programme:
        case Draft() | RunOff() | Closed():
            return ()
        case Active(terms=terms) if day_of(placed_at) < terms.starts_on:
            return ()
        case Active() if threshold_cents(lines) < minimum_cents:
            return ()
        case Active():
            rules = rules_on(programme, day_of(placed_at))
            return tuple(line_points(line, rules) for line in lines)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that points depend on, on a day; `left_out` are keys of product groups."""

    terms: ProgrammeTerms
    left_out: Set[str]
    index: PromotionIndex
    running: int


def rules_on(programme: Active, day: date) -> Rules:
    index = index_of(programme.promotions)
    left_out = excluded_keys(programme.terms.excluded_groups)
    return Rules(programme.terms, left_out, index, running_on(index, day))


@lru_cache(maxsize=200)
def excluded_keys(groups: tuple[str, ...]) -> Set[str]:
    return label_keys(groups)


def line_points(line: Position, rules: Rules) -> LinePoints:
    """The floor comes first, then rate and factor (Q9); what is excluded has factor 0 (BO-22)."""
    terms = rules.terms
    discounts = line.voucher_cents + line.reward_cents if terms.count_after_discounts else 0
    base = max(0, line.net_cents - discounts)
    if "points" in line.excluded:
        return LinePoints(line.number, base, 0, 0, None, excluded_by="line")
    if rules.left_out and not rules.left_out.isdisjoint(map(label_key, line.groups)):
        return LinePoints(line.number, base, 0, 0, None, excluded_by="group")
    best = rules.index.best(line, rules.running)
    factor = best.factor if best else NO_PROMOTION
    points = base // 100 * terms.points_per_euro * factor
    return LinePoints(line.number, base, points, factor, best.promotion_id if best else None)


def points_text(points: int) -> str:
    return "1 Punkt" if points == 1 else f"{thousands(points)} Punkte"


def explain(lines: Sequence[LinePoints], programme: Active) -> str:
    """The reasons for these points, as a sentence for people (N-4)."""
    terms = programme.terms
    rate = points_text(terms.points_per_euro)
    base = "nach Rabatten" if terms.count_after_discounts else "vor Rabatten"
    sentence = (
        f"{points_text(sum(line.points for line in lines))}: {rate} je vollem Euro Nettowarenwert"
        f" einer Position ({base})"
    )
    promoted = sorted({line.promotion_id for line in lines if line.promotion_id})
    if promoted:
        named = ", ".join(
            f"„{promotion.title}“ ({promotion.factor} ×)"
            for promotion in (programme.promotions[promotion_id] for promotion_id in promoted[:5])
        )
        sentence += f", erhöht durch {named}" + (" und weitere" if promoted[5:] else "")
    if left_out := [said for by, said in LEFT_OUT if any(line.excluded_by == by for line in lines)]:
        sentence += f", ohne {' und '.join(left_out)}"
    return f"{sentence}; Programmfassung {programme.version}."
