"""Poison over real Kafka: parked, looked at over HTTP, redriven in order; others flow meanwhile."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from kernel_tests.toy import Added, Start, now
from kernel_tests.toy_service import ToyService

from zugabe.testing import Parts
from zugabe_events.consumer.dead_letter_admin import HIDDEN, DeadLetter, hidden, personal_fields
from zugabe_events.consumer.dead_letters import Operator
from zugabe_events.consumer.redrive import RedriveWorker
from zugabe_events.contracts.checkout import CheckoutEvent
from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.event import EventTypes
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.dead_letters_api import dead_letters_api
from zugabe_events.http.principal import Principal
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_testing.callers import known, problem_code, signed_in
from zugabe_testing.eventually import eventually
from zugabe_testing.routes import routes_without_right

POISON = 666
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
OLGA = Principal("olga", "central")
STAFF = Principal("staff", "dealer-staff", "acme", rights=frozenset({"handle-dead-letters"}))
SERVICE = Principal("vouchers", "service")


def is_poison(received: ReceivedEvent) -> bool:
    return isinstance(received.event, Added) and received.event.amount == POISON


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zugabe_events.consumer.poison_messages.BACKOFF", Backoff(0.1, 60.0))
    monkeypatch.setattr("zugabe_events.mongo.work_watch.INTERVAL_SECONDS", 0.1)


@pytest.fixture
async def service(
    db: Database, log_identity: LogIdentity, topic: str, real_parts: Parts, start: Start
) -> ToyService:
    start("one")
    toy = ToyService(db, log_identity, real_parts, topic, is_poison)
    await toy.deploy()
    return toy


@pytest.fixture
async def http(service: ToyService) -> AsyncGenerator[httpx.AsyncClient]:
    def access(rights: Any) -> Access:
        return Access(known(OLGA, STAFF, SERVICE), rights, now=lambda: NOON)

    app = http_app("toy", [dead_letters_api(service.admin, access)])
    assert routes_without_right(app) == []
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://toy") as client:
        yield client


async def parked(service: ToyService) -> list[DeadLetter]:
    """Dead letters of additions; mirrored events share their key, and wait as well."""
    return [one for one in (await service.admin.page()).items if one.name == "added"]


async def until_parked(service: ToyService, many: int) -> list[DeadLetter]:
    async def look() -> list[DeadLetter]:
        letters = await parked(service)
        assert len(letters) >= many
        return letters

    return await eventually(look)


async def test_poison_is_parked_while_others_flow_and_redriven_in_order(
    service: ToyService, http: httpx.AsyncClient
) -> None:
    """A reaction fails for one event; what follows of its key waits, all other keys do not."""
    async with service.running():
        for _ in range(3):
            await service.add("n0")
        await service.add("n0", POISON)
        for number in range(8):
            for _ in range(5):
                await service.add(f"n{number}")
        letters = await until_parked(service, 6)
        assert [one.cause for one in letters] == ["failure", *["behind"] * 5]
        assert {one.key for one in letters} == {"n0"}
        others = {f"n{number}": 5 for number in range(1, 8)}
        await service.until_added({"n0": 8 + POISON, **others})

        async def mirrored() -> None:
            counts = [len(await service.mirrored(f"n{number}")) for number in range(8)]
            assert counts == [3, *[5] * 7]

        await eventually(mirrored)

        service.broken = lambda received: False
        asked = await http.post(
            f"/dead-letters/{letters[2].id}/redrive",
            json={"reason": "behoben"},
            headers=signed_in(OLGA),
        )
        assert (asked.status_code, asked.json()) == (202, {"keys": 1})

        async def redriven() -> None:
            assert (await service.admin.page()).items == []

        await eventually(redriven)
        await service.add("n0")
        commits = service.db.commits.find({"stream": "counter/n0"}).sort("version")
        causes = [f"{one['_id']}.0" async for one in commits]

        async def mirrored_in_order() -> None:
            assert await service.mirrored("n0") == causes

        await eventually(mirrored_in_order)


async def test_a_letter_that_many_keys_share_a_document_with_is_not_lost(
    service: ToyService,
) -> None:
    """A view has folded later events of the lane by then; the late one still counts."""
    service.broken = lambda received: False
    await service.add("n1")
    async with service.running():
        await service.until_added({"n1": 1})
    other = service.db[service.build]
    lane = next(iter((await other.find_one({}) or {})["seen"]))
    await service.add("n1")
    async with service.running():
        await service.until_added({"n1": 2})
        await other.update_one({"_id": "n1"}, {"$set": {f"seen.{lane}": 50}})
        await park_everything(service)
        await service.add("n1")
        await until_parked(service, 1)
        letter = await service.db.dead_letters.find_one({"key": "n1"})
        assert letter is not None
        await service.db.parked_keys.update_one({}, {"$set": {"first": letter["pos"]}})
        await service.admin.redrive_all(operator())
        await service.until_added({"n1": 3})
    assert (await other.find_one({}) or {})["seen"][lane] == 50


async def park_everything(service: ToyService) -> None:
    """As if an event of the key had been parked before."""
    position = await service.db.positions.find_one({"consumer": service.build})
    assert position is not None
    lane = {name: position[name] for name in ("consumer", "log", "log_id", "part")}
    marker = f"{position['_id']}#n1"
    born = {"_id": marker, **lane, "key": "n1", "first": position["pos"] + 1, "letters": 0}
    await service.db.parked_keys.insert_one(
        {**born, "asked": None, "claimed": datetime(1970, 1, 1, tzinfo=UTC)}
    )
    service.consumers[1].forget()


def operator() -> Operator:
    return Operator("olga", "central", "mended", now(), uuid4())


async def test_two_replicas_redrive_a_letter_once(service: ToyService) -> None:
    async with service.running():
        await service.add("n0", POISON)
        await service.add("n0")
        await until_parked(service, 2)
    service.broken = lambda received: False
    await service.admin.redrive_all(operator())
    sources = [one.current for one in service.consumers]
    await asyncio.gather(
        *(RedriveWorker(service.db, source, now).redrive_one_key() for source in sources * 4)
    )
    assert len(await service.mirrored("n0")) == 2
    assert (await service.admin.page()).items == []


async def test_operators_see_letters_and_others_do_not(
    service: ToyService, http: httpx.AsyncClient
) -> None:
    """X-16, X-18, X-28, and X-12 for steps that are asked twice."""
    async with service.running():
        for number in range(3):
            await service.add(f"n{number}", POISON)
        await until_parked(service, 3)
    olga = signed_in(OLGA)
    for caller in (STAFF, SERVICE):
        problem_code(await http.get("/dead-letters", headers=signed_in(caller)), 403)
    seen: list[str] = []
    after = ""
    for _ in range(3):
        page = (await http.get(f"/dead-letters?limit=1{after}", headers=olga)).json()
        seen += [one["id"] for one in page["items"]]
        after = f"&after={page['next']}"
    assert page["next"] is None
    assert len(set(seen)) == 3
    assert (await http.get("/dead-letters?consumer=other", headers=olga)).json()["items"] == []
    problem_code(await http.get("/dead-letters?after=xx", headers=olga), 422)
    problem_code(await http.get("/dead-letters/nope", headers=olga), 422)
    unknown = "00000000-0000-0000-0000-000000000000"
    assert problem_code(await http.get(f"/dead-letters/{unknown}", headers=olga), 404) == (
        "dead-letter-unknown"
    )
    shown = (await http.get(f"/dead-letters/{seen[0]}", headers=olga)).json()
    assert shown["data"] == {"counter": shown["letter"]["key"], "amount": POISON}
    assert shown["headers"]["correlationid"] == "c1"
    assert "ValueError: a defect" in shown["trace"]
    skip = f"/dead-letters/{seen[0]}/skip"
    problem_code(await http.post(skip, json={}, headers=olga), 422)
    key = {**olga, "Idempotency-Key": "k1"}
    for _ in range(2):
        answer = await http.post(skip, json={"reason": "Test"}, headers=key)
        assert answer.status_code == 204
    problem_code(await http.post(skip, json={"reason": "anders"}, headers=key), 422)
    problem_code(await http.post(skip, json={"reason": "Test"}, headers=olga), 404)
    everything = await http.post("/dead-letters/redrive", json={"reason": "alle"}, headers=olga)
    assert everything.json() == {"keys": 2}


def test_operators_see_no_person() -> None:
    """X-28: wherever contracts say that a field is personal, also in parts of events."""
    personal = frozenset(personal_fields(EventTypes.of(CheckoutEvent)))
    assert personal == {"name", "email", "note", "orderer_name", "salutation"}
    data = {"orderer": {"name": "Anna Ast", "email": None}, "lines": [{"name": "x", "cents": 5}]}
    assert hidden(data, personal) == {
        "orderer": {"name": HIDDEN, "email": None},
        "lines": [{"name": HIDDEN, "cents": 5}],
    }


async def test_a_process_that_a_message_kills_again_and_again_comes_up_in_the_end(
    service: ToyService, real_parts: Parts
) -> None:
    """SIGKILL in the middle of handling, each time: the message is found, counted and parked."""
    for number in range(30):
        await service.add(f"n{number % 6}", POISON if number == 13 else 1)
    deaths = 0
    async with asyncio.timeout(120):
        while True:
            child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "kernel_tests.killed_by_poison",
                service.db.name,
                env={**os.environ, "ZUGABE_KAFKA": real_parts.kafka,
                     "ZUGABE_MONGO_URL": real_parts.mongo,
                     "PYTHONPATH": str(Path(__file__).parents[1])},
            )  # fmt: skip
            if (code := await child.wait()) == 0:
                break
            assert code == -signal.SIGKILL
            deaths += 1
    assert 3 <= deaths <= 6
    letters = await parked(service)
    assert [one.cause for one in letters] == ["crash", *["behind"] * 2]
    assert {one.key for one in letters} == {"n1"}
    assert [len(await service.mirrored(f"n{number}")) for number in range(6)] == [5, 2, 5, 5, 5, 5]
