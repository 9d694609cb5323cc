"""BMEcat 1.01, 1.2 and 2005, read in two runs: an outline first, then article by article.

Memory does not grow with the file, and nothing that the file names is opened.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import BinaryIO

from catalog_shops.catalogue_import.bmecat.article import NAMES, UNREAD, record_of
from catalog_shops.catalogue_import.bmecat.damage import DamagedFileError
from catalog_shops.catalogue_import.bmecat.elements import (
    CHUNK_BYTES,
    Collector,
    elements,
    not_a_catalogue,
    taken,
)
from catalog_shops.catalogue_import.bmecat.groups import Groups
from catalog_shops.catalogue_import.bmecat.header import (
    TRANSACTIONS,
    Header,
    Transaction,
    header_of,
)
from catalog_shops.catalogue_import.records import Record

ROOT = "BMECAT"
PRESENT = frozenset(
    {
        "ARTICLE",
        "ARTICLE_TO_CATALOGGROUP_MAP",
        "CATALOG_STRUCTURE",
        "CLASSIFICATION_GROUP",
        "CLASSIFICATION_SYSTEM_NAME",
        "HEADER",
    }
)
MAX_BEGINNING_BYTES = 4_000_000
"""The number of bytes within which a file's transaction begins."""
IN_OUTLINE = frozenset({"ARTICLE", "USER_DEFINED_EXTENSIONS", "MIME_INFO", "GROUP_DESCRIPTION"})


@dataclass(slots=True)
class Outline:
    """The head of the file, its groups, its transaction ("" if it has no articles), and the number
    of its articles; `damage` if it could not be read to its end."""

    header: Header
    groups: Groups
    transaction: str = ""
    articles: int = 0
    damage: DamagedFileError | None = None

    def close(self) -> None:
        self.groups.close()


def beginning_of(file: BinaryIO) -> tuple[Header, Transaction]:
    """The head of a file, and its transaction. Raises DamagedFileError if it does not begin as a
    catalogue."""
    wanted = {"HEADER", *TRANSACTIONS}
    collector = Collector(wanted, {*TRANSACTIONS, *IN_OUTLINE}, NAMES)
    header = Header()
    while chunk := file.read(CHUNK_BYTES):
        damage: DamagedFileError | None = None
        try:
            collector.feed(chunk, last=False)
        except DamagedFileError as error:
            damage = error
        if collector.root not in ("", ROOT):
            raise not_a_catalogue(collector.root)
        found = taken(collector)
        header = next((header_of(item) for item in found if item.tag == "HEADER"), header)
        for tag in (*(item.tag for item in found), collector.inside):
            if tag in TRANSACTIONS:
                return header, tag
        if damage is not None:
            raise damage
        if file.tell() > MAX_BEGINNING_BYTES:
            break
    raise DamagedFileError(1, 1, "sie ist kein BMEcat-Katalog")


def outline_of(file: BinaryIO) -> Outline:
    """Read the file once, without its articles."""
    outline = Outline(Header(), Groups())
    try:
        for element in elements(file, PRESENT, root=ROOT, skipped=IN_OUTLINE, names=NAMES):
            if element.tag == "ARTICLE":
                if element.within in TRANSACTIONS:
                    outline.articles += 1
                    outline.transaction = element.within
            elif element.tag == "HEADER":
                outline.header = header_of(element)
            else:
                outline.groups.add(element, outline.header.language)
    except DamagedFileError as damage:
        outline.damage = damage
    except BaseException:
        outline.close()
        raise
    outline.groups.mapped()
    return outline


def records_of(file: BinaryIO, outline: Outline) -> Generator[Record]:
    """The articles, in their order. Raises DamagedFileError behind the last one that is whole."""
    for article in elements(file, {"ARTICLE"}, root=ROOT, skipped=UNREAD, names=NAMES):
        if article.within in TRANSACTIONS:
            yield record_of(article, outline.header, outline.groups)
