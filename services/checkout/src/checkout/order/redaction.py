"""Orderers as the caller may see them; everywhere else they are sealed."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from checkout.access import may
from checkout.order.view import Orderer, OrderView
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import WithheldReason, person_of, sealed_in, shown_as
from zugabe_events.http.request_context import RequestContext

HIDDEN = Orderer(WithheldReason.HIDDEN, WithheldReason.HIDDEN)


async def with_orderers(
    views: Sequence[OrderView], request: RequestContext, people: People
) -> Sequence[OrderView]:
    """Raises KeysUnavailableError."""
    if not may(request, "see-orderers"):
        return [replace(view, orderer=HIDDEN) if view.orderer else view for view in views]
    sealed = [(view.orderer.name, view.orderer.email) for view in views if view.orderer]
    plain = await people.open(sealed_in(sealed))
    return [with_orderer(view, plain) for view in views]


def with_orderer(view: OrderView, plain: Mapping[str, str]) -> OrderView:
    if view.orderer is None:
        return view
    person = person_of(view.dealer, view.user)
    name = shown_as(person, "name", view.orderer.name, plain)
    email = shown_as(person, "email", view.orderer.email, plain)
    return replace(view, orderer=Orderer(name, email))
