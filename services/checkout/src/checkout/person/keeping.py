"""Checkout owns the keys of users, since it is told first who they are."""

from datetime import datetime
from uuid import UUID

from checkout.person.decider import Retire, person_history
from zugabe_events.contracts.checkout import PersonErased, PersonRestricted
from zugabe_events.envelope import Context
from zugabe_events.handling import Handled, handle
from zugabe_events.people.keeping import Erased, Fate, Keeping, Restricted
from zugabe_events.policies import Heard
from zugabe_events.store import EventStore


def fate(heard: Heard) -> Fate | None:
    match heard.event:
        case PersonRestricted(dealer, user, until):
            return Restricted(dealer, user, until)
        case PersonErased(dealer, user):
            return Erased(dealer, user)
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
    history = person_history(dealer, user)
    return await handle(store, history, command, context, attempt=attempt, body=body)


KEEPING = Keeping(
    name="checkout.people",
    hears=("checkout",),
    events=(PersonRestricted, PersonErased),
    fate=fate,
    retire=retire,
)
