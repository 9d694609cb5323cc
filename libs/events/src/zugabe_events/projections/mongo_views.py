"""Read models in MongoDB: folded in memory per batch, written in bulk with the position."""

import hashlib
import re
from collections.abc import AsyncIterable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from bson import decode
from bson.raw_bson import RawBSONDocument
from pymongo import ASCENDING, DESCENDING, TEXT, InsertOne, ReplaceOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError, ExecutionTimeout

from zugabe_events.consumer.joint_read import Wanted
from zugabe_events.domain.cursor import decode_cursor, encode_cursor, invalid_cursor
from zugabe_events.domain.event import Event, EventTypes
from zugabe_events.domain.projection import TALLY, AnyReadModel, ReadModel
from zugabe_events.domain.search_words import common_part, words_of
from zugabe_events.domain.views import (
    RELEVANCE,
    Between,
    FilterValue,
    ListTooLongError,
    OneOf,
    Page,
    Stamps,
    StartsWith,
    Words,
    irrelevant,
)
from zugabe_events.eventstore.batcher import Batcher
from zugabe_events.messaging.message import Message
from zugabe_events.mongo.client import DUPLICATE_KEY, OPTIONS, Database, Document, create_missing
from zugabe_events.projections.build_lease import ReplacedError
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.read_your_writes import ReadYourWrites
from zugabe_events.projections.tallies import SEEN, stamps_of, stored_keys, tallied

BUILD_FIELDS = ("_id", SEEN)

MAX_SUM_MS = 3_000
"""Time for which MongoDB adds up documents at most."""

MAX_PAGE_BYTES = 4 * 1_024 * 1_024
"""Of the documents of a page as they are stored: an order may have a thousand lines (S5)."""

MAX_TOGETHER = 200
"""Documents of one query that shares a request with others."""
MAX_IN_FLIGHT = 2
"""Requests for documents by their keys, of one read model."""

RAW = OPTIONS.with_options(document_class=RawBSONDocument)

COUNT = "#"
"""The number of documents, beside sums of their fields."""


def to_document(key: str, view: object, seen: Mapping[str, int]) -> Document:
    """The document of a view; `seen` is the position of the last folded event by lane."""
    fields: Document = msgspec.to_builtins(view, builtin_types=(datetime,))
    return {"_id": key, **fields, SEEN: dict(seen)}


