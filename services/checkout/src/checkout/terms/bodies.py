"""Request bodies of terms. Their limits are the domain's, which says all that is beyond them."""

from typing import Annotated, Literal

from pydantic import Field

from checkout.terms.limits import MAX_COUNTRIES
from zugabe_events.contracts.checkout import ApprovalRule, Moment, SalesTerms, ShippingTerms
from zugabe_events.http.fields import Body, Instant, at_most

Whole = Annotated[int, Field(strict=True)]


class ShippingBody(Body):
    """Net cost to a country (ISO 3166, two letters), and the net value of goods from which it is
    free."""

    country: Annotated[str, Field(max_length=10)]
    cost_cents: Whole
    free_from_cents: Whole | None = None


class SalesTermsBody(Body):
    """All terms of sale; those that are left out are the default ones.

    `effective_at` is now, or in the past for history that is set up.
    """

    shipping: Annotated[tuple[ShippingBody, ...], at_most(MAX_COUNTRIES)] = ()
    points_on: Moment = "placed"
    vouchers_on: Moment = "placed"
    earning_minimum_cents: Whole = 0
    claw_back: Literal["keep", "charge"] = "keep"
    buyers_cancel_until: Literal["confirmed", "shipped"] = "shipped"
    return_days: Whole | None = 14
    full_return_cancels: bool = True
    gifts_below_limit: Literal["kept", "taken-back"] = "kept"
    approval_days: Whole = 14
    review_order_cents: Whole | None = None
    review_day_cents: Whole | None = None
    alarm_after_cancellations: Whole | None = 5
    effective_at: Instant | None = None

    def terms(self) -> SalesTerms:
        said = self.model_dump(exclude={"shipping", "effective_at"})
        countries = (
            ShippingTerms(one.country, one.cost_cents, one.free_from_cents) for one in self.shipping
        )
        return SalesTerms(shipping=tuple(countries), **said)


class CustomerTermsBody(Body):
    """`above_cents` is for the rule `above`: orders of a larger net value need approval."""

    approval: ApprovalRule
    above_cents: Whole = 0
    effective_at: Instant | None = None
