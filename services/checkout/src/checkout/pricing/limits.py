"""The most that a cart and an order can have."""

MAX_LINES = 1_000
MAX_QUANTITY = 100_000

MAX_CODES = 5
MAX_OFFERS = MAX_CODES + 1
"""Vouchers and a reward, each of which is split by line."""

MAX_GIFTS = 100
"""Chosen ones, and as many that were removed."""
