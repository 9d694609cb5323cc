"""Uses that come back after the end of their campaign stay usable for a while (X-2, Q7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vouchers.advertising.sender import Sender
from vouchers.campaign.decider import Active, Campaign
from vouchers.wallet.state import Wallet
from zugabe_events.contracts.vouchers import VoucherGraceGranted, VoucherReturned
from zugabe_events.domain.calendar import day_of, days_after


@dataclass(frozen=True, slots=True)
class GrantGrace:
    """A use was given back at `at`, of a `campaign` as its history tells it now.

    `sender` is the dealer who tells the user so.
    """

    returned: VoucherReturned
    at: datetime
    campaign: Campaign
    sender: Sender = None


def grant(command: GrantGrace, wallet: Wallet) -> Sequence[VoucherGraceGranted]:
    """Nothing before the end of the campaign, or of the voucher, at the time of the return.

    The days are those of the terms that the use had.
    """
    returned, campaign = command.returned, command.campaign
    if returned.hold_id in wallet.graces or not isinstance(campaign, Active):
        return []
    in_force = campaign.in_force_at(command.at)
    terms, last = campaign.terms_of(returned.campaign_version) or in_force.terms, None
    code = returned.code
    if returned.voucher_id is not None:
        voucher = wallet.issued.get(returned.voucher_id)
        if voucher is None or voucher.is_charged:
            return []
        terms, last, code = voucher.terms, voucher.valid_until, voucher.code
    day = day_of(command.at)
    is_over = in_force.is_ended or (last or in_force.terms.valid_until) < day
    if not is_over or not terms.grace_days:
        return []
    return [
        VoucherGraceGranted(
            hold_id=returned.hold_id,
            order_id=returned.order_id,
            order_number=returned.order_number,
            campaign_id=returned.campaign_id,
            voucher_id=returned.voucher_id,
            dealer=returned.dealer,
            customer=returned.customer,
            user=returned.user,
            code=code,
            title=returned.title or terms.title,
            usable_until=days_after(command.at, terms.grace_days),
            recipient=returned.recipient,
            sender=command.sender,
            by_return=returned.by_return,
        )
    ]
