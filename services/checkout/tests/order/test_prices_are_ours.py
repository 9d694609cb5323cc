"""S1, Q34: buyers name articles and quantities; price, brand and group come from the catalogue."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from checkout_tests.catalogue import each
from checkout_tests.fakes import LINES, NOON, Shop

from zugabe_events.contracts.catalog_shops import ArticleDelisted
from zugabe_events.contracts.checkout import OrderPlaced
from zugabe_events.domain.consistency_token import Token
from zugabe_events.eventstore.commits import MAX_EVENT_BYTES

WANTED: list[dict[str, Any]] = [
    {"article": "S-1", "quantity": 250},
    {"article": "7", "quantity": 2},
]


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    shop.told.grouped("tools", "Werkzeug")
    shop.told.grouped("screws", "Schrauben", parent="tools")
    shop.told.branded("wuerth", "Würth")
    shop.told.listed("S-1", "Schraube", brand="wuerth", groups=("screws",))
    shop.told.priced("S-1", each("3.49", unit=100))
    shop.told.sold("7", "5.00", "Stift")
    return shop


async def test_a_user_orders_by_number_and_quantity(shop: Shop) -> None:
    """Q34, X-34, N-4"""
    order = (await shop.place(caller="otto", lines=WANTED)).json()
    assert [line["net_cents"] for line in order["lines"]] == [873, 1_000]
    assert order["net_cents"] == 1_873
    assert order["explanation"] == [
        "250 × Schraube (3,49 € je 100): 8,73 €, kaufmännisch gerundet.",
        "2 × Stift (5,00 €): 10,00 €.",
        "Warenwert netto: 18,73 € (2 Positionen).",
        "Zu zahlen netto: 18,73 €.",
        "Umsatzsteuer 19 % auf 18,73 €: 3,56 €.",
        "Zu zahlen brutto: 22,29 €.",
    ]
    placed = shop.events[-1]
    assert isinstance(placed, OrderPlaced)
    assert placed.lines[0].from_catalogue is not None
    assert placed.lines[0].from_catalogue.groups == ("screws", "tools")
    [shown] = (await shop.ask("GET", "/orders", caller="otto")).json()["items"]
    assert shown["lines"] == order["lines"]
    assert shown["lines"][0]["from_catalogue"]["price_amount"] == "3.49"


@pytest.mark.parametrize(
    "made_up",
    [
        {"unit_cents": 1_000_000_000},
        {"unit_cents": 1},
        {"brand": "Soennecken"},
        {"product_group": "Papier"},
        {"unit_cents": 1, "brand": "", "product_group": ""},
    ],
)
@pytest.mark.parametrize(
    "caller", ["otto", "ordinary-staff", "ordinary-central", "ordinary-service", "importer"]
)
async def test_an_ordinary_caller_names_no_price_brand_or_group(
    shop: Shop, caller: str, made_up: dict[str, Any]
) -> None:
    """S1"""
    lines = [WANTED[0], {**WANTED[1], **made_up}]
    buyer = {} if caller == "otto" else {"user": "otto", "customer": "c1"}
    for answer in (
        await shop.place(caller=caller, lines=lines, **buyer),
        await shop.quote(caller, lines=lines, **buyer),
    ):
        assert answer.status_code == 403
        assert (answer.json()["code"], answer.json()["right"]) == ("forbidden", "set-prices")
    assert shop.events == []
    assert shop.bonus.seen == []


async def test_with_the_right_prices_are_taken_as_they_are_and_the_order_says_so(
    shop: Shop,
) -> None:
    """Q34: even while the catalogue is behind, whose prices are not asked for."""
    shop.is_behind = True
    order = (await shop.place(lines=LINES)).json()
    assert order["net_cents"] == 5_333
    assert {line["price_source"] for line in order["lines"]} == {"caller"}
    assert [line["from_catalogue"] for line in order["lines"]] == [None, None]
    assert (await shop.quote(lines=LINES)).json()["net_cents"] == 5_333


async def test_orders_of_the_past_bring_their_prices(shop: Shop) -> None:
    """X-30"""
    past = {"placed_at": "2025-01-31T12:00:00Z", "user": "otto", "customer": "c1"}
    answer = await shop.place(caller="importer", lines=LINES, **past)
    assert (answer.status_code, answer.json()["net_cents"]) == (201, 5_333)
    without = {"orders": [{**past, "order_id": "o2", "lines": WANTED}]}
    assert (await shop.ask("POST", "/order-imports", without, "importer")).status_code == 422


async def test_an_order_of_the_past_without_prices_has_those_of_its_time(shop: Shop) -> None:
    """X-40"""
    shop.told.priced("7", each("9.00"), since=NOON - timedelta(hours=1))
    past = {"placed_at": "2025-01-31T12:00:00Z", "user": "otto", "customer": "c1"}
    answer = await shop.place(caller="importer", lines=WANTED[1:], **past)
    assert answer.json()["net_cents"] == 1_000


async def test_a_cart_is_priced_by_one_side(shop: Shop) -> None:
    half = {name: value for name, value in LINES[0].items() if name != "brand"}
    for lines in ([LINES[0], WANTED[1]], [half]):
        for answer in (await shop.place(lines=lines), await shop.quote(lines=lines)):
            assert (answer.status_code, answer.json()["code"]) == (422, "prices-mixed")
    assert shop.events == []


async def test_lines_that_cannot_be_ordered_are_refused_with_their_reasons(shop: Shop) -> None:
    """X-7, GA-7"""
    shop.told.listed("cup", "Tasse", use="gift", catalogue_flag=1)
    lines = [*WANTED, {"article": "cup", "quantity": 1}, {"article": " nowhere ", "quantity": 1}]
    for answer in (
        await shop.place(caller="otto", lines=lines, voucher_code="TEN"),
        await shop.quote("otto", lines=lines, voucher_code="TEN"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "lines-refused")
        assert answer.json()["lines"] == [
            {
                "line": "3",
                "article": "cup",
                "code": "article-is-gift",
                "detail": "„Tasse“ (cup) ist ein Dankeschönartikel und nicht verkäuflich.",
            },
            {
                "line": "4",
                "article": "nowhere",
                "code": "article-unknown",
                "detail": "Den Artikel nowhere gibt es nicht.",
            },
        ]
    assert shop.events == []


async def test_a_number_is_normalised_once_at_the_edge(shop: Shop) -> None:
    """X-9: composed, and without space around; leading zeros and case count."""
    shop.told.sold("Ö-1", "2.00")
    order = (
        await shop.place(caller="otto", lines=[{"article": " O\u0308-1 ", "quantity": 1}])
    ).json()
    assert (order["lines"][0]["article"], order["net_cents"]) == ("Ö-1", 200)
    for number in ("ö-1", "007"):
        answer = await shop.place("o2", "otto", lines=[{"article": number, "quantity": 1}])
        assert answer.json()["lines"][0]["code"] == "article-unknown"


async def test_points_and_vouchers_see_what_the_catalogue_says(shop: Shop) -> None:
    """S1: quotes and orders alike."""
    offered = {"voucher_code": "TEN", "reward_id": "fiver"}
    await shop.quote("otto", lines=WANTED, **offered)
    await shop.place(caller="otto", lines=WANTED, **offered)

    def of(lines: Sequence[Any]) -> list[tuple[str, str, int]]:
        return [(line.brand, line.product_group, line.net_cents) for line in lines]

    expected = [("wuerth", "screws", 873), ("", "", 1_000)]
    assert [of(lines) for lines in shop.vouchers.seen] == [expected, expected]
    assert [of(lines) for lines in shop.bonus.seen] == [expected, expected]
    placed = shop.events[-1]
    assert isinstance(placed, OrderPlaced)
    assert of(placed.lines) == expected


async def test_far_behind_the_catalogue_nothing_is_priced(shop: Shop) -> None:
    """Q34: rather than wrongly."""
    shop.is_behind = True
    for answer in (
        await shop.place(caller="otto", lines=WANTED, voucher_code="TEN"),
        await shop.quote("otto", lines=WANTED),
    ):
        assert (answer.status_code, answer.json()["code"]) == (503, "prices-updating")
        assert answer.json()["detail"].startswith("Die Preise werden gerade aktualisiert.")
        assert answer.headers["Retry-After"] == "10"
    assert shop.events == []
    shop.is_behind = False
    assert (await shop.place(caller="otto", lines=WANTED)).status_code == 201


@pytest.mark.parametrize("path", ["/quotes", "/orders/o1"])
async def test_who_brings_a_token_of_the_catalogue_waits_for_it(
    shop: Shop, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read your writes, labels included."""
    method = "POST" if path == "/quotes" else "PUT"
    await shop.quote("otto", lines=WANTED)
    awaited: list[str] = []

    async def caught_up(tokens: Sequence[Token]) -> None:
        awaited.extend(map(str, tokens))
        shop.told.priced("7", each("4.00"))
        shop.told.branded("wuerth", "Adolf Würth")

    monkeypatch.setattr(shop.documents, "caught_up", caught_up)
    token = "catalog-shops.0.1.1"
    answer = await shop.ask(method, path, {"lines": WANTED}, "otto", tokens=token)
    assert awaited == [token]
    assert answer.json()["net_cents"] == 1_673
    assert answer.json()["lines"][0]["from_catalogue"]["brand_name"] == "Adolf Würth"
    await shop.ask("PUT", "/orders/o2", {"lines": LINES}, tokens=token)
    assert awaited == [token, token], "terms of sale count at own prices as well"


