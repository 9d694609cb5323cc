"""A person across the services: sealed wherever it is stored, told on request, erased for good."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from bson import encode
from stories import topics
from stories.commands import zugabe_says
from stories.dealer import SHARED_CUSTOMER, Answer, Dealer, Person, cart, line

from zugabe import mails
from zugabe.supervisor import Stack
from zugabe_events.mongo.client import OPTIONS, connect
from zugabe_testing.eventually import eventually

NAME = "Kunigunde Zwetschgenröster"
RIGHTS = ["import-orders", "export-people", "erase-people"]


def address(dealer: Dealer) -> str:
    return f"kunigunde.zwetschge@{dealer.name}.test"


def words_of(dealer: Dealer) -> list[bytes]:
    return [word.encode() for word in (*NAME.split(), address(dealer), "kunigunde")]


def buyer(dealer: Dealer) -> Person:
    return dealer._person(
        "user", "kz-1", customer=SHARED_CUSTOMER, name=NAME, email=address(dealer)
    )


def staff(dealer: Dealer, *rights: str) -> Person:
    return dealer._person("dealer-staff", "boss", rights=[*RIGHTS, *rights])


async def export(person: Person, service: str, user: str = "kz-1") -> Answer:
    return await person.ask(
        "POST", service, f"/people/{user}/export", {"reason": "Anfrage vom 22.11."}
    )


async def stored(stack: Stack) -> AsyncIterator[tuple[str, bytes]]:
    """Every document of every database, every record of every topic, every line of every log."""
    client = connect(stack.addresses["mongod"])
    try:
        for service in ("catalog-shops", "vouchers", "bonus", "checkout"):
            db = client[service]
            for name in await db.list_collection_names():
                async for document in db[name].find({}):
                    yield f"{service}.{name}", encode(document, codec_options=OPTIONS)
            for record in await topics.records(stack.addresses["kafka"], service):
                yield service, b"\n".join((record.value, *(one for _, one in record.headers)))
    finally:
        await client.close()
    for log in await asyncio.to_thread(os.listdir, stack.home.logs):
        yield log, await asyncio.to_thread((stack.home.logs / log).read_bytes)


async def test_no_service_stores_or_logs_a_name_in_plain_text(
    zugabe: Stack, dealer: Dealer
) -> None:
    """N-8: not in logs, topics, read models, outbox or log files; people get their mail."""
    await dealer.campaign("zweitkauf", "ZWEITER", kind="second-purchase")
    await dealer.programme(500, 500)
    person = buyer(dealer)
    order = await person.place("k-1", cart(line(5_000)))
    assert order["orderer"] == {"name": NAME, "email": address(dealer)}
    refused = await person.ask("PUT", "checkout", "/orders/k-1", cart(line(1)))
    assert refused.status == 409
    broken = {"lines": [], "orderer": {"name": NAME, "email": address(dealer)}}
    assert (await staff(dealer).ask("PUT", "checkout", "/orders/k-2", broken)).status == 422

    async def mailed() -> str:
        arrived = mails.to(address(dealer), zugabe.addresses["mails"])
        assert len(arrived) == 1
        return mails.text(arrived[0])

    assert (await eventually(mailed)).splitlines()[0] == f"Guten Tag {NAME},"
    seen = 0
    async for place, content in stored(zugabe):
        seen += b"kz-1" in content
        for word in words_of(dealer):
            assert word not in content, f"{word!r} in {place}"
    assert seen > 5, "these are the places where it would have been"


async def test_everything_about_a_person_is_told_to_him_and_to_who_may(
    zugabe: Stack, dealer: Dealer
) -> None:
    """X-15, X-16, X-28"""
    await dealer.campaign("zweitkauf", "ZWEITER", kind="second-purchase")
    person, boss = buyer(dealer), staff(dealer)
    await person.place("k-1", cart(line(5_000)))
    await dealer.user("other").place("o-1", cart(line(7_000)))
    assert await person.vouchers()

    async def told_of_the_order() -> None:
        told = (await export(person, "checkout")).of(200)
        assert (told["service"], told["user"], told["complete"]) == ("checkout", "kz-1", True)
        [placed] = [one for one in told["events"] if one["event"] == "order-placed"]
        orderer = placed["data"]["orderer"]
        assert (orderer["name"], orderer["email"]) == (NAME, address(dealer))
        [shown] = told["read_models"]["checkout.orders"]
        assert (shown["order_id"], shown["orderer"]["name"]) == ("k-1", NAME)
        assert "o-1" not in json.dumps(told)

    async def told_of_the_voucher() -> None:
        told = (await export(boss, "vouchers")).of(200)
        [issued] = [one for one in told["events"] if one["event"] == "voucher-issued"]
        assert issued["data"]["recipient"]["email"] == address(dealer)
        assert [mail["to"] for mail in told["mails"]] == [address(dealer)]

    (await person.ask("GET", "checkout", "/orders/k-1")).of(200)  # waits for the read model
    await told_of_the_order()
    await eventually(told_of_the_voucher)
    again = (await export(boss, "checkout")).of(200)
    who = [(one["actor"], one["reason"]) for one in again["disclosures"]]
    assert who[0] == ("kz-1", "Anfrage vom 22.11.")
    assert ("boss", "Anfrage vom 22.11.") in who
    for caller in (dealer.staff, dealer.user("other"), dealer._person("central", "central")):
        assert (await export(caller, "checkout")).status == 403


async def test_an_erased_person_is_gone_from_every_copy_and_the_sums_stay(
    zugabe: Stack, dealer: Dealer
) -> None:
    """X-15, N-7, N-8: orders of long ago need not be kept."""
    boss, orderer = staff(dealer), {"name": NAME, "email": address(dealer)}
    long_ago = {"placed_at": "2001-05-04T12:00:00Z", "user": "kz-1", "customer": SHARED_CUSTOMER}
    await boss.place("k-1", cart(line(5_000), orderer=orderer, **long_ago))
    view = await eventually(lambda: order_of(boss, "k-1"))
    assert view["orderer"] == orderer
    before = (await boss.ask("GET", "checkout", "/buyers/kz-1")).of(200)

    erasure = {"reason": "Löschung verlangt"}
    refused = await dealer.staff.ask("POST", "checkout", "/people/kz-1/erasure", erasure)
    assert refused.status == 403
    for _ in range(2):
        (await boss.ask("POST", "checkout", "/people/kz-1/erasure", erasure)).of(202)

    async def erased() -> None:
        told = (await boss.ask("GET", "checkout", "/people/kz-1")).of(200)
        assert told["status"] == "erased"
        view = await order_of(boss, "k-1")
        assert view["orderer"] == {"name": "gelöscht", "email": "gelöscht"}

    await eventually(erased)
    assert (await boss.ask("GET", "checkout", "/buyers/kz-1")).of(200) == before
    told = (await export(boss, "checkout")).of(200)
    assert [one["event"] for one in told["events"]] == ["order-placed", "person-erased"]
    assert told["events"][1]["reason"] == "Löschung verlangt"
    assert NAME not in json.dumps(told, ensure_ascii=False)

    again = await boss.place("k-2", cart(line(2_000), orderer=orderer, **long_ago))
    assert (again["orderer"], again["net_cents"]) == (None, 2_000)

    async def equal() -> None:
        output = await zugabe_says(zugabe, "rebuild", "checkout")
        assert output.count("equal to") == 5, output

    await eventually(equal)
    await eventually(erased)


async def test_what_the_law_keeps_is_restricted_and_only_told_with_a_special_right(
    zugabe: Stack, dealer: Dealer
) -> None:
    """X-19"""
    person, boss = buyer(dealer), staff(dealer)
    await person.place("k-1", cart(line(5_000)))
    output = await zugabe_says(
        zugabe, "person", "erase", dealer.name, "kz-1", "--reason", "Löschung verlangt", "--yes"
    )
    assert output == f"{dealer.name}/kz-1: person-restricted\n"

    async def restricted() -> Any:
        told = (await boss.ask("GET", "checkout", "/people/kz-1")).of(200)
        assert told["status"] == "restricted"
        assert (await order_of(boss, "k-1"))["orderer"]["name"] == "gesperrt"
        return told["keep_until"]

    until = datetime.fromisoformat(await eventually(restricted))
    assert until == datetime(datetime.now(UTC).year + 8, 12, 31, 23, tzinfo=UTC)
    assert NAME not in json.dumps((await export(boss, "checkout")).of(200), ensure_ascii=False)
    auditor = staff(dealer, "see-restricted-people")
    told = (await export(auditor, "checkout")).of(200)
    assert told["read_models"]["checkout.orders"][0]["orderer"]["name"] == NAME

    output = await zugabe_says(
        zugabe, "person", "export", dealer.name, "kz-1", "--reason", "Prüfung", "--restricted"
    )
    services = [json.loads(one) for one in output.replace(",\n", ",").splitlines()]
    assert {one["service"] for one in services if one["complete"]} == {
        "catalog-shops", "vouchers", "bonus", "checkout"
    }  # fmt: skip
    assert NAME in output


async def test_keys_are_wrapped_anew_while_the_services_run(zugabe: Stack, dealer: Dealer) -> None:
    """N-8: without a restart or an interruption."""
    person = buyer(dealer)
    await person.place("k-1", cart(line(5_000)))
    output = await zugabe_says(zugabe, "person", "rotate-keys")
    assert output.endswith(", 0 left\n")
    for _ in range(2):
        assert (await order_of(person, "k-1"))["orderer"]["name"] == NAME
        placed = await dealer._person(
            "user", "kz-2", customer=SHARED_CUSTOMER, name=NAME, email=address(dealer)
        ).place("k-2", cart(line(5_000)))
        assert placed["orderer"]["name"] == NAME


async def order_of(person: Person, order_id: str) -> Any:
    answer = await person.ask("GET", "checkout", f"/orders/{order_id}")
    assert answer.status == 200
    return answer.body
