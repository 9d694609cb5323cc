"""Query and table of the list of orders."""

from collections.abc import Mapping
from typing import Annotated, Literal

from checkout.order.view import ORDERS, OrderView, Status
from checkout.pricing.discount_view import Voucher
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


def vouchers_of(order: OrderView) -> tuple[Voucher, ...]:
    return (order.voucher, *order.more_vouchers) if order.voucher else ()


def shipping_cents(order: OrderView) -> int | None:
    return order.shipping.cost_cents if order.shipping else None


def tax_cents(order: OrderView) -> int | None:
    """None for orders from before VAT was recorded."""
    return order.totals.tax_cents if order.totals else None


def gross_cents(order: OrderView) -> int | None:
    return order.totals.gross_cents if order.totals else None


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
        Column("Gutscheine", lambda order: ", ".join(one.code for one in vouchers_of(order))),
        Column(
            "Gutscheinrabatt (EUR)",
            lambda order: sum(one.discount_cents for one in vouchers_of(order)),
            "hundredths",
        ),
        Column("Prämie", lambda order: order.reward.title if order.reward else ""),
        Column(
            "Prämienrabatt (EUR)",
            lambda order: order.reward.discount_cents if order.reward else 0,
            "hundredths",
        ),
        Column("Netto (EUR)", lambda order: order.net_cents, "hundredths"),
        Column("Versand (EUR)", shipping_cents, "hundredths"),
        Column("Umsatzsteuer (EUR)", tax_cents, "hundredths"),
        Column("Brutto (EUR)", gross_cents, "hundredths"),
        Column("Gratis-Artikel", lambda order: sum(gift.pieces for gift in order.gifts)),
        Column("Lieferland", lambda order: order.delivery.country),
        Column("Anmerkung", lambda order: order.note),
        Column("Importiert", lambda order: order.imported),
        Column("Zurück: Warenwert (EUR)", lambda order: order.returned_goods_cents, "hundredths"),
        Column("Zurück: Netto (EUR)", lambda order: order.returned_net_cents, "hundredths"),
        Column("Storniert am", lambda order: order.cancelled_at, "instant"),
        Column("Stornogrund", lambda order: order.cancelled_because),
        Column("Anmerkung zum Storno", lambda order: order.cancelled_note),
    ),
)