def from_document[View](kind: type[View], document: Document) -> View:
    return msgspec.convert(
        {name: value for name, value in document.items() if name not in BUILD_FIELDS}, kind
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """The view of a tally: nothing."""


NOTHING = Tally()


@dataclass(slots=True)
class DocumentFold:
    """A document being folded. `stored` is its `seen` in the database; None if it is not there."""

    view: Any
    seen: dict[str, int]
    changed: bool = False
    stored: dict[str, int] | None = None


class Touch(msgspec.Struct, frozen=True, gc=False):
    """An event with the keys of the documents and tallies it changes, and its position.

    `late` if later events of the lane were folded before it.
    """

    keys: Sequence[str]
    tallies: Sequence[str]
    event: Event
    lane: str
    pos: int
    late: bool = False


def touches(model: AnyReadModel, types: EventTypes, messages: Sequence[Message]) -> list[Touch]:
    """The events among messages that the read model projects."""
    found = []
    lane, seen = None, ""
    for message in messages:
        event = types.decode(message.name, message.body, message.schema)
        if event is None:
            continue
        keys = model.keys(event)
        tallies = tallied(model, event, message.lane.part) if model.tallies else ()
        if keys or tallies:
            if message.lane is not lane:
                lane = message.lane
                seen = seen_lane(lane.log, lane.log_id, lane.part)
            found.append(Touch(keys, tallies, event, seen, message.pos, message.late))
    return found


def seen_lane(log: str, log_id: str, part: int) -> str:
    """The name of a lane in documents."""
    return f"{log}:{log_id[:8]}:{part}"


def fold(model: AnyReadModel, touched: Sequence[Touch], documents: dict[str, DocumentFold]) -> None:
    """Fold events into documents, except those that a document has seen already."""
    for touch in touched:
        for key in touch.keys:
            folded = documents.get(key)
            if folded is None:
                folded = documents[key] = DocumentFold(None, {})
            seen = folded.seen.get(touch.lane, 0)
            if touch.pos <= seen and not touch.late:
                continue
            view = model.folded(key, folded.view, touch.event)
            if view is not folded.view:
                folded.view, folded.changed = view, True
                folded.seen[touch.lane] = max(touch.pos, seen)
        for key in touch.tallies:
            folded = documents.setdefault(key, DocumentFold(NOTHING, {}))
            if touch.pos > folded.seen.get(touch.lane, 0):
                folded.seen[touch.lane], folded.changed = touch.pos, True


def keys_of(touched: Sequence[Touch]) -> set[str]:
    """The documents and tallies that events change."""
    return {key for touch in touched for keys in (touch.keys, touch.tallies) for key in keys}


@dataclass(frozen=True, slots=True)
class PreparedFold:
    """Events to fold, and the documents to fold them into."""

    touched: list[Touch]
    wanted: Wanted


class ProjectionEffect:
    """The effect of a read model: its documents, read and written in the position's transaction."""

    def __init__(self, db: Database, model: AnyReadModel, number: int, types: EventTypes) -> None:
        self.collection = db[build_of(model, number)]
        self._model = model
        self._types = types

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> PreparedFold | None:
        touched = touches(self._model, self._types, messages)
        if not touched:
            return None
        return PreparedFold(touched, Wanted(self.collection.name, sorted(keys_of(touched))))

    def wanted(self, prepared: PreparedFold) -> Wanted:
        return prepared.wanted

    async def write(self, prepared: PreparedFold, session: AsyncClientSession) -> None:
        documents: dict[str, DocumentFold] = {}
        found, prepared.wanted.found = prepared.wanted.found, None  # of this transaction only
        if found is None:
            await self._load(keys_of(prepared.touched), documents, session)
        else:
            documents.update((document["_id"], self._folded(document)) for document in found)
        fold(self._model, prepared.touched, documents)
        await self.save(documents, session)

    async def fold(
        self,
        messages: Sequence[Message],
        documents: dict[str, DocumentFold],
        recall: Callable[[Collection[str]], Collection[str]] = list,
    ) -> None:
        """Fold messages into documents in memory; missing ones are read first.

        `recall` may add some of those missing, and returns the keys to read.
        """
        touched = touches(self._model, self._types, messages)
        await self._load(recall(keys_of(touched).difference(documents)), documents)
        fold(self._model, touched, documents)

    async def _load(
        self,
        keys: Collection[str],
        documents: dict[str, DocumentFold],
        session: AsyncClientSession | None = None,
    ) -> None:
        if keys:
            found = self.collection.find({"_id": {"$in": list(keys)}}, session=session)
            async for document in found:
                documents[document["_id"]] = self._folded(document)

    def _folded(self, document: Document) -> DocumentFold:
        is_tally = document["_id"].startswith(TALLY)
        view = NOTHING if is_tally else from_document(self._model.view, document)
        seen = document[SEEN]
        return DocumentFold(view, dict(seen), stored=seen)

    async def save(
        self, documents: Mapping[str, DocumentFold], session: AsyncClientSession | None = None
    ) -> None:
        """Write changed documents. Without a transaction, raises ReplacedError if one of them has
        been written by another process since it was read."""
        writes: list[InsertOne[Document] | ReplaceOne[Document]] = []
        for key, folded in documents.items():
            if folded.changed:
                document = to_document(key, folded.view, folded.seen)
                if session:
                    writes.append(ReplaceOne({"_id": key}, document, upsert=True))
                elif folded.stored is None:
                    writes.append(InsertOne(document))
                else:
                    query = {"_id": key, SEEN: folded.stored}
                    writes.append(ReplaceOne(query, document, upsert=True))
                folded.changed, folded.stored = False, dict(folded.seen)
        if writes:
            try:
                await self.collection.bulk_write(writes, ordered=False, session=session)
            except BulkWriteError as error:
                if all(failed["code"] == DUPLICATE_KEY for failed in error.details["writeErrors"]):
                    raise ReplacedError(self.collection.name) from error
                raise

    def done(self, prepared: PreparedFold) -> None:
        pass


class PageInBytes:
    """Documents up to a number, and up to MAX_PAGE_BYTES; full if there is at least one more."""

    def __init__(self, limit: int) -> None:
        self.documents: list[Document] = []
        self.is_full = False
        self._limit = limit
        self._bytes = 0

    @property
    def lacking(self) -> int:
        """With the one that shows that there is more."""
        return self._limit + 1 - len(self.documents)

    async def fill(self, found: AsyncIterable[RawBSONDocument]) -> None:
        async for document in found:
            self._bytes += len(document.raw)
            is_too_large = self._bytes > MAX_PAGE_BYTES and len(self.documents) > 0
            if is_too_large or len(self.documents) == self._limit:
                self.is_full = True
                return
            self.documents.append(decode(document.raw, OPTIONS))


class MongoViews[View]:
    """Queries over one build of a read model; see `Views`."""

    def __init__(
        self, db: Database, model: ReadModel[View], read_your_writes: ReadYourWrites
    ) -> None:
        self._db = db
        self._model = model
        self._read_your_writes = read_your_writes
        self._batcher = Batcher(self._together, max_in_flight=MAX_IN_FLIGHT)

    async def get(self, key: str) -> View | None:
        return (await self.get_many([key])).get(key)

    async def get_many(self, keys: Collection[str]) -> Mapping[str, View]:
        """Few documents that are asked for while queries are in flight are read together."""
        if len(keys) > MAX_TOGETHER:
            return await self._read(keys)
        return await self._batcher.do(keys)

    async def _together(self, several: Sequence[Collection[str]]) -> Sequence[Mapping[str, View]]:
        found = await self._read({key for keys in several for key in keys})
        return [{key: found[key] for key in keys if key in found} for keys in several]

    async def _read(self, keys: Collection[str]) -> Mapping[str, View]:
        collection = await self._collection()
        found = await collection.find({"_id": {"$in": list(dict.fromkeys(keys))}}).to_list()
        return {one["_id"]: from_document(self._model.view, one) for one in found}

    async def get_stamped(self, keys: Collection[str]) -> tuple[Mapping[str, View], Stamps]:
        number = await self._read_your_writes.registry.queried(self._model)
        wanted = stored_keys(self._model, keys, self._read_your_writes.parts)
        collection = self._db[build_of(self._model, number)]
        found = await collection.find({"_id": {"$in": wanted}}).to_list()
        views = {
            one["_id"]: from_document(self._model.view, one)
            for one in found
            if not one["_id"].startswith(TALLY)
        }
        return views, stamps_of(self._model, number, found)

    async def page(
        self,
        where: Mapping[str, FilterValue],
        *,
        sort: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[View]:
        query = query_of(where)
        if sort == RELEVANCE:
            return await self._most_relevant(query, after, limit)
        field, direction = sort_of(sort)
        spans: list[Document] = [{}]
        if after is not None:
            value, key = decode_cursor(after, sort)
            if isinstance(value, date) and not isinstance(value, datetime):
                value = value.isoformat()  # as it is stored
            if field is None and value is not None:
                raise invalid_cursor()
            spans = spans_after(field, direction, value, key)
        order = [("_id", direction)] if field is None else [(field, direction), ("_id", direction)]
        collection = (await self._collection()).with_options(codec_options=RAW)
        part = PageInBytes(limit)
        for span in spans:
            if not part.is_full:
                cursor = collection.find({"$and": [query, span]}).sort(order)
                async with cursor.limit(part.lacking) as documents:
                    await part.fill(documents)
        items = [from_document(self._model.view, document) for document in part.documents]
        last = part.documents[-1] if part.is_full else {}
        value = last.get(field) if field else None
        return Page(items, encode_cursor(value, last["_id"], sort) if part.is_full else None)

    async def _most_relevant(self, query: Document, after: str | None, limit: int) -> Page[View]:
        if "$text" not in query:
            raise irrelevant()
        stages: list[Document] = [{"$match": query}, {"$set": {RELEVANCE: SCORE}}]
        if after is not None:
            score, key = decode_cursor(after, RELEVANCE)
            if not isinstance(score, int):
                raise invalid_cursor()
            behind = [{RELEVANCE: {"$lt": score}}, {RELEVANCE: score, "_id": {"$gt": key}}]
            stages.append({"$match": {"$or": behind}})
        stages += [{"$sort": {RELEVANCE: -1, "_id": 1}}, {"$limit": limit + 1}]
        found = await (await (await self._collection()).aggregate(stages)).to_list()
        scores = [one.pop(RELEVANCE) for one in found]
        items = [from_document(self._model.view, document) for document in found[:limit]]
        if len(found) <= limit:
            return Page(items, None)
        return Page(items, encode_cursor(scores[limit - 1], found[limit - 1]["_id"], RELEVANCE))

    async def pick(
        self, where: Mapping[str, FilterValue], fields: Sequence[str], *, limit: int
    ) -> Sequence[Sequence[Any]]:
        shown = {**dict.fromkeys(fields, 1), "_id": 0}
        collection = await self._collection()
        found = await collection.find(query_of(where), shown).limit(limit).to_list()
        return [[one.get(field) for field in fields] for one in found]

    async def sums(
        self, where: Mapping[str, FilterValue], fields: Sequence[str]
    ) -> tuple[int, Mapping[str, int]]:
        group: Document = {"_id": None, COUNT: {"$sum": 1}}
        group |= {field: {"$sum": f"${field}"} for field in fields}
        stages = [{"$match": query_of(where)}, {"$group": group}]
        collection = await self._collection()
        try:
            found = await (await collection.aggregate(stages, maxTimeMS=MAX_SUM_MS)).to_list()
        except ExecutionTimeout as error:
            raise ListTooLongError from error
        sums: Document = found[0] if found else {}
        return sums.get(COUNT, 0), {field: sums.get(field, 0) for field in fields}

    async def caught_up(self, tokens: Sequence[Any]) -> None:
        await self._read_your_writes.caught_up(self._model, tokens)

    async def up_to_date(self) -> None:
        await self._read_your_writes.up_to_date(self._model)

    async def _collection(self) -> Any:
        number = await self._read_your_writes.registry.queried(self._model)
        return self._db[build_of(self._model, number)]


def sort_of(sort: str | None) -> tuple[str | None, int]:
    if sort is None:
        return None, ASCENDING
    if sort.startswith("-"):
        return sort[1:], DESCENDING
    return sort, ASCENDING


SCORE: Document = {"$toInt": {"$multiply": [{"$meta": "textScore"}, 1_000]}}
"""The relevance as a whole number, which a cursor can hold without rounding."""


def query_of(where: Mapping[str, FilterValue]) -> Document:
    query: Document = {}
    for name, wanted in where.items():
        if isinstance(wanted, Words):
            query["$text"] = {"$search": text_query(wanted.text)}
        else:
            query[name] = filter_of(wanted)
    return query


def text_query(text: str) -> str:
    """Each word for its inflected forms; in quotes the part of each that a document must have.

    MongoDB finds documents with any of the words, and leaves those out that lack a quoted part.
    """
    words = words_of(text)
    parts = [part for word in words if len(words) > 1 and (part := common_part(word))]
    return " ".join([*words, *(f'"{part}"' for part in parts)])


def filter_of(wanted: FilterValue) -> Any:
    match wanted:
        case OneOf(values):
            return {"$in": list(values)}
        case StartsWith(text):
            return {"$regex": f"^{re.escape(text)}"}
        case Between(first, before):
            bounds = {"$gte": first, "$lt": before}
            return {name: bound for name, bound in bounds.items() if bound is not None}
        case _:
            return wanted


def spans_after(field: str | None, direction: int, value: Any, key: str) -> list[Document]:
    """Queries, in order, for what follows a cursor; each is one range of an index.

    A single query with `$or` would read everything before the cursor again for each page. MongoDB
    sorts null before all values and compares it with none of them.
    """
    compare = "$gt" if direction == ASCENDING else "$lt"
    if field is None:
        return [{"_id": {compare: key}}]
    spans: list[Document] = [{field: value, "_id": {compare: key}}]
    if value is not None:
        spans.append({field: {compare: value}})
    if direction == ASCENDING and value is None:
        spans.append({field: {"$ne": None}})
    if direction == DESCENDING and value is not None:
        spans.append({field: None})
    return spans


async def canonical_hash(db: Database, collection: str) -> tuple[str, int]:
    """Hash over all documents in order of keys, and their number; equal for equal builds (N-7)."""
    digest, count = hashlib.sha256(), 0
    async for document in db[collection].find({}, batch_size=1_000).sort("_id", ASCENDING):
        document.pop(SEEN)
        digest.update(msgspec.json.encode(document, order="deterministic"))
        digest.update(b"\n")
        count += 1
    return digest.hexdigest(), count


async def deploy_views(db: Database, model: AnyReadModel, number: int) -> None:
    """Create the collection of a build and its indexes."""
    name = build_of(model, number)
    await create_missing(db, name)
    for fields in (*model.indexes, *(model.lists.indexes if model.lists else ())):
        keys = [sort_of(field) for field in fields]
        await db[name].create_index([(str(field), direction) for field, direction in keys])
    if model.search is not None:
        await db[name].create_index(
            [("dealer", ASCENDING), *((field, TEXT) for field in model.search.weights)],
            name="search",
            weights=dict(model.search.weights),
            default_language="german",
            language_override="-",  # no field of a document names its language
        )
