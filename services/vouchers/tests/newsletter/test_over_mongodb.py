"""Two processes over one real log: one mailbox has one voucher, and one link is followed once."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from typing import Any
from uuid import uuid4

import pytest

from vouchers.mail_link.links import Link
from vouchers.main import SERVICE
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import Database, connect, database, deploy_log

USERS = ("u0", "u1", "u2", "u3")


@pytest.fixture
async def db(mongo_url: str) -> AsyncGenerator[Database]:
    client = connect(mongo_url)
    name = f"t{uuid4().hex[:12]}"
    yield database(client, name)
    await client.drop_database(name)
    await client.close()


async def counted(db: Database) -> Counter[str]:
    commits = await db.commits.find().to_list()
    return Counter(event["name"] for commit in commits for event in commit["events"])


async def test_clicks_in_two_processes_give_one_voucher(
    db: Database, open_shop: Callable[[], Any]
) -> None:
    """X-21: of a mailbox that several users name, and of each link that is opened repeatedly."""
    identity = await deploy_log(db, uuid4(), 4)
    shops = [open_shop(), open_shop()]
    for shop in shops:
        shop.store = MongoEventStore(db, identity, SERVICE.own)
    await shops[0].run("letter", kind="newsletter")
    body = {"text_version": 1, "customer": "c1"}
    for number, user in enumerate(USERS):
        sent = {**body, "email": f"anna+{number}@example.org"}
        path = f"/users/{user}/newsletter-subscription"
        assert (await shops[number % 2].ask("backend", "PUT", path, sent)).status_code in (202, 429)
        shops[number % 2].mails = open_shop().mails
    clicks = [
        shop.open("POST", shop.links.url(Link("confirmation", "acme", user, 1)))
        for user in USERS
        for shop in shops * 3
    ]
    answers = await asyncio.gather(*clicks)
    assert {answer.status_code for answer in answers} == {200}
    names = await counted(db)
    assert names["newsletter-subscribed"] == len(USERS)
    assert names["voucher-issued"] == names["newsletter-voucher-given"] == 1
