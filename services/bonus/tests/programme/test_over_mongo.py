"""The course of a programme over a real log: everybody at once, and each thing happens once."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from bonus_tests.samples import APRIL_1, DEALER, FIVE_EUROS, MARCH_1, TERMS

from bonus.programme.decider import Activate, Command, SetTerms, programme_history
from bonus.programme.end import Close, Deactivate
from bonus.programme.entries import AddReward
from bonus.programme.timer import PROGRAMME_CLOSES
from bonus.programme.versions import Active, Closed, RunOff
from zugabe_events.contracts.bonus import BonusEvent
from zugabe_events.domain.event import Context, EventTypes
from zugabe_events.domain.event_store import state_of
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.eventstore.state_codec import from_bytes, to_bytes
from zugabe_events.mongo.client import connect, database, deploy_log

pytestmark = pytest.mark.integration

NEW_YEAR = datetime(2027, 12, 31, 23, tzinfo=UTC)
HISTORY = programme_history(DEALER)


@pytest.fixture
async def store(mongo_url: str) -> AsyncGenerator[MongoEventStore]:
    client = connect(mongo_url)
    name = f"t{uuid4().hex[:12]}"
    db = database(client, name)
    store = MongoEventStore(db, await deploy_log(db, uuid4(), 4), EventTypes.of(BonusEvent))
    set_up: Sequence[Command] = (
        SetTerms(DEALER, TERMS, MARCH_1),
        AddReward(FIVE_EUROS, MARCH_1),
        Activate(DEALER, MARCH_1),
    )
    for command in set_up:
        await do(store, command)
    yield store
    await client.drop_database(name)
    await client.close()


async def do(store: MongoEventStore, command: Command) -> None:
    context = Context("staff", "dealer-staff", DEALER, command.at, "correlation")
    await handle(store, HISTORY, command, context, attempt=uuid4())


async def test_staff_and_timer_end_a_programme_once_however_many_try(
    store: MongoEventStore,
) -> None:
    """BO-12"""
    await asyncio.gather(*(do(store, Deactivate(DEALER, APRIL_1)) for _ in range(8)))
    present = (await state_of(store, HISTORY)).present
    assert isinstance(present, RunOff)
    assert present.version == 4
    timer = Context(PROGRAMME_CLOSES.name, "timer", DEALER, NEW_YEAR, "correlation")
    await asyncio.gather(
        *(PROGRAMME_CLOSES.fire(store, f"{DEALER}/4", timer) for _ in range(4)),
        *(do(store, Close(DEALER, 0, NEW_YEAR)) for _ in range(4)),
    )
    versions = await state_of(store, HISTORY)
    assert isinstance(versions.present, Closed)
    assert versions.present.version == 5
    assert from_bytes(to_bytes(versions)) == versions


async def test_a_programme_that_was_activated_again_outlives_its_old_timer(
    store: MongoEventStore,
) -> None:
    """BO-12"""
    await do(store, Deactivate(DEALER, APRIL_1))
    await do(store, Activate(DEALER, APRIL_1))
    timer = Context(PROGRAMME_CLOSES.name, "timer", DEALER, NEW_YEAR, "correlation")
    await PROGRAMME_CLOSES.fire(store, f"{DEALER}/4", timer)
    assert isinstance((await state_of(store, HISTORY)).present, Active)
