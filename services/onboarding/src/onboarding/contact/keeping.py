"""Onboarding owns the keys of partners' contacts, and of the managers who look after them."""

from datetime import datetime
from uuid import UUID

from onboarding.contact.decider import Retire, contact_history
from zugabe_events.contracts.onboarding import ContactErased, ContactRestricted
from zugabe_events.envelope import Context
from zugabe_events.handling import Handled, handle
from zugabe_events.people.keeping import Erased, Fate, Keeping, Restricted
from zugabe_events.policies import Heard
from zugabe_events.store import EventStore


def fate(heard: Heard) -> Fate | None:
    match heard.event:
        case ContactRestricted(partner, contact_id, until):
            return Restricted(partner, contact_id, until)
        case ContactErased(partner, contact_id):
            return Erased(partner, contact_id)
        case _:
            return None


async def retire(
    store: EventStore,
    dealer: str,
    user: str,
    keep_until: datetime | None,
    context: Context,
    *,
    attempt: UUID,
    body: str = "",
) -> Handled:
    command = Retire(dealer, user, keep_until, context.at)
    history = contact_history(dealer, user)
    return await handle(store, history, command, context, attempt=attempt, body=body)


KEEPING = Keeping(
    name="onboarding.people",
    hears=("onboarding",),
    events=(ContactRestricted, ContactErased),
    fate=fate,
    retire=retire,
    tenant="partner",
)
