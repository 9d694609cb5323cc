"""Rights at the checkout, and the roles that have them."""

from collections.abc import Mapping

from zugabe_events.domain.errors import ForbiddenError
from zugabe_events.http.request_context import RequestContext

RIGHTS: Mapping[str, frozenset[str]] = {
    "place-orders": frozenset({"user", "points-manager", "dealer-staff", "central", "service"}),
    "quote-carts": frozenset({"user", "points-manager", "dealer-staff", "central", "service"}),
    # Anonymous callers prove by a key which cart is theirs.
    "change-carts": frozenset({"anonymous", "user", "points-manager", "dealer-staff", "service"}),
    "open-carts": frozenset({"user", "points-manager", "dealer-staff", "service"}),
    "open-anonymous-carts": frozenset({"anonymous", "service"}),
    "import-orders": frozenset({"central", "service"}),
    # A single right of a dealer's own system, whose price, brand and group are taken (Q34).
    "set-prices": frozenset(),
    # Those who order see, cancel and return their own orders; the dealer's staff and system do so
    # for all of the dealer. Central staff see sums, not a dealer's people, and cancel
    # nothing that they may not see.
    "see-orders": frozenset({"user", "points-manager", "dealer-staff", "service"}),
    "cancel-orders": frozenset({"user", "points-manager", "dealer-staff", "service"}),
    "return-orders": frozenset({"user", "points-manager", "dealer-staff", "service"}),
    # Confirmed, shipped, delivered.
    "process-orders": frozenset({"dealer-staff", "service"}),
    # Name and address of orderers, and what people wrote about an order.
    "see-orderers": frozenset({"user", "points-manager", "dealer-staff"}),
    # Submitted orders: their own, or those of the customer for whom they approve.
    "see-submissions": frozenset({"user", "points-manager", "dealer-staff"}),
    # A single right of users, for orders of their customer.
    "approve-orders": frozenset(),
    # A single right of the dealer's staff, for orders above the values of the terms of sale (S1).
    "review-orders": frozenset(),
    # Single rights: terms of sale cost the dealer money, and say who approves whose orders.
    "edit-sales-terms": frozenset(),
    "edit-customer-terms": frozenset(),
    "see-sales-terms": frozenset({"dealer-staff", "service"}),
    "see-buyers": frozenset({"user", "points-manager", "dealer-staff", "service"}),
}

BUYING_FOR_THEMSELVES = frozenset({"user", "points-manager"})
"""Roles that only ever see and change what is their own, with single rights too (S22)."""


def may(request: RequestContext, right: str) -> bool:
    """For a right that only part of a route needs."""
    return request.principal.role in RIGHTS[right] or right in request.principal.rights


def is_anothers(request: RequestContext, user: str) -> bool:
    """True for something of `user` that somebody else who buys names by its id.

    They are told that it is not there, so that ids of others cannot be probed (S20).
    """
    principal = request.principal
    return principal.role in BUYING_FOR_THEMSELVES and principal.subject != user


def only_own(request: RequestContext, user: str) -> None:
    """Raise ForbiddenError for somebody who buys and is not `user`; others pass."""
    if is_anothers(request, user):
        raise ForbiddenError("Das gehört einem anderen Benutzer.")
