"""Reads what a customer lends to its users."""

from vouchers.customer.decider import CustomerVouchers, customer_history, is_lent
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.event_store import EventStore, state_of


async def lent_to(
    store: EventStore, dealer: str, customer: str, terms: CampaignTerms
) -> CustomerVouchers:
    """The vouchers of a customer that all of its users may use, if the campaign has such."""
    if not is_lent(terms, customer):
        return CustomerVouchers()
    return await state_of(store, customer_history(dealer, customer))
