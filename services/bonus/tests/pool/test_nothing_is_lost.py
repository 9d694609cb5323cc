"""However orders, cancellations, pooling and moves interleave, no point is lost or doubled."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from bonus_tests.owed import folded
from bonus_tests.pooling import AT_ONCE, RULES, World, balance, stands_at
from bonus_tests.samples import CUSTOMER, DEALER, booking, cancelled, holding, line, placed
from hypothesis import given, settings
from hypothesis import strategies as st

from bonus.account import move
from bonus.account.decider import account_history, pool_account_history
from bonus.account.opt_out import AskToLeave, Leave, Rejoin
from bonus.account.view import balance_of
from bonus.liability.figures import on_day
from bonus.liability.view import CUSTOMER_LIABILITY, LIABILITY
from bonus.pool.decider import AppointManager, Pool, PoolPoints, UnpoolPoints, pool_history
from zugabe_events.contracts.bonus import (
    ClawBack,
    DebtMovedIn,
    PointsAccrued,
    PointsMovedOut,
    RewardHeld,
)
from zugabe_events.contracts.checkout import CheckoutLapsed, OrderCancelled, RewardApplied
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.event import Context
from zugabe_events.domain.event_store import Commit
from zugabe_events.eventstore.commits import encode_events

USERS = ("u1", "u2", "u3")
SHOWN = RULES.texts.to_accept
CONTEXT = Context("bonus.pools", "policy", DEALER, datetime(2026, 4, 1, tzinfo=UTC), "one")


@dataclass
class Step:
    """`kind` of what happens to the order or user of that number."""

    kind: str
    number: int
    user: str
    euros: int


steps = st.lists(
    st.builds(
        Step,
        st.sampled_from(
            (
                "order",
                "buy",
                "buy",
                "cancel",
                "lapse",
                "pool",
                "unpool",
                "leave",
                "rejoin",
                "hear",
                "hear",
                "again",
            )
        ),
        st.integers(0, 5),
        st.sampled_from(USERS),
        st.integers(0, 120),
    ),
    max_size=40,
)


def hold(world: World, step: Step) -> RewardApplied | None:
    """As the route does it: in the account that pays, for the attempt."""
    pool, order = world.pool, f"b{step.number}"
    history = (
        pool_account_history(DEALER, CUSTOMER)
        if pool.is_pooled
        else account_history(DEALER, step.user)
    )
    asked = holding(order, rules=AT_ONCE, now=world.now)
    command = replace(asked, user=step.user, pool=pool)
    held = [event for event in world.decide(history, command) if isinstance(event, RewardHeld)]
    if not held:
        return None
    return RewardApplied(
        hold_id=held[0].hold_id,
        reward_id="five",
        title="",
        points=held[0].points,
        base_cents=10_000,
        discount_cents=500,
        shares=(500,),
        streams=(history.stream.id,),
        explanation="",
    )


def run(world: World, script: list[Step]) -> None:  # noqa: C901
    rewards: dict[str, tuple[RewardApplied, str]] = {}
    orders: dict[str, str] = {}
    rewarded: set[str] = set()
    history = pool_history(DEALER, CUSTOMER)
    for step in script:
        order = f"b{step.number}"
        match step.kind:
            case "order" if f"o{step.number}" not in orders:
                orders[f"o{step.number}"] = step.user
                bought = placed(f"o{step.number}", line(step.euros * 100))
                place = msgspec.structs.replace(bought, user=step.user)
                world.publish(place, f"order/{bought.order_id}")
            case "buy" if order not in orders and order not in rewards:
                if reward := hold(world, step):
                    rewards[order] = reward, step.user
            case "buy" if order not in orders:
                reward, user = rewards[order]
                orders[order] = user
                rewarded.add(order)
                bought = placed(order, line(step.euros * 100), reward=reward)
                world.publish(msgspec.structs.replace(bought, user=user), f"order/{order}")
            case "lapse" if order in rewards and order not in orders:
                _, user = rewards[order]
                orders[order] = user
                world.publish(
                    CheckoutLapsed(order, DEALER, CUSTOMER, user, 1, world.now, False, True),
                    f"order/{order}",
                )
            case "cancel":
                name = order if order in orders else f"o{step.number}"
                if name in orders:
                    event = msgspec.structs.replace(
                        cancelled(name).order,
                        user=orders[name],
                        reward_hold_id=f"{name}/1" if name in rewarded else None,
                    )
                    world.publish(event, f"order/{name}")
            case "pool":
                world.decide(history, PoolPoints(DEALER, CUSTOMER, RULES.membership, world.now))
            case "unpool":
                world.decide(history, UnpoolPoints(DEALER, CUSTOMER, world.now))
            case "leave":
                leave(world, step.user)
            case "rejoin":
                again = Rejoin(DEALER, CUSTOMER, step.user, SHOWN, RULES, world.now)
                world.decide(account_history(DEALER, step.user), again)
            case "hear" | "again":
                world.hear(step.number, again=step.kind == "again")
            case _:
                pass
        check(world)


def leave(world: World, user: str) -> None:
    history, who = account_history(DEALER, user), (DEALER, CUSTOMER, user)
    for command in (AskToLeave, Leave):
        world.decide(history, command(*who, "confirmed", world.now))


def check(world: World) -> None:
    assert world.standing() == balance(world.told)
    for account in world.accounts:
        assert account.owed >= 0
        if world.claw_back == "negative":
            assert account.owed == 0 or account.lots.points == 0
        assert all(lot.points > 0 for page in account.lots.pages for lot in page.lots)


def is_owed_in_full(world: World) -> None:
    """The liability is what all accounts say, whichever of them the points are in (N-10)."""
    day = day_of(world.now) + timedelta(days=1_000)
    figures = on_day(folded(LIABILITY, world.told), day)
    accounts = world.accounts
    assert figures.active + figures.pending == sum(each.lots.points for each in accounts)
    assert figures.owed == sum(each.owed for each in accounts)
    assert figures.held == sum(hold.points for each in accounts for hold in each.holds.values())
    assert on_day(folded(CUSTOMER_LIABILITY, world.told), day) == figures


@settings(max_examples=400, deadline=None)
@given(steps, st.sampled_from(("negative", "pending", "balance")))
def test_nothing_is_lost_or_doubled_by_pooling_and_unpooling(
    script: list[Step], claw_back: ClawBack
) -> None:
    """BO-33, BO-46, X-4: and each point ends up where it belongs, once all was heard."""
    world = World(claw_back)
    appoint = AppointManager(DEALER, CUSTOMER, "u1", world.now)
    world.decide(pool_history(DEALER, CUSTOMER), appoint)
    run(world, script)
    world.hear_all()
    check(world)
    is_owed_in_full(world)
    own = [world.account(user) for user in USERS]
    if world.pool.is_pooled:
        assert all(account.lots.points == account.owed == 0 for account in own)
    else:
        assert world.shared.lots.points == world.shared.owed == 0
    assert sum(map(stands_at, [*own, world.shared])) == balance(world.told)
    assert not any(account.lots.points for account in own if account.has_left)
    for holder, account in zip((*USERS, f"pool:{CUSTOMER}"), (*own, world.shared), strict=True):
        view = world.views.get(f"{DEALER}/{holder}")
        assert (balance_of(view) if view else 0) == stands_at(account)
        assert (view.points_owed if view else 0) == account.owed
        shown = [lot.points for lot in view.lots] if view else []
        assert shown == [lot.points for page in account.lots.pages for lot in page.lots]


kinds = st.sampled_from(("order", "order", "cancel", "pool", "unpool", "hear", "hear", "again"))
unspent = st.builds(Step, kinds, st.integers(0, 5), st.sampled_from(USERS), st.integers(1, 120))


@settings(max_examples=400, deadline=None)
@given(st.lists(unspent, max_size=40), st.sampled_from(("negative", "pending", "balance")))
def test_points_that_nobody_spent_are_taken_back_whenever_pooling_ends(
    script: list[Step], claw_back: ClawBack
) -> None:
    """X-2, X-4: none is let off because it was on its way between two accounts."""
    world = World(claw_back)
    run(world, script)
    world.hear_all()
    earned = {
        event.order_id: event.points for event in world.told if isinstance(event, PointsAccrued)
    }
    undone = {event.order_id for event in world.told if isinstance(event, OrderCancelled)}
    due = sum(points for order_id, points in earned.items() if order_id not in undone)
    assert sum(account.lots.points for account in world.accounts) == due
    assert not any(account.owed for account in world.accounts)


def bought_and_pooled(claw_back: ClawBack) -> World:
    """u1 has earned 50 points, which the company's users share."""
    world = World(claw_back)
    world.publish(placed("o1", line(5_000)), "order/o1")
    history = pool_history(DEALER, CUSTOMER)
    world.decide(history, PoolPoints(DEALER, CUSTOMER, RULES.membership, world.now))
    world.hear_all()
    assert world.shared.lots.points == 50
    return world


