"""Points of a cart under 500 promotions, against the same cart under one."""

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime

from immutables import Map

from benchmarks.measuring import Result, in_turns
from bonus.programme.points import earned_points
from bonus.programme.position import Position
from bonus.programme.versions import Active
from zugabe.testing import Parts
from zugabe_events.contracts.bonus import ProgrammeTerms, PromotionAdded

PROMOTIONS, NAMES, LINES, CHECKS, ROUNDS = 500, 20, 50, 200, 9
MAX_COST = 3
"""Of the points under all promotions, by those under one."""

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
TERMS = ProgrammeTerms(
    points_per_euro=1,
    point_value_cents=1,
    count_after_discounts=False,
    pending_days=14,
    excluded_groups=tuple(f"left-out-{number}" for number in range(NAMES)),
    starts_on=date(2026, 1, 1),
)


async def run(_: Parts) -> list[Result]:
    return [
        await in_turns(
            f"points of {LINES} lines under {PROMOTIONS} promotions, against one",
            points(promotions(PROMOTIONS)),
            points(promotions(1)),
            bar=1 / MAX_COST,
            rounds=ROUNDS,
        )
    ]


def promotions(count: int) -> Sequence[PromotionAdded]:
    """Each for some brands and groups; the last and best one is for all articles, but over."""
    some = [
        PromotionAdded(
            dealer="acme",
            version=number,
            promotion_id=f"p{number}",
            title=f"Aktion {number}",
            factor=2 + number % 7,
            brands=tuple(f"b{(number * 7 + n) % 500}" for n in range(NAMES)),
            product_groups=tuple(f"g{(number * 3 + n) % 300}" for n in range(NAMES)),
            valid_from=date(2026, 1, 1),
            valid_until=None,
        )
        for number in range(1, count)
    ]
    over = PromotionAdded(
        "acme", count, "over", "Vorbei", 10, (), (), date(2026, 1, 1), date(2026, 1, 31)
    )
    return [*some, over]


def points(offered: Sequence[PromotionAdded]) -> Callable[[], Awaitable[float]]:
    """Measure computations per second of one cart."""
    programme = Active(
        version=len(offered) + 3,
        terms=TERMS,
        rewards=Map(),
        promotions=Map({each.promotion_id: each for each in offered}),
    )
    lines = [
        Position(
            number=number,
            net_cents=1_000,
            voucher_cents=0,
            reward_cents=0,
            brand=f"b{number * 9 % 500}",
            groups=frozenset({f"g{number * 5 % 300}", f"g{number * 11 % 300}", "office", "all"}),
        )
        for number in range(1, LINES + 1)
    ]

    async def measured() -> float:
        began = time.perf_counter()
        for _ in range(CHECKS):
            earned = earned_points(lines, AT, programme)
        seconds = time.perf_counter() - began
        assert len(earned) == LINES
        assert (sum(line.points for line in earned) > 10 * LINES) == (len(offered) > 1)
        return CHECKS / seconds

    return measured
