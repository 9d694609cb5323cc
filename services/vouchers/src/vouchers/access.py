"""Rights over campaigns and vouchers, and the roles that have them (X-16, X-28).

Points managers are users with one right more, who may do whatever users may (BO-34).
"""

from collections.abc import Mapping

from zugabe_events.http.principal import ANONYMOUS

RIGHTS: Mapping[str, frozenset[str]] = {
    # „Gutscheine bearbeiten" is a single right of dealers' staff, for campaigns cost money. Central
    # staff edit central campaigns only.
    "edit-campaigns": frozenset({"central"}),
    "import-vouchers": frozenset({"central", "service"}),
    "see-campaigns": frozenset({"dealer-staff", "central"}),
    "see-statistics": frozenset({"dealer-staff"}),
    "see-central-statistics": frozenset({"central"}),
    "hold-vouchers": frozenset({"service:checkout"}),
    "check-vouchers": frozenset(
        {"service:checkout", "service", "user", "points-manager", "dealer-staff"}
    ),
    "see-own-vouchers": frozenset({"user", "points-manager", "service", "dealer-staff"}),
    "see-order-vouchers": frozenset({"service:checkout", "user", "points-manager"}),
    # Users call the dealer, too, when they want no more mails. Only they allow them again.
    "object-to-advertising": frozenset({"user", "points-manager", "service", "dealer-staff"}),
    "allow-advertising": frozenset({"user", "points-manager", "service"}),
    # People agree themselves; the dealer's staff ends what they no longer want.
    "subscribe-newsletter": frozenset({"user", "points-manager", "service"}),
    "see-newsletter": frozenset({"user", "points-manager", "service", "dealer-staff"}),
    # Whoever got a mail has its links.
    "follow-mail-links": frozenset({ANONYMOUS, "user", "points-manager", "service"}),
    # Central staff may not see a dealer's users.
    "see-vouchers": frozenset({"dealer-staff"}),
}
