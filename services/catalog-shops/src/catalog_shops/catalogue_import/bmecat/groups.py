"""Product groups of a BMEcat file: its tree, and which articles belong where.

The list of articles by group comes behind all articles and can be as long, so it goes to disk.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from catalog_shops.article.master_data import MAX_GROUPS, MAX_LINE
from catalog_shops.catalogue_import.bmecat.element import Element
from catalog_shops.catalogue_import.bmecat.texts import one_line, preferred_text
from catalog_shops.catalogue_import.records import (
    MAX_GROUP_LEVELS,
    GroupPath,
)
from catalog_shops.catalogue_import.scratch import scratch_database

MAX_NODES = 100_000
MAX_ID_LENGTH = 250


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    parent: str
    is_root: bool


@dataclass(slots=True)
class Groups:
    """`nodes` are by group system and id; the catalogue's own system is ""."""

    nodes: dict[tuple[str, str], Node] = field(default_factory=dict)
    system: str = ""
    _disk: sqlite3.Connection | None = None

    def add(self, element: Element, language: str) -> None:
        """Take in an element that says something about groups."""
        match element.tag:
            case "CATALOG_STRUCTURE":
                self._place(
                    "",
                    element.text_of("GROUP_ID"),
                    preferred_text(element, "GROUP_NAME", language),
                    element.text_of("PARENT_ID"),
                    is_root=element.attributes.get("type") == "root",
                )
            case "CLASSIFICATION_SYSTEM_NAME":
                self.system = element.text()
            case "CLASSIFICATION_GROUP":
                self._place(
                    self.system,
                    element.text_of("CLASSIFICATION_GROUP_ID"),
                    preferred_text(element, "CLASSIFICATION_GROUP_NAME", language),
                    element.text_of("CLASSIFICATION_GROUP_PARENT_ID"),
                    is_root=False,
                )
            case "ARTICLE_TO_CATALOGGROUP_MAP" if element.attributes.get("mode") != "delete":
                self._map(element.text_of("ART_ID"), element.text_of("CATALOG_GROUP_ID"))

    def _place(self, system: str, group: str, name: str, parent: str, *, is_root: bool) -> None:
        name = one_line(name)[:MAX_LINE]
        if name and 0 < len(group) <= MAX_ID_LENGTH and len(self.nodes) < MAX_NODES:
            self.nodes[system, group] = Node(name, parent[:MAX_ID_LENGTH], is_root)

    def _map(self, number: str, group: str) -> None:
        if not 0 < len(number) <= MAX_ID_LENGTH or len(group) > MAX_ID_LENGTH:
            return
        if self._disk is None:
            self._disk = scratch_database("CREATE TABLE map (number TEXT, grp TEXT)")
        self._disk.execute("INSERT INTO map VALUES (?, ?)", (number, group))

    def mapped(self) -> None:
        """Make the map searchable; nothing can be added from now on."""
        if self._disk is not None:
            self._disk.execute("CREATE INDEX numbers ON map (number)")

    def paths_of(self, number: str, classes: Sequence[tuple[str, str]]) -> tuple[GroupPath, ...]:
        """The groups of an article: by the catalogue's list, else by its classes (system, id)."""
        found: list[tuple[str, str]] = []
        if self._disk is not None:
            rows = self._disk.execute(
                "SELECT grp FROM map WHERE number = ? ORDER BY rowid LIMIT ?", (number, MAX_GROUPS)
            )
            found = [("", group) for (group,) in rows]
        paths = [path_of(self.nodes, *node) for node in found or classes]
        return tuple(dict.fromkeys(filter(None, paths)))[:MAX_GROUPS]

    def close(self) -> None:
        if self._disk is not None:
            self._disk.close()


def path_of(nodes: Mapping[tuple[str, str], Node], system: str, group: str) -> GroupPath:
    """The path of a group below the catalogue's root; () if it is unknown or below itself."""
    names: list[str] = []
    at: str | None = group
    while at is not None:
        node = nodes.get((system, at))
        if node is None or node.is_root:
            break
        names.append(node.name)
        if len(names) > MAX_GROUP_LEVELS:
            return ()
        at = node.parent or None
    return tuple(reversed(names))


def classes_of(article: Element) -> Sequence[tuple[str, str]]:
    """The classes that an article's features refer to."""
    return [
        (features.text_of("REFERENCE_FEATURE_SYSTEM_NAME"), group.text())
        for features in article.all("ARTICLE_FEATURES")
        for group in features.all("REFERENCE_FEATURE_GROUP_ID")
    ]
