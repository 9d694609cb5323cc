"""An import of a catalogue, against reading the same file and inserting the same commits."""

import asyncio
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile, gettempdir
from uuid import uuid4

from benchmarks.measuring import Result, absolute, in_turns
from benchmarks.samples import fresh_log
from catalog_shops.article.view import ARTICLES
from catalog_shops.catalogue_import.bmecat.reader import outline_of, records_of
from catalog_shops.catalogue_import.decider import Ended, StartImport, import_history
from catalog_shops.catalogue_import.import_queue import ImportTask
from catalog_shops.catalogue_import.mongo_storage import (
    DEPLOY_STEPS,
    mongo_import_storage,
)
from catalog_shops.catalogue_import.ports import ImportParts, file_name_of
from catalog_shops.catalogue_import.upload import pieces_of
from catalog_shops.catalogue_import.worker import ImportWorker
from zugabe.testing import Parts
from zugabe_events.contracts.catalog_shops import CatalogShopsEvent, CatalogueImportStarted
from zugabe_events.domain.event import Context, EventTypes
from zugabe_events.domain.event_store import state_of
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import Database, Document, LogIdentity
from zugabe_testing.views import InMemoryViews

NUMBER = 20_000
TYPES = EventTypes.of(CatalogShopsEvent)
INSERTED, IN_FLIGHT = 200, 3
MIB = 1 if sys.platform == "darwin" else 1_024
"""Units of `ru_maxrss` in a megabyte, in thousands."""

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<BMECAT version="1.2"><HEADER><CATALOG><LANGUAGE>deu</LANGUAGE><CATALOG_ID>1</CATALOG_ID>
<CURRENCY>EUR</CURRENCY></CATALOG></HEADER><T_UPDATE_PRODUCTS>
"""
ARTICLE = """<ARTICLE mode="new"><SUPPLIER_AID>A{0:07d}</SUPPLIER_AID><ARTICLE_DETAILS>
<DESCRIPTION_SHORT>Ordner Nummer {0}, 80 mm</DESCRIPTION_SHORT>
<DESCRIPTION_LONG>{1}</DESCRIPTION_LONG>
<EAN>4006381333931</EAN><MANUFACTURER_AID>M-{0}</MANUFACTURER_AID>
<MANUFACTURER_NAME>Marke {2}</MANUFACTURER_NAME><KEYWORD>Ordner</KEYWORD><KEYWORD>Ablage</KEYWORD>
</ARTICLE_DETAILS><ARTICLE_FEATURES><REFERENCE_FEATURE_SYSTEM_NAME>ECLASS-9.0
</REFERENCE_FEATURE_SYSTEM_NAME><REFERENCE_FEATURE_GROUP_ID>24270201</REFERENCE_FEATURE_GROUP_ID>
<FEATURE><FNAME>Farbe</FNAME><FVALUE>blau</FVALUE></FEATURE><FEATURE><FNAME>Breite</FNAME>
<FVALUE>80</FVALUE></FEATURE></ARTICLE_FEATURES><ARTICLE_ORDER_DETAILS><ORDER_UNIT>C62</ORDER_UNIT>
<PRICE_QUANTITY>1</PRICE_QUANTITY></ARTICLE_ORDER_DETAILS><ARTICLE_PRICE_DETAILS>
<ARTICLE_PRICE price_type="net_list"><PRICE_AMOUNT>3.49</PRICE_AMOUNT><TAX>0.19</TAX>
</ARTICLE_PRICE><ARTICLE_PRICE price_type="net_list"><PRICE_AMOUNT>3.29</PRICE_AMOUNT>
<LOWER_BOUND>100</LOWER_BOUND></ARTICLE_PRICE></ARTICLE_PRICE_DETAILS><MIME_INFO><MIME>
<MIME_TYPE>image/jpeg</MIME_TYPE><MIME_SOURCE>ordner-{0}.jpg</MIME_SOURCE></MIME></MIME_INFO>
</ARTICLE>
"""
END = "</T_UPDATE_PRODUCTS></BMECAT>\n"
TEXT = "Hält zusammen, was zusammengehört. " * 12


def now() -> datetime:
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1_000 * 1_000)


def catalogue() -> Iterator[str]:
    yield HEAD
    for number in range(NUMBER):
        yield ARTICLE.format(number, TEXT, number % 40)
    yield END


async def run(parts: Parts) -> list[Result]:
    with NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as file:
        file.writelines(catalogue())
        file.flush()
        path = Path(file.name)
        documents: list[Document] = []

        async def ours() -> float:
            async with fresh_log(parts.mongo) as (db, identity):
                rate = await imported(db, identity, path)
                if not documents:
                    articles = db.commits.find({"stream": {"$regex": "^article/"}})
                    documents.extend(await articles.to_list())
            return rate

        async def raw() -> float:
            async with fresh_log(parts.mongo) as (db, _):
                return await read_and_inserted(db, path, documents)

        name = f"import of {NUMBER:,} articles, against reading and inserting"
        ratio = await in_turns(name, ours, raw, bar=0.5, rounds=3)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        await ours()
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / MIB
        return [ratio, absolute("import, growth of memory in one more", grown, " MB", at_most=20)]


async def imported(db: Database, identity: LogIdentity, path: Path) -> float:
    """Put the file into the queue as an upload does, and carry the import out."""
    for step in DEPLOY_STEPS:
        await step(db)
    store = MongoEventStore(db, identity, TYPES)
    storage = mongo_import_storage(db, str(uuid4()), Path(gettempdir()))
    started = CatalogueImportStarted(
        dealer="central",
        import_id="i1",
        file="0" * 64,
        file_name=path.name,
        size_bytes=1,
        format="bmecat",
        scope="some-articles",
        dry_run=False,
        started_at=now(),
        catalogue="Haupt",
    )
    context = Context("bench", "central", "central", now(), "c1")
    history = import_history("central", "i1")
    await storage.files.put_stream(file_name_of("central", "i1", started.file), pieces_of(path))
    await handle(store, history, StartImport(started), context, attempt=uuid4())
    task = ImportTask("i1", started.file, "bench", "central", "c1", "e.0", now())
    await storage.queue.add("central", task)
    worker = ImportWorker(ImportParts(store, InMemoryViews(ARTICLES, []), storage, now))
    began = time.perf_counter()
    await worker.run_due()
    seconds = time.perf_counter() - began
    state = await state_of(store, history)
    assert isinstance(state, Ended), state
    assert state.ended.counts.new == NUMBER, state.ended
    return NUMBER / seconds


async def read_and_inserted(db: Database, path: Path, documents: Sequence[Document]) -> float:
    """The same file read in a thread, and the same commits inserted in groups meanwhile."""
    copies = [document | {"_id": uuid4()} for document in documents]
    began = time.perf_counter()
    reading = asyncio.create_task(asyncio.to_thread(read, path))
    left = iter(range(0, len(copies), INSERTED))

    async def insert() -> None:
        for first in left:
            await db.commits.insert_many(copies[first : first + INSERTED], ordered=False)

    await asyncio.gather(*(insert() for _ in range(IN_FLIGHT)))
    assert await reading == len(copies)
    return len(copies) / (time.perf_counter() - began)


def read(path: Path) -> int:
    with path.open("rb") as file:
        outline = outline_of(file)
        file.seek(0)
        found = sum(1 for _ in records_of(file, outline))
        outline.close()
    return found
