"""What is in force for a buyer besides prices, at the instant of an order (X-40)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from checkout_tests.fakes import NOON
from checkout_tests.shelf import Shelf

from checkout.catalogue.documents import article_id, gifts_id
from checkout.gift.offer import GiftOffer
from checkout.pricing.goods import WantedLine
from checkout.pricing.sale import NOTHING_CONFIGURED, Sale
from zugabe_events.contracts.catalog_shops import (
    ArticleDelisted,
    GiftWithdrawn,
    MarketingModuleOrdered,
)
from zugabe_events.contracts.checkout import SalesTerms, ShippingTerms
from zugabe_events.domain.consistency_token import Token

DAY = timedelta(days=1)
TERMS = SalesTerms(shipping=(ShippingTerms("DE", 490, 5_000),))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def names(offer: GiftOffer) -> list[str]:
    return [gift.name for gift in offer.gifts]


async def test_a_dealer_who_set_nothing_sells_on_default_terms(shelf: Shelf) -> None:
    assert await shelf.sale() == NOTHING_CONFIGURED == Sale()


async def test_an_order_counts_by_the_terms_at_its_instant(shelf: Shelf) -> None:
    """X-40: a change since then does not reach it."""
    shelf.told.terms(TERMS, since=NOON - DAY)
    shelf.told.terms(SalesTerms(points_on="shipped"), since=NOON)
    seen = [await shelf.sale(at=at) for at in (NOON - 2 * DAY, NOON - timedelta(seconds=1), NOON)]
    assert [(one.terms.shipping, one.terms.points_on, one.terms_version) for one in seen] == [
        ((), "placed", 0),
        (TERMS.shipping, "placed", 1),
        ((), "shipped", 2),
    ]
    assert (await shelf.sale(dealer="d2")).terms_version == 0


async def test_orders_need_the_approval_that_their_customer_had_set_then(shelf: Shelf) -> None:
    """X-26, X-40"""
    shelf.told.approval("above", 50_000, since=NOON - DAY)
    shelf.told.approval("always", since=NOON)
    seen = [await shelf.sale(at=at) for at in (NOON - 2 * DAY, NOON - DAY, NOON)]
    assert [(one.approval, one.approval_above_cents) for one in seen] == [
        ("none", 0),
        ("above", 50_000),
        ("always", 0),
    ]
    assert (await shelf.sale(customer="c2")).approval == "none"


async def test_a_customer_without_gifts_is_offered_none_from_then_on(shelf: Shelf) -> None:
    """X-25, X-40"""
    shelf.told.gift_source("central")
    shelf.told.gift("mug", 3_000)
    shelf.told.excluded("gifts", "points", since=NOON)
    before, since = await shelf.sale(at=NOON - DAY), await shelf.sale()
    assert (sorted(before.excluded), names(before.gifts)) == ([], ["Geschenk mug"])
    assert (sorted(since.excluded), names(since.gifts)) == (["gifts", "points"], [])


async def test_a_buyer_who_has_not_logged_in_gets_prices_and_what_the_dealer_offers(
    shelf: Shelf,
) -> None:
    """Rules of customers are not theirs, and nothing is asked about a customer without a name."""
    shelf.told.sold("7", "5.00")
    shelf.told.terms(TERMS)
    shelf.told.approval("always")
    shelf.told.excluded("gifts", "vouchers")
    shelf.told.gift_source("central")
    shelf.told.gift("mug", 3_000)
    goods = await shelf.goods(("7", 2), customer="")
    assert (goods.lines[0].net_cents, goods.lines[0].excluded) == (1_000, ())
    assert (goods.sale.terms, goods.sale.approval) == (TERMS, "none")
    assert names(goods.sale.gifts) == ["Geschenk mug"]
    assert not [key for keys in shelf.documents.asked for key in keys if "//" in key]


@pytest.mark.parametrize(
    ("source", "tenant"),
    [("central", "central"), ("group", "group.nord"), ("own", "d1"), ("none", "")],
)
async def test_gifts_come_from_where_the_dealer_has_them(
    shelf: Shelf, source: str, tenant: str
) -> None:
    """GA-5, GA-8: and ship from there."""
    for owner in ("central", "group.nord", "d1", "d2"):
        shelf.told.gift("mug", 3_000, tenant=owner)
    group = tenant if source == "group" else ""
    shelf.documents.fold(MarketingModuleOrdered("d1", source, group, NOON))  # type: ignore[arg-type]
    offer = (await shelf.sale()).gifts
    assert (offer.tenant, len(offer.gifts)) == (tenant, 1 if tenant else 0)
    assert (await shelf.sale(at=NOON - DAY)).gifts.tenant == "", "nothing was chosen yet (X-40)"


async def test_another_source_of_gifts_counts_from_the_instant_of_the_choice(shelf: Shelf) -> None:
    """X-40"""
    shelf.told.gift_source("central", since=NOON - DAY)
    shelf.told.gift_source("none", since=NOON)
    tenants = [(await shelf.sale(at=at)).gifts.tenant for at in (NOON - DAY, NOON)]
    assert tenants == ["central", ""]


async def test_central_and_groups_offer_their_own_gifts(shelf: Shelf) -> None:
    for tenant in ("central", "group.nord"):
        shelf.told.gift("mug", 3_000, tenant=tenant)
        assert (await shelf.sale(dealer=tenant)).gifts.tenant == tenant


async def test_gifts_are_those_of_the_day_with_limit_mode_name_and_tax_class(shelf: Shelf) -> None:
    """GA-12, GA-13, X-40: by the rules in force at the order."""
    shelf.told.gift_source("central")
    shelf.told.gift("mug", 3_000, name="Tasse", tax="reduced")
    shelf.told.gift("late", 3_000, valid_from=date(2026, 3, 2))
    shelf.told.gift("over", 3_000, valid_until=date(2026, 2, 28))
    shelf.told.gift("last", 9_000, valid_until=date(2026, 3, 1))
    shelf.told.gift_mode("from", since=NOON)
    shelf.documents.fold(GiftWithdrawn("central", 9, "last", NOON + timedelta(hours=1)))
    shelf.told.listed("mug", "Große Tasse", use="gift", tax="reduced")
    offer = (await shelf.sale()).gifts
    assert names(offer) == ["Große Tasse", "Geschenk last"], "named as the articles are now"
    assert [gift.limit_cents for gift in offer.gifts] == [3_000, 9_000]
    assert offer.mode == "from"
    assert offer.taxes == {"mug": "reduced", "last": "standard"}
    earlier = (await shelf.sale(at=NOON - timedelta(hours=1))).gifts
    assert (earlier.mode, earlier.version) == ("per", 4)
    assert names((await shelf.sale(at=NOON + timedelta(hours=2))).gifts) == ["Große Tasse"]
    assert names((await shelf.sale(at=NOON + DAY)).gifts) == ["Große Tasse", "Geschenk late"]


async def test_a_gift_that_cannot_be_had_is_not_offered_but_named(shelf: Shelf) -> None:
    """X-27"""
    shelf.told.gift_source("own")
    articles: Sequence[tuple[str, dict[str, Any]]] = (
        ("here", {}),
        ("low", {"availability": "low"}),
        ("out", {"availability": "out-of-stock"}),
        ("ended", {"availability": "discontinued"}),
        ("gone", {}),
        ("sold", {}),
        ("foreign", {}),
    )
    for gift, more in articles:
        shelf.told.gift(gift, 1_000, tenant="d1", **more)
    shelf.documents.fold(ArticleDelisted("d1", "gone", NOON))
    shelf.told.listed("sold", tenant="d1")
    del shelf.documents.documents[article_id("d1", "foreign")]
    shelf.told.listed("foreign", use="gift")
    offer = (await shelf.sale()).gifts
    assert [gift.gift for gift in offer.gifts] == ["here", "low"]
    assert {gift.gift for gift in offer.unavailable} == {"out", "ended", "gone", "sold", "foreign"}
    assert len(offer.configured) == 7
    assert offer.taxes.keys() == {"here", "low"}


async def test_vouchers_can_be_entered_on_the_days_of_a_campaign(shelf: Shelf) -> None:
    """CH-1, CH-8: days in Berlin, both inclusive."""
    shelf.told.campaign("spring", date(2026, 3, 1), date(2026, 3, 2))
    shelf.told.campaign("again", date(2026, 3, 2), date(2026, 3, 3), kind="second-purchase")
    shelf.told.campaign("theirs", date(2026, 1, 1), date(2026, 12, 31), dealer="d2")
    midnight = NOON.replace(hour=23, minute=0, day=28, month=2)
    seen = []
    for at in (midnight - timedelta(seconds=1), midnight, midnight + DAY, midnight + 2 * DAY):
        sale = await shelf.sale(at=at)
        seen.append((sale.vouchers_run, sale.second_purchase_runs))
    assert seen == [(False, False), (True, False), (True, True), (True, True)]
    assert not (await shelf.sale(at=midnight + 3 * DAY)).vouchers_run


async def test_codes_cannot_be_entered_while_campaigns_are_paused_or_over(shelf: Shelf) -> None:
    """CH-1, X-29: at once, and not for orders of before."""
    year = date(2026, 1, 1), date(2026, 12, 31)
    shelf.told.campaign("spring", *year, kind="second-purchase")
    hour = timedelta(hours=1)

    async def runs(at: datetime) -> tuple[bool, bool]:
        shelf.seconds += 10
        sale = await shelf.sale(at=at)
        return sale.vouchers_run, sale.second_purchase_runs

    assert await runs(NOON) == (True, True)
    shelf.told.paused("spring", NOON)
    assert await runs(NOON) == (False, False)
    assert await runs(NOON - hour) == (True, True)
    shelf.told.campaign("spring", *year, kind="second-purchase", changed_at=NOON)
    assert await runs(NOON) == (False, False)
    shelf.told.resumed("spring", NOON + hour)
    assert await runs(NOON + hour) == (True, True)
    shelf.told.ended("spring", NOON + 2 * hour)
    assert await runs(NOON + 3 * hour) == (False, False)
    shelf.told.campaign("summer", *year)
    assert await runs(NOON + 3 * hour) == (True, False)


async def test_codes_of_central_campaigns_can_be_entered_where_the_dealer_takes_part(
    shelf: Shelf,
) -> None:
    """CH-1, CH-8, VO-28, VO-29"""
    year = date(2026, 1, 1), date(2026, 12, 31)
    hour = timedelta(hours=1)
    shelf.told.joined("central-again", NOON)
    shelf.told.joined("central-again", NOON, dealer="d2")
    shelf.told.campaign("central-again", *year, kind="second-purchase", dealer="central")

    async def runs(at: datetime) -> tuple[bool, bool]:
        shelf.seconds += 10
        sale = await shelf.sale(at=at)
        return sale.vouchers_run, sale.second_purchase_runs

    assert await runs(NOON - hour) == (False, False)
    assert await runs(NOON) == (True, True)
    shelf.told.left("central-again", NOON + hour)
    assert await runs(NOON) == (True, True), "open checkouts go on"
    assert await runs(NOON + hour) == (False, False)
    shelf.told.joined("central-again", NOON + 2 * hour)
    assert await runs(NOON + 2 * hour) == (True, True)


async def test_codes_can_be_entered_by_the_latest_terms(shelf: Shelf) -> None:
    """CH-1, X-17"""
    shelf.told.campaign("spring", date(2026, 1, 1), date(2026, 12, 31))
    shelf.told.campaign("spring", date(2026, 1, 1), date(2026, 2, 1), changed_at=NOON)
    assert not (await shelf.sale()).vouchers_run
    last = date(2026, 2, 28)
    shelf.told.campaign("spring", date(2026, 1, 1), last, valid_days=3, changed_at=NOON)
    shelf.seconds += 10
    assert (await shelf.sale()).vouchers_run, "the last voucher was issued the day before"


async def test_a_campaign_that_is_activated_again_counts_with_its_latest_days(shelf: Shelf) -> None:
    shelf.told.campaign("spring", date(2026, 3, 1), date(2026, 3, 2))
    shelf.told.campaign("spring", date(2026, 4, 1), date(2026, 4, 2))
    assert not (await shelf.sale()).vouchers_run


async def test_a_warm_cart_costs_one_query_and_a_cold_one_two_more_for_gifts(shelf: Shelf) -> None:
    shelf.told.sold("7", "5.00")
    shelf.told.gift_source("central")
    shelf.told.gift("mug", 3_000)
    await shelf.goods(("7", 1))
    assert len(shelf.documents.asked) == 3
    warm = [await shelf.goods(("7", 1)), await shelf.goods(("7", 1), dealer="d1", customer="c2")]
    assert len(shelf.documents.asked) == 5
    assert all(len(keys) == 6 for keys in shelf.documents.asked[-2:]), "goods, terms and customer"
    assert [names(one.sale.gifts) for one in warm] == [["Geschenk mug"]] * 2
    await shelf.sale()
    assert len(shelf.documents.asked) == 6


async def test_gifts_campaigns_and_choices_are_kept_for_seconds_and_terms_are_not(
    shelf: Shelf,
) -> None:
    told = shelf.told
    assert await shelf.sale() == NOTHING_CONFIGURED
    told.terms(TERMS)
    told.approval("always")
    told.gift_source("central")
    told.gift("mug", 3_000)
    told.campaign("spring", date(2026, 1, 1), date(2026, 12, 31))
    soon = await shelf.sale()
    assert (soon.terms, soon.approval, soon.vouchers_run, names(soon.gifts)) == (
        *(TERMS, "always"),
        *(False, []),
    )
    shelf.seconds += 5.1
    later = await shelf.sale()
    assert (later.vouchers_run, names(later.gifts)) == (True, ["Geschenk mug"])
    told.listed("mug", use="gift", availability="out-of-stock")
    assert names((await shelf.sale()).gifts) == ["Geschenk mug"]
    shelf.seconds += 5.1
    assert names((await shelf.sale()).gifts) == []


@pytest.mark.parametrize("log", ["catalog-shops", "vouchers"])
async def test_who_brings_a_token_sees_what_it_stands_for(
    shelf: Shelf, log: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read your writes: nothing kept is shown."""
    awaited = []

    async def caught_up(tokens: list[Token]) -> None:
        awaited.extend(tokens)

    monkeypatch.setattr(shelf.documents, "caught_up", caught_up)
    await shelf.sale()
    shelf.told.gift_source("central")
    shelf.told.gift("mug", 3_000)
    shelf.told.campaign("spring", date(2026, 1, 1), date(2026, 12, 31))
    await shelf.catalogue.caught_up([Token.parse("checkout.0.1.1")])
    assert await shelf.sale() == NOTHING_CONFIGURED, "of its own events nothing is kept"
    await shelf.catalogue.caught_up([Token.parse(f"{log}.0.1.1")])
    sale = await shelf.sale()
    assert (sale.vouchers_run, names(sale.gifts)) == (True, ["Geschenk mug"])
    assert len(awaited) == 2


