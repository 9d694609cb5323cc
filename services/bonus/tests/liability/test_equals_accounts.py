"""The liability of every day equals what the account itself says of that day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec
from bonus_tests.owed import folded
from bonus_tests.samples import (
    CUSTOMER,
    DEALER,
    MARCH_1,
    TERMS,
    USER,
    booking,
    cancelled,
    ending,
    holding,
    line,
    placed,
    programme,
    reaching,
    returned,
    rewarded,
    rules_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from bonus.account.correction import Correct
from bonus.account.decider import ACCOUNT_DECIDER, Command
from bonus.account.expiry import ExpirePoints
from bonus.account.lots import is_over
from bonus.account.opt_out import AskToLeave, Leave, Rejoin
from bonus.account.schedule import MOMENTS
from bonus.account.state import Account, waiting_lots
from bonus.account.undo import CancelOrder, ReturnLines
from bonus.liability.changes import Figures
from bonus.liability.figures import day_by_day, on_day
from bonus.liability.view import CUSTOMER_LIABILITY, LIABILITY
from bonus.text.decider import Texts
from zugabe_events.contracts.checkout import OrderReturned
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Event

KINDS = (
    "order", "order", "order", "order-with-reward", "hold", "hold", "end", "cancel", "return",
    "reach", "correct", "expire", "leave", "rejoin",
)  # fmt: skip
steps = st.lists(
    st.tuples(
        st.integers(0, 25),
        st.sampled_from(KINDS),
        st.sampled_from([f"o{number}" for number in range(5)]),
        st.integers(1, 3),
        st.sampled_from(MOMENTS),
    ),
    max_size=40,
)
terms = st.builds(
    lambda days, months, claw_back: msgspec.structs.replace(
        TERMS, pending_days=days, expires_after_months=months, claw_back=claw_back
    ),
    st.sampled_from((0, 14)),
    st.sampled_from((None, 1, 2)),
    st.sampled_from(("negative", "pending", "balance")),
)


def commands_of(  # noqa: C901
    kind: str, order_id: str, number: int, moment: str, at: datetime, rules: object
) -> Sequence[Command]:
    order = placed(order_id, line(number * 2_500, quantity=4), at=at)
    match kind:
        case "order":
            waiting = placed(order_id, line(number * 2_500, quantity=4), at=at, points_on=moment)  # type: ignore[arg-type]
            return [booking(waiting, now=at, rules=rules)]  # type: ignore[arg-type]
        case "order-with-reward":
            reward = rewarded(order_id, number)
            paid = placed(order_id, line(number * 2_500, quantity=4), reward=reward, at=at)
            return [booking(paid, now=at, rules=rules)]  # type: ignore[arg-type]
        case "hold":
            return [holding(order_id, number, now=at, rules=rules)]  # type: ignore[arg-type]
        case "end":
            return [ending(order_id, number, at)]
        case "cancel":
            undone = msgspec.structs.replace(cancelled(order_id).order, cancelled_at=at)
            return [CancelOrder(undone)]
        case "return":
            back = returned(order, f"r{number}", {1: 1}, {1: number - 1}).returned
            assert isinstance(back, OrderReturned)
            return [ReturnLines(msgspec.structs.replace(back, returned_at=at))]
        case "reach":
            return [reaching(order_id, moment, at)]  # type: ignore[arg-type]
        case "correct":
            points = (number - 2) * 40 or 30
            return [
                Correct(f"{at}", DEALER, CUSTOMER, USER, points, "Kulanz", "chef", at),
            ]
        case "expire":
            return [ExpirePoints(DEALER, USER, at)]
        case "leave":
            return [
                AskToLeave(DEALER, CUSTOMER, USER, "c", at),
                Leave(DEALER, CUSTOMER, USER, "c", at),
            ]
        case _:
            texts = Texts().to_accept
            return [Rejoin(DEALER, CUSTOMER, USER, texts, rules_of(programme()), at)]


def said_by(account: Account, day: date) -> Figures:
    """Counted lot by lot, without the read model."""
    lots = [lot for page in account.lots.pages for lot in page.lots]
    counted = [lot for lot in lots if not is_over(lot, day)]
    return Figures(
        active=sum(lot.points for lot in counted if lot.active_from <= day),
        pending=sum(lot.points for lot in counted if lot.active_from > day),
        waiting=sum(lot.points for lot in waiting_lots(account)),
        held=sum(hold.points for hold in account.holds.values()),
        owed=account.owed,
        expiring=0,
    )


def without_expiring(figures: Figures) -> Figures:
    return msgspec.structs.replace(figures, expiring=0)


@settings(max_examples=100, deadline=None)
@given(steps, terms)
def test_each_day_is_as_the_accounts_lots_say(
    script: list[tuple[int, str, str, int, str]], rules: object
) -> None:
    """N-10: past days as the log has them, future days as they will be."""
    active = programme(terms=rules)  # type: ignore[arg-type]
    account, at = Account(), MARCH_1
    history: list[Event] = []
    ends: dict[date, Account] = {}
    for gap, kind, order_id, number, moment in script:
        at += timedelta(days=gap, minutes=20)
        for command in commands_of(kind, order_id, number, moment, at, active):
            try:
                events = ACCOUNT_DECIDER.decide(command, account)
            except RefusedError:
                continue
            for event in events:
                account = ACCOUNT_DECIDER.evolve(account, event)
            history += events
        ends[day_of(at)] = account
    months = folded(LIABILITY, history)
    last = day_of(at)
    first = day_of(MARCH_1) - timedelta(days=1)
    days = (last - first).days + 120
    now = Account()
    course = list(day_by_day(months, first, first + timedelta(days=days)))
    for number in range(days):
        day = first + timedelta(days=number)
        now = ends.get(day, now)
        assert without_expiring(course[number]) == said_by(now, day), day
        if number % 30 == 0:
            assert on_day(months, day) == course[number]
    by_customer = folded(CUSTOMER_LIABILITY, history)
    for number in range(0, days, 30):
        assert on_day(by_customer, first + timedelta(days=number)) == course[number]
    backwards = folded(LIABILITY, history[::-1])
    assert backwards == months
