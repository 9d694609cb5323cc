"""Rights in onboarding, and the roles that have them (X-16)."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {
    "announce-deliveries": frozenset({"partner", "central"}),
    "book-receipts": frozenset({"central", "service"}),
    "define-forms": frozenset({"central"}),
    "exchange-links": frozenset({"anonymous", "service"}),
    "fill-forms": frozenset({"partner", "central"}),
    "guide-brands": frozenset({"central"}),
    "guide-partners": frozenset({"central"}),
    "implement-data-models": frozenset({"central"}),
    "keep-material": frozenset({"central"}),
    "keep-warehouses": frozenset({"central"}),
    "name-product-types": frozenset({"partner", "central"}),
    "record-content": frozenset({"central", "service"}),
    "record-live-articles": frozenset({"central", "service"}),
    "register-articles": frozenset({"partner", "central", "service"}),
    "remove-documents": frozenset({"partner", "central"}),
    "review-forms": frozenset({"central"}),
    "see-board": frozenset({"central"}),
    "see-catalogue": frozenset({"partner", "central"}),
    "see-delivery": frozenset({"partner", "central"}),
    "see-documents": frozenset({"partner", "central"}),
    "see-forms": frozenset({"partner", "central"}),
    "see-history": frozenset({"central"}),
    "see-material": frozenset({"partner", "central"}),
    "see-onboarding": frozenset({"partner", "central"}),
    "see-product-types": frozenset({"central", "service"}),
    "store-documents": frozenset({"partner", "central"}),
}
