"""A customer's day: a first order, the voucher it earns, a second order, and everything undone."""

import asyncio
import re
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx
import pytest
from stories import topics
from stories.dealer import Dealer, Person, cart, line

from zugabe import mails
from zugabe.supervisor import Stack
from zugabe_testing.eventually import eventually

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def shop(dealer: Dealer) -> Dealer:
    """A second-purchase campaign, 10 % from 20 €, twice per user, and a programme with a reward."""
    await dealer.campaign(
        "zweitkauf", "ZWEITER", kind="second-purchase", minimum_cents=2_000, max_per_user=2
    )
    await dealer.programme(reward_points=100, reward_cents=500, pending_days=0)
    return dealer


async def test_the_first_order_earns_a_code_that_is_shown_and_mailed_once(
    shop: Dealer, zugabe: Stack
) -> None:
    """VO-31, VO-32, VO-33, VO-34, Q27, X-22: with a link to object."""
    anna = shop.user("anna")
    order = await anna.place("a-1", cart(line(5_000)))

    [shown] = await anna.vouchers(order_id="a-1")
    assert (shown["code"], shown["status"], shown["remaining_uses"]) == ("ZWEITER", "unused", 2)
    [again] = await anna.vouchers()
    assert again == shown

    async def arrived() -> str:
        found = mails.to(f"anna@{shop.name}.test", zugabe.addresses["mails"])
        assert len(found) == 1
        assert found[0]["Subject"] == "Ihr Aktionsgutschein"
        return mails.text(found[0])

    text = await eventually(arrived)
    ordered = datetime.fromisoformat(order["placed_at"]).astimezone(BERLIN)
    said, _, objection = text.partition("Sie erhalten diese E-Mail, ")
    assert said.strip().splitlines() == [
        "Guten Tag Anna,",
        "",
        f"durch Ihre Bestellung {order['order_number']} am {ordered:%d.%m.%Y} um "
        f"{ordered:%H:%M} Uhr erhalten Sie einen Aktionsgutschein. "
        "Durch Verwendung des Gutscheins sparen Sie 10 % bei Ihrem nächsten Einkauf.",
        "",
        "Ihr Gutscheincode: ZWEITER",
        "",
        "Sie können diesen Gutschein bis zum 31.12.2199 für alle von dieser Aktion umfassten "
        "Artikel einlösen. "
        "Der Mindestbestellwert beträgt 20,00 € netto.",
        "",
        "Dieser Gutschein kann insgesamt 2 Mal verwendet werden!",
    ]
    assert re.search(r"\nhttps?://\S+", objection)
    await anna.place("a-2", cart(line(5_000)))
    assert [voucher["order_id"] for voucher in await anna.vouchers()] == ["a-1"]
    await eventually(arrived)


async def test_the_code_takes_ten_percent_off_and_tells_how_often_it_still_works(
    shop: Dealer,
) -> None:
    """VO-35, VO-39, CH-3, X-6, X-10, N-4: a quote says what the order will be."""
    berta = shop.user("berta")
    await berta.place("b-1", cart(line(5_000)))
    await berta.vouchers()
    wanted = cart(line(3_333), line(3_333), line(3_333), voucher_code=" zweiter ")

    quote = (await berta.ask("POST", "checkout", "/quotes", wanted)).of(200)
    assert (await berta.vouchers())[0]["remaining_uses"] == 2, "a quote holds nothing"
    order = await berta.place("b-2", wanted)

    assert [one["voucher_cents"] for one in order["lines"]] == [334, 333, 333]
    assert (order["goods_cents"], order["net_cents"]) == (9_999, 8_999)
    for said in ("lines", "goods_cents", "net_cents", "voucher", "reward", "explanation"):
        assert quote[said] == order[said]

    [voucher] = await berta.vouchers()
    assert (voucher["status"], voucher["remaining_uses"]) == ("redeemed", 1)
    assert "noch 1 Mal" in voucher["notice"]
    query = {"campaign_id": "zweitkauf", "user": "berta"}
    shop.staff.saw(berta)
    page = (await shop.staff.ask("GET", "vouchers", "/redeemed-vouchers", **query)).of(200)
    assert [(use["order_id"], use["discount_cents"]) for use in page["items"]] == [("b-2", 1_000)]

    await berta.place("b-3", cart(line(2_000), voucher_code="ZWEITER"))
    spent = (
        await berta.ask("PUT", "checkout", "/orders/b-4", cart(line(2_000), voucher_code="ZWEITER"))
    ).refused("user-limit")
    assert spent["remaining_uses"] == 0


