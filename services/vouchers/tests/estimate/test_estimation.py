"""N-3: what a campaign would have done to past orders."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from vouchers.assortment.restriction import Restriction
from vouchers.estimate.estimation import Estimate, Tally, Trial, count
from vouchers.estimate.past_orders import PAST_ORDERS, PastLine, PastOrder
from zugabe_events.contracts.checkout import CatalogueLine, OrderLine, OrderPlaced
from zugabe_events.contracts.vouchers import Assortment, CampaignTerms

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)


def line(cents: int, brand: str = "b1", **fields: Any) -> PastLine:
    return PastLine(net_cents=cents, article="a", brand=brand, groups=(), media=(), **fields)


def order(order_id: str, *lines: PastLine, user: str = "anna", **fields: Any) -> PastOrder:
    named = {"dealer": "acme", "customer": "So.COMMERCE", "placed_at": NOON, "vouchers": 0}
    rest = {"shipping_cents": 490, "earning_minimum_cents": 0}
    return PastOrder(order_id=order_id, user=user, lines=lines, **{**named, **rest, **fields})


def estimated(
    terms: CampaignTerms,
    *orders: PastOrder,
    since: datetime = ALWAYS,
    restriction: Restriction | None = None,
) -> Estimate:
    tally = Tally()
    for one in orders:
        count(tally, one, Trial(terms, since, restriction))
    return tally.estimate


def test_orders_are_judged_by_the_rules_of_real_carts(terms: Callable[..., CampaignTerms]) -> None:
    """Ten percent from 50,00 €, for articles of one brand."""
    campaign = terms(minimum_cents=5_000, max_per_user=None)
    found = estimated(
        campaign,
        order("o1", line(4_000), line(1_000, "b2")),
        order("o2", line(4_999)),
        order("o3", line(9_000, "b2")),
        order("o4", line(9_000, excluded=("vouchers",))),
        order("o5", line(0), line(9_000, "b2")),
        order("o6", line(8_005), stands=False),
        order("o7", line(8_005), user="bert", vouchers=1),
        restriction=Restriction(Assortment(brands=("b1",))),
    )
    assert found == Estimate(
        orders=6,
        qualified=2,
        uses=2,
        users=2,
        customers=1,
        with_vouchers=1,
        goods_cents=5_000 + 8_005,
        discount_cents=400 + 801,
        refused={
            "minimum-not-reached": 1,
            "nothing-matches": 1,
            "nothing-eligible": 1,
            "nothing-to-pay": 1,
        },
    )


def test_free_shipping_would_have_saved_what_was_charged(
    terms: Callable[..., CampaignTerms],
) -> None:
    free = terms(discount_type="free-shipping", value=0, max_per_user=None)
    found = estimated(free, order("o1", line(100)), order("o2", line(100), shipping_cents=0))
    assert (found.uses, found.discount_cents, found.shipping_cents) == (2, 0, 490)


def test_a_first_order_earns_what_the_next_ones_use(terms: Callable[..., CampaignTerms]) -> None:
    """VO-32, VO-34: with a minimum for earning, and for as many days as the campaign says."""
    thanks = terms(kind="second-purchase", max_per_user=9, earning_minimum_cents=100, valid_days=10)
    later = [
        order(f"o{day}", line(1_000), placed_at=NOON + timedelta(days=day)) for day in (0, 5, 11)
    ]
    bert = [order(f"b{cents}", line(cents), user="bert") for cents in (99, 1_000)]
    found = estimated(thanks, *later, *bert)
    assert (found.orders, found.uses) == (5, 1)
    assert found.refused == {"not-issued": 3, "expired": 1}


def test_who_had_ordered_before_the_span_earns_nothing(
    terms: Callable[..., CampaignTerms],
) -> None:
    thanks = terms(kind="second-purchase")
    old = order("o0", line(1_000), placed_at=NOON - timedelta(days=1))
    found = estimated(thanks, old, order("o1", line(1_000)), order("o2", line(1_000)), since=NOON)
    assert (found.orders, found.uses) == (2, 0)


def test_all_users_of_a_customer_use_what_one_of_them_was_issued(
    terms: Callable[..., CampaignTerms],
) -> None:
    """Q6"""
    thanks = terms(kind="second-purchase")
    first, second = order("o1", line(100)), order("o2", line(100), user="bert")
    assert estimated(thanks, first, second).uses == 0, "So.COMMERCE is no company"
    at_one = [order(f"o{n}", line(100), user=user, customer="c1") for n, user in enumerate("ab")]
    assert estimated(thanks, *at_one).uses == 1


@st.composite
def years(draw: st.DrawFn) -> Sequence[PastOrder]:
    return [
        order(
            f"o{number}",
            line(draw(st.integers(1, 3_000))),
            user=draw(st.sampled_from("ab")),
            customer=draw(st.sampled_from("xy")),
            dealer=draw(st.sampled_from(("acme", "other"))),
        )
        for number in range(draw(st.integers(0, 12)))
    ]


@settings(max_examples=200)
@given(
    years(),
    st.none() | st.integers(1, 4),
    st.none() | st.integers(1, 5),
    st.none() | st.integers(1, 3),
    st.none() | st.integers(1, 2_000),
)
def test_no_limit_is_passed_and_no_order_refused_that_fits(
    terms: Callable[..., CampaignTerms],
    orders: Sequence[PastOrder],
    max_uses: int | None,
    max_per_customer: int | None,
    max_per_user: int | None,
    budget_cents: int | None,
) -> None:
    """VO-11 to VO-14, X-29: by hand, order by order; half of a value, rounded up."""
    used: list[tuple[PastOrder, int]] = []
    for one in orders:
        off = (one.lines[0].net_cents + 1) // 2
        of_dealer = [other for other, _ in used if other.dealer == one.dealer]
        fits = (
            (max_uses is None or len(used) < max_uses)
            and (
                max_per_customer is None
                or sum(o.customer == one.customer for o in of_dealer) < max_per_customer
            )
            and (max_per_user is None or sum(o.user == one.user for o in of_dealer) < max_per_user)
            and (budget_cents is None or sum(cents for _, cents in used) + off <= budget_cents)
        )
        if fits:
            used.append((one, off))
    campaign = terms(
        value=5_000,
        max_uses=max_uses,
        max_per_customer=max_per_customer,
        max_per_user=max_per_user,
        budget_cents=budget_cents,
    )
    found = estimated(campaign, *orders)
    assert (found.orders, found.qualified, found.uses) == (len(orders), len(orders), len(used))
    assert found.discount_cents == sum(cents for _, cents in used)
    assert found.goods_cents == sum(one.lines[0].net_cents for one, _ in used)
    assert sum(found.refused.values()) == len(orders) - len(used)


def test_the_lines_of_an_order_are_those_of_its_cart(placed: Callable[..., OrderPlaced]) -> None:
    """Brand, groups and media as checkout names them when it asks for vouchers."""
    said = CatalogueLine(
        "Ordner", "Leitz", ("g1", "g2"), ("m1",), "standard", (), 1, 1, 1, "acme"  # type: ignore[arg-type]
    )  # fmt: skip
    lines = (
        OrderLine(1, "a1", "g1", "b1", 2, 500, 1_000, voucher_cents=100, from_catalogue=said),
        OrderLine(2, "a2", "Stifte", "Pilot", 1, 300, 300, excluded=("vouchers",)),
    )
    view = PAST_ORDERS.project(None, placed("o1", lines=lines))
    assert view is not None
    first, second = view.cart
    assert (first.net_cents, first.goods.groups, first.goods.media) == (1_000, {"g1", "g2"}, {"m1"})
    assert (second.goods.brand, second.goods.groups) == ("Pilot", {"Stifte"})
    assert second.eligible_cents == 0
