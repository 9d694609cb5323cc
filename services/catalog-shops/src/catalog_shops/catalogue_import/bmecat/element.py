"""An element of an XML file, with what is in it."""

from zugabe_events.domain.reserved_text import broken_up
from zugabe_events.domain.visible_text import trimmed


class Element:
    """`content` has texts and `children` in their order; `within` is the tag around it."""

    __slots__ = ("attributes", "children", "content", "line", "tag", "too_large", "within")

    def __init__(self, tag: str, within: str, attributes: dict[str, str], line: int) -> None:
        self.tag = tag
        self.within = within
        self.attributes = attributes
        self.line = line
        self.content: list[str | Element] = []
        self.children: list[Element] = []
        self.too_large = False

    def all(self, tag: str) -> list["Element"]:
        return [child for child in self.children if child.tag == tag]

    def first(self, tag: str) -> "Element | None":
        for child in self.children:
            if child.tag == tag:
                return child
        return None

    def text(self) -> str:
        """All text below, without the space around it; an element within it stands for a space."""
        parts = (x if isinstance(x, str) else f" {x.text()} " for x in self.content)
        return broken_up(trimmed("".join(parts)))

    def text_of(self, tag: str) -> str:
        """The text of the first element with this tag, or ""."""
        found = self.first(tag)
        return found.text() if found is not None else ""
