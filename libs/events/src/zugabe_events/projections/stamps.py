"""Stamps of documents: whether what was made of them is still what they say."""

from collections.abc import Collection, Mapping, Sequence

from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.domain.views import Stamp, Stamps
from zugabe_events.eventstore.batcher import Batcher
from zugabe_events.mongo.client import Database, Document
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.read_your_writes import ReadYourWrites
from zugabe_events.projections.tallies import SEEN, stamps_of, stored_keys

type Wanted = Mapping[str, Collection[str]]

MAX_IN_FLIGHT = 2


class MongoStamps:
    """Reads the stamps of documents in any of a service's read models; see `StampReader`.

    What is asked while queries are in flight is asked together in the next one.
    """

    def __init__(
        self, db: Database, read_your_writes: ReadYourWrites, models: Sequence[AnyReadModel]
    ) -> None:
        self._db = db
        self._read_your_writes = read_your_writes
        self._models = {model.name: model for model in models}
        self._batcher = Batcher(self._together, max_in_flight=MAX_IN_FLIGHT)

    async def stamps(self, keys: Wanted) -> Stamps:
        return await self._batcher.do(keys)

    async def _together(self, several: Sequence[Wanted]) -> Sequence[Stamps]:
        wanted: dict[str, set[str]] = {}
        for one in several:
            for name, keys in one.items():
                wanted.setdefault(name, set()).update(keys)
        found = await self._read(wanted)
        return [found] * len(several)

    async def _read(self, wanted: Wanted) -> Stamps:
        builds: dict[str, tuple[AnyReadModel, int]] = {}
        stages: list[tuple[str, list[str]]] = []
        for name, keys in wanted.items():
            model = self._models[name]
            number = await self._read_your_writes.registry.queried(model)
            build = build_of(model, number)
            builds[build] = (model, number)
            stages.append((build, stored_keys(model, keys, self._read_your_writes.parts)))
        by_build = await self._documents(stages)
        found: dict[tuple[str, str], Stamp] = {}
        for build, documents in by_build.items():
            found |= stamps_of(*builds[build], documents)
        return found

    async def _documents(
        self, wanted: Sequence[tuple[str, list[str]]]
    ) -> Mapping[str, Sequence[Document]]:
        if not wanted:
            return {}
        (first, keys), *others = wanted
        if not others:
            found = self._db[first].find({"_id": {"$in": keys}}, {SEEN: 1})
            return {first: await found.to_list()}
        stages = stages_of(first, keys)
        stages += [
            {"$unionWith": {"coll": build, "pipeline": stages_of(build, some)}}
            for build, some in others
        ]
        by_build: dict[str, list[Document]] = {}
        async for one in await self._db[first].aggregate(stages):
            by_build.setdefault(one["in"], []).append(one)
        return by_build


def stages_of(build: str, keys: Sequence[str]) -> list[Document]:
    return [
        {"$match": {"_id": {"$in": keys}}},
        {"$project": {SEEN: 1, "in": {"$literal": build}}},
    ]
