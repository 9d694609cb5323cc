"""A user's newsletter: asked for, confirmed by the link of a mail, and ended (X-21)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from msgspec.structs import replace as with_fields

from vouchers.mail_link.refusals import LinkOutdatedError
from zugabe_events.contracts.vouchers import (
    NewsletterSubscribed,
    NewsletterSubscriptionRequested,
    NewsletterUnsubscribed,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream

CONFIRMATION_TTL = timedelta(days=30)
"""Time for which the link of a request confirms it."""

RESEND_AFTER = timedelta(minutes=5)
"""An equal request before is a repeated click, and sends no second mail."""


@dataclass(frozen=True, slots=True)
class RequestSubscription:
    """The number of `requested` is given to it here."""

    requested: NewsletterSubscriptionRequested


@dataclass(frozen=True, slots=True)
class ConfirmSubscription:
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class EndSubscription:
    """Ends a request, too, that is not confirmed."""

    dealer: str
    user: str
    at: datetime


type Command = RequestSubscription | ConfirmSubscription | EndSubscription
type NewsletterEvent = (
    NewsletterSubscriptionRequested | NewsletterSubscribed | NewsletterUnsubscribed
)


@dataclass(frozen=True, slots=True)
class Newsletter:
    """`requested` is not confirmed; `subscribed` is in force, by the fingerprint of its address.

    A subscriber who asks for another address keeps the old one until they confirm.
    """

    requests: int = 0
    requested: NewsletterSubscriptionRequested | None = None
    subscribed: NewsletterSubscribed | None = None
    fingerprint: str = ""
    ended_at: datetime | None = None


def decide(command: Command, newsletter: Newsletter) -> Sequence[NewsletterEvent]:
    match command:
        case RequestSubscription(requested):
            return request(requested, newsletter)
        case ConfirmSubscription():
            return confirm(command, newsletter)
        case EndSubscription(dealer, user, at):
            is_open = newsletter.requested is not None or newsletter.subscribed is not None
            return [NewsletterUnsubscribed(dealer, user, at)] if is_open else []


def request(
    wanted: NewsletterSubscriptionRequested, newsletter: Newsletter
) -> Sequence[NewsletterSubscriptionRequested]:
    if newsletter.subscribed is not None and newsletter.fingerprint == wanted.fingerprint:
        return []
    earlier = newsletter.requested
    if (
        earlier is not None
        and earlier.fingerprint == wanted.fingerprint
        and wanted.requested_at < earlier.requested_at + RESEND_AFTER
    ):
        return []
    return [with_fields(wanted, number=newsletter.requests + 1)]


def confirm(command: ConfirmSubscription, newsletter: Newsletter) -> Sequence[NewsletterSubscribed]:
    """Raises LinkOutdatedError."""
    wanted, subscribed = newsletter.requested, newsletter.subscribed
    if subscribed is not None and subscribed.number == command.number:
        return []  # the link was opened again
    if wanted is None or wanted.number != command.number:
        raise LinkOutdatedError(
            "Dieser Link gilt nicht mehr. Bitte melden Sie sich im Shop erneut zum Newsletter an."
        )
    if command.at >= wanted.requested_at + CONFIRMATION_TTL:
        raise LinkOutdatedError(
            "Dieser Link ist abgelaufen. Bitte melden Sie sich im Shop erneut zum Newsletter an."
        )
    return [
        NewsletterSubscribed(
            dealer=wanted.dealer,
            customer=wanted.customer,
            user=wanted.user,
            number=wanted.number,
            subscriber=wanted.subscriber,
            text_version=wanted.text_version,
            text=wanted.text,
            requested_at=wanted.requested_at,
            confirmed_at=command.at,
        )
    ]


def evolve(newsletter: Newsletter, event: NewsletterEvent) -> Newsletter:
    match event:
        case NewsletterSubscriptionRequested():
            return replace(newsletter, requests=event.number, requested=event)
        case NewsletterSubscribed():
            asked = newsletter.requested
            fingerprint = asked.fingerprint if asked else ""
            return replace(
                newsletter,
                requested=None,
                subscribed=event,
                fingerprint=fingerprint,
                ended_at=None,
            )
        case NewsletterUnsubscribed():
            return Newsletter(newsletter.requests, ended_at=event.unsubscribed_at)


NEWSLETTER_DECIDER: Decider[Command, Newsletter, NewsletterEvent] = Decider(
    "newsletter", Newsletter(), decide, evolve
)


def newsletter_history(dealer: str, user: str) -> History[Newsletter, NewsletterEvent]:
    stream = Stream(f"newsletter/{dealer}/{user}", f"{dealer}/{user}")
    return History(stream, NEWSLETTER_DECIDER)
