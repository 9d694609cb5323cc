"""Builds of read models: built beside what serves, switched, switched back, removed (N-9)."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from kernel_tests.showing import Replica
from kernel_tests.toy import TYPES, CounterView, Start, add, counters

from zugabe.testing import Parts
from zugabe_events.cli.read_models import BuildCommands
from zugabe_events.cli.rebuild import not_yet_serving
from zugabe_events.domain.errors import UnavailableError
from zugabe_events.domain.projection import ReadModel, Tallies, tally_key
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections import build_lease
from zugabe_events.projections.audit import audit_build
from zugabe_events.projections.build_admin import stored_builds
from zugabe_events.projections.build_buffer import BuildBuffer
from zugabe_events.projections.build_lease import BeingBuiltError, BuildLease, ReplacedError
from zugabe_events.projections.builds import build_of, builds, family_of, positions_of
from zugabe_events.projections.mongo_views import ProjectionEffect, canonical_hash
from zugabe_events.projections.rebuild import Rebuild
from zugabe_events.projections.stamps import MongoStamps
from zugabe_events.runtime.deploy import begin_read_model
from zugabe_events.runtime.service import Service


class House:
    """A log that is sequenced, and its read model."""

    def __init__(
        self, db: Database, identity: LogIdentity, store: MongoEventStore, parts: Parts
    ) -> None:
        self.db = db
        self.identity = identity
        self.store = store
        self.parts = parts
        self.model = counters(identity.name)

    async def deploy(self, model: ReadModel[CounterView] | None = None) -> None:
        await begin_read_model(self.db, self.parts.kafka, self.identity, model or self.model)

    def replica(self, model: ReadModel[CounterView] | None = None) -> Replica:
        return Replica(self.db, self.identity, self.parts, model or self.model)

    def rebuild(self, model: ReadModel[CounterView] | None = None) -> Rebuild:
        return Rebuild(self.db, self.identity, self.parts.kafka, model or self.model, TYPES)

    async def command(self, name: str, *words: str, version: int = 1) -> None:
        model = replace(self.model, version=version)
        service = Service(self.identity.name, TYPES, TYPES, read_models=[model])
        builds = BuildCommands(self.db, self.identity, self.parts.kafka, service)
        assert await getattr(builds, name)(*words)

    async def add(self, names: int, each: int) -> None:
        await asyncio.gather(
            *(add(self.store, f"n{name}") for name in range(names) for _ in range(each))
        )

    async def shown(self, replica: Replica, names: int, each: int) -> None:
        async with asyncio.timeout(120):
            while [await replica.added(f"n{name}") for name in range(names)] != [each] * names:
                await asyncio.sleep(0.05)

    async def sequenced(self, events: int) -> None:
        async with asyncio.timeout(120):
            while sum((await self.replica().serving.heads()).last.values()) < events:
                await asyncio.sleep(0.05)


@pytest.fixture
async def house(
    db: Database,
    log_identity: LogIdentity,
    store: MongoEventStore,
    real_parts: Parts,
    start: Start,
) -> House:
    start("one")
    return House(db, log_identity, store, real_parts)


@dataclass
class Readers:
    """Each writes to a counter of their own, and reads in turn from `replicas` what was written."""

    house: House
    replicas: Sequence[Replica]
    names: Sequence[str]
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    seen: Counter[str] = field(default_factory=Counter)

    @asynccontextmanager
    async def at_work(self) -> AsyncGenerator[None]:
        async with asyncio.TaskGroup() as group:
            for name in self.names:
                group.create_task(self._write_and_read(name))
            try:
                yield
            finally:
                self.ended.set()

    async def each_reads(self, times: int) -> None:
        """Until each has read what they wrote that many times more."""
        wanted = {name: self.seen[name] + times for name in self.names}
        async with asyncio.timeout(240):
            while any(self.seen[name] < number for name, number in wanted.items()):
                await asyncio.sleep(0.02)

    async def _write_and_read(self, name: str) -> None:
        number = 0
        while not self.ended.is_set():
            handled = await add(self.house.store, name)
            number += 1
            replica = self.replicas[number % len(self.replicas)]
            assert handled.token is not None
            await replica.views.caught_up([handled.token])
            assert await replica.added(name) == number
            self.seen[name] = number


async def look(replica: Replica, name: str, until: asyncio.Event) -> int:
    """Without a token: never less than before."""
    seen = 0
    while not until.is_set():
        now = await replica.added(name)
        assert now >= seen
        seen = now
        await asyncio.sleep(0.002)
    return seen


async def test_builds_are_switched_back_and_forth_while_people_write_and_read(house: House) -> None:
    """N-9: no event is missed or doubled, tokens stay valid, and answers never go back in time."""
    await house.deploy()
    names = [f"n{number}" for number in range(6)]
    replicas = [house.replica(), house.replica()]
    readers = Readers(house, replicas, names)
    async with replicas[0].running("a"), replicas[1].running("b"):
        async with asyncio.TaskGroup() as group, readers.at_work():
            looking = [group.create_task(look(one, "n0", readers.ended)) for one in replicas]
            await readers.each_reads(6)
            assert await house.rebuild().run() == 2
            for build in ("2", "1", "v1.2"):
                if build != "2":
                    await house.command("switch", house.model.name, build)
                number = int(build[-1])
                for replica in replicas:
                    while await replica.serving.registry.queried(house.model) != number:
                        await asyncio.sleep(0.02)
                await readers.each_reads(6)
        assert min(readers.seen.values()) > 20
        assert all(task.result() for task in looking)
        for replica in replicas:
            assert {name: await replica.added(name) for name in names} == readers.seen
    await house.command("switch", house.model.name, "1")
    one, two = [await canonical_hash(house.db, build_of(house.model, n)) for n in (1, 2)]
    assert one == two


async def test_what_was_rebuilt_is_not_read_again_from_the_start_of_the_topic(house: House) -> None:
    """Offsets come from whoever stood at the same position."""
    await house.deploy()
    replica = house.replica()
    async with replica.running("a"):
        await house.add(10, 8)
        await house.shown(replica, 10, 8)
    await house.rebuild().build()
    found = [
        {
            one["part"]: (one["pos"], one["offset"])
            async for one in house.db.positions.find({"consumer": build_of(house.model, number)})
        }
        for number in (1, 2)
    ]
    assert found[0] == found[1]
    assert sum(offset for _, offset in found[1].values()) > 0


async def test_two_do_not_build_the_same_read_model(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.deploy()
    await house.add(3, 3)
    await house.sequenced(9)
    first, second = house.rebuild(), house.rebuild()
    other = house.rebuild(replace(house.model, version=2))
    async with first.builder:
        monkeypatch.setattr(build_lease, "LEASE_TTL_MS", 200)
        with pytest.raises(BeingBuiltError, match="is being built by another process"):
            await second.build()
        monkeypatch.undo()
        assert await other.build() == 2
        assert await first.build() == 2
    assert await second.build() == 2
    assert "builder" not in await builds(house.db, house.model)


@pytest.mark.parametrize("lease", ["lease", "documents"])
async def test_a_builder_who_comes_back_late_changes_nothing(
    house: House, lease: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paused for longer than its lease, while another one has finished the build and it serves: the
    lease says so; without it, documents have later positions."""
    await house.deploy()
    await house.add(4, 4)
    await house.sequenced(16)
    monkeypatch.setattr(build_lease, "LEASE_TTL_MS", 1_000)
    monkeypatch.setattr("zugabe_events.mongo.lease.RENEW_INTERVAL_SECONDS", 600)
    paused, go_on = asyncio.Event(), asyncio.Event()
    flush = BuildBuffer.flush

    async def wait(buffer: BuildBuffer) -> None:
        paused.set()
        await go_on.wait()
        await flush(buffer)

    monkeypatch.setattr(BuildBuffer, "flush", wait)
    if lease == "documents":
        monkeypatch.setattr(BuildLease, "check", lambda builder: None)
    late = asyncio.create_task(house.rebuild().build())
    await paused.wait()
    monkeypatch.setattr(BuildBuffer, "flush", flush)
    monkeypatch.setattr(build_lease, "LEASE_TTL_MS", 60_000)
    replica = house.replica()
    assert await house.rebuild().run() == 2
    async with replica.running("a"):
        await house.add(4, 1)
        await house.shown(replica, 4, 5)
        before = await canonical_hash(house.db, build_of(house.model, 2))
        go_on.set()
        with pytest.raises(ReplacedError):
            await late
        assert await canonical_hash(house.db, build_of(house.model, 2)) == before
        await house.add(4, 1)
        await house.shown(replica, 4, 6)


