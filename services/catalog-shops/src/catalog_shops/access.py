"""Rights in catalog-shops, and the roles that have them (X-16)."""

RIGHTS: dict[str, frozenset[str]] = {}
