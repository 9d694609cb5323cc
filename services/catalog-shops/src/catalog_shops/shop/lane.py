"""Partition of the log in which everything about a tenant's shops stays in order."""

from zugabe_events.domain.event import Stream


def shop_stream(dealer: str, stream_id: str) -> Stream:
    """A stream in the partition of a tenant's shops.

    A shop, its URL name, its place among the others and what is planned for it change together:
    one token stands for all of it, and read models see it in order.
    """
    return Stream(stream_id, f"shops/{dealer}")
