"""X-3: pieces have exact shares of a line, never less than nothing, and together all of it."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from checkout.fulfilment.shares import Amounts, discounts_of_pieces, of_pieces


@st.composite
def lines(draw: st.DrawFn) -> Amounts:
    net = draw(st.one_of(st.integers(0, 40), st.integers(0, 10**9)))
    voucher = draw(st.integers(0, net))
    reward = draw(st.one_of(st.integers(0, net - voucher), st.just(net - voucher)))
    return Amounts(net, voucher, reward, draw(st.integers(0, net)))


@settings(max_examples=500)
@given(lines(), st.lists(st.integers(1, 9), min_size=1, max_size=8))
@example(Amounts(5, 3, 2), [1, 1, 1, 1])
@example(Amounts(0, 0, 0), [1])
def test_whatever_the_parts_they_add_up_to_the_line(line: Amounts, parts: list[int]) -> None:
    ordered, before = sum(parts), 0
    left = line
    for pieces in parts:
        back = of_pieces(line, before, pieces, ordered)
        amounts = (back.net_cents, back.voucher_cents, back.reward_cents, back.tax_cents)
        assert min(*amounts, back.left_cents) >= 0
        left, before = left - back, before + pieces
    assert left == Amounts(0)


@settings(max_examples=500)
@given(lines(), st.lists(st.integers(1, 9), min_size=1, max_size=8), st.data())
def test_each_voucher_has_its_share_in_what_vouchers_took_off_the_pieces(
    line: Amounts, parts: list[int], data: st.DataObject
) -> None:
    """X-3, X-31"""
    first = data.draw(st.integers(0, line.voucher_cents))
    discounts, ordered, before = (first, line.voucher_cents - first), sum(parts), 0
    left = list(discounts)
    for pieces in parts:
        back = discounts_of_pieces(line.net_cents, discounts, before, pieces, ordered)
        assert sum(back) == of_pieces(line, before, pieces, ordered).voucher_cents
        left = [some - share for some, share in zip(left, back, strict=True)]
        before += pieces
    assert left == [0, 0]


def test_amounts_are_rounded_half_up_for_all_pieces_so_far() -> None:
    """Three pieces at 10,00 € together, with 5 % off: 3,33 + 3,34 + 3,33 and 17 + 16 + 17 cents."""
    line = Amounts(1_000, voucher_cents=50, tax_cents=181)
    assert [of_pieces(line, before, 1, 3) for before in range(3)] == [
        Amounts(333, 17, 0, 60),
        Amounts(334, 16, 0, 61),
        Amounts(333, 17, 0, 60),
    ]


def test_no_piece_is_worth_less_than_what_was_taken_off_it() -> None:
    """Rounded on its own, the reward of the first piece would have been a cent, too."""
    line = Amounts(5, voucher_cents=3, reward_cents=2)
    assert [of_pieces(line, before, 1, 4) for before in range(4)] == [
        Amounts(1, 1, 0),
        Amounts(2, 1, 1),
        Amounts(1, 0, 1),
        Amounts(1, 1, 0),
    ]
