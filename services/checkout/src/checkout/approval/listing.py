"""Query and table of the list of submitted orders, and their names as the caller may see them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from msgspec.structs import replace

from checkout.access import may
from checkout.approval.view import SUBMISSIONS, SubmissionStatus, SubmissionView
from zugabe_events.contracts.checkout import ApprovalNeed
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import WithheldReason, person_of, sealed_in, shown_as
from zugabe_events.export.table import Column, Table
from zugabe_events.http.fields import Id
from zugabe_events.http.list_query import ListQuery
from zugabe_events.http.request_context import RequestContext


class SubmissionQuery(ListQuery):
    customer: Id | None = None
    user: Id | None = None
    needs: ApprovalNeed | None = None
    status: SubmissionStatus | None = "waiting"
    sort: Literal["submitted_at", "-submitted_at", "net_cents", "-net_cents"] = "submitted_at"


STATUS: Mapping[SubmissionStatus, str] = {
    "waiting": "wartet",
    "approved": "freigegeben",
    "rejected": "abgelehnt",
    "withdrawn": "zurückgezogen",
    "expired": "verfallen",
    "changed": "geändert",
}
NEEDS: Mapping[ApprovalNeed, str] = {
    "customer": "Freigabe des Kunden",
    "order-value": "Bestellwert",
    "day-value": "Tageswert",
}

TABLE = Table(
    "freigaben",
    SUBMISSIONS,
    (
        Column("Bestell-ID", lambda one: one.order_id),
        Column("Bestellnummer", lambda one: one.order_number),
        Column("Vorgelegt am", lambda one: one.submitted_at),
        Column("Gültig bis", lambda one: one.expires_at),
        Column("Status", lambda one: STATUS.get(one.status, one.status)),
        Column("Grund", lambda one: ", ".join(NEEDS[need] for need in one.needs)),
        Column("Kunde", lambda one: one.customer),
        Column("Benutzer", lambda one: one.user),
        Column("Name", lambda one: one.orderer or ""),
        Column("Positionen", lambda one: one.positions),
        Column("Warenwert (EUR)", lambda one: one.goods_cents, "hundredths"),
        Column("Netto (EUR)", lambda one: one.net_cents, "hundredths"),
        Column("Entschieden am", lambda one: one.ended_at),
        Column("Entschieden von", lambda one: one.ended_by),
        Column("Begründung", lambda one: one.note or ""),
    ),
)


async def with_names(
    views: Sequence[SubmissionView], request: RequestContext, people: People
) -> Sequence[SubmissionView]:
    """Raises KeysUnavailableError."""
    if not may(request, "see-orderers"):
        return [named(view, lambda _, __: WithheldReason.HIDDEN) for view in views]
    sealed = [text for view in views for text in (view.orderer, view.note) if text]
    plain = await people.open(sealed_in(sealed))
    return [opened(view, plain) for view in views]


def opened(view: SubmissionView, plain: Mapping[str, str]) -> SubmissionView:
    person = person_of(view.dealer, view.user)
    return named(view, lambda field, text: shown_as(person, field, text, plain))


def named(view: SubmissionView, show: Callable[[str, str], str]) -> SubmissionView:
    return replace(
        view,
        orderer=view.orderer and show("name", view.orderer),
        note=view.note and show("note", view.note),
    )
