"""Who may do what in an onboarding (X-16)."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {
    "see-board": frozenset({"central"}),
    "see-onboarding": frozenset({"central", "partner"}),
}
