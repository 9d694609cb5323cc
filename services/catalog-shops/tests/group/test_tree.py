"""The tree of product groups as a dealer sees it."""

from catalog_shops.group.tree import GroupTree
from catalog_shops.group.view import GroupsView, PlacedGroup, project
from zugabe_events.contracts.catalog_shops import ProductGroupPlaced, ProductGroupRemoved

CENTRAL = GroupsView(
    "central",
    (
        PlacedGroup("office", "Büro", ""),
        PlacedGroup("paper", "Papier", "office"),
        PlacedGroup("food", "Bewirtung", ""),
    ),
)
OWN = GroupsView("acme", (PlacedGroup("a4", "A4", "paper"), PlacedGroup("lost", "Lager", "gone")))
TREE = GroupTree(CENTRAL, OWN)


def test_own_groups_hang_below_central_ones() -> None:
    assert [(node.dealer, node.path) for node in TREE.nodes()] == [
        ("central", ("Bewirtung",)),
        ("central", ("Büro",)),
        ("central", ("Büro", "Papier")),
        ("acme", ("Büro", "Papier", "A4")),
        ("acme", ("Lager",)),
    ]


def test_a_group_includes_those_below_it() -> None:
    """CS-11"""
    assert TREE.with_below("office") == ("office", "paper", "a4")
    assert TREE.with_below("a4") == ("a4",)
    assert TREE.with_below("nowhere") == ()


def test_an_article_belongs_to_all_groups_above_its_own() -> None:
    assert TREE.with_above(("a4", "food", "nowhere")) == ("a4", "paper", "office", "food")


def test_a_tree_that_went_round_in_circles_would_still_be_readable() -> None:
    """Two tenants may move groups at the same moment."""
    tree = GroupTree(
        GroupsView("central", (PlacedGroup("a", "A", "b"), PlacedGroup("b", "B", "a")))
    )
    assert {node.group for node in tree.nodes()} == {"a", "b"}
    assert set(tree.with_below("a")) == {"a", "b"}


def test_the_document_of_a_tenant_has_each_group_once() -> None:
    view = None
    for event in (
        ProductGroupPlaced("acme", "a", "A", ""),
        ProductGroupPlaced("acme", "b", "B", "a"),
        ProductGroupPlaced("acme", "a", "AA", ""),
        ProductGroupRemoved("acme", "b"),
    ):
        view = project(view, event)
    assert view == GroupsView("acme", (PlacedGroup("a", "AA", ""),))
