"""The demo's expected results, computed from the order file alone.

Shares no code with the services, the kernel or the demo: cents and days are plain numbers here, and
the rules are those of the demo's world as people wrote them down.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

CODE = "ZWEITKAUF97"
VOUCHER_FIRST, VOUCHER_LAST = date(1997, 1, 1), date(1997, 6, 30)
VOUCHER_PERCENT = 10
VOUCHER_MINIMUM = 1_000
DOUBLE_FIRST, DOUBLE_LAST = date(1997, 2, 1), date(1997, 2, 28)
PROGRAMME_FIRST = date(1997, 1, 1)
PENDING = timedelta(days=14)
REWARD_POINTS, REWARD_CENTS = 500, 500

type Purchase = tuple[str, date, int, int]
"""Customer, day, units, cents."""


def purchases(path: Path) -> list[Purchase]:
    found = []
    for line in path.read_text("ascii").splitlines()[1:]:
        customer, day, units, usd = line.split(",")
        euros, _, cents = usd.partition(".")
        found.append(
            (
                customer,
                date.fromisoformat(day),
                int(units),
                int(euros) * 100 + int((cents + "00")[:2]),
            )
        )
    return found


def positions(cents: int, units: int) -> list[int]:
    """Even, and the first ones take one cent more where it does not divide."""
    left = cents
    found = []
    for remaining in range(units, 0, -1):
        share = -(-left // remaining)
        found.append(share)
        left -= share
    return found


def half_up(amount: Fraction) -> int:
    whole = amount.numerator // amount.denominator
    return whole + (amount - whole >= Fraction(1, 2))


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """By largest remainder; of equal remainders the earlier position comes first."""
    if total == 0:
        return [0] * len(weights)
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    shares = [one.numerator // one.denominator for one in exact]
    while sum(shares) < total:
        gaps = [wanted - given for wanted, given in zip(exact, shares, strict=True)]
        shares[gaps.index(max(gaps))] += 1
    return shares


def findings(orders: Iterable[Purchase]) -> dict[str, Any]:
    """`summary`, `accounts` by customer, and `vouchers` by customer."""
    summary: Counter[str] = Counter()
    accounts: dict[str, list[int]] = {}
    vouchers: dict[str, str] = {}
    lots: dict[str, list[tuple[date, int]]] = {}
    for customer, day, units, cents in orders:
        account = accounts.setdefault(customer, [0, 0, 0])
        lines = positions(cents, units)

        off = 0
        if vouchers.get(customer) == "unused" and VOUCHER_FIRST <= day <= VOUCHER_LAST:
            if cents >= VOUCHER_MINIMUM:
                off = half_up(Fraction(cents * VOUCHER_PERCENT, 100))
                vouchers[customer] = "redeemed"
                summary["vouchers_redeemed"] += 1
            else:
                summary["vouchers_refused_minimum"] += 1
        after_voucher = subtract(lines, spread(off, lines))

        active = sum(points for since, points in lots.get(customer, []) if since <= day)
        reward = 0
        if active - account[2] >= REWARD_POINTS and sum(after_voucher) >= REWARD_CENTS:
            reward = REWARD_CENTS
            account[2] += REWARD_POINTS
            summary["rewards_redeemed"] += 1
            summary["points_redeemed"] += REWARD_POINTS
        to_pay = subtract(after_voucher, spread(reward, after_voucher))

        earned = 0
        if day >= PROGRAMME_FIRST:
            earned = sum(line // 100 for line in to_pay)
            if DOUBLE_FIRST <= day <= DOUBLE_LAST:
                earned *= 2
        lots.setdefault(customer, []).append((day + PENDING, earned))

        if account[0] == 0 and VOUCHER_FIRST <= day <= VOUCHER_LAST:
            vouchers[customer] = "unused"
            summary["vouchers_issued"] += 1
        account[0] += 1
        account[1] += earned
        summary["orders"] += 1
        summary["goods_cents"] += cents
        summary["net_cents"] += sum(to_pay)
        summary["voucher_discount_cents"] += off
        summary["reward_discount_cents"] += reward
        summary["points_accrued"] += earned
    summary["users"] = len(accounts)
    return {"summary": dict(summary), "accounts": accounts, "vouchers": vouchers}


def subtract(values: Sequence[int], parts: Sequence[int]) -> list[int]:
    return [value - part for value, part in zip(values, parts, strict=True)]
