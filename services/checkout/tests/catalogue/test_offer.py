"""Q34, X-34: which price counts for a line, and what it comes to."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from checkout_tests.catalogue import each, price
from checkout_tests.fakes import NOON
from checkout_tests.shelf import Shelf

from checkout.catalogue.refusals import LinesRefusedError
from checkout.pricing.explanation import explained
from checkout.pricing.goods import GoodsTooDearError
from zugabe_events.contracts.catalog_shops import (
    ArticleDelisted,
    ProductGroupPlaced,
    ProductGroupRemoved,
)
from zugabe_events.contracts.checkout import CatalogueLine, OrderLine

DAY = timedelta(days=1)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


async def test_a_line_has_all_that_the_catalogue_says(shelf: Shelf) -> None:
    """X-34, N-4: 250 × 3,49 / 100 are 8,725, rounded once."""
    told = shelf.told
    told.grouped("tools", "Werkzeug")
    told.grouped("screws", "Schrauben", parent="tools")
    told.branded("wuerth", "Würth")
    told.listed(
        "S-1",
        "Schraube",
        brand="wuerth",
        groups=("screws", "sale"),
        media=("Frühjahrskatalog",),
        tax="reduced",
        flags=("no-points",),
    )
    told.priced("S-1", each("3.49", unit=100))
    [line] = (await shelf.goods(("S-1", 250))).lines
    assert line == OrderLine(
        number=1,
        article="S-1",
        product_group="screws",
        brand="wuerth",
        quantity=250,
        unit_cents=3,
        net_cents=873,
        price_source="list",
        from_catalogue=CatalogueLine(
            name="Schraube",
            brand_name="Würth",
            groups=("screws", "tools", "sale"),
            media=("Frühjahrskatalog",),
            tax="reduced",
            flags=("no-points",),
            price_amount=Decimal("3.49"),
            price_quantity=100,
            price_version=1,
            tenant="central",
        ),
        excluded=("points",),
    )
    assert list(explained([line])) == [
        "250 × Schraube (3,49 € je 100): 8,73 €, kaufmännisch gerundet."
    ]


async def test_the_agreed_price_comes_before_the_dealers_before_the_central_one(
    shelf: Shelf,
) -> None:
    """Q34: also when it is higher."""
    told = shelf.told
    told.sold("7", "5.00", "Stift")
    seen = [await shelf.line("7")]
    told.priced("7", each("6.00"), tenant="d1")
    seen.append(await shelf.line("7"))
    told.agreed("7", each("7.00"))
    seen.append(await shelf.line("7", 3))
    assert [(line.price_source, line.net_cents) for line in seen] == [
        ("list", 500),
        ("dealer", 600),
        ("agreed", 2_100),
    ]
    assert {line.from_catalogue.tenant for line in seen if line.from_catalogue} == {"central"}
    assert list(explained(seen)) == [
        "1 × Stift (5,00 €): 5,00 €.",
        "1 × Stift (6,00 €): 6,00 €.",
        "3 × Stift (vereinbart 7,00 €): 21,00 €.",
    ]


async def test_an_explanation_says_for_how_many_pieces_a_price_is(shelf: Shelf) -> None:
    """N-4: that of one piece goes without saying, that of a pair does not."""
    shelf.told.listed("G-1", "Handschuh")
    shelf.told.priced("G-1", each("3.00", unit=2))
    assert list(explained([await shelf.line("G-1", 4)])) == ["4 × Handschuh (3,00 € je 2): 6,00 €."]


async def test_what_is_agreed_with_one_customer_is_nobody_elses_price(shelf: Shelf) -> None:
    shelf.told.sold("7", "5.00")
    shelf.told.agreed("7", each("4.00"), customer="c1", dealer="d1")
    shelf.told.priced("7", each("3.00"), tenant="d3")
    for dealer, customer, cents in (("d1", "c1", 400), ("d1", "c2", 500), ("d2", "c1", 500)):
        goods = await shelf.goods(("7", 1), customer=customer, dealer=dealer)
        assert goods.lines[0].net_cents == cents


async def test_an_agreed_price_counts_from_its_quantity_on(shelf: Shelf) -> None:
    """Q34"""
    shelf.told.sold("7", "5.00")
    shelf.told.agreed("7", price((10, "4.00")))
    assert (await shelf.line("7", 9)).price_source == "list"
    assert (await shelf.line("7", 10)).net_cents == 4_000


async def test_a_dealers_own_article_comes_before_the_central_one_of_its_number(
    shelf: Shelf,
) -> None:
    shelf.told.sold("7", "5.00", "Stift")
    shelf.told.listed("7", "Eigener Stift", tenant="d1")
    assert await shelf.reasons(("7", 1)) == [("1", "price-missing")], "not the central price"
    shelf.told.priced("7", each("6.00"), tenant="d1")
    line = await shelf.line("7")
    assert line.from_catalogue is not None
    assert (line.from_catalogue.name, line.from_catalogue.tenant) == ("Eigener Stift", "d1")
    assert line.price_source == "dealer"


async def test_steps_count_for_the_whole_line(shelf: Shelf) -> None:
    shelf.told.listed("7")
    shelf.told.priced("7", price((1, "1.00"), (10, "0.90"), (100, "0.80")))
    cents = [(await shelf.line("7", quantity)).net_cents for quantity in (9, 10, 99, 100)]
    assert cents == [900, 900, 8_910, 8_000]


async def test_a_price_counts_on_its_days_in_berlin(shelf: Shelf) -> None:
    """X-11: at the instant at which the order is placed."""
    shelf.told.listed("7")
    offer = price((1, "4.00"), valid_from=date(2026, 3, 2), valid_until=date(2026, 3, 2))
    shelf.told.priced("7", each("5.00"), offer)
    instants = [datetime.fromisoformat(text) for text in (
        "2026-03-01T23:59:59.999+01:00",
        "2026-03-02T00:00:00+01:00",
        "2026-03-02T23:59:59.999+01:00",
        "2026-03-03T00:00:00+01:00",
    )]  # fmt: skip
    assert [(await shelf.line("7", at=at)).net_cents for at in instants] == [500, 400, 400, 500]


async def test_an_order_of_the_past_has_the_price_of_its_time(shelf: Shelf) -> None:
    """X-40"""
    shelf.told.listed("7")
    shelf.told.priced("7", each("5.00"), since=NOON - 2 * DAY)
    shelf.told.priced("7", each("6.00"), since=NOON)
    lines = [await shelf.line("7", at=NOON - DAY), await shelf.line("7", at=NOON)]
    assert [line.net_cents for line in lines] == [500, 600]
    assert [line.from_catalogue.price_version for line in lines if line.from_catalogue] == [1, 2]


async def test_all_reasons_of_all_lines_are_said_at_once(shelf: Shelf) -> None:
    """X-7, GA-7"""
    told = shelf.told
    told.sold("good", "1.00")
    told.sold("low", "1.00", availability="low")
    told.sold("gift", "1.00", "Tasse", use="gift", catalogue_flag=1)
    told.sold("gone", "1.00", "Locher")
    shelf.documents.fold(ArticleDelisted("central", "gone", NOON))
    told.listed("neither", "Hefter", availability="out-of-stock")
    told.sold("over", "1.00", "Füller", availability="discontinued")
    told.listed("six", "Kiste")
    told.priced("six", price((6, "1.00")))
    wanted = ("good", "low", "nowhere", "gift", "gone", "neither", "over", "six")
    with pytest.raises(LinesRefusedError) as caught:
        await shelf.goods(*((number, 1) for number in wanted))
    assert caught.value.detail == "6 Positionen können nicht bestellt werden."
    assert [tuple(one.values()) for one in caught.value.lists["lines"]] == [
        ("3", "nowhere", "article-unknown", "Den Artikel nowhere gibt es nicht."),
        (
            "4", "gift", "article-is-gift",
            "„Tasse“ (gift) ist ein Dankeschönartikel und nicht verkäuflich.",
        ),
        ("5", "gone", "article-delisted", "„Locher“ (gone) ist nicht mehr im Sortiment."),
        (
            "6", "neither", "article-unavailable",
            "„Hefter“ (neither) ist zurzeit nicht lieferbar.",
        ),
        ("6", "neither", "price-missing", "Für „Hefter“ (neither) gibt es zurzeit keinen Preis."),
        (
            "7", "over", "article-unavailable",
            "„Füller“ (over) ist ausgelaufen und nicht mehr lieferbar.",
        ),
        (
            "8", "six", "quantity-too-small",
            "„Kiste“ (six) gibt es erst ab einer Menge von 6.",
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(("listed", "agreed"), [(6, 20), (20, 6)])
async def test_the_quantity_that_is_told_is_the_smallest_that_has_any_price(
    shelf: Shelf, listed: int, agreed: int
) -> None:
    shelf.told.listed("six", "Kiste")
    shelf.told.priced("six", price((listed, "1.00")))
    shelf.told.agreed("six", price((agreed, "0.90")))
    with pytest.raises(LinesRefusedError) as caught:
        await shelf.goods(("six", 5))
    assert caught.value.detail == "„Kiste“ (six) gibt es erst ab einer Menge von 6."


async def test_a_single_reason_is_the_whole_answer(shelf: Shelf) -> None:
    with pytest.raises(LinesRefusedError) as caught:
        await shelf.goods(("nowhere", 1))
    assert caught.value.detail == "Den Artikel nowhere gibt es nicht."
    shelf.told.listed("neither", availability="out-of-stock")
    with pytest.raises(LinesRefusedError) as caught:
        await shelf.goods(("neither", 1))
    assert caught.value.detail == "Eine Position kann aus mehreren Gründen nicht bestellt werden."


async def test_a_price_that_was_withdrawn_is_none(shelf: Shelf) -> None:
    shelf.told.sold("7", "5.00")
    shelf.told.priced("7", since=NOON)
    assert (await shelf.line("7", at=NOON - DAY)).net_cents == 500
    assert await shelf.reasons(("7", 1)) == [("1", "price-missing")]


async def test_goods_cost_ten_billion_euros_at_most(shelf: Shelf) -> None:
    """X-10"""
    shelf.told.sold("gold", "10000000.00")
    assert (await shelf.line("gold", 1_000)).net_cents == 10**12
    with pytest.raises(GoodsTooDearError):
        await shelf.line("gold", 1_001)


async def test_groups_are_read_again_after_a_moment(shelf: Shelf) -> None:
    told, documents = shelf.told, shelf.documents
    told.grouped("top", "Oben")
    told.grouped("s", "Schrauben", "top")
    told.sold("7", "5.00", groups=("s",))

    async def groups() -> tuple[str, ...]:
        line = await shelf.line("7")
        assert line.from_catalogue is not None
        return line.from_catalogue.groups

    assert await groups() == ("s", "top")
    documents.fold(ProductGroupPlaced("d1", "s", "Eigene Schrauben", "own"))
    assert await groups() == ("s", "top")
    shelf.seconds += 6
    assert await groups() == ("s", "own")
    documents.fold(ProductGroupRemoved("d1", "s"))
    shelf.seconds += 6
    assert await groups() == ("s", "top")


async def test_groups_that_were_moved_into_a_circle_end_somewhere(shelf: Shelf) -> None:
    """A dealer's group may hang below a central one, which moves without asking the dealer."""
    shelf.told.grouped("a", "A", parent="b")
    shelf.told.grouped("b", "B", parent="a", tenant="d1")
    shelf.told.sold("7", "5.00", groups=("a",))
    line = await shelf.line("7")
    assert line.from_catalogue is not None
    assert line.from_catalogue.groups == ("a", "b")
