"""Who may do what with bonus points (X-16)."""

RIGHTS: dict[str, frozenset[str]] = {
    # „Einstellungen für Bonuspunkte bearbeiten" (BO-8)
    "edit-bonus-settings": frozenset({"dealer-staff"}),
    "see-programme": frozenset({"user", "points-manager", "dealer-staff", "central", "service"}),
    "see-account": frozenset({"user", "points-manager", "dealer-staff", "central", "service"}),
    "see-accounts": frozenset({"dealer-staff", "central"}),
    "check-rewards": frozenset(
        {"user", "points-manager", "dealer-staff", "service", "service:checkout"}
    ),
    "hold-rewards": frozenset({"service:checkout"}),
}
