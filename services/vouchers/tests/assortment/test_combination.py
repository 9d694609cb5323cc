"""Several restricted vouchers in one cart: each on what the earlier ones left of its lines."""

from collections.abc import Callable
from datetime import UTC, datetime

from hypothesis import given as examples
from hypothesis import strategies as st

from vouchers.assortment.restriction import Goods, Restriction
from vouchers.campaign.discount import Line
from vouchers.wallet.combination import combine
from vouchers.wallet.refusals import Use, objections
from vouchers.wallet.state import Wallet
from zugabe_events.contracts.vouchers import Assortment, CampaignTerms

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)

type Terms = Callable[..., CampaignTerms]

brands = st.sampled_from("ab")
carts = st.lists(st.tuples(st.integers(0, 10**7), brands), min_size=1, max_size=8)
offers = st.lists(
    st.tuples(
        st.one_of(st.none(), brands),
        st.sampled_from([("percent", 1_000), ("percent", 3_333), ("fixed", 700)]),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=4,
)


@examples(cart=carts, offered=offers)
def test_restricted_vouchers_never_take_more_than_their_lines_have(
    terms: Terms,
    cart: list[tuple[int, str]],
    offered: list[tuple[str | None, tuple[str, int], int]],
) -> None:
    """X-31, Q1: what is left of each line is worked out again, voucher by voucher."""
    lines = tuple(
        Line(number, cents, goods=Goods(brand=brand))
        for number, (cents, brand) in enumerate(cart, start=1)
    )
    uses = []
    for number, (brand, (kind, value), rank) in enumerate(offered):
        to = Assortment(brands=(brand,)) if brand else None
        granted = terms(
            code=f"C{number}", discount_type=kind, value=value, rank=rank, combines=True,
            assortment=to,
        )  # fmt: skip
        restriction = Restriction(to) if to else None
        uses.append(
            Use(f"C{number}", "acme", "k1", "anna", f"c{number}", 1, granted, lines, NOON,
                restriction)
        )  # fmt: skip
    combination = combine(uses, [objections(use, None, Wallet()) for use in uses], {})
    left = [cents for cents, _ in cart]
    for applied in combination.applied:
        to = applied.use.terms.assortment
        matches = [to is None or brand in to.brands for _, brand in cart]
        base = sum(cents for cents, of in zip(left, matches, strict=True) if of)
        assert applied.discount.base_cents == base
        assert all(
            of or not share for share, of in zip(applied.discount.shares, matches, strict=True)
        )
        left = [cents - share for cents, share in zip(left, applied.discount.shares, strict=True)]
        assert min(left) >= 0
    refused = {refusal.facts["voucher_code"] for refusal in combination.refusals}
    assert len(refused) + len(combination.applied) == len(uses)
