"""Tenants: whose data something is, of a dealer, of a partner, or central."""

CENTRAL = "central"
"""The tenant of everything that belongs to no dealer or partner; reserved, so no dealer has it."""
