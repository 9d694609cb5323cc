"""A mail address and the newsletter campaigns whose one voucher it had, whoever used it (X-21)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zugabe_events.contracts.vouchers import NewsletterVoucherGiven
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream


@dataclass(frozen=True, slots=True)
class GiveVoucher:
    dealer: str
    fingerprint: str
    campaign_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MailAddress:
    campaigns: frozenset[str] = frozenset()


def decide(command: GiveVoucher, address: MailAddress) -> Sequence[NewsletterVoucherGiven]:
    if command.campaign_id in address.campaigns:
        return []
    return [
        NewsletterVoucherGiven(command.dealer, command.fingerprint, command.campaign_id, command.at)
    ]


def evolve(address: MailAddress, event: NewsletterVoucherGiven) -> MailAddress:
    return MailAddress(address.campaigns | {event.campaign_id})


ADDRESS_DECIDER: Decider[GiveVoucher, MailAddress, NewsletterVoucherGiven] = Decider(
    "newsletter-address", MailAddress(), decide, evolve
)


def address_history(dealer: str, fingerprint: str) -> History[MailAddress, NewsletterVoucherGiven]:
    stream = f"newsletter-address/{dealer}/{fingerprint}"
    return History(Stream(stream, stream), ADDRESS_DECIDER)
