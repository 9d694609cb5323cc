"""Points of an order: whole euros by position, times rate, times the best promotion."""

from collections.abc import Sequence
from datetime import datetime

from bonus.programme.decider import Active, Draft, Programme
from zugabe_events.contracts.bonus import LinePoints, PromotionAdded
from zugabe_events.contracts.checkout import OrderLine
from zugabe_events.domain.calendar import day_of, is_within

NO_PROMOTION = 1


def earned_points(
    lines: Sequence[OrderLine], placed_at: datetime, programme: Programme
) -> tuple[LinePoints, ...]:
    """The points by position; none while the programme does not run (BO-14 to BO-18)."""
    match programme:
        case Draft():
            return ()
        case Active(terms=terms) if day_of(placed_at) < terms.starts_on:
            return ()
        case Active():
            running = [
                promotion
                for promotion in programme.promotions.values()
                if is_within(placed_at, promotion.valid_from, promotion.valid_until)
            ]
            return tuple(line_points(line, running, programme) for line in lines)


def line_points(
    line: OrderLine, running: Sequence[PromotionAdded], programme: Active
) -> LinePoints:
    """The floor comes first, then rate and factor (Q9); an excluded group has factor 0 (BO-22)."""
    terms = programme.terms
    base = line.net_cents
    if terms.count_after_discounts:
        base -= line.voucher_cents + line.reward_cents
    base = max(0, base)
    if line.product_group in terms.excluded_groups:
        return LinePoints(line.number, base, points=0, factor=0, promotion_id=None)
    best = best_promotion(line, running)
    factor = best.factor if best else NO_PROMOTION
    points = base // 100 * terms.points_per_euro * factor
    return LinePoints(line.number, base, points, factor, best.promotion_id if best else None)


def best_promotion(line: OrderLine, running: Sequence[PromotionAdded]) -> PromotionAdded | None:
    """The highest factor wins, promotions do not stack; of equal ones the earlier is named."""
    matching = [
        promotion
        for promotion in running
        if (not promotion.brands or line.brand in promotion.brands)
        and (not promotion.product_groups or line.product_group in promotion.product_groups)
    ]
    return max(matching, key=lambda promotion: promotion.factor, default=None)


def points_text(points: int) -> str:
    return "1 Punkt" if points == 1 else f"{points} Punkte"


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
    if any(line.factor == 0 for line in lines):
        sentence += ", ohne ausgeschlossene Warengruppen"
    return f"{sentence}; Programmfassung {programme.version}."
