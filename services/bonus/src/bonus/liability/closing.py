"""The cost of closing a programme on a day, by day (N-10, BO-12, Q20)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from bonus.liability.changes import Figures
from bonus.liability.figures import day_by_day
from bonus.liability.view import MonthView
from bonus.programme.points import points_text
from bonus.programme.view import Reward
from zugabe_events.domain.calendar import german_date
from zugabe_events.domain.event import Fact
from zugabe_events.domain.money import euros


class DayOfRunOff(Fact, frozen=True, kw_only=True):
    """The first day, or one on which points become available or expire, if none is redeemed."""

    day: date
    redeemable_points: int
    redeemable_cents: int
    reward_cents: int


class ClosingPreview(Fact, frozen=True, kw_only=True):
    """Points owed if the programme is deactivated on a day, and its run-off lasts until another.

    `at_most_points` are those that can be redeemed by then: active and held ones, pending ones that
    become available in time, and those that wait for their order. `at_most_cents` values them by
    the point value, `reward_cents` by the fixed reward that gives most for a point. `void_points`
    become available too late. The programme can be closed permanently from `closes_on` on.
    """

    day: date
    run_off_until: date
    closes_on: date
    redeemable_points: int
    redeemable_cents: int
    at_most_points: int
    at_most_cents: int
    reward_cents: int
    waiting_points: int
    void_points: int
    expiring_points: int
    owed_points: int
    days: tuple[DayOfRunOff, ...]
    sentence: str


def closing(
    months: Sequence[MonthView], day: date, until: date, value: int, rewards: Iterable[Reward]
) -> ClosingPreview:
    fixed = [each for each in rewards if each.percent_basis_points is None and each.points > 0]

    def in_rewards(points: int) -> int:
        return max((points * each.discount_cents // each.points for each in fixed), default=0)

    course = list(day_by_day(months, day, until))
    first, last = course[0], course[-1]
    expiring = sum(figures.expiring for figures in course[:-1])
    redeemable = first.active + first.held
    matured = first.pending - last.pending
    at_most = redeemable + matured + first.waiting
    return ClosingPreview(
        day=day,
        run_off_until=until,
        closes_on=until + timedelta(days=1),
        redeemable_points=redeemable,
        redeemable_cents=redeemable * value,
        at_most_points=at_most,
        at_most_cents=at_most * value,
        reward_cents=in_rewards(at_most),
        waiting_points=first.waiting,
        void_points=last.pending,
        expiring_points=expiring,
        owed_points=first.owed,
        days=tuple(
            DayOfRunOff(
                day=day + timedelta(days=number),
                redeemable_points=(points := figures.active + figures.held),
                redeemable_cents=points * value,
                reward_cents=in_rewards(points),
            )
            for number, figures in enumerate(course)
            if is_turn(course, number)
        ),
        sentence=sentence(day, until, at_most, value),
    )


def sentence(day: date, until: date, points: int, value: int) -> str:
    if not points:
        return f"Bei einer Deaktivierung am {german_date(day)} sind keine Punkte mehr einzulösen."
    can = "kann" if points == 1 else "können"
    return (
        f"Bei einer Deaktivierung am {german_date(day)} {can} bis zum {german_date(until)}"
        f" höchstens {points_text(points)} im Wert von {euros(points * value)} eingelöst werden."
    )


def is_turn(course: Sequence[Figures], number: int) -> bool:
    if number == 0:
        return True
    before, now = course[number - 1], course[number]
    return before.active + before.held != now.active + now.held
