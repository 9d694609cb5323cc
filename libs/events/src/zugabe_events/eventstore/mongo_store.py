"""The log in MongoDB: batched loads and appends, each commit with a definite outcome."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bson.timestamp import Timestamp
from pymongo.errors import OperationFailure, PyMongoError

from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import KeyReusedError, StaleError, UnknownEventError
from zugabe_events.domain.event import Event, EventTypes, Stream
from zugabe_events.domain.event_store import (
    AppendedCommit,
    Commit,
    LoadedState,
    RecordedCommit,
)
from zugabe_events.domain.stream_locks import StreamLocks
from zugabe_events.eventstore.batcher import Batcher
from zugabe_events.eventstore.commits import commit_document
from zugabe_events.eventstore.key_claims import KeyClaims
from zugabe_events.eventstore.snapshots import Snapshots
from zugabe_events.eventstore.state_cache import StateCache, read_streams
from zugabe_events.mongo.client import DUPLICATE_KEY, OPTIONS, Database, Document, LogIdentity
from zugabe_events.mongo.errors import PASSING_CODES, is_duplicate, is_passing
from zugabe_events.mongo.transaction import transaction
from zugabe_events.observability import metrics

log = logging.getLogger(__name__)

BATCH_TIMEOUT_MS = 1_000
UNKNOWN_OUTCOME_BACKOFF = Backoff(0.02, 1.0)
CONFLICT_BACKOFF = Backoff(0.004, 1.0)
MAX_BATCH_BYTES = 12_000_000


type Outcome = AppendedCommit | Exception
type LoadItem = tuple[Sequence[History[Any, Any]], Sequence[UUID | None]]


class MongoEventStore:
    """Reads and writes with majority, in batches (`Batcher`), several of them in flight."""

    def __init__(self, db: Database, identity: LogIdentity, types: EventTypes) -> None:
        self.db = db
        self.identity = identity
        self.types = types
        self.locks = StreamLocks()
        self.snapshots = Snapshots(db, str(identity.id))
        self.states = StateCache(self.snapshots.folded)
        self._claims = KeyClaims()
        self._loads = Batcher[LoadItem, Sequence[LoadedState]](self._load_batch, max_size=100)
        self._appends = Batcher[Commit, AppendedCommit](
            self._append_batch, lane=lambda commit: commit.stream.id, max_size=200
        )

    async def load(
        self, histories: Sequence[History[Any, Any]], attempts: Sequence[UUID | None]
    ) -> Sequence[LoadedState]:
        return await self._loads.do((histories, attempts))

    async def latest(
        self, streams: Sequence[str], limit: int, before: tuple[datetime, UUID] | None = None
    ) -> Sequence[RecordedCommit]:
        wanted: Document = {"stream": {"$in": list(streams)}}
        if before is not None:
            at, commit_id = before
            earlier = {"recorded": at, "_id": {"$lt": commit_id}}
            wanted["$or"] = [{"recorded": {"$lt": at}}, earlier]
        found = self.db.commits.find(wanted).sort([("recorded", -1), ("_id", -1)]).limit(limit)
        return [
            RecordedCommit(
                document["_id"],
                document["stream"],
                self._events(document),
                document["actor"],
                document["role"],
                document["recorded"],
            )
            async for document in found
        ]

    def load_cached(
        self, histories: Sequence[History[Any, Any]], *, new: bool = False
    ) -> Sequence[LoadedState] | None:
        return self.states.load(histories, new=new)

    def cache(self, history: History[Any, Any], state: Any, version: int, key: str) -> None:
        self.states.put(history, state, version, key)

    async def append(self, commits: Sequence[Commit]) -> Sequence[AppendedCommit]:
        if len(commits) == 1:
            return [await self._appends.do(commits[0])]
        return await self._append_in_transaction(commits)

    async def _load_batch(
        self, batch: Sequence[LoadItem]
    ) -> Sequence[Sequence[LoadedState] | Exception]:
        histories = [history for item in batch for history in item[0]]
        ids = [attempt for item in batch for attempt in item[1] if attempt]
        await self.snapshots.load(histories, self.states)
        async with self.db.client.start_session(causal_consistency=False) as session:
            documents = await read_streams(self.db, self.states, histories, ids, session)
            time = session.operation_time
        assert time is not None
        by_stream: dict[str, list[Document]] = defaultdict(list)
        earlier: dict[UUID, AppendedCommit] = {}
        attempts = set(ids)
        for document in {document["_id"]: document for document in documents}.values():
            by_stream[document["stream"]].append(document)
            if document["_id"] in attempts:
                earlier[document["_id"]] = self._appended(document, time, repeated=True)
        for stream_documents in by_stream.values():
            stream_documents.sort(key=lambda document: int(document["version"]))

        def loaded(item: LoadItem) -> Sequence[LoadedState] | Exception:
            try:
                return [
                    self._fold(
                        history, by_stream[history.stream.id], earlier.get(attempt or UUID(int=0))
                    )
                    for history, attempt in zip(*item, strict=True)
                ]
            except Exception as error:
                return error

        return [loaded(item) for item in batch]

    def _fold(
        self,
        history: History[Any, Any],
        documents: Sequence[Document],
        earlier: AppendedCommit | None,
    ) -> LoadedState:
        state, version, key = self.states.get(history)
        before = version
        for document in documents:
            if document["version"] <= version:
                continue
            if document["version"] != version + 1:
                # The scan passed this version before it was inserted: the caller reads again.
                raise StaleError(history.stream.id)
            state = history.decider.fold(self._events(document), state)
            version += len(document["events"])
            key = document["key"]
        if version > before:
            self.states.put(history, state, version, key)
        return LoadedState(Stream(history.stream.id, key), state, version, earlier)

    def _events(self, document: Document) -> tuple[Event, ...]:
        events = []
        for stored in document["events"]:
            event = self.types.decode(stored["name"], stored["data"], stored["schema"])
            if event is None:
                message = f"stream {document['stream']} holds an unknown {stored['name']!r}"
                raise UnknownEventError(message)
            events.append(event)
        return tuple(events)

    def _appended(self, document: Document, time: Timestamp, *, repeated: bool) -> AppendedCommit:
        token = Token(self.identity.name, document["part"], time.time, time.inc)
        return AppendedCommit(
            document["_id"],
            document["body"],
            document["recorded"],
            self._events(document),
            token,
            repeated,
        )

    async def _append_batch(self, commits: Sequence[Commit]) -> Sequence[Outcome]:
        """Send the identical documents again until each commit has a definite outcome."""
        metrics.group_size.observe(len(commits))
        outcomes: dict[UUID, Outcome] = {}
        pending: dict[UUID, tuple[Commit, Document]] = {}
        for commit in commits:
            try:
                pending[commit.id] = (commit, commit_document(commit, self.identity.parts))
            except Exception as error:
                outcomes[commit.id] = error
        size, tried = len(commits), 0
        while pending:
            for commit, document in list(pending.values()):
                try:
                    self._claims.put(commit, document)
                except KeyReusedError as error:
                    outcomes[commit.id] = error
                    del pending[commit.id]
            for chunk in chunks(list(pending.values()), size, MAX_BATCH_BYTES):
                for commit_id, outcome in (await self._insert(chunk)).items():
                    outcomes[commit_id] = outcome
                    del pending[commit_id]
            if pending:
                tried += 1
                size = max(1, size // 4)
                metrics.appends_repeated.inc(len(pending))
                log.warning("sending %d appends of unknown outcome again", len(pending))
                await asyncio.sleep(UNKNOWN_OUTCOME_BACKOFF.wait(tried))
        metrics.count_outcomes(commits, outcomes)
        return [outcomes[commit.id] for commit in commits]

    async def _insert(self, batch: Sequence[tuple[Commit, Document]]) -> dict[UUID, Outcome]:
        """Insert once; a commit without an outcome may or may not be in the log."""
        documents = [document for _, document in batch]
        outcomes: dict[UUID, Outcome]
        try:
            reply = await self.db.command(
                {
                    "insert": "commits",
                    "documents": documents,
                    "ordered": False,
                    "writeConcern": {"w": "majority"},
                    "maxTimeMS": BATCH_TIMEOUT_MS,
                },
                codec_options=OPTIONS,
            )
        except PyMongoError as error:
            log.warning("append failed: %s", type(error).__name__)
            if is_passing(error):
                return {}
            return {commit.id: error for commit, _ in batch}
        except Exception as error:  # an unencodable commit must not fail the others of its batch
            if len(batch) == 1:
                return {batch[0][0].id: error}
            outcomes = {}
            for item in batch:
                outcomes |= await self._insert([item])
            return outcomes
        if "writeConcernError" in reply:
            return {}
        failed = {error["index"]: error["code"] for error in reply.get("writeErrors", ())}
        self._claims.learn([doc for index, doc in enumerate(documents) if index not in failed])
        outcomes = {
            commit.id: AppendedCommit(
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
            for index, (commit, document) in enumerate(batch)
            if index not in failed
        }
        duplicates = [batch[index][0] for index, code in failed.items() if code == DUPLICATE_KEY]
        if duplicates:
            outcomes.update(await self._outcomes_of_duplicates(duplicates))
        for index, code in failed.items():
            if code != DUPLICATE_KEY and code not in PASSING_CODES:
                refused = OperationFailure("the log refuses this commit", code)
                outcomes[batch[index][0].id] = refused
        return outcomes

    async def _outcomes_of_duplicates(self, commits: Sequence[Commit]) -> dict[UUID, Outcome]:
        """Tell own earlier appends from those of others; empty where majority shows neither yet,
        and where another commit has made the claim of this one's request."""
        claims = [commit.context.claim for commit in commits]
        try:
            async with self.db.client.start_session(causal_consistency=False) as session:
                found = await self.db.commits.find(
                    {
                        "$or": [
                            {"_id": {"$in": [commit.id for commit in commits]}},
                            {"claim.key": {"$in": [claim.key for claim in claims if claim]}},
                            *({"stream": c.stream.id, "version": c.version} for c in commits),
                        ]
                    },
                    session=session,
                ).to_list()
                time = session.operation_time
        except PyMongoError:
            return {}
        assert time is not None
        self._claims.learn(found)
        by_id = {document["_id"]: document for document in found}
        taken = {(document["stream"], document["version"]) for document in found}
        outcomes: dict[UUID, Outcome] = {}
        for commit in commits:
            if commit.id in by_id:
                if by_id[commit.id]["body"] != commit.body:
                    outcomes[commit.id] = KeyReusedError()
                else:
                    outcomes[commit.id] = self._appended(by_id[commit.id], time, repeated=True)
            elif self._claims.is_of_another(commit.context.claim):
                outcomes[commit.id] = KeyReusedError()
            elif (commit.stream.id, commit.version) in taken:
                outcomes[commit.id] = StaleError(commit.stream.id)
        return outcomes

    async def _append_in_transaction(self, commits: Sequence[Commit]) -> Sequence[AppendedCommit]:
        """One transaction. Raises StaleError if any of the streams has moved on."""
        documents = [commit_document(commit, self.identity.parts) for commit in commits]
        tried = 0
        while True:
            self._claims.put(commits[0], documents[0])
            try:
                time = await self._insert_in_transaction(documents)
            except (PyMongoError, AssertionError) as error:
                if is_duplicate(error):
                    outcomes = await self._outcomes_of_duplicates(commits)
                    metrics.count_outcomes(
                        [commit for commit in commits if commit.id in outcomes], outcomes
                    )
                    appended = [
                        outcome
                        for outcome in outcomes.values()
                        if isinstance(outcome, AppendedCommit)
                    ]
                    if len(appended) == len(commits):
                        return appended
                    for outcome in outcomes.values():
                        if isinstance(outcome, Exception):
                            raise outcome from None
                    if appended:
                        raise StaleError(commits[0].stream.id) from None
                elif not is_passing(error):
                    raise
            else:
                self._claims.learn(documents)
                metrics.count_written("command", commits)
                return [self._appended(document, time, repeated=False) for document in documents]
            tried += 1
            await asyncio.sleep(CONFLICT_BACKOFF.wait(tried))

    async def _insert_in_transaction(self, documents: Sequence[Document]) -> Timestamp:
        async with transaction(self.db, BATCH_TIMEOUT_MS) as session:
            await self.db.commits.insert_many(documents, session=session)
        assert session.operation_time is not None
        return session.operation_time


def chunks(
    items: Sequence[tuple[Commit, Document]], size: int, max_bytes: int
) -> list[list[tuple[Commit, Document]]]:
    """Split items into lists of at most `size` items and `max_bytes` of events each."""
    result: list[list[tuple[Commit, Document]]] = []
    room = 0
    for item in items:
        bytes_ = sum(len(event["data"]) for event in item[1]["events"])
        if not result or len(result[-1]) >= size or bytes_ > room:
            result.append([])
            room = max_bytes
        result[-1].append(item)
        room -= bytes_
    return result