@pytest.mark.parametrize("claw_back", ["negative", "pending", "balance"])
@pytest.mark.parametrize("heard", range(4))
def test_points_on_their_way_back_are_taken_back_with_their_order(
    claw_back: ClawBack, heard: int
) -> None:
    """X-4: a cancellation that comes between two moves finds the points wherever they are."""
    world = bought_and_pooled(claw_back)
    world.publish(cancelled("o1").order, "order/o1")
    world.decide(pool_history(DEALER, CUSTOMER), UnpoolPoints(DEALER, CUSTOMER, world.now))
    for _ in range(heard):
        world.hear(1)
    world.hear_all()
    assert (world.shared.lots.points, world.account("u1").lots.points) == (0, 0)
    assert (world.shared.owed, world.account("u1").owed) == (0, 0)
    let_off = [event.let_off for event in world.told if isinstance(event, DebtMovedIn)]
    assert not any(let_off)


def test_points_that_come_in_pay_what_is_owed_together() -> None:
    """BO-33, N-10: 50 points are owed since their order was cancelled; 80 others come in."""
    world = bought_and_pooled("negative")
    world.decide(pool_history(DEALER, CUSTOMER), AppointManager(DEALER, CUSTOMER, "u1", world.now))
    reward = hold(world, Step("buy", 1, "u1", 0))
    assert reward is not None
    world.publish(placed("b1", line(0), reward=reward), "order/b1")
    world.publish(cancelled("o1").order, "order/o1")
    world.hear_all()
    assert world.shared.owed == 50
    is_owed_in_full(world)
    more = msgspec.structs.replace(placed("o2", line(8_000)), user="u2")
    world.publish(more, "order/o2")
    world.hear_all()
    assert (world.shared.owed, world.shared.lots.points) == (0, 30)
    is_owed_in_full(world)


