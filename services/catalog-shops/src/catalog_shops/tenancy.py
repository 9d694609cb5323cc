"""Who may edit what: central staff what is central, dealers' staff what is theirs."""

from zugabe_events.contracts.catalog_shops import GROUP_PREFIX
from zugabe_events.domain.errors import ForbiddenError
from zugabe_events.http.principal import CENTRAL
from zugabe_events.http.request_context import RequestContext


def edits_own(request: RequestContext) -> None:
    """Raise ForbiddenError for central staff who would change what belongs to a dealer."""
    tenant = request.context.tenant
    is_central = tenant == CENTRAL or tenant.startswith(GROUP_PREFIX)
    if request.principal.role == "central" and not is_central:
        raise ForbiddenError("Das pflegt der Händler selbst.")
