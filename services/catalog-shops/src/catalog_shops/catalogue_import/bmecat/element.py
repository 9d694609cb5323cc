"""An element of an XML file, with what is in it."""

from collections.abc import Iterator


class Element:
    """`content` has texts and elements in their order; `within` is the tag around it."""

    __slots__ = ("attributes", "content", "line", "tag", "too_large", "within")

    def __init__(self, tag: str, within: str, attributes: dict[str, str], line: int) -> None:
        self.tag = tag
        self.within = within
        self.attributes = attributes
        self.line = line
        self.content: list[str | Element] = []
        self.too_large = False

    def elements(self) -> Iterator["Element"]:
        return (item for item in self.content if item.__class__ is Element)

    def all(self, tag: str) -> list["Element"]:
        return [element for element in self.elements() if element.tag == tag]

    def first(self, tag: str) -> "Element | None":
        return next((element for element in self.elements() if element.tag == tag), None)

    def text(self) -> str:
        """All text below, without the space around it; an element within it stands for a space."""
        content = self.content
        if len(content) == 1 and isinstance(content[0], str):
            return content[0].strip()
        return "".join(
            item if isinstance(item, str) else f" {item.text()} " for item in content
        ).strip()

    def text_of(self, tag: str) -> str:
        """The text of the first element with this tag, or ""."""
        found = self.first(tag)
        return found.text() if found is not None else ""