async def test_a_repeated_order_keeps_its_first_prices(shop: Shop) -> None:
    """X-12: whatever the catalogue says by now."""
    plain: dict[str, Any] = {"lines": WANTED[1:]}
    for order_id, cart in (("o1", plain), ("o2", {**plain, "voucher_code": "TEN"})):
        first = await shop.place(order_id, "otto", **cart)
        assert first.status_code == 201
        shop.told.priced("7", each("9.00"))
        assert (await shop.place(order_id, "otto", **cart)).json() == first.json()
        shop.documents.fold(ArticleDelisted("central", "7", NOON))
        assert (await shop.place(order_id, "otto", **cart)).json() == first.json()
        shop.is_behind = True
        again = await shop.place(order_id, "otto", **cart)
        assert (again.status_code, again.json()) == (200, first.json())
        shop.is_behind = False
        shop.told.sold("7", "5.00", "Stift")
    refused = await shop.place("o3", "otto", lines=[{"article": "nowhere", "quantity": 1}])
    assert refused.json()["code"] == "lines-refused", "only what was placed is answered"


async def test_another_body_under_the_key_of_an_order_is_refused_before_its_lines_are(
    shop: Shop,
) -> None:
    """X-12"""
    await shop.place("o1", "otto", key="k", lines=WANTED)
    answer = await shop.place("o1", "otto", key="k", lines=[{"article": "nowhere", "quantity": 1}])
    assert answer.json()["code"] == "idempotency-key-reused"


