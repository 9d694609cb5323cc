"""Who may do what in an onboarding (X-16)."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {
    "define-forms": frozenset({"central"}),
    "fill-forms": frozenset({"partner", "central"}),
    "keep-warehouses": frozenset({"central"}),
    "review-forms": frozenset({"central"}),
    "see-board": frozenset({"central"}),
    "see-delivery": frozenset({"partner", "central"}),
    "see-forms": frozenset({"partner", "central"}),
    "see-onboarding": frozenset({"partner", "central"}),
}
