"""A subscription is confirmed, and its vouchers are issued, in one commit (VO-38, X-21)."""

from collections.abc import Sequence
from typing import Any

from vouchers.advertising.sender import Sender, sender_history
from vouchers.campaign.register import newsletter_register_history
from vouchers.mail_link.links import Link
from vouchers.newsletter.address import ADDRESS_DECIDER, GiveVoucher, MailAddress, address_history
from vouchers.newsletter.decider import (
    NEWSLETTER_DECIDER,
    ConfirmSubscription,
    Newsletter,
    newsletter_history,
)
from vouchers.participation.decider import participations_history
from vouchers.participation.terms import DealersOffers
from vouchers.unique_code.spelling import issued_code
from vouchers.wallet.decider import wallet_history
from vouchers.wallet.issued import last_day
from vouchers.wallet.state import Wallet
from zugabe_events.contracts.vouchers import NewsletterSubscribed, Offered, VoucherIssued
from zugabe_events.domain.calendar import is_within
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.http.request_context import RequestContext


async def confirm(store: EventStore, link: Link, request: RequestContext) -> None:
    """Raises LinkOutdatedError."""
    command = ConfirmSubscription(link.number, request.context.at)
    subscription = newsletter_history(link.dealer, link.user)
    asked = (await state_of(store, subscription)).requested
    fingerprint = asked.fingerprint if asked else ""
    histories: list[History[Any, Any]] = [
        subscription,
        address_history(link.dealer, fingerprint),
        wallet_history(link.dealer, link.user),
        newsletter_register_history(link.dealer),
        newsletter_register_history(CENTRAL),
        participations_history(link.dealer),
        sender_history(link.dealer),
    ]

    def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        newsletter, address, wallet, own, central, participations, sender = states
        offers = DealersOffers(own, central, participations)
        events = confirmed(command, fingerprint, newsletter, address, wallet, offers, sender)
        return [*events, (), (), (), ()]

    await request.handle_together(store, histories, decide)


def confirmed(
    command: ConfirmSubscription,
    fingerprint: str,
    newsletter: Newsletter,
    address: MailAddress,
    wallet: Wallet,
    offers: DealersOffers,
    sender: Sender,
) -> tuple[Sequence[Event], Sequence[Event], Sequence[Event]]:
    """The events of the newsletter, the mail address and the wallet."""
    events = NEWSLETTER_DECIDER.decide(command, newsletter)
    subscribed = next((each for each in events if isinstance(each, NewsletterSubscribed)), None)
    if subscribed is None:
        return (), (), ()
    won = [
        offer
        for offer in offers.at(command.at)
        if is_within(command.at, offer.terms.valid_from, offer.terms.valid_until)
        and offer.campaign_id not in address.campaigns
        and not wallet.has_earned(offer.campaign_id)
    ]
    given = [
        event
        for offer in won
        for event in ADDRESS_DECIDER.decide(
            GiveVoucher(subscribed.dealer, fingerprint, offer.campaign_id, command.at), address
        )
    ]
    return events, given, [issued(offer, subscribed, fingerprint, sender) for offer in won]


def issued(
    offer: Offered, subscribed: NewsletterSubscribed, fingerprint: str, sender: Sender
) -> VoucherIssued:
    at = subscribed.confirmed_at
    voucher_id = f"{offer.campaign_id}/{fingerprint}"
    return VoucherIssued(
        voucher_id=voucher_id,
        campaign_id=offer.campaign_id,
        campaign_version=offer.version,
        dealer=subscribed.dealer,
        customer=subscribed.customer,
        user=subscribed.user,
        code=issued_code(offer.terms, voucher_id),
        terms=offer.terms,
        order_id="",
        order_number="",
        placed_at=at,
        recipient=subscribed.subscriber,
        valid_until=last_day(offer.terms, at),
        sender=sender,
    )
