"""Names of users for the dealer's staff, who may see them in orders as well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vouchers.orderer.view import OrdererView, key_of
from zugabe_events.domain.views import Views
from zugabe_events.encryption.master_key import KeysUnavailableError
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import person_of, sealed_in, shown_as


@dataclass(frozen=True, slots=True)
class Orderers:
    views: Views[OrdererView]
    people: People

    async def names(self, dealer: str, users: Sequence[str]) -> Mapping[str, str]:
        """By user, as far as an order named them; none while checkout cannot open them.

        In place of a name that cannot be shown stands why: `gelöscht`, `gesperrt`.
        """
        found = await self.views.get_many([key_of(dealer, user) for user in users])
        try:
            plain = await self.people.open(sealed_in([view.name for view in found.values()]))
        except KeysUnavailableError:
            return {}
        return {
            view.user: shown_as(person_of(dealer, view.user), "name", view.name, plain)
            for view in found.values()
        }