async def test_a_cart_that_does_not_fit_into_an_event_is_refused(shop: Shop) -> None:
    long = {"media": tuple(f"{number} " + "M" * 190 for number in range(20))}
    shop.told.sold("long", "1.00", "N" * 200, **long)
    lines = [{"article": "long", "quantity": 1}] * 1_000
    for answer in (
        await shop.place(caller="otto", lines=lines),
        await shop.quote("otto", lines=lines),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "cart-too-large")
    assert (await shop.place(caller="otto", lines=lines[:100])).status_code == 201


async def test_a_thousand_usual_lines_are_one_order(shop: Shop) -> None:
    answer = await shop.place(caller="otto", lines=WANTED * 500, voucher_code="TEN")
    assert (answer.status_code, answer.json()["goods_cents"]) == (201, 500 * 1_873)


async def test_the_largest_cart_that_can_be_quoted_can_be_ordered_with_all_offers(
    shop: Shop,
) -> None:
    """Discounts, taxes and gifts make the event larger; nothing is held for what would not fit."""
    shop.told.sold("dear", "999999.99", "N" * 120, media=tuple("M" * 40 + f"{n}" for n in range(3)))
    shop.told.gift_source("central")
    for number in range(100):
        shop.told.gift(f"gift-{number:03}", 1, name="G" * 200)
    offers: dict[str, Any] = {
        "voucher_code": "TEN",
        "more_codes": ["a", "b", "c", "d"],
        "reward_id": "fiver",
        "gifts": [{"gift": f"gift-{number:03}", "pieces": 1} for number in range(100)],
        "note": "ä" * 200,
    }
    lines = [{"article": "dear", "quantity": 1}]
    fewest, most = 100, 1_000
    while most - fewest > 1:
        middle = (fewest + most) // 2
        answer = await shop.quote("otto", lines=lines * middle)
        fewest, most = (middle, most) if answer.status_code == 200 else (fewest, middle)
    refused = await shop.quote("otto", lines=lines * most)
    assert refused.json()["code"] == "cart-too-large"
    order = await shop.place(caller="otto", lines=lines * fewest, **offers)
    assert order.status_code == 201
    stored = len(msgspec.json.encode(shop.events[-1]))
    assert MAX_EVENT_BYTES * 0.8 < stored <= MAX_EVENT_BYTES
