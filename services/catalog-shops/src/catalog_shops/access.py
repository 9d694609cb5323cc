"""Who may do what in catalog-shops (X-16)."""

RIGHTS: dict[str, frozenset[str]] = {}
