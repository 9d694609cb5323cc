"""Lends vouchers that were issued to a user to all users of the customer, until they end (Q6)."""

from collections.abc import Sequence

from vouchers.customer.decider import (
    IssueToCustomer,
    RevokeFromCustomer,
    customer_history,
    is_lent,
)
from vouchers.wallet.issued import last_day_of
from zugabe_events.contracts.vouchers import (
    CustomerVoucherIssued,
    CustomerVoucherRevoked,
    VoucherClawedBack,
    VoucherIssued,
    VoucherRevoked,
)
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(received: ReceivedEvent) -> Sequence[Reaction]:
    match received.event:
        case VoucherIssued() as event if is_lent(event.terms, event.customer):
            return [on_issued(event)]
        case VoucherRevoked(customer=str(customer)) | VoucherClawedBack(customer=customer) as event:
            command = RevokeFromCustomer(
                CustomerVoucherRevoked(event.dealer, customer, event.campaign_id, event.voucher_id)
            )
            return [Reaction(customer_history(event.dealer, customer), lambda: command)]
        case _:
            return []


def on_issued(event: VoucherIssued) -> Reaction:
    command = IssueToCustomer(
        CustomerVoucherIssued(
            dealer=event.dealer,
            customer=event.customer,
            campaign_id=event.campaign_id,
            campaign_version=event.campaign_version,
            voucher_id=event.voucher_id,
            terms=event.terms,
            valid_until=last_day_of(event),
        )
    )
    return Reaction(customer_history(event.dealer, event.customer), lambda: command)


CUSTOMERS = Policy(name="vouchers.customers", topics=("vouchers",), react=react, start="now")
