"""Customers who have points from the time before customers were enabled one by one.

They take part since ever, as they did (BO-11).
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec

from bonus.customer.decider import AdoptCustomer, customer_history
from zugabe_events.contracts.bonus import BonusEvent
from zugabe_events.domain.event import Context, EventTypes, derived_id
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import Database, identity

MARK = "bonus.customers-adopted"
ACTOR = "bonus.customers"


class Holder(msgspec.Struct, frozen=True):
    """The customer whose user earned points."""

    dealer: str
    customer: str


async def adopt_customers(db: Database) -> None:
    """A deploy step, with an effect once only: from then on nobody earns who is not enabled."""
    if await db.starts.find_one({"_id": MARK}):
        return
    store = MongoEventStore(db, await identity(db), EventTypes.of(BonusEvent))
    adopted: set[Holder] = set()
    async for holder in holders(db):
        if holder in adopted:
            continue
        adopted.add(holder)
        cause = derived_id(MARK, holder.dealer, holder.customer)
        context = Context(ACTOR, "policy", holder.dealer, datetime.now(UTC), str(cause))
        command = AdoptCustomer(holder.dealer, holder.customer)
        history = customer_history(holder.dealer, holder.customer)
        await handle(store, history, command, context, attempt=cause)
    await db.starts.update_one({"_id": MARK}, {"$set": {"start": "now"}}, upsert=True)


async def holders(db: Database) -> AsyncIterator[Holder]:
    accrued = {"events.name": "points-accrued"}
    async for commit in db.commits.find(accrued, {"events.name": 1, "events.data": 1}):
        for event in commit["events"]:
            if event["name"] == "points-accrued":
                yield msgspec.json.decode(event["data"], type=Holder)
