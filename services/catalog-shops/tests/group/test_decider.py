"""Product groups: added, renamed, moved and removed."""

import pytest

from catalog_shops.group.decider import (
    GROUPS_DECIDER,
    NO_GROUPS,
    PlaceGroup,
    RemoveGroup,
    decide,
)
from catalog_shops.group.refusals import (
    GroupCycleError,
    GroupHasGroupsError,
    GroupIsCentralError,
    GroupNameTakenError,
    GroupNotFoundError,
    GroupsTooDeepError,
    TooManyGroupsError,
)
from zugabe_events.contracts.catalog_shops import ProductGroupPlaced, ProductGroupRemoved
from zugabe_events.domain.errors import InvalidError
from zugabe_testing.deciders import given


def placed(group: str, name: str, parent: str = "", dealer: str = "acme") -> ProductGroupPlaced:
    return ProductGroupPlaced(dealer, group, name, parent)


def place(group: str, name: str, parent: str = "") -> PlaceGroup:
    return PlaceGroup("acme", group, name, parent)


OFFICE, PAPER, FOLDERS = (
    placed("office", "Büro"),
    placed("paper", "Papier", "office"),
    placed("folders", "Ordner", "office"),
)


def test_a_group_is_added_renamed_and_moved() -> None:
    given(GROUPS_DECIDER).when(place("office", " Büro ")).then(OFFICE)
    given(GROUPS_DECIDER, OFFICE).when(place("office", "Büro")).then()
    given(GROUPS_DECIDER, OFFICE).when(place("office", "Office")).then(placed("office", "Office"))
    moved = placed("paper", "Papier")
    given(GROUPS_DECIDER, OFFICE, PAPER).when(place("paper", "Papier")).then(moved)


def test_a_group_that_would_be_its_own_parent_is_refused() -> None:
    to_itself = given(GROUPS_DECIDER, OFFICE).when(place("office", "Büro", "office"))
    to_itself.refused(GroupCycleError, "product-group-above-itself")
    deep = given(GROUPS_DECIDER, OFFICE, PAPER, placed("a4", "A4", "paper"))
    deep.when(place("office", "Büro", "a4")).refused(GroupCycleError, "product-group-above-itself")
    new = given(GROUPS_DECIDER).when(place("x", "X", "x"))
    new.refused(GroupCycleError, "product-group-above-itself")


def test_a_parent_exists() -> None:
    missing = given(GROUPS_DECIDER).when(place("paper", "Papier", "office"))
    missing.refused(GroupNotFoundError, "product-group-not-found")


def test_ten_levels_are_possible_also_when_a_branch_is_moved() -> None:
    chain = [placed(f"g{n}", f"G{n}", f"g{n - 1}" if n else "") for n in range(10)]
    eleventh = given(GROUPS_DECIDER, *chain).when(place("g10", "G10", "g9"))
    assert eleventh.refused(GroupsTooDeepError).facts == {"most": 10}
    branch = [placed("a", "A"), placed("b", "B", "a")]
    moved = given(GROUPS_DECIDER, *chain[:9], *branch).when(place("a", "A", "g8"))
    moved.refused(GroupsTooDeepError, "product-groups-too-deep")
    fits = given(GROUPS_DECIDER, *chain[:8], *branch).when(place("a", "A", "g7"))
    fits.then(placed("a", "A", "g7"))


def test_two_groups_at_one_place_have_different_names() -> None:
    """D14"""
    again = given(GROUPS_DECIDER, OFFICE, PAPER).when(place("paper2", "PAPIER", "office"))
    again.refused(GroupNameTakenError, "product-group-name-taken")
    elsewhere = given(GROUPS_DECIDER, OFFICE, PAPER).when(place("paper2", "Papier", "paper"))
    elsewhere.then(placed("paper2", "Papier", "paper"))


def test_a_dealers_group_may_hang_below_a_central_one() -> None:
    central = GROUPS_DECIDER.fold([placed("office", "Büro", dealer="central")])
    assert decide(place("own", "Eigenes", "office"), NO_GROUPS, central) == [
        placed("own", "Eigenes", "office")
    ]
    with pytest.raises(GroupIsCentralError, match="Büro"):
        decide(place("office", "Meins"), NO_GROUPS, central)
    with pytest.raises(GroupNameTakenError):
        decide(place("own", "Büro"), NO_GROUPS, central)


def test_a_group_with_groups_below_it_stays() -> None:
    history = given(GROUPS_DECIDER, OFFICE, PAPER)
    refused = history.when(RemoveGroup("acme", "office"))
    refused.refused(GroupHasGroupsError, "product-group-has-groups")
    removed = ProductGroupRemoved("acme", "paper")
    history.when(RemoveGroup("acme", "paper")).then(removed)
    emptied = given(GROUPS_DECIDER, OFFICE, PAPER, removed)
    emptied.when(RemoveGroup("acme", "office")).then(ProductGroupRemoved("acme", "office"))
    gone = emptied.when(RemoveGroup("acme", "paper"))
    gone.refused(GroupNotFoundError, "product-group-not-found")


def test_a_name_is_one_line_of_visible_text() -> None:
    given(GROUPS_DECIDER).when(place("x", " \n ")).refused(InvalidError, "group-name-invalid")
    given(GROUPS_DECIDER).when(place("x", "A \n B")).then(placed("x", "A B"))
    given(GROUPS_DECIDER).when(place("x", "A\u200bB")).then(placed("x", "AB"))
    given(GROUPS_DECIDER).when(place("x", "\u200b")).refused(InvalidError, "group-name-invalid")


def test_there_is_an_end_to_groups() -> None:
    full = GROUPS_DECIDER.fold([placed(f"g{n}", f"G{n}") for n in range(5_000)])
    with pytest.raises(TooManyGroupsError):
        decide(place("x", "X"), full)
    assert decide(place("g1", "Anders"), full) == [placed("g1", "Anders")]


def test_a_group_that_comes_back_below_one_that_hangs_under_it_is_refused() -> None:
    """`paper` hangs under a central group that is gone; it cannot be put above that one."""
    orphan = given(GROUPS_DECIDER, placed("paper", "Papier", "office"))
    orphan.when(place("office", "Büro", "paper")).refused(GroupCycleError)
