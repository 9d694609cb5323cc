"""Elements of an XML file as they end, one at a time: bounded, and nothing outside it is read."""

from collections.abc import Container, Iterator
from html.entities import html5
from typing import Any, BinaryIO
from xml.parsers import expat

from catalog_shops.catalogue_import.bmecat.damage import REASONS, DamagedFileError
from catalog_shops.catalogue_import.bmecat.element import Element

CHUNK_BYTES = 65_536
MAX_TOKEN_BYTES = 1_000_000
"""Bytes of a tag, a comment or a declaration, which the parser holds in memory."""
MAX_DEPTH = 60
MAX_NAMES = 10_000
"""Different names of elements and attributes, which the parser keeps."""
MAX_ELEMENT_SIZE = 1_000_000
"""Characters and tags of a collected element; what is beyond is left out, and it is `too_large`."""
TAG_SIZE = 20
MAX_ENTITIES = 300
MAX_ENTITY_LENGTH = 16
"""Characters of an entity that the file defines itself, such as an umlaut."""


class Collector:
    """Handlers of a parser: `wanted` elements become `done`, those `skipped` stay empty."""

    def __init__(
        self, wanted: Container[str], skipped: Container[str], names: dict[str, str]
    ) -> None:
        self.done: list[Element] = []
        self.root = ""
        self._wanted = wanted
        self._skipped = skipped
        self._names = names
        self._tag_of: dict[str, str] = {}
        self._open: list[Element] = []
        self._tags: list[str] = []
        self._depth = 0
        self._skipping = 0
        self._size = 0
        self._fed = 0
        self._entities = 0
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = CHUNK_BYTES
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.EntityDeclHandler = self._declared
        parser.SkippedEntityHandler = self._entity

    @property
    def inside(self) -> str:
        """The tag of the wanted element that is being read, or ""."""
        return self._open[0].tag if self._open else ""

    def feed(self, chunk: bytes, *, last: bool) -> None:
        """Raises DamagedFileError."""
        parser = self._parser
        try:
            parser.Parse(chunk, last)
        except expat.ExpatError as error:
            text = expat.ErrorString(error.code)
            reason = REASONS.get(text, f"sie ist kein gültiges XML ({text})")
            raise DamagedFileError(error.lineno, error.offset + 1, reason) from None
        except (LookupError, ValueError):  # of the codec that the file names
            raise self._damaged(REASONS["unknown encoding"]) from None
        self._fed += len(chunk)
        if not last and self._fed - max(parser.CurrentByteIndex, 0) > MAX_TOKEN_BYTES:
            raise self._damaged("ein einzelnes Element oder ein Kommentar ist zu lang")

    def _damaged(self, reason: str) -> DamagedFileError:
        parser = self._parser
        return DamagedFileError(parser.CurrentLineNumber, parser.CurrentColumnNumber + 1, reason)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._damaged("Elemente sind zu tief geschachtelt")
        tag = self._tag_of.get(name) or self._new_name(name)
        for attribute in attributes:
            if attribute not in self._tag_of:
                self._new_name(attribute)
        if self._skipping:
            return
        if not self._open:
            self._start_outside(tag, attributes)
            return
        self._size += TAG_SIZE
        if attributes:
            self._size += sum(map(len, attributes.values()))
        if tag in self._skipped:
            self._skip()
        elif self._size > MAX_ELEMENT_SIZE:
            self._open[0].too_large = True
            self._skip()
        else:
            around = self._open[-1]
            element = Element(tag, around.tag, attributes, 0)
            around.content.append(element)
            around.children.append(element)
            self._open.append(element)

    def _start_outside(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag that is in no wanted element."""
        within = self._tags[-1] if self._tags else ""
        self.root = self.root or tag
        self._tags.append(tag)
        if tag in self._wanted:
            line = self._parser.CurrentLineNumber
            self._open.append(Element(tag, within, attributes, line))
            self._size = 0
            self._parser.CharacterDataHandler = self._text
            if tag in self._skipped:
                self._skip()

    def _new_name(self, name: str) -> str:
        if len(self._tag_of) >= MAX_NAMES:
            raise self._damaged("es gibt zu viele verschiedene Elemente")
        bare = name.rpartition(":")[2]
        tag = self._tag_of[name] = self._names.get(bare, bare)
        return tag

    def _skip(self) -> None:
        self._skipping = self._depth
        self._parser.CharacterDataHandler = None

    def _end(self, _: str) -> None:
        depth, self._depth = self._depth, self._depth - 1
        if self._skipping:
            if depth > self._skipping:
                return
            self._skipping = 0
            if depth > len(self._tags):
                self._parser.CharacterDataHandler = self._text
                return
        open_ = self._open
        if not open_:
            self._tags.pop()
            return
        element = open_.pop()
        if not open_:
            self._tags.pop()
            self.done.append(element)
            self._parser.CharacterDataHandler = None

    def _text(self, text: str) -> None:
        self._size += len(text)
        if self._size > MAX_ELEMENT_SIZE:
            self._open[0].too_large = True
            return
        self._open[-1].content.append(text)

    def _entity(self, name: str, is_parameter: Any) -> None:
        """An entity of a DTD that is not read: those of HTML are known."""
        if self._open and not is_parameter and not self._skipping:
            self._text(html5.get(f"{name};", f"&{name};"))

    def _declared(
        self,
        name: str,
        is_parameter: Any,
        value: str | None,
        base: str | None,
        system_id: str | None,
        public_id: str | None,
        notation: str | None,
    ) -> None:
        """Parameter entities are never expanded. Others may stand for a few characters."""
        if is_parameter:
            return
        self._entities += 1
        if (
            value is None
            or len(value) > MAX_ENTITY_LENGTH
            or any(mark in value for mark in "&<%")
            or self._entities > MAX_ENTITIES
        ):
            raise self._damaged(f"die Abkürzung „&{name[:40]};“ ist nicht erlaubt")


def elements(
    file: BinaryIO,
    wanted: Container[str],
    *,
    root: str,
    skipped: Container[str] = (),
    names: dict[str, str] | None = None,
) -> Iterator[Element]:
    """Each wanted element, as soon as it has ended.

    Of `skipped` ones nothing inside is read. `names` replaces tags; prefixes are left out. Raises
    DamagedFileError behind the last element before the damage, also if `root` is another element.
    """
    collector = Collector(wanted, skipped, names or {})
    chunk = file.read(CHUNK_BYTES)
    while True:
        following = file.read(CHUNK_BYTES) if chunk else b""
        try:
            collector.feed(chunk, last=not following)
        except DamagedFileError:
            yield from taken(collector)
            raise
        if collector.root not in ("", root):
            raise not_a_catalogue(collector.root)
        yield from taken(collector)
        if not following:
            return
        chunk = following


def taken(collector: Collector) -> list[Element]:
    done, collector.done = collector.done, []
    return done


def not_a_catalogue(root: str) -> DamagedFileError:
    return DamagedFileError(1, 1, f"sie beginnt mit „{root[:40]}“ und ist kein BMEcat-Katalog")
