"""Personal texts of orders as the caller may see them; everywhere else they are sealed."""

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from checkout.access import may
from checkout.fulfilment.view import ReturnView
from checkout.order.view import Orderer, OrderView
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import WithheldReason, person_of, sealed_in, shown_as
from zugabe_events.http.request_context import RequestContext

type Show = Callable[[str, str], str]
"""A text as it is shown, by the name of its field and as it is stored."""


def hidden(_: str, __: str) -> str:
    return WithheldReason.HIDDEN


async def with_people(
    views: Sequence[OrderView], request: RequestContext, people: People
) -> Sequence[OrderView]:
    """Orders with their orderers and notes. Raises KeysUnavailableError."""
    if not may(request, "see-orderers"):
        return [showing(view, hidden) for view in views]
    texts: list[str] = []
    for view in views:
        showing(view, noting(texts))
    plain = await people.open(sealed_in(texts))
    return [opened(view, plain) for view in views]


async def with_note(
    back: ReturnView, person: str, request: RequestContext, people: People
) -> ReturnView:
    """The same for a single return. Raises KeysUnavailableError."""
    if back.note is None:
        return back
    if not may(request, "see-orderers"):
        return replace(back, note=WithheldReason.HIDDEN)
    plain = await people.open(sealed_in(back.note))
    return replace(back, note=shown_as(person, "note", back.note, plain))


def noting(texts: list[str]) -> Show:
    def note(_: str, text: str) -> str:
        texts.append(text)
        return text

    return note


def opened(view: OrderView, plain: Mapping[str, str]) -> OrderView:
    """Texts of others than the order's user are hidden; plain ones from before are shown."""
    person = person_of(view.dealer, view.user)
    return showing(view, lambda field, text: shown_as(person, field, text, plain))


def showing(view: OrderView, show: Show) -> OrderView:
    orderer, note, cancelled_note = view.orderer, view.note, view.cancelled_note
    if orderer is None and note is None and cancelled_note is None and not view.returns:
        return view
    return replace(
        view,
        orderer=orderer and Orderer(show("name", orderer.name), show("email", orderer.email)),
        note=note and show("note", note),
        cancelled_note=cancelled_note and show("note", cancelled_note),
        returns=tuple(
            replace(back, note=show("note", back.note)) if back.note else back
            for back in view.returns
        ),
    )