def test_what_was_spent_meanwhile_is_let_off_as_the_terms_say() -> None:
    """X-4: nobody owes it for good because their points were shared once."""
    world = bought_and_pooled("balance")
    spent = replace(holding("b1", rules=AT_ONCE, now=world.now), user="u1")
    pool = Pool(is_pooled=True, managers=frozenset({"u1"}))
    world.decide(pool_account_history(DEALER, CUSTOMER), replace(spent, pool=pool))
    world.decide(pool_history(DEALER, CUSTOMER), UnpoolPoints(DEALER, CUSTOMER, world.now))
    world.hear_all()
    assert world.shared.holds
    world.publish(cancelled("o1").order, "order/o1")
    world.hear_all()
    account = world.account("u1")
    assert (account.lots.points, account.owed, world.shared.owed) == (0, 0, 0)
    [came] = [event for event in world.told if isinstance(event, DebtMovedIn) and not event.pool]
    assert came.let_off == 50


@pytest.mark.parametrize("claw_back", ["negative", "pending", "balance"])
def test_an_order_of_who_has_left_is_undone_where_its_points_are(claw_back: ClawBack) -> None:
    """BO-46, X-2: the company keeps the user's points, but not those of a cancelled order."""
    world = bought_and_pooled(claw_back)
    leave(world, "u1")
    world.hear_all()
    assert world.shared.lots.points == 50
    for _ in range(2):
        world.publish(cancelled("o1").order, "order/o1")
        world.hear_all()
    assert (world.shared.lots.points, world.shared.owed) == (0, 0)
    assert world.account("u1").owed == 0


