"""Rights at the checkout, and the roles that have them."""

from collections.abc import Mapping

from zugabe_events.http.request_context import RequestContext

RIGHTS: Mapping[str, frozenset[str]] = {
    "place-orders": frozenset({"user", "points-manager", "dealer-staff", "central", "service"}),
    "quote-carts": frozenset({"user", "points-manager", "dealer-staff", "central", "service"}),
    "import-orders": frozenset({"central", "service"}),
    # A single right of a dealer's own system, whose price, brand and group are taken (Q34).
    "set-prices": frozenset(),
    "cancel-orders": frozenset({"user", "dealer-staff", "central"}),
    # Central staff see sums, not a dealer's people.
    "see-orders": frozenset({"user", "dealer-staff", "service"}),
    # Name and address of orderers. Points managers see no orders but those that they place.
    "see-orderers": frozenset({"user", "points-manager", "dealer-staff"}),
    "see-buyers": frozenset({"user", "dealer-staff", "service"}),
    # Single rights: terms of sale cost the dealer money, and say who approves whose orders.
    "edit-sales-terms": frozenset(),
    "edit-customer-terms": frozenset(),
    "see-sales-terms": frozenset({"dealer-staff", "service"}),
}

BUYING_FOR_THEMSELVES = frozenset({"user", "points-manager"})


def may(request: RequestContext, right: str) -> bool:
    """For a right that only part of a route needs."""
    return request.principal.role in RIGHTS[right] or right in request.principal.rights
