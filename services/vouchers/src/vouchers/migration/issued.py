"""Codes that the system before had issued: they work for those who got them, until their end."""

from collections.abc import Sequence

from vouchers.campaign.decider import Active
from vouchers.migration.campaigns import Campaigns
from vouchers.migration.rows import IssuedRow
from vouchers.wallet.decider import wallet_history
from vouchers.wallet.issued import last_day
from vouchers.wallet.past import ImportVoucher
from zugabe_events.contracts.vouchers import VoucherIssued
from zugabe_events.domain.calendar import noon_of
from zugabe_events.domain.event import derived_id
from zugabe_events.http.import_commands import Imported
from zugabe_events.tables.table import RowError


async def imported_vouchers(
    rows: Sequence[IssuedRow], campaigns: Campaigns, wrong: list[RowError]
) -> list[Imported]:
    """One command for each user and campaign; of several rows the first one counts."""
    found: dict[str, Imported] = {}
    for row in rows:
        campaign = await campaigns.active(row.line, row.code, wrong, issues=True)
        if campaign is None:
            continue
        issued = voucher(row, campaign, campaigns.dealer)
        command = ImportVoucher(issued)
        found.setdefault(
            issued.voucher_id, Imported(wallet_history(campaigns.dealer, row.user), command)
        )
    return list(found.values())


def voucher(row: IssuedRow, campaign: Active, dealer: str) -> VoucherIssued:
    """No order earned it here, and nobody is told of it again.

    It has the present terms of the campaign, which are all that is known of it. If these say for
    how many days it is valid, they count from the day of its issue.
    """
    terms = campaign.latest.terms
    issued_at = noon_of(row.issued_on or terms.valid_from)
    last = last_day(terms, issued_at) if row.issued_on else terms.valid_until
    key = derived_id("imported-voucher", dealer, campaign.campaign_id, row.user)
    return VoucherIssued(
        voucher_id=f"{campaign.campaign_id}/{key}",
        campaign_id=campaign.campaign_id,
        campaign_version=campaign.latest.version,
        dealer=dealer,
        customer=row.customer,
        user=row.user,
        code=terms.code,
        terms=terms,
        order_id="",
        order_number="",
        placed_at=issued_at,
        recipient=None,
        valid_until=row.valid_until or last,
    )
