"""Terms of sale as an order records them: they hold for it, whatever is changed later (X-40)."""

from checkout.pricing.sale import Sale
from zugabe_events.contracts.checkout import AfterSales, Earning


def earning_of(sale: Sale) -> Earning:
    terms = sale.terms
    return Earning(
        points_on=terms.points_on,
        vouchers_on=terms.vouchers_on,
        minimum_cents=terms.earning_minimum_cents,
        claw_back=terms.claw_back,
    )


def after_sales_of(sale: Sale) -> AfterSales:
    terms = sale.terms
    return AfterSales(
        buyers_cancel_until=terms.buyers_cancel_until,
        return_days=terms.return_days,
        full_return_cancels=terms.full_return_cancels,
        gifts_below_limit=terms.gifts_below_limit,
        gift_mode=sale.gifts.mode,
        alarm_after_cancellations=terms.alarm_after_cancellations,
    )
