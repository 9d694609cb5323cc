"""Tenants, whose data something is: of a dealer, of a partner, or central; and their customers."""

CENTRAL = "central"
"""The tenant of everything that belongs to no dealer or partner; reserved, so no dealer has it."""

SHARED_CUSTOMER = "So.COMMERCE"
"""The one customer with all standard users (VO-12): its users are strangers to each other."""
