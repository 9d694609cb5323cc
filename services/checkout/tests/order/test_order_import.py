"""X-30: batches of past orders, each order placed once and as a single request would place it."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta, timezone
from typing import Any

import httpx
import pytest
from checkout_tests.fakes import HOLD_SECONDS, LINES, NOON, Shop, context, lost
from checkout_tests.storm import CrashError, Wish
from pydantic import ValidationError

from checkout.approval.gate import ApprovalGate
from checkout.numbers.allocator import OrderNumbers
from checkout.order.bodies import CartBody, ImportBody
from checkout.order.import_api import MAX_BODY_BYTES
from checkout.order.order_import import MAX_SECONDS, ImportOrders, PastOrder
from checkout.order.place_request import Request
from checkout.order.placement import PlaceOrder
from checkout.peer.ports import Reason
from checkout.pricing.vat_rates import GERMANY
from zugabe_events.contracts.checkout import OrderPlaced
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.event import derived_id
from zugabe_events.domain.money import euros

LAST_YEAR = NOON - timedelta(days=365)
POOR = Reason("points-missing", "Es fehlen 12 Punkte.", {"missing_points": 12})


def past(order_id: str, user: str = "anna", day: int = 0, **changes: Any) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "user": user,
        "customer": "c1",
        "placed_at": (LAST_YEAR + timedelta(days=day)).isoformat(),
        "lines": LINES,
        **changes,
    }


async def send(shop: Shop, *orders: dict[str, Any], caller: str = "service") -> httpx.Response:
    return await shop.ask("POST", "/order-imports", {"orders": orders}, caller)


async def results(shop: Shop, *orders: dict[str, Any], caller: str = "service") -> list[Any]:
    answer = await send(shop, *orders, caller=caller)
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["results"]
    return found


def statuses(found: list[Any]) -> list[str]:
    return [one["status"] for one in found]


def placed(shop: Shop) -> list[OrderPlaced]:
    return [event for event in shop.events if isinstance(event, OrderPlaced)]


async def test_each_order_of_a_batch_has_a_result_and_its_own_time(shop: Shop) -> None:
    answer = await send(shop, past("o1"), past("o2", "bert", 3))

    assert answer.json()["results"] == [
        {
            "order_id": order_id,
            "status": "placed",
            "order_number": number,
            "net_cents": 5_333,
            "refused": [],
        }
        for order_id, number in (("o1", "1000001"), ("o2", "1000002"))
    ]
    assert {token.split(".")[0] for token in answer.headers["Zugabe-Token"].split(",")} == {
        "checkout"
    }
    assert [(order.user, order.placed_at, order.imported) for order in placed(shop)] == [
        ("anna", LAST_YEAR, True),
        ("bert", LAST_YEAR + timedelta(days=3), True),
    ]


async def test_an_imported_order_is_the_one_that_a_single_request_places(shop: Shop) -> None:
    cart: dict[str, Any] = {
        "voucher_code": "TEN",
        "reward_id": "fiver",
        "if_refused": "order-without",
    }
    single = Shop()
    body = past("o1", **cart)
    del body["order_id"]
    await single.ask("PUT", "/orders/o1", body, "service")
    assert statuses(await results(shop, past("o1", **cart))) == ["placed"]
    assert shop.events == single.events


async def test_orders_of_a_user_are_placed_by_their_time_whatever_their_place(shop: Shop) -> None:
    found = await results(
        shop, past("third", day=9), past("first"), past("other", "bert"), past("second", day=1)
    )
    assert [one["order_id"] for one in found] == ["third", "first", "other", "second"]
    own = [order.order_id for order in placed(shop) if order.user == "anna"]
    assert own == ["first", "second", "third"]


async def test_a_hold_sees_the_earlier_orders_of_this_batch_and_of_those_before(
    shop: Shop,
) -> None:
    """Points and vouchers that one order earns pay for the next."""
    first = await send(shop, past("o1"), past("o2", "bert"))
    before = first.headers["Zugabe-Token"]
    await shop.ask(
        "POST",
        "/order-imports",
        {
            "orders": [
                past("o3", day=1, voucher_code="TEN"),
                past("o4", day=2, reward_id="fiver"),
            ]
        },
        "service",
        tokens=before,
    )
    assert shop.vouchers.after["o3"] == before.split(",")
    [own] = shop.bonus.after["o4"]
    part_and_time = Token.parse(own)
    assert part_and_time > Token.parse(before.split(",")[0])
    appended = [one.token for commit, one in shop.store.commits if commit.stream.id.endswith("/o3")]
    assert part_and_time == appended[-1]


async def test_a_repeated_batch_places_nothing_and_names_the_same_orders(shop: Shop) -> None:
    """X-12: whoever repeats it, and in whatever batch."""
    orders = [past("o1"), past("o2", day=1, voucher_code="TEN"), past("o3", "bert")]
    first = await results(shop, *orders)
    events = shop.events
    again = await results(shop, *orders)
    others = await results(shop, past("o4", "cleo"), *reversed(orders), caller="central")

    assert statuses(again) == ["there-already"] * 3
    assert statuses(others) == ["placed", *["there-already"] * 3]
    for repeated in (again, others[:0:-1]):
        assert [one["order_number"] for one in repeated] == [one["order_number"] for one in first]
        assert [one["net_cents"] for one in repeated] == [one["net_cents"] for one in first]
    assert shop.events[:-1] == events


async def test_an_order_that_came_alone_is_there_already(shop: Shop) -> None:
    body = past("o1", voucher_code="TEN")
    del body["order_id"]
    await shop.ask("PUT", "/orders/o1", body, "service")
    [found] = await results(shop, past("o1", voucher_code="TEN"))
    assert (found["status"], found["order_number"], found["net_cents"]) == (
        "there-already",
        "1000001",
        4_800,
    )


@pytest.mark.parametrize(
    "other",
    [
        past("o1", "bert"),
        past("o1", customer="c2"),
        past("o1", day=1),
        past("o1", lines=LINES[:1]),
        past("o1", lines=[{**LINES[0], "article": "0018"}, LINES[1]]),
        past("o1", voucher_code="TEN"),
        past("o1", reward_id="fiver"),
    ],
)
async def test_another_order_under_an_id_that_is_taken_is_refused(
    shop: Shop, other: dict[str, Any]
) -> None:
    assert statuses(await results(shop, past("o1"), other, past("o2", "cleo"))) == [
        "placed",
        "refused",
        "placed",
    ]
    [found] = await results(shop, other)
    code = "already-ordered" if other["user"] == "anna" else "order-id-taken"
    assert (found["status"], found["code"]) == ("refused", code)


@pytest.mark.parametrize("other", [{}, {"voucher_code": "TEN"}, {"reward_id": "fiver"}])
async def test_a_voucher_or_reward_is_not_lost_under_an_id_that_is_taken(
    shop: Shop, other: dict[str, Any]
) -> None:
    """X-30: whoever adds or removes one afterwards is told that nothing was changed."""
    await results(shop, past("o1", voucher_code="TEN", reward_id="fiver"))
    events = shop.events
    [found] = await results(shop, past("o1", **other))
    assert (found["status"], found["code"]) == ("refused", "already-ordered")
    assert shop.events == events


@pytest.mark.parametrize(
    "changes",
    [
        {"placed_at": LAST_YEAR.astimezone(timezone(timedelta(hours=2))).isoformat()},
        {"orderer": {"name": "Anna Ast", "email": "anna@example.org"}},
        {"if_refused": "refuse"},
    ],
)
@pytest.mark.parametrize("cancelled", [False, True])
async def test_an_order_written_in_another_way_is_there_already(
    shop: Shop, changes: dict[str, Any], cancelled: bool
) -> None:
    """X-30: it is told again what the order was placed without."""
    shop.bonus.refusing = POOR
    order = past("o1", voucher_code="TEN", reward_id="fiver", if_refused="order-without")
    [first] = await results(shop, order)
    if cancelled:
        await shop.ask("POST", "/orders/o1/cancellation", {"reason": "not-needed"}, "staff")
    assert await results(shop, {**order, **changes}) == [{**first, "status": "there-already"}]


async def test_a_refused_order_says_why_and_the_next_ones_are_placed(shop: Shop) -> None:
    """X-7"""
    shop.bonus.refusing = POOR
    found = await results(shop, past("o1", reward_id="fiver"), past("o2", day=1))
    assert found[0] == {
        "order_id": "o1",
        "status": "refused",
        "code": "points-missing",
        "detail": "Es fehlen 12 Punkte.",
        "facts": {"missing_points": 12},
    }
    assert statuses(found) == ["refused", "placed"]


async def test_an_order_may_be_placed_without_what_is_refused(shop: Shop) -> None:
    shop.bonus.refusing = POOR
    [found] = await results(shop, past("o1", reward_id="fiver", if_refused="order-without"))
    assert found["status"] == "placed"
    assert found["refused"] == [
        {
            "offered": "fiver",
            "code": "points-missing",
            "detail": "Es fehlen 12 Punkte.",
            "kind": "reward",
        }
    ]


async def test_what_is_not_past_is_refused_alone(shop: Shop) -> None:
    found = await results(shop, past("o1", day=365), past("o2", "bert"))
    assert statuses(found) == ["refused", "placed"]
    assert found[0]["code"] == "placed-at-not-past"


async def test_without_an_answer_a_user_waits_and_the_others_do_not(shop: Shop) -> None:
    """Their later orders must not overtake; repeating the batch places the rest."""
    shop.vouchers.before_holding = lost
    batch = [past("o1", voucher_code="TEN"), past("o2", day=1), past("o3", "bert")]
    found = await results(shop, *batch)
    assert [(one["status"], one.get("code")) for one in found] == [
        ("postponed", "unavailable"),
        ("postponed", "earlier-order-postponed"),
        ("placed", None),
    ]
    shop.vouchers.before_holding = lambda: None
    assert statuses(await results(shop, *batch)) == ["placed", "placed", "there-already"]
    assert [order.order_id for order in placed(shop)] == ["o3", "o1", "o2"]


async def test_after_a_crash_in_the_middle_the_same_batch_places_the_rest(shop: Shop) -> None:
    """X-12: what was held before the crash is what the order is placed with."""

    def crash() -> None:
        raise CrashError

    batch = [
        past("o1"),
        past("o2", day=1, voucher_code="TEN", reward_id="fiver"),
        past("o3", day=2),
        past("o4", "bert"),
    ]
    shop.bonus.before_holding = crash
    assert (await send(shop, *batch)).status_code == 500
    assert "o2" not in [order.order_id for order in placed(shop)]
    shop.bonus.before_holding = lambda: None
    assert set(statuses(await results(shop, *batch))) == {"placed", "there-already"}
    orders = placed(shop)
    assert sorted(order.order_id for order in orders) == ["o1", "o2", "o3", "o4"]
    assert shop.vouchers.held == shop.bonus.held == {("o2", 1)}
    assert len({order.order_number for order in orders}) == 4


async def test_the_same_batch_at_the_same_time_places_each_order_once(shop: Shop) -> None:
    batch = [
        past(f"o{number}", f"u{number % 3}", number, voucher_code="TEN" if number % 2 else None)
        for number in range(12)
    ]
    answers = await asyncio.gather(*(results(shop, *batch) for _ in range(5)))
    assert {status for found in answers for status in statuses(found)} <= {
        "placed",
        "there-already",
    }
    assert sorted(order.order_id for order in placed(shop)) == sorted(
        order["order_id"] for order in batch
    )
    for number in range(12):
        numbers = {found[number]["order_number"] for found in answers}
        assert len(numbers) == 1, "all are told of the same order"


async def test_one_order_twice_in_a_batch_is_one_order(shop: Shop) -> None:
    assert sorted(statuses(await results(shop, past("o1"), past("o1")))) == [
        "placed",
        "there-already",
    ]
    assert len(placed(shop)) == 1


@pytest.mark.parametrize("caller", ["anna", "staff", "stranger"])
async def test_who_may_not_import_imports_nothing(shop: Shop, caller: str) -> None:
    """X-16"""
    answer = await send(shop, past("o1"), caller=caller)
    assert answer.status_code == 403
    assert shop.store.commits == []


async def test_the_right_to_import_is_for_the_own_dealer(shop: Shop) -> None:
    """X-16, X-28"""
    for dealer, status in (("d2", 403), ("d1", 200)):
        answer = await shop.ask(
            "POST", "/order-imports", {"orders": [past("o1")]}, "importer", dealer=dealer
        )
        assert answer.status_code == status
    assert [order.dealer for order in placed(shop)] == ["d1"]


async def test_the_name_of_an_orderer_is_sealed(shop: Shop) -> None:
    """N-8"""
    orderer = {"name": "Bert Buche", "email": "bert@example.org"}
    await results(shop, past("o1", "bert", orderer=orderer))
    assert "Bert Buche" not in str(shop.events)
    assert "bert@" not in str(shop.events)
    order = await shop.ask("GET", "/orders/o1", caller="importer")
    assert order.json()["orderer"] == orderer


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"lines": [{**LINES[0], "quantity": 0}]}, "lines.0.quantity"),
        ({"placed_at": None}, "placed_at"),
        ({"user": "../x"}, "user"),
        ({"total": 5}, "total"),
    ],
)
async def test_a_bad_row_is_named_and_nothing_of_the_batch_is_placed(
    shop: Shop, changes: dict[str, Any], where: str
) -> None:
    """X-10"""
    answer = await send(shop, past("o1"), past("o2", **changes))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert f"body.orders.1.{where}" in [error["where"] for error in answer.json()["errors"]]
    assert shop.store.commits == []


async def test_a_batch_has_its_limits(shop: Shop) -> None:
    """X-10"""
    small: dict[str, Any] = {"lines": LINES[:1]}
    many = [past(f"o{number}", f"u{number}", **small) for number in range(501)]
    assert statuses(await results(shop, *many[:500])) == ["placed"] * 500
    answer = await send(shop, *many)
    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        [{"where": "body.orders", "detail": "Zu viele Einträge, höchstens 500."}],
    )
    long = [past(f"p{number}", lines=LINES[:1] * 1_000) for number in range(6)]
    answer = await send(shop, *long)
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error == {
        "where": "body.orders",
        "detail": "Zu viele Positionen in einer Sendung, höchstens 5.000.",
    }
    assert (await send(shop)).status_code == 422
    answer = await send(shop, past("x" * MAX_BODY_BYTES))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize("orders", [[{"lines": [{}] * 1_000}] * 6, [0] * 501])
def test_bad_rows_are_not_described_one_by_one_beyond_the_limits(orders: list[Any]) -> None:
    """X-10: a body below its limit has room for millions of them."""
    with pytest.raises(ValidationError) as refused:
        ImportBody.model_validate({"orders": orders})
    assert refused.value.error_count() == 1


def test_bad_lines_of_a_cart_are_not_described_beyond_the_limit() -> None:
    """X-10: nor are those of a single order or a quote."""
    with pytest.raises(ValidationError) as refused:
        CartBody.model_validate({"lines": [0] * 1_001})
    assert refused.value.error_count() == 1


async def test_what_has_not_begun_in_time_is_postponed(shop: Shop) -> None:
    """The caller gets an answer; the next request goes on."""
    times: Iterator[float] = iter([0.0, 1.0, MAX_SECONDS + 1])
    placement = PlaceOrder(
        shop.store,
        OrderNumbers(shop.store, lambda: derived_id("numbers")),
        shop.catalogue,
        shop.vouchers,
        shop.bonus,
        GERMANY,
        ApprovalGate(shop.buyers),
        timedelta(seconds=HOLD_SECONDS),
    )
    imports = ImportOrders(shop.store, placement, lambda: next(times))

    def order(order_id: str) -> PastOrder:
        async def request(after: object) -> Request:
            cart = Wish(order_id, 1, voucher=False, reward=False, without_refused=False, process=0)
            return Request(cart.cart(LAST_YEAR), context(), derived_id(order_id), "")

        return PastOrder(order_id, "anna", LAST_YEAR, request)

    found = await imports.run([order("o1"), order("o2"), order("o3")], [], lambda _: None)
    assert [(one.status, getattr(one, "code", None)) for one in found] == [
        ("placed", None),
        ("postponed", "out-of-time"),
        ("postponed", "earlier-order-postponed"),
    ]
    assert euros(placed(shop)[0].net_cents) == "13,33 €"


async def test_the_time_of_an_order_is_kept_in_utc_whatever_offset_it_came_with(shop: Shop) -> None:
    """D16"""
    order = {**past("o1"), "placed_at": "2026-02-01T10:00:00+02:00"}
    assert statuses(await results(shop, order)) == ["placed"]
    [placed] = shop.events
    assert isinstance(placed, OrderPlaced)
    assert placed.placed_at.isoformat() == "2026-02-01T08:00:00+00:00"
    shown = (await shop.ask("GET", "/orders/o1", caller="staff")).json()
    assert shown["placed_at"] == "2026-02-01T08:00:00Z"