async def test_a_rebuild_that_was_killed_goes_on_where_it_was(house: House) -> None:
    """In the middle, with documents and positions written; the next one waits for its lease."""
    await house.deploy()
    await house.add(10, 10)
    await house.sequenced(100)
    env = {
        "ZUGABE_KAFKA": house.parts.kafka,
        "ZUGABE_MONGO_URL": house.parts.mongo,
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "kernel_tests.killed_while_building",
        house.identity.name,
        env=os.environ | env,
    )
    assert await asyncio.wait_for(child.wait(), 120) == -signal.SIGKILL
    half = sum((await positions_of(house.db, build_of(house.model, 2))).values())
    assert 0 < half < 100
    assert (await builds(house.db, house.model))["building"] == 2

    told: list[int] = []
    again = Rebuild(
        house.db,
        house.identity,
        house.parts.kafka,
        house.model,
        TYPES,
        lambda progress: told.append(progress.done),
    )
    assert await again.run() == 2
    assert told[-1] == 100 - half
    totals = {one["_id"]: one["added"] async for one in house.db[build_of(house.model, 2)].find()}
    assert totals == {f"n{name}": 10 for name in range(10)}


async def test_a_new_version_answers_once_it_has_caught_up_and_the_old_one_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N-9: processes of both versions, side by side, each with all partitions."""
    await house.deploy()
    old = house.replica()
    newer = replace(house.model, version=2)
    new = house.replica(newer)
    async with old.running("a"):
        await house.add(8, 5)
        await house.shown(old, 8, 5)
        assert await not_yet_serving(house.db, [house.model, newer]) == [newer]
        await house.deploy(newer)
        with pytest.raises(UnavailableError) as refused:
            await new.added("n0")
        assert refused.value.code == "read-model-building"
        held = asyncio.Event()
        write = ProjectionEffect.write

        async def wait(effect: ProjectionEffect, *given: object) -> None:
            if effect.collection.name == build_of(newer, 1):
                await held.wait()
            await write(effect, *given)  # type: ignore[arg-type]

        monkeypatch.setattr(ProjectionEffect, "write", wait)
        monkeypatch.setattr("zugabe_events.projections.switch.MAX_REMAINING_EVENTS", 0)
        async with new.running("a"):
            await house.add(8, 1)
            await house.shown(old, 8, 6)
            with pytest.raises(UnavailableError):
                await new.added("n0")
            held.set()
            async with asyncio.timeout(120):
                while await new.serving.registry.filling(newer):
                    await asyncio.sleep(0.1)
            await house.shown(new, 8, 6)
    assert await not_yet_serving(house.db, [house.model, newer]) == []


async def test_a_new_version_that_was_rebuilt_before_answers_at_once(house: House) -> None:
    await house.deploy()
    replica = house.replica()
    async with replica.running("a"):
        await house.add(8, 5)
        await house.shown(replica, 8, 5)
    newer = replace(house.model, version=2)
    await house.deploy(newer)
    assert await house.rebuild(newer).run() == 2
    assert await house.replica(newer).added("n0") == 5
    assert await house.replica().added("n0") == 5


async def test_builds_are_listed_and_removed_but_never_the_one_that_serves(house: House) -> None:
    await house.deploy()
    await house.add(3, 3)
    await house.sequenced(9)
    assert await house.rebuild().run() == 2
    newer = replace(house.model, version=2)
    assert await house.rebuild(newer).run() == 2
    name = house.model.name

    told = {str(one.build): one for one in await stored_builds(house.db)}
    assert {key: one.status for key, one in told.items()} == {
        f"{name}.v1.1": "is kept",
        f"{name}.v1.2": "serves",
        f"{name}.v2.2": "serves",
    }
    assert (told[f"{name}.v1.2"].documents, told[f"{name}.v1.2"].events) == (3, 9)
    assert told[f"{name}.v1.2"].behind == 0

    for build in ("2", "v1.2"):
        with pytest.raises(LookupError, match="serves; switch to another build first"):
            await house.command("remove", name, build)
    with pytest.raises(LookupError, match="no build"):
        await house.command("remove", name, "7")
    with pytest.raises(LookupError, match="switch with the code of that version"):
        await house.command("switch", name, "v1.1", version=2)
    await house.command("remove", name, "v1.1")
    await house.command("remove", name, "v1.2", version=2)
    assert [str(one.build) for one in await stored_builds(house.db)] == [f"{name}.v2.2"]
    assert await house.db.positions.count_documents({"consumer": {"$regex": "v1"}}) == 0

    rolled_back = house.replica()
    with pytest.raises(UnavailableError):
        await rolled_back.added("n0")
    async with rolled_back.running("a"):
        async with asyncio.timeout(120):
            while await rolled_back.serving.registry.filling(house.model):
                await asyncio.sleep(0.1)
        await house.shown(rolled_back, 3, 3)
    assert (await builds(house.db, house.model))["serving"] == 3
    assert family_of(newer) == f"{name}.v2"


async def test_what_serves_is_folded_once_more_and_compared_while_people_write(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    """N-7: equal under load; then a document that is not what the log says is named."""
    await house.deploy()
    replica = house.replica()
    readers = Readers(house, [replica], [f"n{number}" for number in range(3)])
    async with replica.running("a"):
        async with readers.at_work():
            await readers.each_reads(1)
            await house.command("verify")
            await readers.each_reads(1)
        assert "DIFFER" not in capsys.readouterr().out
    name = build_of(house.model, 1)
    await house.db[name].update_one({"_id": "n1"}, {"$inc": {"added": 1}})
    await house.db[name].insert_one({"_id": "n9", "counter": "n9", "added": 1, "seen": {}})
    found = await audit_build(house.db, house.model, house.rebuild())
    assert (found.unequal, found.moving) == (["n1", "n9"], 0)
    await house.db[name].delete_one({"_id": "n9"})
    await house.db[name].update_one({"_id": "n1"}, {"$inc": {"added": -1}})
    found = await audit_build(house.db, house.model, house.rebuild())
    assert (found.digest, found.documents) == await canonical_hash(house.db, name)
    assert f"{house.model.name}.v1.0" not in await house.db.list_collection_names()


async def test_tallies_are_rebuilt_and_compared_like_documents(house: House) -> None:
    """N-7"""
    keys = house.model.keys
    tallies = Tallies(lambda event: ["all"] if keys(event) else [], by_part=True)
    house.model = replace(house.model, tallies=tallies)
    await house.deploy()
    replica = house.replica()
    async with replica.running("a"):
        await house.add(8, 3)
        await house.shown(replica, 8, 3)
        stamps = MongoStamps(house.db, replica.serving, [house.model])
        wanted = {house.model.name: [tally_key("all")]}
        [live] = (await stamps.stamps(wanted)).values()
        assert (await audit_build(house.db, house.model, house.rebuild())).unequal == []
    assert await house.rebuild().run() == 2
    hashes = [await canonical_hash(house.db, build_of(house.model, build)) for build in (1, 2)]
    assert hashes[0] == hashes[1]
    again = MongoStamps(house.db, house.replica().serving, [house.model])
    [rebuilt] = (await again.stamps(wanted)).values()
    assert rebuilt == {**live, "build": 2}


async def test_who_waits_for_the_log_sees_what_anybody_wrote(house: House) -> None:
    """X-39: without a token, in all parts of the log."""
    await house.deploy()
    replica = house.replica()
    async with replica.running("a"):
        for each in range(1, 6):
            await house.add(names=20, each=1)
            await replica.views.up_to_date()
            assert [await replica.added(f"n{name}") for name in range(20)] == [each] * 20
