"""Vouchers of a customer: a shared code that one of its users was issued works for all (Q6)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from immutables import Map

from vouchers.campaign.terms import is_issued
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    CustomerVoucherIssued,
    CustomerVoucherRevoked,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream
from zugabe_events.domain.tenant import SHARED_CUSTOMER


def is_lent(terms: CampaignTerms, customer: str) -> bool:
    """All users of the customer may use a code that was issued to one of them."""
    return is_issued(terms) and not terms.unique_codes and customer != SHARED_CUSTOMER


@dataclass(frozen=True, slots=True)
class IssueToCustomer:
    issued: CustomerVoucherIssued


@dataclass(frozen=True, slots=True)
class RevokeFromCustomer:
    revoked: CustomerVoucherRevoked


type Command = IssueToCustomer | RevokeFromCustomer
type CustomerEvent = CustomerVoucherIssued | CustomerVoucherRevoked


@dataclass(frozen=True, slots=True)
class CustomerVoucher:
    voucher_id: str
    campaign_id: str
    campaign_version: int
    terms: CampaignTerms
    valid_until: date


@dataclass(frozen=True, slots=True)
class CustomerVouchers:
    """Vouchers that users of the customer were issued and still have."""

    vouchers: Map[str, CustomerVoucher] = field(default_factory=Map)

    def voucher_of(self, campaign_id: str) -> CustomerVoucher | None:
        """Of several vouchers of a campaign the one that lasts longest."""
        found = (each for each in self.vouchers.values() if each.campaign_id == campaign_id)
        return max(found, key=lambda each: (each.valid_until, each.voucher_id), default=None)


def decide(command: Command, customer: CustomerVouchers) -> Sequence[CustomerEvent]:
    match command:
        case IssueToCustomer(issued):
            return [] if issued.voucher_id in customer.vouchers else [issued]
        case RevokeFromCustomer(revoked):
            return [revoked] if revoked.voucher_id in customer.vouchers else []


def evolve(customer: CustomerVouchers, event: CustomerEvent) -> CustomerVouchers:
    match event:
        case CustomerVoucherIssued():
            voucher = CustomerVoucher(
                event.voucher_id,
                event.campaign_id,
                event.campaign_version,
                event.terms,
                event.valid_until,
            )
            return CustomerVouchers(customer.vouchers.set(event.voucher_id, voucher))
        case CustomerVoucherRevoked():
            return CustomerVouchers(customer.vouchers.delete(event.voucher_id))


CUSTOMER_DECIDER: Decider[Command, CustomerVouchers, CustomerEvent] = Decider(
    "customer-vouchers", CustomerVouchers(), decide, evolve
)


def customer_history(dealer: str, customer: str) -> History[CustomerVouchers, CustomerEvent]:
    stream = f"issued/{dealer}/{customer}"
    return History(Stream(stream, stream), CUSTOMER_DECIDER)
