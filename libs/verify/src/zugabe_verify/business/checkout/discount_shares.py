"""Shares of lines in discounts: none is below zero, nor what is left, and exclusions are obeyed."""

from collections.abc import Iterator

from zugabe_verify.business.orders import vouchers_of
from zugabe_verify.records import Body

SHARES = {"vouchers": "voucher_cents", "rewards": "reward_cents"}
"""Benefits in which an excluded line has no share (X-24, X-25)."""


def wrong_shares(body: Body) -> Iterator[str]:
    lines = body["lines"]
    left = [line["net_cents"] for line in lines]
    discounts = [*vouchers_of(body), *([body["reward"]] if body["reward"] else [])]
    for discount in discounts:
        for place, cents in enumerate(discount["shares"][: len(lines)]):
            if not 0 <= cents <= left[place]:
                what = f"{discount['hold_id']} takes {cents} cents off line"
                yield f"{what} {lines[place]['number']}, which has {left[place]} left"
            left[place] -= cents
    for line in lines:
        for benefit in line.get("excluded", ()):
            if benefit in SHARES and line.get(SHARES[benefit], 0):
                yield f"line {line['number']} is excluded from {benefit} and has a share"