async def test_what_is_refused_says_how_much_is_missing(shop: Dealer) -> None:
    """VO-16, CH-4, X-7, Q6: and the same cart can be ordered without it."""
    carla, dora = shop.user("carla"), shop.user("dora")
    await carla.place("c-1", cart(line(1_000)))
    await carla.vouchers()
    small = cart(line(1_999), voucher_code="ZWEITER")

    no = (await carla.ask("PUT", "checkout", "/orders/c-2", small)).refused("minimum-not-reached")
    assert (no["missing_cents"], no["minimum_cents"]) == (1, 2_000)
    assert "0,01 €" in no["detail"]
    quote = (await carla.ask("POST", "checkout", "/quotes", small)).of(200)
    assert [(one["code"], one["facts"]["missing_cents"]) for one in quote["refused"]] == [
        ("minimum-not-reached", 1)
    ]
    order = await carla.place("c-2", small | {"if_refused": "order-without"})
    assert order["voucher"] is None
    assert [one["code"] for one in order["refused"]] == ["minimum-not-reached"]
    [voucher] = await carla.vouchers()
    assert voucher["remaining_uses"] == 2, "nothing is used up"

    for code, why in (("ZWEITER", "not-issued"), ("GIBTSNICHT", "code-unknown")):
        offered = cart(line(2_000), voucher_code=code)
        (await dora.ask("PUT", "checkout", "/orders/d-1", offered)).refused(why)


async def test_points_wait_fourteen_days_then_pay_for_a_reward(dealer: Dealer) -> None:
    """BO-1, BO-2, BO-14, BO-16, BO-41, Q26, X-30: by business time."""
    await dealer.programme(reward_points=100, reward_cents=500, pending_days=14)
    rights = ["import-orders"]
    emil = dealer.user("emil", rights=rights)
    goods = (line(9_999), line(118), line(99))
    await emil.place("e-1", cart(*goods, placed_at="2025-03-01T12:00:00+01:00"))

    account = await emil.account()
    assert (account["points_accrued"], account["lots"][0]["active_from"]) == (100, "2025-03-15")
    for day, active in (("14T23:59:59", 0), ("15T00:00:00", 100)):
        then = (await emil.ask("GET", "bonus", "/accounts/emil", at=f"2025-03-{day}+01:00")).of(200)
        assert (then["active_points"], then["pending_points"]) == (active, 100 - active)

    early = cart(line(2_000), reward_id="praemie", placed_at="2025-03-14T12:00:00+01:00")
    no = (await emil.ask("PUT", "checkout", "/orders/e-2", early)).refused("points-missing")
    assert (no["missing_points"], no["available_points"]) == (100, 0)
    late = cart(
        line(2_000), line(1_000), reward_id="praemie", placed_at="2025-03-15T12:00:00+01:00"
    )
    order = await emil.place("e-2", late)
    assert (order["reward"]["discount_cents"], order["net_cents"]) == (500, 2_500)
    assert [one["reward_cents"] for one in order["lines"]] == [333, 167]
    account = await emil.account()
    assert (account["points_redeemed"], account["points_held"]) == (100, 0)
    query = {"at": order["placed_at"]}
    then = (await emil.ask("GET", "bonus", "/accounts/emil", **query)).of(200)
    assert (then["active_points"], then["pending_points"]) == (0, 30)


