"""Editing by tenant: central staff edit what is central, dealers' staff what is theirs."""

from catalog_shops.tenants import is_dealer
from zugabe_events.domain.errors import ForbiddenError
from zugabe_events.http.request_context import RequestContext


def edits_own(request: RequestContext) -> None:
    """Raise ForbiddenError for central staff who would change what belongs to a dealer."""
    if request.principal.role == "central" and is_dealer(request.context.tenant):
        raise ForbiddenError("Das pflegt der Händler selbst.")
