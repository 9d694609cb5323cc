"""Entries that states remember for a limited time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zugabe_events.domain.expiring_map import ExpiringMap

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
EMPTY: ExpiringMap[int] = ExpiringMap()


def test_a_key_is_remembered_through_the_day_it_was_given() -> None:
    fading = EMPTY.put("a", 1, NOON + timedelta(days=1), NOON)
    late = fading.put("b", 2, NOON, NOON + timedelta(days=1, hours=11))
    assert (late.get("a"), late.get("b")) == (1, 2)
    assert late.put("c", 3, NOON, NOON + timedelta(days=2)).get("a") is None


def test_the_states_before_stay_what_they_were() -> None:
    before = EMPTY.put("a", 1, NOON, NOON)
    before.put("a", 2, NOON + timedelta(days=3), NOON + timedelta(days=2))
    assert list(before) == ["a"]
    assert before.get("a") == 1


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 99), st.integers(0, 96), st.integers(0, 5))
    )
)
def test_it_knows_what_a_list_of_all_that_was_put_knows(
    puts: list[tuple[str, int, int, int]],
) -> None:
    fading, now = EMPTY, NOON
    known: dict[str, tuple[int, datetime]] = {}
    for key, value, hours, later in puts:
        now += timedelta(hours=later)
        until = now + timedelta(hours=hours)
        fading = fading.put(key, value, until, now)
        known[key] = (value, until)
        for other, (last, end) in known.items():
            if end.date() >= now.date():
                assert fading.get(other) == last
            else:
                assert fading.get(other) is None
    assert sorted(fading) == sorted(key for key in fading if fading.get(key) is not None)
