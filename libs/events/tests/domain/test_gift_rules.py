"""Configured gifts by version: what was in force at an instant stays so."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zugabe_events.domain.gift_rules import (
    MAX_GIFTS,
    MAX_VERSIONS,
    GiftConfiguration,
    GiftRules,
    ModeVersion,
    OfferVersion,
    configuration_at,
    latest_at,
    offered_last,
    with_mode,
    with_offer,
)
from zugabe_events.domain.gifts import Gift

NOON = datetime(2026, 5, 4, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def offer(version: int, at: datetime, gift: str = "cup", limit_cents: int = 10_000) -> OfferVersion:
    offered = Gift(gift, f"G-{gift}", gift, limit_cents, date(2026, 1, 1))
    return OfferVersion(version, at, gift, offered)


def withdrawal(version: int, at: datetime, gift: str = "cup") -> OfferVersion:
    return OfferVersion(version, at, gift, None)


def limits(configuration: GiftConfiguration) -> list[int]:
    return [gift.limit_cents for gift in configuration.gifts]


def test_before_the_first_rule_there_are_no_gifts_and_the_default_mode() -> None:
    """GA-13"""
    assert configuration_at(GiftRules(), NOON) == GiftConfiguration(0, "per", ())
    assert latest_at(GiftRules()) is None


def test_each_instant_has_the_rules_that_were_in_force() -> None:
    """X-40"""
    rules = with_offer(GiftRules(), offer(1, NOON))
    rules = with_mode(rules, ModeVersion(2, NOON + HOUR, "from"))
    rules = with_offer(rules, offer(3, NOON + 2 * HOUR, limit_cents=5_000))
    rules = with_offer(rules, withdrawal(4, NOON + 3 * HOUR))
    seen = [configuration_at(rules, NOON + hours * HOUR) for hours in range(-1, 4)]
    assert [one.mode for one in seen] == ["per", "per", "from", "from", "from"]
    assert [limits(one) for one in seen] == [[], [10_000], [10_000], [5_000], []]
    assert [one.version for one in seen] == [0, 1, 2, 3, 4]
    assert latest_at(rules) == NOON + 3 * HOUR


def test_history_that_is_set_up_later_leaves_the_present_as_it_is() -> None:
    """X-40"""
    rules = with_offer(GiftRules(), offer(1, NOON))
    rules = with_offer(rules, offer(2, NOON - HOUR, limit_cents=5_000))
    assert limits(configuration_at(rules, NOON)) == [10_000]
    assert limits(configuration_at(rules, NOON - HOUR)) == [5_000]
    assert [gift.limit_cents for gift in offered_last(rules)] == [10_000]


def test_of_two_rules_for_one_instant_the_later_one_counts() -> None:
    """X-40"""
    rules = with_offer(with_offer(GiftRules(), offer(1, NOON)), withdrawal(2, NOON))
    assert configuration_at(rules, NOON).gifts == ()


def test_only_so_many_versions_of_a_gift_and_a_mode_are_kept() -> None:
    rules = GiftRules()
    for version in range(1, 2 * MAX_VERSIONS, 2):
        at = NOON + version * HOUR
        rules = with_offer(rules, offer(version, at, limit_cents=version))
        rules = with_mode(rules, ModeVersion(version + 1, at, "from"))
    rules = with_offer(rules, offer(999, NOON + 999 * HOUR, limit_cents=999))
    assert (len(rules.offers), len(rules.modes)) == (MAX_VERSIONS, MAX_VERSIONS)
    assert rules.offers[-1].version == rules.version == 999


def test_gifts_withdrawn_the_longest_ago_are_forgotten() -> None:
    rules = with_offer(GiftRules(), offer(1, NOON, "kept"))
    for number in range(MAX_GIFTS + 5):
        at = NOON + number * HOUR
        name = f"g{number}"
        rules = with_offer(rules, offer(2 * number + 2, at, name))
        rules = with_offer(rules, withdrawal(2 * number + 3, at, name))
    names = {one.gift for one in rules.offers}
    assert len(names) == MAX_GIFTS
    assert "kept" in names
    assert "g5" not in names
    assert {"g6", f"g{MAX_GIFTS + 4}"} <= names


changes = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 5), st.integers(0, 3)), max_size=15
)


@given(changes, st.integers(0, 5))
def test_rules_at_an_instant_are_those_of_a_reader_who_sorted_all_changes(
    drawn: list[tuple[str, int, int]], hour: int
) -> None:
    """X-40: against a plain replay."""
    rules = GiftRules()
    replayed: dict[str, int] = {}
    versions = []
    for version, (gift, at, limit) in enumerate(drawn, 1):
        when = NOON + at * HOUR
        added = offer(version, when, gift, limit) if limit else withdrawal(version, when, gift)
        rules = with_offer(rules, added)
        versions.append((at, version, gift, limit))
    for _, _, gift, limit in sorted(one for one in versions if one[0] <= hour):
        replayed[gift] = limit
    found = configuration_at(rules, NOON + hour * HOUR)
    assert {gift.gift: gift.limit_cents for gift in found.gifts} == {
        gift: limit for gift, limit in replayed.items() if limit
    }
