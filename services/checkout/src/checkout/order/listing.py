"""Query and table of the list of orders."""

from collections.abc import Mapping
from typing import Annotated, Literal

from checkout.order.view import ORDERS, OrderView, Status
from zugabe_events.export.table import Column, Table
from zugabe_events.http.fields import Day, Id
from zugabe_events.http.list_query import Days, ListQuery


class OrderQuery(ListQuery):
    user: Id | None = None
    customer: Id | None = None
    status: Status | None = None
    order_number: Id | None = None
    placed_from: Annotated[Day | None, Days("placed_at")] = None
    placed_until: Annotated[Day | None, Days("placed_at", is_last=True)] = None
    sort: Literal["placed_at", "-placed_at", "net_cents", "-net_cents"] = "-placed_at"


SUMS = ("goods_cents", "net_cents", "returned_goods_cents", "returned_net_cents")

STATUS: Mapping[Status, str] = {
    "placed": "bestellt",
    "confirmed": "bestätigt",
    "partly-shipped": "teilweise versandt",
    "shipped": "versandt",
    "delivered": "zugestellt",
    "partly-returned": "teilweise zurückgesandt",
    "returned": "zurückgesandt",
    "cancelled": "storniert",
    "submitted": "zur Freigabe",
    "rejected": "abgelehnt",
    "withdrawn": "zurückgezogen",
    "expired": "nicht freigegeben",
    "changed": "geändert",
}


def name_of(order: OrderView) -> str:
    return order.orderer.name if order.orderer else ""


def email_of(order: OrderView) -> str:
    return order.orderer.email if order.orderer else ""


TABLE = Table(
    "bestellungen",
    ORDERS,
    (
        Column("Bestellnummer", lambda order: order.order_number),
        Column("Bestell-ID", lambda order: order.order_id),
        Column("Bestellt am", lambda order: order.placed_at, "instant"),
        Column("Status", lambda order: STATUS.get(order.status, order.status)),
        Column("Kunde", lambda order: order.customer),
        Column("Benutzer", lambda order: order.user),
        Column("Name", name_of),
        Column("E-Mail", email_of),
        Column("Positionen", lambda order: len(order.lines)),
        Column("Warenwert (EUR)", lambda order: order.goods_cents, "hundredths"),
        Column("Gutschein", lambda order: order.voucher.code if order.voucher else ""),
        Column(
            "Gutscheinrabatt (EUR)",
            lambda order: order.voucher.discount_cents if order.voucher else 0,
            "hundredths",
        ),
        Column("Prämie", lambda order: order.reward.title if order.reward else ""),
        Column(
            "Prämienrabatt (EUR)",
            lambda order: order.reward.discount_cents if order.reward else 0,
            "hundredths",
        ),
        Column("Netto (EUR)", lambda order: order.net_cents, "hundredths"),
        Column("Importiert", lambda order: order.imported),
        Column("Zurück: Warenwert (EUR)", lambda order: order.returned_goods_cents, "hundredths"),
        Column("Zurück: Netto (EUR)", lambda order: order.returned_net_cents, "hundredths"),
        Column("Storniert am", lambda order: order.cancelled_at, "instant"),
        Column("Stornogrund", lambda order: order.cancelled_because),
        Column("Anmerkung zum Storno", lambda order: order.cancelled_note),
    ),
)
