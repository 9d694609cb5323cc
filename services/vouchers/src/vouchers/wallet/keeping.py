"""When checkout erases a person, the mails to that person go with it (X-15)."""

from zugabe_events.contracts.checkout import PersonErased
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.privacy.erasure import Erased, Fate, Keeping


def fate(heard: ReceivedEvent) -> Fate | None:
    match heard.event:
        case PersonErased(dealer, user):
            return Erased(dealer, user)
        case _:
            return None


KEEPING = Keeping(name="vouchers.people", hears=("checkout",), events=(PersonErased,), fate=fate)
