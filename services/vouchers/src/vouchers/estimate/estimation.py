"""The effect of a campaign on past orders: a pure fold of them, in the order of time."""

from datetime import date, datetime

import msgspec
from msgspec import field

from vouchers.assortment.restriction import Restriction
from vouchers.campaign.discount import Discount, discount_of, threshold_value
from vouchers.campaign.terms import uses_per_user
from vouchers.customer.decider import is_lent
from vouchers.estimate.past_orders import PastOrder
from vouchers.wallet.issued import last_day
from vouchers.wallet.refusals import Use, nothing_eligible, nothing_to_pay, too_little
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.event import Fact


class Trial(Fact, frozen=True):
    """The campaign that is tried, on orders from `placed_from` on.

    Its own validity does not count. Nor do vouchers that the orders used: it is tried as if the
    users had had no other. Newsletter vouchers are tried as if all users had subscribed.
    """

    terms: CampaignTerms
    placed_from: datetime
    restriction: Restriction | None = None


class Estimate(Fact, frozen=True):
    """Orders that were tried, how many would have qualified, and what it would have cost, in cents.

    `qualified` orders fulfil the conditions; `uses` are those of them within the limits, whose
    goods were worth `goods_cents` before discounts. `shipping_cents` is the cost of shipping that
    would have been saved. `with_vouchers` of the uses had used another voucher. `users` and
    `customers` are those with a use. `refused` counts the other orders, by the code of the reason.
    """

    orders: int = 0
    qualified: int = 0
    uses: int = 0
    users: int = 0
    customers: int = 0
    with_vouchers: int = 0
    goods_cents: int = 0
    discount_cents: int = 0
    shipping_cents: int = 0
    refused: dict[str, int] = field(default_factory=dict)


class Tally(msgspec.Struct):
    """An estimate in the making; changes with each order.

    `seen` are users with an order, and `earned` has the last day of the voucher of a user, or of a
    customer who lends it to all users: both only of campaigns for the second purchase.
    """

    orders: int = 0
    qualified: int = 0
    uses: int = 0
    with_vouchers: int = 0
    goods_cents: int = 0
    discount_cents: int = 0
    shipping_cents: int = 0
    refused: dict[str, int] = {}
    by_user: dict[str, int] = {}
    by_customer: dict[str, int] = {}
    seen: set[str] = set()
    earned: dict[str, date] = {}

    @property
    def estimate(self) -> Estimate:
        return Estimate(
            orders=self.orders,
            qualified=self.qualified,
            uses=self.uses,
            users=len(self.by_user),
            customers=len(self.by_customer),
            with_vouchers=self.with_vouchers,
            goods_cents=self.goods_cents,
            discount_cents=self.discount_cents,
            shipping_cents=self.shipping_cents,
            refused=dict(self.refused),
        )


def count(tally: Tally, order: PastOrder, trial: Trial) -> None:
    """Add an order to the tally; orders come in the order in which they were placed."""
    if not order.stands:
        return
    user, customer = f"{order.dealer}/{order.user}", f"{order.dealer}/{order.customer}"
    is_tried = order.placed_at >= trial.placed_from
    if is_tried:
        tally.orders += 1
        use_or_refuse(tally, order, trial, user, customer)
    if trial.terms.kind == "second-purchase" and user not in tally.seen:
        tally.seen.add(user)
        if is_tried and is_worth_it(order, trial.terms):
            day = last_day_of(trial.terms, order.placed_at)
            holder = holder_of(trial.terms, order, user, customer)
            tally.earned[holder] = max(day, tally.earned.get(holder, day))


def use_or_refuse(tally: Tally, order: PastOrder, trial: Trial, user: str, customer: str) -> None:
    terms = trial.terms
    if terms.kind == "second-purchase":
        last = tally.earned.get(holder_of(terms, order, user, customer))
        if last is None or last < day_of(order.placed_at):
            refuse(tally, "not-issued" if last is None else "expired")
            return
    code, discount = tried(order, trial)
    if discount is None:
        refuse(tally, code)
        return
    tally.qualified += 1
    if limit := limit_reached(tally, terms, discount, user, customer):
        refuse(tally, limit)
        return
    tally.uses += 1
    tally.with_vouchers += order.vouchers > 0
    tally.goods_cents += sum(line.net_cents for line in order.lines)
    tally.discount_cents += discount.discount_cents
    tally.shipping_cents += order.shipping_cents if discount.free_shipping else 0
    tally.by_user[user] = tally.by_user.get(user, 0) + 1
    tally.by_customer[customer] = tally.by_customer.get(customer, 0) + 1


def tried(order: PastOrder, trial: Trial) -> tuple[str, Discount | None]:
    """The discount, or the code of the reason that there is none, by the rules of real carts."""
    terms, cart = trial.terms, order.cart
    use = Use(
        voucher_code=terms.code,
        dealer=order.dealer,
        customer=order.customer,
        user=order.user,
        campaign_id="",
        campaign_version=0,
        terms=terms,
        lines=cart,
        placed_at=order.placed_at,
        restriction=trial.restriction,
    )
    discount = discount_of(terms, cart, trial.restriction)
    refusal = (
        too_little(terms, cart)
        or nothing_eligible(use)
        or (nothing_to_pay() if discount.base_cents == 0 else None)
    )
    return (refusal.code, None) if refusal else ("", discount)


def limit_reached(
    tally: Tally, terms: CampaignTerms, discount: Discount, user: str, customer: str
) -> str | None:
    """The code of the first limit that leaves no room for the use."""
    reached = {
        "user-limit": is_reached(uses_per_user(terms), tally.by_user.get(user, 0)),
        "customer-limit": is_reached(terms.max_per_customer, tally.by_customer.get(customer, 0)),
        "campaign-limit": is_reached(terms.max_uses, tally.uses),
        "budget-used-up": terms.budget_cents is not None
        and tally.discount_cents + discount.discount_cents > terms.budget_cents,
    }
    return next((code for code, is_so in reached.items() if is_so), None)


def is_reached(limit: int | None, uses: int) -> bool:
    return limit is not None and uses >= limit


def is_worth_it(order: PastOrder, terms: CampaignTerms) -> bool:
    """A first order earns a voucher from a value of its goods on; never for nothing."""
    minimum = max(1, order.earning_minimum_cents, terms.earning_minimum_cents)
    return threshold_value(order.cart) >= minimum


def last_day_of(terms: CampaignTerms, at: datetime) -> date:
    """Vouchers without days of their own last as long as the campaign, which does not count."""
    return date.max if terms.valid_days is None else last_day(terms, at)


def holder_of(terms: CampaignTerms, order: PastOrder, user: str, customer: str) -> str:
    return f"{customer}/" if is_lent(terms, order.customer) else user


def refuse(tally: Tally, code: str) -> None:
    tally.refused[code] = tally.refused.get(code, 0) + 1
