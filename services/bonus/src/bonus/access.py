"""Rights over bonus points, and the roles that have them (X-16, X-28)."""

RIGHTS: dict[str, frozenset[str]] = {
    # „Einstellungen für Bonuspunkte bearbeiten", a single right of some of a dealer's staff (BO-8).
    "edit-bonus-settings": frozenset(),
    "see-programme": frozenset({"central"}),
    # Set on request, by a ticket to the shop support (BO-27).
    "edit-footer-link": frozenset({"central"}),
    # The page „Bonuspunkte" is public, and so is what an article earns (BO-42, BO-53).
    "see-bonus-page": frozenset(
        {"anonymous", "user", "points-manager", "dealer-staff", "central", "service"}
    ),
    # Central staff see sums, not a dealer's people.
    "see-account": frozenset({"user", "points-manager", "dealer-staff", "service"}),
    # A single right of some of a dealer's staff; a second person needs it as well.
    "correct-points": frozenset(),
    "import-balances": frozenset({"central", "service"}),
    "see-accounts": frozenset({"dealer-staff"}),
    "see-bonus-customers": frozenset({"dealer-staff"}),
    # Users only as points managers of their customer, which its own stream says (BO-33, BO-34).
    "see-pool": frozenset({"user", "points-manager", "dealer-staff"}),
    "check-rewards": frozenset(
        {"user", "points-manager", "dealer-staff", "service", "service:checkout"}
    ),
    # Nobody accepts texts, or sees notices, for somebody else.
    "accept-texts": frozenset({"user", "points-manager"}),
    # Nor does anybody leave the programme for somebody else (BO-45).
    "leave-programme": frozenset({"user", "points-manager"}),
    "see-notices": frozenset({"user", "points-manager"}),
    "hold-rewards": frozenset({"service:checkout"}),
}
