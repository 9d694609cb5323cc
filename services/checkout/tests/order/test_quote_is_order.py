"""CH-5, X-34: whatever is in the cart and in the catalogue, an order costs what its quote said.

The order names the quote, so that every figure of it is compared by the service as well.
"""

import asyncio
from decimal import Decimal
from fractions import Fraction
from typing import Any

from checkout_tests.catalogue import Told, price
from checkout_tests.fakes import Shop
from hypothesis import event, given, settings
from hypothesis import strategies as st

from zugabe_events.contracts.catalog_shops import TaxClass
from zugabe_events.contracts.checkout import SalesTerms, ShippingTerms
from zugabe_events.domain.prices import Price

QUANTITIES = st.one_of(st.integers(1, 12), st.integers(1, 100_000))

AMOUNTS = st.decimals(Decimal("0.0001"), Decimal("99.9999"), places=4).map(str)
UNITS = st.sampled_from((1, 1, 3, 100, 1_000))


def prices(*first: int) -> st.SearchStrategy[Price]:
    """Prices with one to three steps, which begin at one of these quantities."""
    further = st.dictionaries(st.sampled_from((10, 250)), AMOUNTS)
    return st.builds(
        lambda begin, amount, more, unit: price((begin, amount), *sorted(more.items()), unit=unit),
        st.sampled_from(first),
        AMOUNTS,
        further,
        UNITS,
    )


often = st.fixed_dictionaries(
    {"central": prices(1)}, optional={"dealer": prices(1), "agreed": prices(1, 5)}
)
seldom = st.dictionaries(st.sampled_from(("central", "dealer", "agreed")), prices(1, 5), max_size=2)
catalogues = st.fixed_dictionaries({"A": often, "B": often, "C": seldom, "D": seldom})
availabilities = st.sampled_from(("available",) * 8 + ("low", "out-of-stock"))
lines = st.lists(
    st.builds(
        lambda article, quantity: {"article": article, "quantity": quantity},
        st.sampled_from((*"AB" * 4, *"CD")),
        QUANTITIES,
    ),
    min_size=1,
    max_size=6,
)
gifts = st.lists(
    st.builds(
        lambda gift, pieces: {"gift": gift, "pieces": pieces},
        st.sampled_from(("cup", "bag")),
        st.integers(0, 3),
    ),
    max_size=3,
)
offers = st.fixed_dictionaries(
    {},
    optional={
        "voucher_code": st.just("TEN"),
        "more_codes": st.lists(st.sampled_from(("ELEVEN", "TWELVE", " ten ")), max_size=3),
        "reward_id": st.just("fiver"),
        "gifts": gifts,
        "removed_gifts": st.just(["cup"]),
        "delivery": st.sampled_from(({"country": "DE"}, {"country": "AT"})),
    },
)
limits = st.dictionaries(st.sampled_from(("cup", "bag")), st.integers(1, 100_000), max_size=2)
ways = st.builds(
    ShippingTerms,
    st.just("DE"),
    st.integers(0, 2_000),
    st.none() | st.integers(0, 200_000),
)
sales = st.fixed_dictionaries(
    {"gifts": limits, "mode": st.sampled_from(("per", "from")), "shipping": st.none() | ways}
)
tax_classes = st.sampled_from(("standard", "reduced", "zero"))
SAME = (
    "lines",
    "goods_cents",
    "voucher",
    "more_vouchers",
    "reward",
    "gifts",
    "shipping",
    "totals",
    "net_cents",
    "explanation",
)


@settings(max_examples=200, deadline=None)
@given(catalogues, availabilities, tax_classes, sales, lines, offers)
def test_an_order_costs_what_its_quote_said(
    catalogue: dict[str, dict[str, Any]],
    availability: str,
    tax: TaxClass,
    sale: dict[str, Any],
    wanted: list[dict[str, Any]],
    offered: dict[str, Any],
) -> None:
    """CH-5, CH-7, X-8, X-10, X-20, X-31, X-34"""
    shop = Shop()
    for number, by_source in catalogue.items():
        its_availability = availability if number == "D" else "available"
        its_tax = tax if number == "B" else "standard"
        shop.told.listed(number, availability=its_availability, tax=its_tax)
        tell(shop.told, number, by_source)
    set_up(shop.told, sale)
    cart: dict[str, Any] = {"lines": wanted, **offered}

    async def both() -> tuple[Any, Any]:
        quoted = await shop.quote("otto", **cart)
        promised = {"quote": quoted.json()["quote"]} if quoted.status_code == 200 else {}
        return quoted, await shop.place(caller="otto", **cart, **promised)

    quoted, placed = asyncio.run(both())
    quote, order = quoted.json(), placed.json()
    event(f"quoted with {quoted.status_code}, placed with {placed.status_code}")
    if quoted.status_code == 409:
        assert placed.status_code == 409
        assert order["lines"] == quote["lines"]
        assert shop.events == []
        return
    assert quoted.status_code == 200
    if cannot_be_ordered(quote):
        assert order["code"] in ("country-not-served", "gift-not-offered")
        assert "order-placed" not in shop.names
        return
    assert placed.status_code == 201, order
    assert {name: order[name] for name in SAME} == {name: quote[name] for name in SAME}
    for line, asked in zip(order["lines"], wanted, strict=True):
        said = line["from_catalogue"]
        exact = Fraction(said["price_amount"]) * asked["quantity"] / said["price_quantity"] * 100
        assert -Fraction(1, 2) < line["net_cents"] - exact <= Fraction(1, 2)
        left = line["net_cents"] - line["voucher_cents"] - line["reward_cents"]
        assert 0 <= left <= line["net_cents"]
    assert order["goods_cents"] == sum(line["net_cents"] for line in order["lines"])
    totals, charged = order["totals"], order["shipping"]
    assert totals["net_cents"] == order["net_cents"] + charged["cost_cents"]
    assert totals["gross_cents"] == totals["net_cents"] + totals["tax_cents"]
    taxes = [*order["lines"], *charged["taxes"]]
    assert totals["tax_cents"] == sum(one["tax_cents"] for one in taxes)


def cannot_be_ordered(quote: Any) -> bool:
    return quote["shipping"] is None or "gift-not-offered" in [
        notice["code"] for notice in quote["notices"]
    ]


def set_up(told: Told, sale: dict[str, Any]) -> None:
    told.gift_source("central")
    told.gift_mode(sale["mode"])
    for gift, limit_cents in sale["gifts"].items():
        told.gift(gift, limit_cents)
    if sale["shipping"] is not None:
        told.terms(SalesTerms(shipping=(sale["shipping"],)))


def tell(told: Told, number: str, by_source: dict[str, Any]) -> None:
    if "central" in by_source:
        told.priced(number, by_source["central"])
    if "dealer" in by_source:
        told.priced(number, by_source["dealer"], tenant="d1")
    if "agreed" in by_source:
        told.agreed(number, by_source["agreed"])
