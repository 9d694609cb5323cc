"""Metrics seen from outside: the lag of a consumer, and the work that waits."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from faststream.kafka import KafkaBroker
from kernel_tests.toy import TYPES, Start, add, now, policy
from prometheus_client.parser import text_string_to_metric_families

from zugabe.testing import Parts
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.consumer.transient_errors import StoppedError
from zugabe_events.domain.consistency_token import Token
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.http.app import http_app
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.observability import metrics
from zugabe_events.observability.context import current_correlation
from zugabe_events.projections.read_your_writes import Heads, LanePosition, ReadYourWrites
from zugabe_events.reactions.outbox import deploy_outbox
from zugabe_events.reactions.policies import PolicyEffect
from zugabe_events.reactions.timers import deploy_timers
from zugabe_events.runtime.metrics_api import metrics_api
from zugabe_events.runtime.metrics_collectors import (
    Collectors,
    Lag,
    dead_letters,
    outbox,
    own_log,
    timers,
)
from zugabe_testing.consumers import subscribe


async def unreachable(token: Token) -> LanePosition:
    raise AssertionError(token)


async def shown(watched: Collectors) -> dict[tuple[str, ...], float]:
    """By name and the values of labels, as Prometheus reads it."""
    text = (await watched.text()).decode()
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def total(found: dict[tuple[str, ...], float], name: str) -> float:
    return sum(value for labels, value in found.items() if labels[0] == name)


async def test_the_lag_of_a_stopped_consumer_is_what_it_has_not_done(
    db: Database,
    log_identity: LogIdentity,
    store: MongoEventStore,
    start: Start,
    real_parts: Parts,
) -> None:
    topic = log_identity.name
    serving = ReadYourWrites(db, log_identity, {}, unreachable)

    async def heads(log: str) -> Heads:
        assert log == topic
        return await serving.heads()

    mirror = PolicyEffect(store, policy(topic), TYPES, now)
    consumer = Consumer(db, f"toy.mirror.{topic}", mirror)
    elsewhere = Consumer(db, consumer.name, mirror)  # every replica shows what any has done
    watched = Collectors([Lag(db, [(elsewhere, [topic])], heads), own_log(db, 4, now)])
    lag, waiting = "zugabe_consumer_lag_events", "zugabe_unacknowledged_events"
    unsequenced = ("zugabe_oldest_unsequenced_seconds",)

    async def until(wanted: int) -> dict[tuple[str, ...], float]:
        async with asyncio.timeout(120):
            while True:
                found = await shown(watched)
                behind = total(found, waiting) or found[unsequenced]
                if total(found, lag) == wanted and not behind:
                    return found
                await asyncio.sleep(0.05)

    await asyncio.gather(*(add(store, f"n{number}") for number in range(30)))
    async with asyncio.timeout(120):
        while (found := await shown(watched))[unsequenced] < 1:
            await asyncio.sleep(0.05)
    assert total(found, lag) == 0, "without a position nothing can be consumed"

    start("one")
    found = await until(30)
    by_part = [value for labels, value in found.items() if labels[0] == lag]
    assert (len(by_part), max(by_part) < 30) == (4, True)

    broker = KafkaBroker(real_parts.kafka, apply_types=False, logger=None, graceful_timeout=10)
    subscribe(broker, consumer, [topic], instance="a", session_ms=45_000)
    await broker.start()
    async with asyncio.timeout(120):
        while sum((await serving.heads()).last.values()) < 60:  # its own additions to the log
            await asyncio.sleep(0.05)
    await until(0)
    consumer.stopping.set()
    await broker.stop()
    await add(store, "n0")
    await until(1)


async def test_alarms_mails_and_letters_that_wait_are_seen(db: Database) -> None:
    await deploy_timers(db)
    await deploy_outbox(db)
    noon = now()
    ago = timedelta(seconds=90)
    for key, at, open_ in (("a", noon - ago, True), ("b", noon + ago, True), ("c", noon, False)):
        await db.timers.insert_one(
            {"_id": key, "rule": "toy.lapse", "at": at, "claimed": at, "open": open_}
        )
    for waiting in (True, True, False):
        mail: dict[str, Any] = {"waiting": waiting, "next": noon, "created": noon - ago}
        await db.outbox.insert_one({"_id": uuid4(), **mail})
    for parked_at in (noon, noon - ago):
        await db.dead_letters.insert_one({"consumer": "toy.mirror", "parked_at": parked_at})
    sources = [outbox(db, lambda: noon), dead_letters(db, lambda: noon)]
    found = await shown(Collectors([timers(db, ["toy.lapse"], lambda: noon), *sources]))
    assert found["zugabe_alarms_open", "toy.lapse"] == 2
    assert found["zugabe_alarm_delay_seconds", "toy.lapse"] == pytest.approx(90, abs=0.01)
    assert found["zugabe_outbox_waiting",] == 2
    assert found["zugabe_dead_letters", "toy.mirror"] == 2
    assert found["zugabe_dead_letter_seconds", "toy.mirror"] == pytest.approx(90, abs=0.01)
    assert found["zugabe_outbox_wait_seconds",] == pytest.approx(90, abs=0.01)


async def test_what_cannot_be_looked_up_hides_nothing_else() -> None:
    async def broken() -> Sequence[Any]:
        raise ConnectionError

    found = await shown(Collectors([broken]))
    assert found["process_resident_memory_bytes",] > 0


async def test_requests_are_counted_by_the_template_of_their_route() -> None:
    app = http_app("sample", [metrics_api(Collectors())])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
        for path in ("/livez", "/dealers/somedealer/someuser", "/livez", "/metrics"):
            await http.get(path)
        await http.request("BREW", "/livez")
        text = (await http.get("/metrics")).text
    found = await shown(Collectors())
    counted = "zugabe_http_request_seconds_count"
    assert found[counted, "GET", "/livez", "200"] >= 2
    assert found[counted, "GET", "none", "404"] >= 1
    assert found[counted, "other", "/livez", "405"] >= 1
    assert "somedealer" not in text
    assert "someuser" not in text


async def test_commits_are_counted_by_their_fate(store: MongoEventStore) -> None:
    before = await shown(Collectors())
    await asyncio.gather(*(add(store, f"n{number}") for number in range(20)))
    after = await shown(Collectors())

    def more(*labels: str) -> float:
        return after[labels] - before.get(labels, 0)

    assert more("zugabe_commits_total", "command", "written") == 20
    assert more("zugabe_events_written_total", "added") == 20
    assert more("zugabe_append_group_size_sum") == 20
    assert 1 <= more("zugabe_append_group_size_count") <= 20


def test_no_label_can_grow_without_end() -> None:
    names = {
        label
        for family in metrics.REGISTRY.collect()
        for sample in family.samples
        for label in sample.labels
    }
    known = {
        "by",
        "outcome",
        "event",
        "consumer",
        "log",
        "method",
        "route",
        "status",
        "le",
        "kind",
        "reason",
    }
    assert names <= known


async def test_an_effect_that_fails_is_counted_and_says_whose_it_is(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """X-13: the line of a retry carries the correlation of its one message."""
    said: list[str | None] = []

    class Failing:
        async def prepare(self, messages: Sequence[Message], *, again: bool) -> object | None:
            said.append(current_correlation.get())
            raise ConnectionError("broken")

        async def write(self, prepared: object, session: object) -> None: ...
        def done(self, prepared: object) -> None: ...

    consumer = Consumer(db, "toy.failing", Failing())
    lane = Lane("toy", str(uuid4()), 0)
    message = Message(lane, 1, 0, "added", b"{}", [("ce_correlationid", b"request-7")], 1)
    before = (await shown(Collectors())).get(("zugabe_consumer_retries_total", "toy.failing"), 0)
    working = asyncio.create_task(consumer.take({lane: [message]}))
    async with asyncio.timeout(120):
        while len(said) < 3:
            await asyncio.sleep(0.01)
    consumer.stopping.set()
    with pytest.raises(StoppedError):
        await working
    assert set(said) == {"request-7"}
    assert "toy.failing: attempt 1 failed, retrying: ConnectionError" in caplog.text
    after = (await shown(Collectors()))["zugabe_consumer_retries_total", "toy.failing"]
    assert after - before >= 2
