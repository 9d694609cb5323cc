"""Customers with points from before the switch, over a real log."""

from collections.abc import AsyncGenerator
from uuid import uuid4

import pytest
from bonus_tests.samples import APRIL_1, DEALER, TAKES_PART, line, placed, programme, rules_of
from msgspec.structs import replace

from bonus.account.decider import account_history
from bonus.account.order import BookOrder
from bonus.customer.adoption import adopt_customers
from bonus.customer.decider import Membership, customer_history
from zugabe_events.contracts.bonus import BonusEvent
from zugabe_events.domain.event import Context, EventTypes, derived_id
from zugabe_events.domain.event_store import states_of
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import Database, connect, database, deploy_log, identity


@pytest.fixture
async def db(mongo_url: str) -> AsyncGenerator[Database]:
    client = connect(mongo_url)
    name = f"t{uuid4().hex[:12]}"
    db = database(client, name)
    await deploy_log(db, uuid4(), 4)
    yield db
    await client.drop_database(name)
    await client.close()


async def earn(store: MongoEventStore, user: str, customer: str) -> None:
    order = replace(placed(f"o-{user}", line(10_000)), user=user, customer=customer)
    await handle(
        store,
        account_history(DEALER, user),
        BookOrder(order, rules_of(programme()), APRIL_1),
        Context("policy", "policy", DEALER, APRIL_1, "correlation"),
        attempt=derived_id(user),
    )


async def test_customers_with_points_are_adopted_once(db: Database) -> None:
    """BO-11: two users of one customer, one of another; whoever earns later is no case of it."""
    store = MongoEventStore(db, await identity(db), EventTypes.of(BonusEvent))
    for user, customer in (("u1", "c1"), ("u2", "c1"), ("u3", "c2")):
        await earn(store, user, customer)
    await adopt_customers(db)
    await earn(store, "u4", "c4")
    await adopt_customers(db)
    histories = [customer_history(DEALER, customer) for customer in ("c1", "c2", "c4")]
    assert list(await states_of(store, histories)) == [TAKES_PART, TAKES_PART, Membership()]
    assert await db.commits.count_documents({"stream": {"$regex": "^customer/"}}) == 2


async def test_a_new_log_has_nobody_to_adopt(db: Database) -> None:
    await adopt_customers(db)
    assert await db.commits.count_documents({}) == 0
