"""Cents by exact fractions, and amounts summed by VAT rate."""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from math import floor

from zugabe_verify.records import Body

HALF = Fraction(1, 2)
BASIS_POINTS = 10_000


def half_up(amount: Fraction) -> int:
    return floor(amount + HALF)


def share(total_cents: int, part: int, whole: int) -> int:
    """`part` of `whole` of a total, rounded half up; of nothing, nothing."""
    return half_up(Fraction(total_cents * part, whole)) if whole else 0


def is_fair(cents: int, total_cents: int, part: int, whole: int) -> bool:
    """True if a share of a total is its exact one, rounded either way; of nothing, nothing."""
    return abs(cents - Fraction(total_cents * part, whole)) < 1 if whole else cents == 0


def summed(amounts: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Cents by rate, without those that sum up to nothing."""
    sums: Counter[int] = Counter()
    for rate, cents in amounts:
        sums[rate] += cents
    return {rate: cents for rate, cents in sums.items() if cents}


def nets_of(taxes: Iterable[Body]) -> dict[int, int]:
    return summed((one["rate"], one["net_cents"]) for one in taxes)


def taxes_of(taxes: Iterable[Body]) -> dict[int, int]:
    return summed((one["rate"], one["tax_cents"]) for one in taxes)


def left_of(line: Body) -> int:
    """Net value of a line, or of returned pieces of it, after discounts."""
    left: int = line["net_cents"] - line.get("voucher_cents", 0) - line.get("reward_cents", 0)
    return left


def wrong_sums(totals: Body) -> list[str]:
    """Each rate once, and net, tax and gross add up over the rates."""
    taxes = totals["taxes"]
    net, tax = (sum(one[name] for one in taxes) for name in ("net_cents", "tax_cents"))
    wrong = []
    if len({one["rate"] for one in taxes}) < len(taxes):
        wrong.append("a VAT rate comes twice")
    if (totals["net_cents"], totals["tax_cents"]) != (net, tax) and taxes:
        wrong.append(f"by rate, net and VAT sum up to {net} and {tax} cents")
    if totals["gross_cents"] != totals["net_cents"] + totals["tax_cents"]:
        wrong.append("its gross is not net and VAT")
    return wrong
