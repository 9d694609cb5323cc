"""Workbooks (XLSX) without programs and embedded files: nothing of them is calculated or shown."""

import posixpath
import re
from collections.abc import Callable, Mapping
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from zugabe_events.files.archive import open_archive
from zugabe_events.files.refusals import active_content, another_type, too_much

CONTENT_TYPES = "[content_types].xml"
WORKBOOK = "xl/workbook.xml"
MAX_XML_BYTES = 20_000_000

ACTIVE_PARTS = re.compile(r"/(?:embeddings|macrosheets|activex|dialogsheets)/|/oleobject")
ACTIVE_RELATIONS = frozenset(
    {
        "activexcontrolbinary",
        "attachedtoolbars",
        "control",
        "dialogsheet",
        "oleobject",
        "package",
        "vbaproject",
        "xlintlmacrosheet",
        "xlmacrosheet",
    }
)
"""Kinds of relations."""

LINKS_TO_PROGRAMS = frozenset({"ddelink", "olelink"})


def check_workbook(content: bytes) -> None:
    """Raises FileRefusedError."""
    with open_archive(content) as archive:
        parts = {plain(part.filename): part for part in archive.infolist()}
        if len(parts) < len(archive.infolist()) or not {CONTENT_TYPES, WORKBOOK} <= parts.keys():
            raise another_type()
        if any(name.endswith("vbaproject.bin") for name in parts):
            raise another_type()
        if any(ACTIVE_PARTS.search(f"/{name}") for name in parts):
            raise active_content()
        for name, part in parts.items():
            if name.endswith(".rels"):
                check_relations(archive, parts, part)
        if archive.testzip() is not None:
            raise another_type()


def plain(name: str) -> str:
    """Names of parts are the same in upper and lower case; some programs write backslashes."""
    return name.replace("\\", "/").lower()


def check_relations(archive: ZipFile, parts: Mapping[str, ZipInfo], part: ZipInfo) -> None:
    """A relation says what a part is, whatever its name. Links to other workbooks may stay, those
    to programs may not (DDE)."""
    links: list[str] = []

    def relation(_: str, attributes: Mapping[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2].lower()
        if kind in ACTIVE_RELATIONS:
            raise active_content()
        if kind == "externallink":
            links.append(plain(attributes.get("Target", "")))

    def link(name: str, _: Mapping[str, str]) -> None:
        if name.rpartition(":")[2].lower() in LINKS_TO_PROGRAMS:
            raise active_content()

    read_xml(archive, part, relation)
    folder = posixpath.dirname(posixpath.dirname(plain(part.filename)))
    for target in links:
        path = posixpath.normpath(posixpath.join(f"/{folder}", target)).lstrip("/")
        if path in parts:
            read_xml(archive, parts[path], link)


def read_xml(archive: ZipFile, part: ZipInfo, element: Callable[..., None]) -> None:
    """Call `element` with each name and its attributes. A document type could multiply text."""
    if part.file_size > MAX_XML_BYTES:
        raise too_much()

    def document_type(*_: object) -> None:
        raise another_type()

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = document_type
    try:
        parser.Parse(archive.read(part), True)
    except expat.ExpatError:
        raise another_type() from None
