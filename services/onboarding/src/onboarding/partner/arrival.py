"""Before the welcome a partner sees and fills in nothing (ON-2)."""

from onboarding.partner.decider import partner_history
from onboarding.partner.state import Open, PartnerNotFoundError, onboarding_of
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.http.request_context import RequestContext


def require_welcome(onboarding: Open, request: RequestContext) -> None:
    """Raise PartnerNotFoundError for a partner who is not welcomed yet, as if nothing were
    prepared; central prepares it meanwhile."""
    if request.principal.role == "partner" and onboarding.welcomed_at is None:
        raise PartnerNotFoundError


async def require_arrival(store: EventStore, partner: str, request: RequestContext) -> None:
    """Like `require_welcome`, reading the partner's onboarding for a partner only."""
    if request.principal.role == "partner":
        require_welcome(onboarding_of(await state_of(store, partner_history(partner))), request)
