"""Findings about a file, as frames that one process can send to another."""

from collections.abc import Callable, Generator
from pathlib import Path

import msgspec

from catalog_shops.catalogue_import.recognition import Recognised, recognised
from catalog_shops.catalogue_import.records import CatalogueArticle, Record, WrongRecord
from catalog_shops.catalogue_import.source import open_source
from zugabe_events.contracts.catalog_shops import ImportFormat, ImportScope
from zugabe_events.domain.errors import InvalidError, Number, RefusedError

LENGTH_BYTES = 4
"""Before each frame, its length."""


class Opened(msgspec.Struct, frozen=True, tag=True):
    """The file can be read; `total` is the number of its records, if that is known."""

    total: int | None


class Batch(msgspec.Struct, frozen=True, tag=True):
    records: list[CatalogueArticle | WrongRecord]


class Finished(msgspec.Struct, frozen=True, tag=True):
    """All that can be read was; `damage` says in German why that is not all there is."""

    damage: str = ""


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The file cannot be imported."""

    detail: str
    code: str
    facts: dict[str, Number]


type Frame = Opened | Batch | Finished
type Verdict = Recognised | Refused

encode: Callable[[Frame | Verdict], bytes] = msgspec.msgpack.Encoder().encode
decode: Callable[[bytes], Frame] = msgspec.msgpack.Decoder(Opened | Batch | Finished).decode
decode_verdict: Callable[[bytes], Verdict] = msgspec.msgpack.Decoder(Recognised | Refused).decode


def verdict_on(path: Path, scope: ImportScope | None, catalogue: str) -> Verdict:
    """The kind of the file, or the reason for its refusal."""
    try:
        return recognised(path, scope, catalogue)
    except InvalidError as error:
        return Refused(error.detail, error.code, dict(error.facts))


def frames_of(
    path: Path, format_: ImportFormat, scope: ImportScope, batch_size: int
) -> Generator[Frame]:
    """Everything there is to say about a file, in order; the last frame is Finished."""
    try:
        source = open_source(path, format_, scope)
    except RefusedError as refused:
        yield Finished(refused.detail)
        return
    damage = ""
    waiting: list[Record] = []
    try:
        yield Opened(source.total)
        for record in source.records():
            waiting.append(record)
            if len(waiting) == batch_size:
                yield Batch(waiting)
                waiting = []
    except RefusedError as refused:
        damage = refused.detail
    finally:
        source.close()
    if waiting:
        yield Batch(waiting)
    yield Finished(damage)
