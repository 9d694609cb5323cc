"""X-24, X-25: what lines have no part in, by article, customer and price."""

from datetime import timedelta
from itertools import product
from typing import get_args

import pytest
from checkout_tests.catalogue import each
from checkout_tests.fakes import NOON
from checkout_tests.shelf import Shelf
from hypothesis import given
from hypothesis import strategies as st

from checkout.pricing.exclusions import (
    BY_FLAG,
    IN_ORDER,
    NOT_EXCLUDED,
    CustomerExclusions,
    excluded_from,
)
from zugabe_events.contracts.catalog_shops import ArticleFlag, Benefit
from zugabe_events.contracts.checkout import Exclusion, LinePriceSource

FLAGS = get_args(ArticleFlag.__value__)
BENEFITS = get_args(Benefit.__value__)
SOURCES = get_args(LinePriceSource.__value__)

customers = st.builds(
    CustomerExclusions, st.frozensets(st.sampled_from(BENEFITS)), contract_priced=st.booleans()
)
flags_of_articles = st.lists(st.sampled_from(FLAGS), unique=True)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_each_flag_and_each_benefit_has_its_exclusion() -> None:
    assert BY_FLAG.keys() == set(FLAGS)
    assert set(BENEFITS) < set(IN_ORDER) == set(get_args(Exclusion.__value__))


@pytest.mark.parametrize(("source", "contract_priced"), [*product(SOURCES, (False, True))])
def test_a_price_alone_excludes_only_where_agreed_prices_are_left_out(
    source: LinePriceSource, contract_priced: bool
) -> None:
    """X-25: from vouchers, rewards and points, and not from gifts and thresholds."""
    excluded = excluded_from((), source, CustomerExclusions(contract_priced=contract_priced))
    is_left_out = contract_priced and source == "agreed"
    assert excluded == (("vouchers", "rewards", "points") if is_left_out else ())


@given(flags_of_articles, st.sampled_from(SOURCES), customers)
def test_a_line_is_excluded_for_any_of_its_reasons_and_for_nothing_else(
    flags: list[ArticleFlag], source: LinePriceSource, customer: CustomerExclusions
) -> None:
    """X-24, X-25"""
    excluded = excluded_from(flags, source, customer)
    by_article = set(excluded_from(flags, source, NOT_EXCLUDED))
    by_customer = set(excluded_from((), source, customer))
    assert set(excluded) == by_article | by_customer
    assert by_article == {BY_FLAG[flag] for flag in flags}
    assert by_customer >= customer.benefits
    assert list(excluded) == [one for one in IN_ORDER if one in excluded], "each once, in order"
    assert excluded_from(flags[::-1], source, customer) == excluded


@given(flags_of_articles, st.sampled_from(SOURCES), customers, customers)
def test_more_exclusions_never_give_a_line_more(
    flags: list[ArticleFlag],
    source: LinePriceSource,
    one: CustomerExclusions,
    other: CustomerExclusions,
) -> None:
    both = CustomerExclusions(
        one.benefits | other.benefits, one.contract_priced or other.contract_priced
    )
    more = set(excluded_from(flags, source, both))
    assert more >= set(excluded_from(flags, source, one))
    assert more >= set(excluded_from((), source, other))


async def test_a_price_bound_book_and_a_deposit_are_left_out_as_their_flags_say(
    shelf: Shelf,
) -> None:
    """X-24"""
    shelf.told.sold("pen", "2.00")
    shelf.told.sold("book", "20.00", flags=("no-vouchers", "no-rewards"))
    shelf.told.sold("deposit", "0.25", flags=(*FLAGS,))
    goods = await shelf.goods(("pen", 1), ("book", 1), ("deposit", 1))
    assert [line.excluded for line in goods.lines] == [
        (),
        ("vouchers", "rewards"),
        ("vouchers", "rewards", "points", "thresholds"),
    ]


async def test_an_own_article_of_the_dealer_counts_with_its_own_flags(shelf: Shelf) -> None:
    shelf.told.sold("7", "2.00", flags=("no-points",))
    shelf.told.listed("7", tenant="d1", flags=("no-vouchers",))
    shelf.told.priced("7", each("3.00"), tenant="d1")
    goods = await shelf.goods(("7", 1))
    assert [line.excluded for line in goods.lines] == [("vouchers",)]
    assert [line.excluded for line in (await shelf.own("7")).lines] == [("vouchers",)]


async def test_lines_at_agreed_prices_are_left_out_for_customers_who_want_it(shelf: Shelf) -> None:
    """X-25"""
    shelf.told.sold("7", "5.00", flags=("no-thresholds",))
    shelf.told.sold("8", "5.00")
    for customer in ("c1", "c2"):
        shelf.told.agreed("7", each("4.00"), customer=customer)
    shelf.told.excluded("points", contract_priced=True)
    assert [line.excluded for line in (await shelf.goods(("7", 1), ("8", 1))).lines] == [
        ("vouchers", "rewards", "points", "thresholds"),
        ("points",),
    ]
    other = await shelf.goods(("7", 1), ("8", 1), customer="c2")
    assert [line.excluded for line in other.lines] == [("thresholds",), ()]


async def test_exclusions_count_from_their_instant_for_all_prices(shelf: Shelf) -> None:
    """X-25, X-40: an order of before keeps its benefits."""
    shelf.told.sold("7", "5.00")
    shelf.told.excluded("vouchers", since=NOON)
    shelf.told.excluded("points", since=NOON + timedelta(days=1))
    seen = []
    for at in (NOON - timedelta(seconds=1), NOON, NOON + timedelta(days=1)):
        ours, own = await shelf.goods(("7", 1), at=at), await shelf.own("x", at=at)
        assert ours.lines[0].excluded == own.lines[0].excluded
        seen.append(own.lines[0].excluded)
    assert seen == [(), ("vouchers",), ("points",)]


async def test_at_prices_of_the_caller_flags_count_of_articles_that_we_know(shelf: Shelf) -> None:
    """X-24: also while they cannot be ordered here."""
    shelf.told.listed("card", flags=("no-points",), availability="out-of-stock")
    goods = await shelf.own("card", "unknown")
    assert [line.excluded for line in goods.lines] == [("points",), ()]
    assert [line.price_source for line in goods.lines] == ["caller", "caller"]


async def test_exclusions_are_part_of_what_holds_were_asked_for(shelf: Shelf) -> None:
    """An attempt before they changed is not continued."""
    hashes = [(await shelf.own("7")).price_hash]
    shelf.told.excluded("vouchers")
    hashes.append((await shelf.own("7")).price_hash)
    shelf.told.excluded("points")
    hashes.append((await shelf.own("7")).price_hash)
    assert hashes[0] == ""
    assert len(set(hashes)) == 3
