"""The programme as visitors of a shop see it: everybody, until they log in (BO-11, BO-13)."""

from dataclasses import dataclass
from datetime import date

from bonus.account.decider import account_history
from bonus.account.shared import pool_of
from bonus.account.view import AccountView
from bonus.customer.decider import customer_history
from bonus.pool.decider import pool_history
from bonus.text.rules import rules_for
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.views import Views
from zugabe_events.http.request_context import RequestContext


def is_user(request: RequestContext) -> bool:
    return request.principal.is_user


@dataclass(frozen=True, slots=True)
class Visitors:
    store: EventStore
    accounts: Views[AccountView]

    async def collects(self, dealer: str, request: RequestContext) -> bool:
        """False for a user whose orders earn nothing, even while the programme runs."""
        takes_part = await self._customer_takes_part(dealer, request)
        return takes_part and not await self.has_left(dealer, request)

    async def has_left(self, dealer: str, request: RequestContext) -> bool:
        """True for a user who has left the programme, and may join again (BO-47)."""
        if not is_user(request):
            return False
        account = await self.accounts.get(f"{dealer}/{request.principal.subject}")
        return account is not None and account.has_left

    async def _customer_takes_part(self, dealer: str, request: RequestContext) -> bool:
        if not is_user(request):
            return True
        customer = request.principal.customer
        if customer is None:
            return False
        membership = await state_of(self.store, customer_history(dealer, customer))
        return membership.collects(request.context.at)

    async def ended_until(self, dealer: str, request: RequestContext) -> date | None:
        """The last day on which a user redeems whose customer was switched off (BO-49)."""
        customer = request.principal.customer
        if not is_user(request) or customer is None:
            return None
        membership = await state_of(self.store, customer_history(dealer, customer))
        return membership.run_off_until

    async def must_accept(self, dealer: str, request: RequestContext) -> bool:
        """A user who collects only once they have accepted the texts (BO-29)."""
        customer, at = request.principal.customer, request.context.at
        if not is_user(request) or customer is None:
            return False
        rules = await rules_for(self.store, dealer, customer)
        if not (rules.membership.collects(at) and rules.asks(at)):
            return False
        account = await state_of(self.store, account_history(dealer, request.principal.subject))
        return not rules.has_accepted(at, account.accepted)

    async def see(self, dealer: str, request: RequestContext, *, is_active: bool) -> bool:
        """False for a user who neither takes part nor has points: nothing of it is shown.

        Nor is it when these can be redeemed no more. Who has left still sees it, to join again
        (BO-47).
        """
        if not is_user(request):
            return True
        if is_active and await self._customer_takes_part(dealer, request):
            return True
        until = await self.ended_until(dealer, request)
        if until is not None and day_of(request.context.at) > until:
            return False
        holder = await self._holder(dealer, request)
        account = await self.accounts.get(f"{dealer}/{holder}") if holder else None
        return account is not None and account.has_points

    async def _holder(self, dealer: str, request: RequestContext) -> str | None:
        """In whose name the user sees points; nobody's if others manage them (BO-33)."""
        user, customer = request.principal.subject, request.principal.customer
        if customer is None:
            return user
        pool = await state_of(self.store, pool_history(dealer, customer))
        if not pool.is_pooled:
            return user
        return None if pool.hides_points_from(user) else pool_of(customer)
