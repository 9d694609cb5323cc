"""An unreadable event holds up its own key only, until operators skip it."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from bson.timestamp import Timestamp
from pymongo import AsyncMongoClient
from stories.commands import zugabe_says
from stories.dealer import Dealer, cart, line

import bonus.main as bonus
import checkout.main as checkout
import vouchers.main as vouchers
from zugabe.supervisor import Stack
from zugabe_events.domain.mail import Mails
from zugabe_events.domain.partitioning import part_of
from zugabe_events.domain.policy import Policy
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.domain.timer import TimerRule
from zugabe_events.runtime.service import Service
from zugabe_testing.eventually import eventually


def consumers_of_orders(service: Service) -> set[str]:
    """Whatever a service declares to hear of orders."""
    rules: list[Policy | AnyReadModel | TimerRule | Mails] = [
        *service.policies,
        *service.read_models,
        *service.timers,
        *service.mails,
    ]
    return {rule.name for rule in rules if "checkout" in rule.topics}


SERVICES = (bonus.SERVICE, checkout.SERVICE, vouchers.SERVICE)
CONSUMERS = {service.name: consumers_of_orders(service) for service in SERVICES}


@pytest.fixture
def zugabe(spoilt: Stack) -> Stack:
    return spoilt


async def test_poison_is_parked_in_every_consumer_and_skipped_by_an_operator(
    zugabe: Stack, dealer: Dealer
) -> None:
    """N-7: others order meanwhile; who shares its key is served in order afterwards, and read
    rebuilt models leave out skipped events."""
    await dealer.programme(200, 500)
    anna, bert = dealer.user("anna"), dealer.user("bert")
    event = await poison(zugabe, f"{dealer.name}/anna")
    await anna.place("a-1", cart(line(1_000)))
    await bert.place("b-1", cart(line(2_000)))
    central = zugabe.token("central", user="olga")

    async def points() -> None:
        account = (await bert.insist("GET", "bonus", "/accounts/bert")).of(200)
        assert account["points_accrued"] == 20

    await eventually(points)

    async def all_parked() -> dict[str, list[Any]]:
        found = {name: await letters(zugabe, dealer, name, central) for name in CONSUMERS}
        for name, consumers in CONSUMERS.items():
            failed = [one for one in found[name] if one["event"] == event]
            assert {one["consumer"].partition(".v")[0] for one in failed} == consumers
            assert {one["cause"] for one in failed} == {"failure"}
        return found

    found = await eventually(all_parked)
    listed = await zugabe_says(zugabe, "dead-letters", "list")
    assert listed.count("missing required field") == sum(map(len, CONSUMERS.values()))

    await skip_on_the_command_line(zugabe, found.pop("bonus"), event)
    for name, some in found.items():
        for letter in some:
            if letter["event"] == event:
                await skip_over_http(zugabe, name, letter, central)
    asked = await zugabe_says(zugabe, "dead-letters", "redrive", "--all", "--reason", "weiter")
    assert "asked for" in asked

    async def annas_points() -> None:
        account = (await anna.insist("GET", "bonus", "/accounts/anna")).of(200)
        assert account["points_accrued"] == 10
        for name in CONSUMERS:
            assert await letters(zugabe, dealer, name, central) == []

    await eventually(annas_points)
    [order] = (await anna.insist("GET", "checkout", "/orders")).of(200)["items"]
    assert order["status"] == "placed"
    await zugabe_says(zugabe, "rebuild", "checkout")


async def poison(stack: Stack, key: str) -> str:
    """A commit as a defect would have written it: it cannot be read by anybody."""
    commit_id = uuid4()
    async with AsyncMongoClient[dict[str, Any]](
        stack.addresses["mongod"], uuidRepresentation="standard", tz_aware=True
    ) as mongo:
        log = await mongo["checkout"].log.find_one({})
        assert log is not None
        await mongo["checkout"].commits.insert_one(
            {
                "_id": commit_id,
                "stream": f"poison/{commit_id}",
                "version": 1,
                "part": part_of(key, log["parts"]),
                "key": key,
                "at": Timestamp(0, 0),
                "recorded": datetime.now(UTC),
                "events": [{"name": "order-placed", "schema": 1, "data": json.dumps({"no": 1})}],
                **dict.fromkeys(("reason", "causation", "traceparent")),
                "actor": "nobody",
                "role": "service",
                "dealer": key.partition("/")[0],
                "correlation": "c1",
                "body": "",
            }
        )
    return f"{commit_id}.0"


async def letters(stack: Stack, dealer: Dealer, service: str, bearer: str) -> list[Any]:
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {bearer}"}) as http:
        url = f"{stack.addresses[service]}/dead-letters"
        answer = await http.get(url, params={"dealer": dealer.name})
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


async def skip_on_the_command_line(stack: Stack, some: list[Any], event: str) -> None:
    [letter] = [one for one in some if one["event"] == event]
    words = ("bonus", "skip", letter["id"], "--reason", "unlesbar", "--yes")
    said = await zugabe_says(stack, "dead-letters", *words)
    assert said == f"skipped {letter['id']}\n"


async def skip_over_http(stack: Stack, service: str, letter: Any, bearer: str) -> None:
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {bearer}"}) as http:
        url = f"{stack.addresses[service]}/dead-letters/{letter['id']}/skip"
        assert (await http.post(url, json={"reason": "unlesbar"})).status_code == 204
