"""XML, parsed in pieces. A document type is refused: it could multiply text, or name files."""

from collections.abc import Callable, Iterator, Mapping
from typing import IO
from xml.parsers import expat

from zugabe_events.tables.errors import HostileError

CHUNK_BYTES = 1 << 16
SEPARATOR = " "

type Start = Callable[[str, Mapping[str, str]], None]
type End = Callable[[str], None]


def document_type(*_: object) -> None:
    raise HostileError("sie enthält eine Dokumenttyp-Definition")


def parser_of(start: Start, end: End | None = None, text: End | None = None) -> expat.XMLParserType:
    """Names of elements and of attributes with a prefix are `namespace name`."""
    parser = expat.ParserCreate(namespace_separator=SEPARATOR)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = document_type
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    return parser


def parsed(stream: IO[bytes], parser: expat.XMLParserType) -> Iterator[None]:
    """Parse the next piece of the document each time. Raise ExpatError."""
    while chunk := stream.read(CHUNK_BYTES):
        parser.Parse(chunk, False)
        yield
    parser.Parse(b"", True)
    yield


def parse(stream: IO[bytes], parser: expat.XMLParserType) -> None:
    for _ in parsed(stream, parser):
        pass


def local(name: str) -> str:
    return name.rpartition(SEPARATOR)[2]
