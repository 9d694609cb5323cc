"""The log in MongoDB: grouped loads, grouped appends, and every commit's fate known for certain."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from bson.timestamp import Timestamp
from pymongo.errors import OperationFailure, PyMongoError

from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import KeyReusedError, StaleError, UnknownEventError
from zugabe_events.domain.event import Event, EventTypes, Stream
from zugabe_events.domain.event_store import Appended, Commit, Loaded
from zugabe_events.domain.stream_locks import StreamLocks
from zugabe_events.eventstore.batcher import Batcher
from zugabe_events.eventstore.commits import commit_document
from zugabe_events.eventstore.snapshots import Snapshots
from zugabe_events.eventstore.state_cache import StateCache, read_streams
from zugabe_events.mongo.client import (
    DUPLICATE_KEY,
    OPTIONS,
    Database,
    Document,
    LogIdentity,
)
from zugabe_events.mongo.errors import PASSING_CODES, is_duplicate, is_passing
from zugabe_events.mongo.transaction import transaction
from zugabe_events.observability import metrics

log = logging.getLogger(__name__)

GROUP_TIME_MS = 1_000
UNKNOWN_OUTCOME_BACKOFF = Backoff(0.02, 1.0)
CONFLICT_BACKOFF = Backoff(0.004, 1.0)
GROUP_BYTES = 12_000_000


type LoadItem = tuple[Sequence[History[Any, Any]], Sequence[UUID | None]]


class MongoEventStore:
    """Reads and writes with majority, in groups (`grouping.Batcher`), several in flight."""

    def __init__(self, db: Database, identity: LogIdentity, types: EventTypes) -> None:
        self.db = db
        self.identity = identity
        self.types = types
        self.turns = StreamLocks()
        self.snapshots = Snapshots(db, str(identity.id))
        self.remembered = StateCache(folded=self.snapshots.folded)
        self._loads = Batcher[LoadItem, Sequence[Loaded]](self._load_group, size=100)
        self._appends = Batcher[Commit, Appended](
            self._append_group, lane=lambda commit: commit.stream.id, size=200
        )

    async def load(
        self, histories: Sequence[History[Any, Any]], attempts: Sequence[UUID | None]
    ) -> Sequence[Loaded]:
        return await self._loads.do((histories, attempts))

    def recall(
        self, histories: Sequence[History[Any, Any]], *, new: bool = False
    ) -> Sequence[Loaded] | None:
        return self.remembered.recall(histories, new=new)

    def remember(self, history: History[Any, Any], state: Any, version: int, key: str) -> None:
        self.remembered.put(history, state, version, key)

    async def append(self, commits: Sequence[Commit]) -> Sequence[Appended]:
        if len(commits) == 1:
            return [await self._appends.do(commits[0])]
        return await self._append_together(commits)

    async def _load_group(
        self, group: Sequence[LoadItem]
    ) -> Sequence[Sequence[Loaded] | Exception]:
        histories = [history for item in group for history in item[0]]
        ids = [attempt for item in group for attempt in item[1] if attempt]
        await self.snapshots.recall(histories, self.remembered)
        async with self.db.client.start_session(causal_consistency=False) as session:
            documents = await read_streams(self.db, self.remembered, histories, ids, session)
            time = session.operation_time
        assert time is not None
        by_stream: dict[str, list[Document]] = defaultdict(list)
        earlier: dict[UUID, Appended] = {}
        wanted = set(ids)
        for document in {document["_id"]: document for document in documents}.values():
            by_stream[document["stream"]].append(document)
            if document["_id"] in wanted:
                earlier[document["_id"]] = self._appended(document, time, repeated=True)
        for stream_documents in by_stream.values():
            stream_documents.sort(key=lambda document: int(document["version"]))

        def loaded(item: LoadItem) -> Sequence[Loaded] | Exception:
            try:
                return [
                    self._fold(
                        history, by_stream[history.stream.id], earlier.get(attempt or UUID(int=0))
                    )
                    for history, attempt in zip(*item, strict=True)
                ]
            except Exception as error:
                return error

        return [loaded(item) for item in group]

    def _fold(
        self, history: History[Any, Any], documents: Sequence[Document], earlier: Appended | None
    ) -> Loaded:
        state, version, key = self.remembered.get(history)
        before = version
        for document in documents:
            if document["version"] <= version:
                continue
            if document["version"] != version + 1:
                # The scan passed this place before the missing commit came: read again.
                raise StaleError(history.stream.id)
            state = history.decider.fold(self._events(document), state)
            version += len(document["events"])
            key = document["key"]
        if version > before:
            self.remembered.put(history, state, version, key)
        return Loaded(Stream(history.stream.id, key), state, version, earlier)

    def _events(self, document: Document) -> tuple[Event, ...]:
        events = []
        for stored in document["events"]:
            event = self.types.decode(stored["name"], stored["data"], stored["schema"])
            if event is None:
                message = f"stream {document['stream']} holds an unknown {stored['name']!r}"
                raise UnknownEventError(message)
            events.append(event)
        return tuple(events)

    def _appended(self, document: Document, time: Timestamp, *, repeated: bool) -> Appended:
        token = Token(self.identity.name, document["part"], time.time, time.inc)
        return Appended(
            document["_id"],
            document["body"],
            document["recorded"],
            self._events(document),
            token,
            repeated,
        )

    async def _append_group(self, commits: Sequence[Commit]) -> Sequence[Appended | Exception]:
        """Send the identical documents again until the fate of each is definite."""
        metrics.group_size.observe(len(commits))
        fates: dict[UUID, Appended | Exception] = {}
        waiting: dict[UUID, tuple[Commit, Document]] = {}
        for commit in commits:
            try:
                waiting[commit.id] = (commit, commit_document(commit, self.identity.parts))
            except Exception as error:
                fates[commit.id] = error
        size, tried = len(commits), 0
        while waiting:
            for some in chunks(list(waiting.values()), size, GROUP_BYTES):
                for commit_id, fate in (await self._insert(some)).items():
                    fates[commit_id] = fate
                    del waiting[commit_id]
            if waiting:
                tried += 1
                size = max(1, size // 4)
                metrics.appends_repeated.inc(len(waiting))
                log.warning("%d appends of unknown outcome are sent again", len(waiting))
                await asyncio.sleep(UNKNOWN_OUTCOME_BACKOFF.wait(tried))
        metrics.met(commits, fates)
        return [fates[commit.id] for commit in commits]

    async def _insert(
        self, group: Sequence[tuple[Commit, Document]]
    ) -> dict[UUID, Appended | Exception]:
        """The definite fates of one attempt; what is missing may or may not be in the log."""
        documents = [document for _, document in group]
        try:
            reply = await self.db.command(
                {
                    "insert": "commits",
                    "documents": documents,
                    "ordered": False,
                    "writeConcern": {"w": "majority"},
                    "maxTimeMS": GROUP_TIME_MS,
                },
                codec_options=OPTIONS,
            )
        except PyMongoError as error:
            log.warning("an append failed: %s", type(error).__name__)
            if is_passing(error):
                return {}
            return {commit.id: error for commit, _ in group}
        except Exception as error:  # what the driver cannot encode must not harm its neighbours
            if len(group) == 1:
                return {group[0][0].id: error}
            apart = [await self._insert([one]) for one in group]
            return {commit_id: fate for one in apart for commit_id, fate in one.items()}
        if "writeConcernError" in reply:
            return {}
        failed = {error["index"]: error["code"] for error in reply.get("writeErrors", ())}
        fates: dict[UUID, Appended | Exception] = {
            commit.id: Appended(
                commit.id,
                commit.body,
                commit.context.at,
                commit.events,
                Token(
                    self.identity.name,
                    document["part"],
                    reply["operationTime"].time,
                    reply["operationTime"].inc,
                ),
                repeated=False,
            )
            for index, (commit, document) in enumerate(group)
            if index not in failed
        }
        duplicates = [group[index][0] for index, code in failed.items() if code == DUPLICATE_KEY]
        if duplicates:
            fates.update(await self._who_was_it(duplicates))
        for index, code in failed.items():
            if code != DUPLICATE_KEY and code not in PASSING_CODES:
                refused = OperationFailure("the log refuses this commit", code)
                fates[group[index][0].id] = refused
        return fates

    async def _who_was_it(self, commits: Sequence[Commit]) -> dict[UUID, Appended | Exception]:
        """Ours, or another's? What majority does not show yet stays undecided."""
        try:
            async with self.db.client.start_session(causal_consistency=False) as session:
                found = await self.db.commits.find(
                    {
                        "$or": [
                            {"_id": {"$in": [commit.id for commit in commits]}},
                            *({"stream": c.stream.id, "version": c.version} for c in commits),
                        ]
                    },
                    session=session,
                ).to_list()
                time = session.operation_time
        except PyMongoError:
            return {}
        assert time is not None
        by_id = {document["_id"]: document for document in found}
        taken = {(document["stream"], document["version"]) for document in found}
        fates: dict[UUID, Appended | Exception] = {}
        for commit in commits:
            if commit.id in by_id:
                if by_id[commit.id]["body"] != commit.body:
                    fates[commit.id] = KeyReusedError()
                else:
                    fates[commit.id] = self._appended(by_id[commit.id], time, repeated=True)
            elif (commit.stream.id, commit.version) in taken:
                fates[commit.id] = StaleError(commit.stream.id)
        return fates

    async def _append_together(self, commits: Sequence[Commit]) -> Sequence[Appended]:
        """One transaction. Raises StaleError if any of the streams has moved on."""
        documents = [commit_document(commit, self.identity.parts) for commit in commits]
        tried = 0
        while True:
            try:
                time = await self._insert_together(documents)
            except (PyMongoError, AssertionError) as error:
                if is_duplicate(error):
                    fates = await self._who_was_it(commits)
                    metrics.met([one for one in commits if one.id in fates], fates)
                    if all(isinstance(fates.get(one.id), Appended) for one in commits):
                        return [fate for fate in fates.values() if isinstance(fate, Appended)]
                    for fate in fates.values():
                        if isinstance(fate, Exception):
                            raise fate from None
                    if any(isinstance(fate, Appended) for fate in fates.values()):
                        raise StaleError(commits[0].stream.id) from None
                elif not is_passing(error):
                    raise
            else:
                metrics.wrote("command", commits)
                return [self._appended(document, time, repeated=False) for document in documents]
            tried += 1
            await asyncio.sleep(CONFLICT_BACKOFF.wait(tried))

    async def _insert_together(self, documents: Sequence[Document]) -> Timestamp:
        async with transaction(self.db, GROUP_TIME_MS) as session:
            await self.db.commits.insert_many(documents, session=session)
        assert session.operation_time is not None
        return session.operation_time


def chunks(
    items: Sequence[tuple[Commit, Document]], size: int, most_bytes: int
) -> list[list[tuple[Commit, Document]]]:
    """At most so many items, and so many bytes of events, at a time."""
    made: list[list[tuple[Commit, Document]]] = []
    room = 0
    for item in items:
        bytes_ = sum(len(event["data"]) for event in item[1]["events"])
        if not made or len(made[-1]) >= size or bytes_ > room:
            made.append([])
            room = most_bytes
        made[-1].append(item)
        room -= bytes_
    return made