async def test_gifts_of_the_past_do_not_take_the_place_of_present_ones(shelf: Shelf) -> None:
    """X-40: on one day, before and after a change, in any order."""
    shelf.told.gift_source("central")
    shelf.told.gift("mug", 3_000)
    shelf.told.gift_mode("from", since=NOON)
    modes = []
    for minutes in (-1, 0, -1, 1, -1):
        sale = await shelf.sale(at=NOON + timedelta(minutes=minutes))
        modes.append(sale.gifts.mode)
    assert modes == ["per", "from", "per", "from", "per"]
    assert gifts_id("central") in shelf.documents.documents


async def test_past_orders_of_another_system_have_no_terms_and_gifts(shelf: Shelf) -> None:
    """X-30: at prices of that time, and one query for all orders of a customer."""
    shelf.told.terms(TERMS)
    shelf.told.gift_source("central")
    shelf.told.gift("mug", 3_000)
    shelf.told.sold("7", "5.00", flags=("no-points",))
    shelf.told.excluded("vouchers")
    for _ in range(3):
        goods = await shelf.own("7", past=True)
        assert goods.sale == NOTHING_CONFIGURED
        assert [line.excluded for line in goods.lines] == [("vouchers",)]
    assert len(shelf.documents.asked) == 1
    buyer = shelf.buyer()
    priced = await shelf.catalogue.goods(buyer, [WantedLine("7", 1)], (), past=True)
    assert (priced.sale, priced.lines[0].excluded) == (NOTHING_CONFIGURED, ("vouchers", "points"))
