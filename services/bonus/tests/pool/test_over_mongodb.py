"""Two processes over one real log: pooled points are redeemed once, and each move happens once."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from uuid import uuid4

import msgspec
import pytest
from bonus_tests.pooling import AT_ONCE, RULES
from bonus_tests.samples import (
    APRIL_1,
    CUSTOMER,
    DEALER,
    MARCH_1,
    booking,
    holding,
    line,
    placed,
)

from bonus.account.decider import account_history, pool_account_history
from bonus.account.refusals import PointsMissingError
from bonus.main import SERVICE
from bonus.pool.decider import AppointManager, PoolPoints, UnpoolPoints, pool_history
from bonus.pool.policy import POOLS
from zugabe_events.consumer.effect import ConflictError
from zugabe_events.contracts.bonus import BonusEvent
from zugabe_events.domain.event import Context, EventTypes
from zugabe_events.domain.event_store import state_of
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database, connect, database, deploy_log
from zugabe_events.mongo.transaction import transaction
from zugabe_events.reactions.policies import PolicyEffect

USERS = ("u1", "u2", "u3")
CONTEXT = Context("tests", "policy", DEALER, APRIL_1, "correlation")


@pytest.fixture
async def db(mongo_url: str) -> AsyncGenerator[Database]:
    client = connect(mongo_url)
    name = f"t{uuid4().hex[:12]}"
    yield database(client, name)
    await client.drop_database(name)
    await client.close()


@pytest.fixture
async def stores(db: Database) -> Sequence[MongoEventStore]:
    """The log as two processes see it. Each of three users has earned 100 points."""
    identity = await deploy_log(db, uuid4(), 4)
    stores = [MongoEventStore(db, identity, SERVICE.own) for _ in range(2)]
    for user in USERS:
        order = msgspec.structs.replace(placed(f"o-{user}", line(10_000), at=MARCH_1), user=user)
        command = booking(order, rules=AT_ONCE)
        await handle(stores[0], account_history(DEALER, user), command, CONTEXT, attempt=uuid4())
    return stores


class Policies:
    """The policy in two processes, which both hear of every event, in turns first."""

    def __init__(self, db: Database, stores: Sequence[MongoEventStore]) -> None:
        self.db = db
        types = EventTypes.of(BonusEvent)
        self.effects = [PolicyEffect(store, POOLS, types, lambda: APRIL_1) for store in stores]
        self.heard: set[str] = set()

    async def hear_all(self) -> None:
        while new := [one for one in await self.messages() if one.id not in self.heard]:
            for message in new:
                self.heard.add(message.id)
                await self.hear(message)

    async def messages(self) -> list[Message]:
        lane = Lane("bonus", "log", 0)
        found = []
        async for commit in self.db.commits.find({}).sort("at", 1):
            for number, event in enumerate(commit["events"]):
                headers = {
                    "ce_id": f"{commit['_id']}.{number}",
                    "ce_subject": commit["stream"],
                    "ce_time": APRIL_1.isoformat(),
                    "ce_dealer": DEALER,
                    "ce_correlationid": "c",
                }
                raw = [(key, value.encode()) for key, value in headers.items()]
                data = event["data"].encode()
                found.append(Message(lane, 1, 1, event["name"], data, raw, 1))
        return found

    async def hear(self, message: Message) -> None:
        """One process prepares and is killed; of the other two that write, one comes too late."""
        first, second = self.effects[:: 1 if len(self.heard) % 2 else -1]
        await first.prepare([message], again=False)
        prepared = [await one.prepare([message], again=False) for one in (first, second)]
        for at, (effect, reactions) in enumerate(zip((first, second), prepared, strict=True)):
            if reactions is None:
                continue
            if at == 0:
                async with transaction(self.db) as session:
                    await effect.write(reactions, session)
                continue
            with pytest.raises(ConflictError):
                async with transaction(self.db) as session:
                    await effect.write(reactions, session)
        assert await second.prepare([message], again=True) is None


async def points(store: MongoEventStore) -> list[int]:
    histories = [account_history(DEALER, user) for user in USERS]
    own = [await state_of(store, history) for history in histories]
    shared = await state_of(store, pool_account_history(DEALER, CUSTOMER))
    return [account.lots.points for account in (*own, shared)]


async def test_each_move_happens_once_whoever_is_killed_or_hears_it_twice(
    db: Database, stores: Sequence[MongoEventStore]
) -> None:
    """BO-33"""
    policies = Policies(db, stores)
    await policies.hear_all()
    history = pool_history(DEALER, CUSTOMER)
    pooled = PoolPoints(DEALER, CUSTOMER, RULES.membership, APRIL_1)
    for command, expected in (
        (pooled, [0, 0, 0, 300]),
        (UnpoolPoints(DEALER, CUSTOMER, APRIL_1), [100, 100, 100, 0]),
        (pooled, [0, 0, 0, 300]),
    ):
        await handle(stores[1], history, command, CONTEXT, attempt=uuid4())
        await policies.hear_all()
        assert await points(stores[0]) == await points(stores[1]) == expected


async def test_of_managers_in_two_processes_as_many_redeem_as_there_are_points(
    db: Database, stores: Sequence[MongoEventStore]
) -> None:
    """BO-33: 300 points pay for six rewards of 50."""
    policies = Policies(db, stores)
    history = pool_history(DEALER, CUSTOMER)
    await policies.hear_all()
    for command in (
        PoolPoints(DEALER, CUSTOMER, RULES.membership, APRIL_1),
        *(AppointManager(DEALER, CUSTOMER, user, APRIL_1) for user in USERS),
    ):
        await handle(stores[0], history, command, CONTEXT, attempt=uuid4())
    await policies.hear_all()
    pool = await state_of(stores[1], history)

    async def hold(number: int) -> bool:
        asked = holding(f"h{number}", rules=AT_ONCE)
        command = replace(asked, user=USERS[number % 3], pool=pool)
        shared = pool_account_history(DEALER, CUSTOMER)
        try:
            await handle(stores[number % 2], shared, command, CONTEXT, attempt=uuid4())
        except PointsMissingError:
            return False
        return True

    assert sum(await asyncio.gather(*map(hold, range(10)))) == 6
    assert await points(stores[0]) == [0, 0, 0, 0]
