"""Who may do what with campaigns and vouchers (X-16, X-28)."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {
    "edit-campaigns": frozenset({"dealer-staff"}),
    "see-campaigns": frozenset({"dealer-staff", "central"}),
    "hold-vouchers": frozenset({"service:checkout"}),
    "check-vouchers": frozenset({"service:checkout", "service", "user", "dealer-staff"}),
    "see-own-vouchers": frozenset({"user", "service", "dealer-staff"}),
    # Names of a dealer's users are none of central's business.
    "see-vouchers": frozenset({"dealer-staff"}),
}
