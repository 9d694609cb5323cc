"""What visitors of a shop see of its programme: everybody, until they log in (BO-11, BO-13)."""

from dataclasses import dataclass

from bonus.account.view import AccountView
from bonus.customer.decider import customer_history
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.views import Views
from zugabe_events.http.request_context import RequestContext

USERS = frozenset({"user", "points-manager"})


def is_user(request: RequestContext) -> bool:
    return request.principal.role in USERS


@dataclass(frozen=True, slots=True)
class Visitors:
    store: EventStore
    accounts: Views[AccountView]

    async def collects(self, dealer: str, request: RequestContext) -> bool:
        """False for a user whose orders earn nothing, even while the programme runs."""
        if not is_user(request):
            return True
        customer = request.principal.customer
        if customer is None:
            return False
        membership = await state_of(self.store, customer_history(dealer, customer))
        return membership.collects(request.context.at)

    async def see(self, dealer: str, request: RequestContext, *, is_active: bool) -> bool:
        """False for a user who neither collects nor has points: nothing of it is shown."""
        if not is_user(request):
            return True
        if is_active and await self.collects(dealer, request):
            return True
        account = await self.accounts.get(f"{dealer}/{request.principal.subject}")
        return account is not None and account.has_points
