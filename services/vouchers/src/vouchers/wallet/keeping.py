"""When checkout erases a person, the mails to that person go with it (X-15)."""

from zugabe_events.contracts.checkout import PersonErased
from zugabe_events.people.keeping import Erased, Fate, Keeping
from zugabe_events.policies import Heard


def fate(heard: Heard) -> Fate | None:
    match heard.event:
        case PersonErased(dealer, user):
            return Erased(dealer, user)
        case _:
            return None


KEEPING = Keeping(name="vouchers.people", hears=("checkout",), events=(PersonErased,), fate=fate)
