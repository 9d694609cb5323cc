"""The histories that say whether orders of a customer's users earn points."""

from typing import Any

from bonus.customer.decider import customer_history
from bonus.programme.decider import programme_history
from bonus.text.acceptance import Rules
from bonus.text.decider import texts_history
from zugabe_events.domain.decider import History
from zugabe_events.domain.event_store import EventStore, states_of


def rules_histories(dealer: str, customer: str) -> tuple[History[Any, Any], ...]:
    """In the order of the fields of `Rules`."""
    return programme_history(dealer), customer_history(dealer, customer), texts_history(dealer)


async def rules_for(store: EventStore, dealer: str, customer: str) -> Rules:
    return Rules(*await states_of(store, rules_histories(dealer, customer)))