async def test_cancelling_gives_everything_back_once(shop: Dealer, zugabe: Stack) -> None:
    """X-2, X-4, Q7: the voucher's use, the reward, the points; and the code, with its mail."""
    fritz = shop.user("fritz")
    await fritz.place("f-1", cart(line(15_000)))
    await fritz.vouchers()
    await fritz.account()
    order = await fritz.place(
        "f-2", cart(line(10_000), voucher_code="ZWEITER", reward_id="praemie")
    )
    assert order["net_cents"] == 10_000 - 1_000 - 500
    before = await fritz.account()
    assert (before["active_points"], before["points_redeemed"]) == (150 - 100 + 100, 100)

    for _ in range(3):
        await fritz.cancel("f-2")
    [voucher] = await fritz.vouchers()
    assert (voucher["status"], voucher["remaining_uses"]) == ("unused", 2)
    after = await fritz.account()
    assert (after["points_returned"], after["points_reversed"]) == (100, 100)
    assert (after["active_points"], after["points_owed"]) == (150, 0)

    await fritz.place("f-3", cart(line(2_000), reward_id="praemie"))
    await fritz.cancel("f-1")
    spent = await fritz.account()
    assert (spent["active_points"], spent["points_owed"]) == (0, 150 - (50 + 20))
    [voucher] = await fritz.vouchers()
    assert voucher["status"] == "revoked"

    async def told() -> None:
        found = mails.to(f"fritz@{shop.name}.test", zugabe.addresses["mails"])
        assert [str(mail["Subject"]) for mail in found] == [
            "Ihr Aktionsgutschein",
            "Ihr Aktionsgutschein ist nicht mehr gültig",
        ]

    await eventually(told)
    (await fritz.ask("PUT", "checkout", "/orders/f-1", cart(line(1)))).refused("already-ordered")


async def test_an_order_that_is_sent_again_is_the_same_order(shop: Dealer) -> None:
    """X-12: with an Idempotency-Key and without; other words under either are refused."""
    gerda = shop.user("gerda")
    for order_id, key in (("g-1", None), ("g-2", "key-1")):
        path, order = f"/orders/{order_id}", cart(line(1_000))
        first = (await gerda.ask("PUT", "checkout", path, order, key=key)).of(201)
        again = await asyncio.gather(
            *(gerda.ask("PUT", "checkout", path, order, key=key) for _ in range(5))
        )
        assert [one.of(200) for one in again] == [first] * 5
        other = await gerda.ask("PUT", "checkout", path, cart(line(1_001)), key=key)
        if key is None:
            other.refused("already-ordered")
        else:
            other.refused("idempotency-key-reused", status=422)
    page = (await gerda.ask("GET", "checkout", "/orders")).of(200)
    assert [order["order_id"] for order in page["items"]] == ["g-2", "g-1"]
    account = await gerda.account()
    assert (account["orders_accrued"], account["points_accrued"]) == (2, 20)


@pytest.mark.parametrize("patience", ["none", "until-it-answers"])
@pytest.mark.parametrize("with_holds", [False, True], ids=["plain", "with-holds"])
async def test_a_retry_whose_first_answer_was_lost(
    shop: Dealer, zugabe: Stack, patience: str, with_holds: bool
) -> None:
    """X-12: the line goes dead after sending, or just as the answer comes; the repeat finds it."""
    hans = shop.user("hans")
    await hans.place("h-1", cart(line(10_000)))
    await hans.vouchers()
    await hans.account()
    more = {"voucher_code": "ZWEITER", "reward_id": "praemie"} if with_holds else {}
    wanted = cart(line(10_000), **more)

    for _ in range(3):
        await send_and_hang_up(hans, "/orders/h-2", wanted, wait=patience != "none")
    answer = await hans.insist("PUT", "checkout", "/orders/h-2", wanted)
    order = answer.of(200) if patience == "until-it-answers" else answer.of(200, 201)

    assert order["net_cents"] == 10_000 - (1_000 + 500 if with_holds else 0)
    account = await hans.account()
    assert (account["orders_accrued"], account["points_accrued"]) == (2, 200)
    assert (account["points_redeemed"], account["points_held"]) == (100 * with_holds, 0)
    [voucher] = await hans.vouchers()
    assert (voucher["uses"], voucher["holds"]) == (int(with_holds), [])
    placed = [
        one.data["order_id"]
        for one in await topics.everything(zugabe.addresses["kafka"], "checkout", shop.name)
        if one.name == "order-placed"
    ]
    assert placed == ["h-1", "h-2"]


async def send_and_hang_up(person: Person, path: str, order: object, *, wait: bool) -> None:
    """A request whose answer is not read; `wait` until it begins to arrive."""
    url = urlsplit(person.url("checkout", path))
    body = httpx.Request("PUT", url.geturl(), json=order).content  # as `Person` sends it
    head = (
        f"PUT {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\n"
        f"Authorization: Bearer {person.bearer}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(head.encode() + body)
    await writer.drain()
    if wait:
        await reader.read(1)
    writer.transport.abort()
