"""Stamps of documents: whether what was made of them is still what they say."""

from collections.abc import Collection, Mapping, Sequence

from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.domain.views import Stamps
from zugabe_events.mongo.client import Database, Document
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.mongo_views import SEEN, stamp_id, with_parts
from zugabe_events.projections.read_your_writes import ReadYourWrites


class MongoStamps:
    """Reads the stamps of documents in any of a service's read models; see `StampReader`."""

    def __init__(
        self, db: Database, read_your_writes: ReadYourWrites, models: Sequence[AnyReadModel]
    ) -> None:
        self._db = db
        self._read_your_writes = read_your_writes
        self._models = {model.name: model for model in models}

    async def stamps(self, keys: Mapping[str, Collection[str]]) -> Stamps:
        parts = self._read_your_writes.parts
        wanted = {
            await self._build(name): with_parts(some, parts) for name, some in keys.items() if some
        }
        if not wanted:
            return {}
        (first, of_first), *others = wanted.items()
        if not others:
            found = await self._db[first].find({"_id": {"$in": of_first}}, {SEEN: 1}).to_list()
            return {stamp_id(first, one["_id"]): one[SEEN] for one in found}
        stages = stages_of(first, of_first)
        stages += [
            {"$unionWith": {"coll": build, "pipeline": stages_of(build, of_build)}}
            for build, of_build in others
        ]
        found = await (await self._db[first].aggregate(stages)).to_list()
        return {stamp_id(one["in"], one["_id"]): one[SEEN] for one in found}

    async def _build(self, name: str) -> str:
        model = self._models[name]
        return build_of(model, await self._read_your_writes.registry.queried(model))


def stages_of(build: str, keys: Sequence[str]) -> list[Document]:
    return [
        {"$match": {"_id": {"$in": keys}}},
        {"$project": {SEEN: 1, "in": {"$literal": build}}},
    ]