def test_who_joins_again_does_not_get_the_points_back_that_the_company_kept() -> None:
    """BO-46, BO-47: joining again begins at zero."""
    world = bought_and_pooled("negative")
    leave(world, "u1")
    again = Rejoin(DEALER, CUSTOMER, "u1", SHOWN, RULES, world.now)
    world.decide(account_history(DEALER, "u1"), again)
    world.decide(pool_history(DEALER, CUSTOMER), UnpoolPoints(DEALER, CUSTOMER, world.now))
    world.hear_all()
    assert not world.account("u1").has_left
    assert (world.shared.lots.points, world.account("u1").lots.points) == (0, 0)
    world.publish(cancelled("o1").order, "order/o1")
    world.hear_all()
    assert world.account("u1").owed == 0, "what was forfeited is not taken back as well"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(USERS), st.integers(1, 120)), max_size=12))
def test_each_user_has_their_own_back(orders: list[tuple[str, int]]) -> None:
    """BO-33: lot by lot, as it was before points were pooled."""
    world = World()
    for number, (user, euros) in enumerate(orders):
        order = placed(f"o{number}", line(euros * 100))
        world.publish(msgspec.structs.replace(order, user=user), f"order/o{number}")
    world.hear_all()
    before = [world.account(user).lots for user in USERS]
    history = pool_history(DEALER, CUSTOMER)
    for _ in range(2):
        world.decide(history, PoolPoints(DEALER, CUSTOMER, RULES.membership, world.now))
        world.hear_all()
        assert world.shared.lots.points == sum(euros for _, euros in orders)
        assert not any(world.account(user).lots.points for user in USERS)
        world.decide(history, UnpoolPoints(DEALER, CUSTOMER, world.now))
        world.hear_all()
        assert [tuple(lots_of(world, user)) for user in USERS] == [
            tuple(lot for page in lots.pages for lot in page.lots) for lots in before
        ]


def lots_of(world: World, user: str) -> list[object]:
    return [lot for page in world.account(user).lots.pages for lot in page.lots]


def test_ten_thousand_lots_move_in_one_commit() -> None:
    """BO-33: within the bounds of events and commits."""
    world = World()
    history = account_history(DEALER, "u1")
    for number in range(10_000):
        world.decide(history, booking(placed(f"o{number}", line(100)), rules=AT_ONCE))
    pool = replace(Pool(), is_pooled=True)
    out = world.decide(history, move.MoveOut(DEALER, CUSTOMER, "u1", pool, world.now))
    assert world.account("u1").lots.points == 0
    assert sum(moved.points for moved in out if isinstance(moved, PointsMovedOut)) == 10_000
    commit = Commit(UUID(int=1), history.stream, 1, tuple(out), CONTEXT)
    assert len(encode_events(commit)) == 5


def test_more_lots_than_a_commit_holds_move_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """BO-33"""
    for name, most in (("MAX_LOTS_MOVED", 2), ("MAX_LOTS_AT_ONCE", 4), ("MAX_SHARED_AT_ONCE", 3)):
        monkeypatch.setattr(move, name, most)
    world = World()
    for number in range(11):
        world.publish(placed(f"o{number}", line(100)), f"order/o{number}")
    world.hear_all()
    history = pool_history(DEALER, CUSTOMER)
    world.decide(history, PoolPoints(DEALER, CUSTOMER, RULES.membership, world.now))
    world.hear_all()
    assert (world.account("u1").lots.points, world.shared.lots.points) == (0, 11)
    world.decide(history, UnpoolPoints(DEALER, CUSTOMER, world.now))
    world.hear_all()
    assert (world.account("u1").lots.points, world.shared.lots.points) == (11, 0)
