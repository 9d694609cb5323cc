"""Amounts to pay back for a return, with VAT by rate and, at the end, shipping (X-3, X-20)."""

from collections import defaultdict
from collections.abc import Sequence

from checkout.fulfilment.state import Placed
from checkout.pricing.tax import totals_of
from zugabe_events.contracts.checkout import ReturnedLine, TaxShare, Totals


def paid_cents(line: ReturnedLine) -> int:
    return line.net_cents - line.voucher_cents - line.reward_cents


def totals_back(order: Placed, lines: Sequence[ReturnedLine], *, is_complete: bool) -> Totals:
    """The last return gives back whatever earlier ones left of the order's totals."""
    if order.totals is None:
        net = sum(paid_cents(line) for line in lines)
        return Totals(net, 0, net, ())
    if is_complete:
        before = [share for one in order.returns.values() for share in one.totals.taxes]
        return totals_of(rest(order.totals.taxes, before))
    nets: dict[int, int] = defaultdict(int)
    taxes: dict[int, int] = defaultdict(int)
    for line in lines:
        rate = order.lines[line.number].tax_rate
        nets[rate] += paid_cents(line)
        taxes[rate] += line.tax_cents
    shares = [
        TaxShare(share.tax, share.rate, nets[share.rate], taxes[share.rate])
        for share in order.totals.taxes
    ]
    return totals_of(worth_anything(shares))


def rest(shares: Sequence[TaxShare], before: Sequence[TaxShare]) -> Sequence[TaxShare]:
    nets: dict[int, int] = defaultdict(int)
    taxes: dict[int, int] = defaultdict(int)
    for share in before:
        nets[share.rate] += share.net_cents
        taxes[share.rate] += share.tax_cents
    return worth_anything(
        [
            TaxShare(
                share.tax,
                share.rate,
                share.net_cents - nets[share.rate],
                share.tax_cents - taxes[share.rate],
            )
            for share in shares
        ]
    )


def worth_anything(shares: Sequence[TaxShare]) -> Sequence[TaxShare]:
    return [share for share in shares if share.net_cents or share.tax_cents]
