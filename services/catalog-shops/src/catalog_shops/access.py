"""Rights in catalog-shops, and the roles that have them (X-16).

Dealers' staff and services edit only by single rights, which are named like rights.
"""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {
    "edit-articles": frozenset({"central"}),
    "edit-customers": frozenset(),
    "edit-gifts": frozenset({"central"}),
    "edit-prices": frozenset({"central"}),
    "see-articles": frozenset({"dealer-staff", "central"}),
    "see-customers": frozenset({"dealer-staff"}),
    "import-articles": frozenset({"central"}),
    "edit-shops": frozenset({"central"}),
    "list-gifts": frozenset({"dealer-staff", "central"}),
    "see-gifts": frozenset({"user", "points-manager", "dealer-staff", "central", "service"}),
    "list-dealers": frozenset({"central"}),
    "see-dealers": frozenset({"dealer-staff", "central"}),
    "see-shops": frozenset({"dealer-staff", "central"}),
    # E-Commerce-Support: a single right of some of the central staff.
    "unlock-dealers": frozenset(),
}
