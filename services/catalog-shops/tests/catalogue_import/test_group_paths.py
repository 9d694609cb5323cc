"""Product groups by paths of names: found, or placed where they are missing."""

from hypothesis import given
from hypothesis import strategies as st

from catalog_shops.catalogue_import.group_paths import found_paths
from catalog_shops.group.decider import GROUPS_DECIDER, MAX_DEPTH, Groups
from zugabe_events.contracts.catalog_shops import ProductGroupPlaced

CENTRAL = GROUPS_DECIDER.fold(
    [
        ProductGroupPlaced("central", "buero", "Büro", ""),
        ProductGroupPlaced("central", "ordner", "Ordner", "buero"),
    ]
)


def path_of(group: str, *trees: Groups) -> tuple[str, ...]:
    names: list[str] = []
    while group:
        placed = next(tree.by_id[group] for tree in trees if group in tree.by_id)
        names.insert(0, placed.name)
        group = placed.parent
    return tuple(names)


def test_groups_are_found_however_their_names_are_written() -> None:
    """X-39: central ones too, and a dealer's hang below them."""
    own = Groups()
    found = found_paths("acme", [("BÜRO", "ordner"), ("Büro", "Hefter")], own, CENTRAL)
    assert found.ids["BÜRO", "ordner"] == "ordner"
    [placed] = found.events
    assert placed == ProductGroupPlaced("acme", found.ids["Büro", "Hefter"], "Hefter", "buero")
    after = GROUPS_DECIDER.fold(found.events, own)
    again = found_paths("acme", [("Büro", "Hefter")], after, CENTRAL)
    assert (again.events, again.ids["Büro", "Hefter"]) == ([], placed.group)


def test_a_group_that_was_renamed_is_left_alone() -> None:
    """X-39: the catalogue's name is placed anew, under another id."""
    first = found_paths("central", [("Ordner",)], Groups())
    [group] = first.ids.values()
    renamed = GROUPS_DECIDER.fold(
        [*first.events, ProductGroupPlaced("central", group, "Ablage", "")]
    )
    second = found_paths("central", [("Ordner",)], renamed)
    [other] = second.ids.values()
    assert other != group
    assert second.events == [ProductGroupPlaced("central", other, "Ordner", "")]


def test_a_path_that_is_too_long_is_refused_with_the_reason() -> None:
    """X-39: the others are placed."""
    deep = tuple(f"Ebene {level}" for level in range(MAX_DEPTH + 1))
    found = found_paths("central", [deep, ("Büro",)], Groups())
    assert found.refused == {deep: "Warengruppen haben höchstens 10 Ebenen."}
    assert set(found.ids) == {("Büro",)}


PATHS = st.lists(
    st.lists(st.sampled_from(["a", "A", "ä", "b", "ß", "ss", "ﬀ", "ff"]), min_size=1, max_size=3)
    .map(tuple)
)  # fmt: skip


@given(PATHS, PATHS)
def test_every_path_leads_to_its_group_and_the_same_one_again(
    first: list[tuple[str, ...]], second: list[tuple[str, ...]]
) -> None:
    """X-39: whatever was placed before, and in whatever batches."""
    placed = found_paths("acme", first, Groups(), CENTRAL)
    tree = GROUPS_DECIDER.fold(placed.events)
    found = found_paths("acme", [*first, *second], tree, CENTRAL)
    assert {path: found.ids[path] for path in first} == placed.ids
    after = GROUPS_DECIDER.fold(found.events, tree)
    for path, group in found.ids.items():
        names = path_of(group, after, CENTRAL)
        assert [name.casefold() for name in names] == [
            name.replace("ﬀ", "ff").casefold() for name in path
        ]
