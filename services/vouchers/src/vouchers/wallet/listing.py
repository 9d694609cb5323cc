"""Queries and tables of the lists of vouchers."""

from collections.abc import Mapping
from typing import Annotated, Literal

from vouchers.campaign.listing import DISCOUNTS
from vouchers.wallet.redemptions import REDEEMED
from vouchers.wallet.view import VOUCHERS, VoucherStatus, VoucherView
from zugabe_events.contracts.vouchers import DiscountType
from zugabe_events.export.table import Column, Table
from zugabe_events.http.fields import Day, Id
from zugabe_events.http.list_query import Days, ListQuery

VoucherSort = Literal["voucher_id", "-voucher_id", "valid_until", "-valid_until"]


class OwnQuery(ListQuery):
    """With `order_id`: the vouchers that this order earned."""

    order_id: Id | None = None
    sort: VoucherSort = "voucher_id"


class VoucherQuery(ListQuery):
    user: Id | None = None
    order_id: Id | None = None
    campaign_id: Id | None = None
    status: VoucherStatus | None = None
    sort: VoucherSort = "voucher_id"


class RedeemedQuery(ListQuery):
    """`returned` selects uses that were given back (VO-39)."""

    user: Id | None = None
    order_id: Id | None = None
    campaign_id: Id | None = None
    returned: bool = False
    redeemed_from: Annotated[Day | None, Days("redeemed_at")] = None
    redeemed_until: Annotated[Day | None, Days("redeemed_at", is_last=True)] = None
    sort: Literal["redeemed_at", "-redeemed_at", "discount_cents", "-discount_cents"] = (
        "-redeemed_at"
    )


STATUS: Mapping[VoucherStatus, str] = {
    "unused": "ungenutzt",
    "held": "reserviert",
    "redeemed": "eingelöst",
    "revoked": "zurückgenommen",
}


def worth_in(discount_type: DiscountType, view: VoucherView) -> int | None:
    return view.value if view.discount_type == discount_type else None


ISSUED_TABLE = Table(
    "gutscheine",
    VOUCHERS,
    (
        Column("Gutschein", lambda voucher: voucher.voucher_id),
        Column("Code", lambda voucher: voucher.code),
        Column("Kampagne", lambda voucher: voucher.title),
        Column("Kampagnen-ID", lambda voucher: voucher.campaign_id),
        Column("Kunde", lambda voucher: voucher.customer),
        Column("Benutzer", lambda voucher: voucher.user),
        Column("Name", lambda voucher: voucher.name),
        Column("Status", lambda voucher: STATUS.get(voucher.status, voucher.status)),
        Column(
            "Rabattart", lambda voucher: DISCOUNTS.get(voucher.discount_type, voucher.discount_type)
        ),
        Column("Rabatt (EUR)", lambda voucher: worth_in("fixed", voucher), "hundredths"),
        Column("Rabatt (%)", lambda voucher: worth_in("percent", voucher), "hundredths"),
        Column("Mindestbestellwert (EUR)", lambda voucher: voucher.minimum_cents, "hundredths"),
        Column("Gültig bis", lambda voucher: voucher.valid_until),
        Column("Verdient mit", lambda voucher: voucher.order_number),
        Column("Bestell-ID", lambda voucher: voucher.order_id),
        Column("Eingelöst", lambda voucher: voucher.redeemed),
        Column("Noch einlösbar", lambda voucher: voucher.remaining_uses),
    ),
)

REDEEMED_TABLE = Table(
    "einloesungen",
    REDEEMED,
    (
        Column("Eingelöst am", lambda use: use.redeemed_at, "instant"),
        Column("Code", lambda use: use.code),
        Column("Kampagne", lambda use: use.title),
        Column("Kampagnen-ID", lambda use: use.campaign_id),
        Column("Kunde", lambda use: use.customer),
        Column("Benutzer", lambda use: use.user),
        Column("Name", lambda use: use.name),
        Column("Bestellnummer", lambda use: use.order_number),
        Column("Bestell-ID", lambda use: use.order_id),
        Column("Grundlage (EUR)", lambda use: use.base_cents, "hundredths"),
        Column("Rabatt (EUR)", lambda use: use.discount_cents, "hundredths"),
        Column("Zurückgegeben", lambda use: use.returned),
    ),
)
