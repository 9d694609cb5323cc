"""Two processes over one real log: of two who want the same at once, exactly one gets it."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from catalog_shops_tests.service import EDITOR, NOON, SUPPORT, app_over

from catalog_shops.placement.decider import placement_history
from catalog_shops.shop.decider import shop_history
from catalog_shops.shop.policy import PROPOSALS
from catalog_shops.shop.state import Shop, ShopKey
from catalog_shops.url_name.decider import Claimed, Free, url_name_history
from zugabe_events.consumer.effect import ConflictError
from zugabe_events.contracts.catalog_shops import CatalogShopsEvent, ShopRef
from zugabe_events.contracts.onboarding import BrandWentLive, Contact, OnboardingEvent
from zugabe_events.domain.event import EventTypes
from zugabe_events.domain.event_store import state_of, states_of
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database, connect, database, deploy_log
from zugabe_events.mongo.transaction import transaction
from zugabe_events.reactions.policies import PolicyEffect
from zugabe_testing.callers import problem_code
from zugabe_testing.examples import bearer
from zugabe_testing.files import InMemoryFiles

KEY = ShopKey("central", "brand", "leitz")


@pytest.fixture
async def db(mongo_url: str) -> AsyncGenerator[Database]:
    client = connect(mongo_url)
    name = f"t{uuid4().hex[:12]}"
    yield database(client, name)
    await client.drop_database(name)
    await client.close()


@pytest.fixture
async def stores(db: Database) -> Sequence[MongoEventStore]:
    """The log as two processes see it, each with states of its own in memory."""
    identity = await deploy_log(db, uuid4(), 4)
    return [MongoEventStore(db, identity, EventTypes.of(CatalogShopsEvent)) for _ in range(2)]


@pytest.fixture
async def processes(stores: Sequence[MongoEventStore]) -> AsyncGenerator[list[httpx.AsyncClient]]:
    """Both after the dealer has left the central theme shops and may have own ones."""
    clients = []
    for store in stores:
        app = app_over(store, InMemoryFiles(lambda: NOON))
        transport = httpx.ASGITransport(app)
        clients.append(httpx.AsyncClient(transport=transport, base_url="http://t/dealers/acme"))
    await must(clients[0], SUPPORT, "PUT", "/marketing-module", {"gift_source": "central"})
    await must(clients[0], SUPPORT, "POST", "/own-shops/unlocking")
    await must(clients[0], EDITOR, "DELETE", "/theme-shop-placement/adoption")
    yield clients
    for client in clients:
        await client.aclose()


async def ask(
    client: httpx.AsyncClient, who: str, method: str, path: str, body: Any = None
) -> httpx.Response:
    return await client.request(method, path, json=body, headers=bearer(who))


async def must(
    client: httpx.AsyncClient, who: str, method: str, path: str, body: Any = None
) -> None:
    answer = await ask(client, who, method, path, body)
    assert answer.is_success, answer.text


def head(url_name: str) -> dict[str, Any]:
    return {"name": "Preisaktion", "url_name": url_name, "text": "Text"}


async def named(db: Database) -> Counter[str]:
    """How often each event is in the log."""
    counted: Counter[str] = Counter()
    async for commit in db.commits.find({}):
        counted.update(event["name"] for event in commit["events"])
    return counted


async def test_of_two_shops_that_want_one_url_name_at_once_one_gets_it(
    processes: list[httpx.AsyncClient], db: Database, stores: Sequence[MongoEventStore]
) -> None:
    """CS-19, CS-39: and the other one does not exist by halves."""
    answers = await asyncio.gather(
        *(
            ask(processes[at % 2], EDITOR, "PUT", f"/theme-shops/shop{at}", head("Preis Aktion"))
            for at in range(8)
        )
    )
    won = [answer for answer in answers if answer.is_success]
    assert len(won) == 1
    for answer in answers:
        if answer is not won[0]:
            assert problem_code(answer, 409) == "url-name-taken"
            assert "„Preisaktion“" in answer.json()["detail"]
    counted = await named(db)
    assert (counted["shop-created"], counted["url-name-claimed"]) == (1, 1)
    shop = won[0].json()["shop"]
    claim = await state_of(stores[1], url_name_history("acme", "preis-aktion"))
    assert claim == Claimed("theme", shop)


async def test_of_two_who_arrange_at_once_one_wins_and_the_other_is_told(
    processes: list[httpx.AsyncClient], db: Database, stores: Sequence[MongoEventStore]
) -> None:
    """CS-15"""
    for shop in ("a", "b"):
        await must(processes[0], EDITOR, "PUT", f"/theme-shops/{shop}", head(shop))
    orders = [
        [{"dealer": "acme", "shop": shop} for shop in order] for order in (("a", "b"), ("b", "a"))
    ]
    answers = await asyncio.gather(
        *(
            ask(client, EDITOR, "PUT", "/theme-shop-placement", {"based_on": 1, "active": order})
            for client, order in zip(processes, orders, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    [winner] = [order for answer, order in zip(answers, orders, strict=True) if answer.is_success]
    [refused] = [answer for answer in answers if not answer.is_success]
    assert problem_code(refused, 409) == "arrangement-stale"
    assert refused.json()["active"] == winner
    placement = await state_of(stores[1], placement_history("acme", "theme"))
    assert placement.refs == tuple(ShopRef(ref["dealer"], ref["shop"]) for ref in winner)
    assert (await named(db))["shops-arranged"] == 1


async def test_a_url_name_goes_from_a_deleted_shop_to_another_at_most_once(
    processes: list[httpx.AsyncClient], db: Database, stores: Sequence[MongoEventStore]
) -> None:
    """CS-16, CS-19"""
    await must(processes[0], EDITOR, "PUT", "/theme-shops/old", head("sale"))
    answers = await asyncio.gather(
        ask(processes[0], EDITOR, "DELETE", "/theme-shops/old"),
        *(
            ask(processes[at % 2], EDITOR, "PUT", f"/theme-shops/new{at}", head("sale"))
            for at in range(4)
        ),
    )
    assert answers[0].is_success
    won = [answer.json()["shop"] for answer in answers[1:] if answer.is_success]
    assert len(won) <= 1
    claim = await state_of(stores[1], url_name_history("acme", "sale"))
    assert claim == (Claimed("theme", won[0]) if won else Free())
    counted = await named(db)
    assert counted["url-name-claimed"] == counted["url-name-released"] + len(won)


def message(at: int, name: str) -> Message:
    contact = Contact("c1", "sealed", "sealed")
    event = BrandWentLive("nordwind", f"b{at}", name, contact, ("shop",), 3, NOON)
    headers = {
        "ce_id": f"onboarding.{at}",
        "ce_subject": f"brand/nordwind/b{at}",
        "ce_time": NOON.isoformat(),
        "ce_dealer": "nordwind",
        "ce_correlationid": "c",
    }
    raw = [(key, value.encode()) for key, value in headers.items()]
    lane = Lane("onboarding", "log", 0)
    return Message(lane, at, at, event.stored_as, msgspec.json.encode(event), raw, 1)


async def test_a_proposal_and_its_url_name_are_written_together_or_not_at_all(
    db: Database, stores: Sequence[MongoEventStore]
) -> None:
    """CS-2, CS-19: two processes that hear of one brand create one shop."""
    types = EventTypes.of(CatalogShopsEvent, OnboardingEvent)
    messages = [message(1, "Leitz"), message(2, "LEITZ"), message(3, "Tesa")]
    effects = [PolicyEffect(store, PROPOSALS, types, lambda: NOON) for store in stores]
    prepared = [await effect.prepare(messages, again=False) for effect in effects]
    for at, (effect, reactions) in enumerate(zip(effects, prepared, strict=True)):
        assert reactions is not None
        if at == 0:
            async with transaction(db) as session:
                await effect.write(reactions, session)
            continue
        with pytest.raises(ConflictError):
            async with transaction(db) as session:
                await effect.write(reactions, session)
    assert await effects[1].prepare(messages, again=True) is None
    counted = await named(db)
    assert (counted["shop-created"], counted["url-name-claimed"]) == (2, 2)
    shop = await state_of(stores[1], shop_history(KEY))
    assert isinstance(shop, Shop)
    assert shop.head.url_name == "leitz"
    claims = await states_of(
        stores[1], [url_name_history("central", name) for name in ("leitz", "leitz-2", "tesa")]
    )
    assert claims == [Claimed("brand", "leitz"), Free(), Claimed("brand", "tesa")]
