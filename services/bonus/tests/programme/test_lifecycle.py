"""Whatever staff and the timer do in whatever order: versions are in order, and ends are kept."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
from bonus_tests.samples import APRIL_1, DEALER, FIVE_EUROS, TERMS, promotion
from hypothesis import given
from hypothesis import strategies as st

from bonus.programme.decider import PROGRAMME_DECIDER, Activate, Command, SetTerms
from bonus.programme.end import Close, Deactivate, EndRunOff
from bonus.programme.entries import AddPromotion, AddReward, EndPromotion, WithdrawReward
from bonus.programme.versions import Active, Closed, Draft, Programme, RunOff
from bonus.programme.view import ProgrammeState, ProgrammeView, project, promotion_of, reward_of
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.errors import RefusedError

STATES: dict[type[Programme], ProgrammeState] = {
    Draft: "draft",
    Active: "active",
    RunOff: "run-off",
    Closed: "closed",
}

instants = st.integers(0, 1_000).map(lambda days: APRIL_1 + timedelta(days=days))
ids = st.sampled_from(["a", "b"])
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(
        lambda rate, at: SetTerms(DEALER, msgspec.structs.replace(TERMS, points_per_euro=rate), at),
        st.integers(1, 3),
        instants,
    ),
    st.builds(
        lambda reward_id, points, at: AddReward(
            msgspec.structs.replace(FIVE_EUROS, reward_id=reward_id, points=points), at
        ),
        ids,
        st.integers(1, 3),
        instants,
    ),
    st.builds(lambda reward_id, at: WithdrawReward(DEALER, reward_id, at), ids, instants),
    st.builds(
        lambda promotion_id, factor, at: AddPromotion(promotion(promotion_id, factor), at),
        ids,
        st.integers(2, 4),
        instants,
    ),
    st.builds(lambda promotion_id, at: EndPromotion(DEALER, promotion_id, at), ids, instants),
    st.builds(lambda at: Activate(DEALER, at), instants),
    st.builds(lambda at: Deactivate(DEALER, at), instants),
    st.builds(lambda holders, at: Close(DEALER, holders, at), st.integers(0, 1), instants),
    st.builds(lambda at: EndRunOff(DEALER, at), instants),
)


@given(st.lists(commands, max_size=25))
def test_a_programme_keeps_its_order_and_its_end(asked: Sequence[Command]) -> None:
    """BO-10, BO-12, X-40; the read model shows the present version."""
    state, view, version = PROGRAMME_DECIDER.initial, None, 0
    for command in asked:
        before = state.present
        try:
            events = PROGRAMME_DECIDER.decide(command, state)
        except RefusedError:
            continue
        for event in events:
            version += 1
            assert event.version == version
            state = PROGRAMME_DECIDER.evolve(state, event)
            view = project(view, event)
        check_order(state.in_order)
        check_course(before, state.present, command)
        check_view(view, state.present)


def check_order(versions: Sequence[Programme]) -> None:
    begun = [(one.effective_at, one.version) for one in versions]
    assert begun == sorted(set(begun))
    assert len({at for at, _ in begun}) == len(begun)


def check_course(before: Programme, after: Programme, command: Command) -> None:
    match before, after:
        case Closed(), _:
            assert after == before
        case _, Active() if not isinstance(before, Active):
            assert isinstance(command, Activate)
            assert after.rewards
        case Active(), RunOff(run_off_until=last, deactivated_at=since):
            assert last == date(day_of(since).year + 1, 12, 31)
        case RunOff(run_off_until=last), Closed():
            assert isinstance(command, Close) or day_of(command.at) > last
        case ((Draft() | Active()), Closed()):
            raise AssertionError("closed without a run-off")
        case _:
            pass
    if isinstance(before, Active | RunOff):
        assert after.rewards, "users can always choose a reward"


def check_view(view: ProgrammeView | None, present: Programme) -> None:
    if view is None:
        assert present == Draft()
        return
    assert (view.version, view.state) == (present.version, STATES[type(present)])
    assert view.active == isinstance(present, Active)
    assert view.terms == present.terms
    assert set(view.rewards) == {reward_of(each) for each in present.rewards.values()}
    assert set(view.promotions) == {promotion_of(each) for each in present.promotions.values()}
    last = present.run_off_until if isinstance(present, RunOff | Closed) else None
    assert view.run_off_until == last
