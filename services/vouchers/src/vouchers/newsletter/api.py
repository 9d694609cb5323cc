"""Routes of a user's newsletter: ask for it, see where it stands, and end it (X-21)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from msgspec.structs import replace as with_fields

from vouchers.advertising.sender import sender_history
from vouchers.mail_link.api import Wording
from vouchers.mail_link.links import Link
from vouchers.newsletter.bodies import SubscriptionBody, subscriber_of
from vouchers.newsletter.consent import consent
from vouchers.newsletter.decider import (
    EndSubscription,
    Newsletter,
    RequestSubscription,
    newsletter_history,
)
from vouchers.newsletter.decider import request as decide_request
from vouchers.newsletter.parts import NewsletterParts, mail_limits
from zugabe_events.contracts.checkout import Person
from zugabe_events.contracts.vouchers import NewsletterSubscriptionRequested
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext

CONFIRMATION = Wording(
    "Newsletter bestätigen",
    "Möchten Sie den Newsletter erhalten?",
    "Ja, Newsletter erhalten",
    "Vielen Dank",
    "Ihre Anmeldung zum Newsletter ist bestätigt. "
    "Gibt es dafür einen Gutschein, erhalten Sie ihn in einer E-Mail.",
)
UNSUBSCRIPTION = Wording(
    "Newsletter abbestellen",
    "Möchten Sie den Newsletter nicht mehr erhalten?",
    "Newsletter abbestellen",
    "Der Newsletter ist abbestellt",
    "Sie erhalten den Newsletter nicht mehr.",
)


class SubscriberErasedError(RefusedError):
    """The user asked for erasure of their data, which is not stored again."""

    code = "person-erased"

    def __init__(self) -> None:
        super().__init__("Die Daten dieser Person wurden gelöscht und werden nicht neu angelegt.")


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """`requested`: the mail with the link is on its way; `subscribed`: the link was confirmed.

    A subscriber with another `requested_at` has asked for another address. `text` is the consent.
    """

    status: Literal["none", "requested", "subscribed"]
    requested_at: datetime | None = None
    confirmed_at: datetime | None = None
    text_version: int | None = None
    text: str | None = None


def newsletter_api(store: EventStore, parts: NewsletterParts, access: Access) -> APIRouter:
    path = "/users/{user}/newsletter-subscription"
    router = APIRouter(prefix="/dealers/{dealer}", tags=["newsletter"])

    @router.put(path, status_code=202)
    async def subscribe(
        dealer: Id,
        user: Id,
        body: SubscriptionBody,
        request: Annotated[RequestContext, Depends(access.requires("subscribe-newsletter"))],
    ) -> SubscriptionView:
        """Ask for the newsletter: a mail brings the link that confirms it."""
        request.only(user)
        subscriber, at = subscriber_of(body, request), request.context.at
        sender = await state_of(store, sender_history(dealer))
        text = consent(body.text_version, sender)
        fingerprint = parts.links.fingerprint(dealer, subscriber.email)
        wanted = NewsletterSubscriptionRequested(
            dealer=dealer,
            customer=subscriber.customer,
            user=user,
            number=0,
            subscriber=Person("", ""),
            fingerprint=fingerprint,
            text_version=body.text_version,
            text=text,
            requested_at=at,
            sender=sender,
        )
        history = newsletter_history(dealer, user)
        if decide_request(wanted, await state_of(store, history)):
            limits = mail_limits(request, user, fingerprint)
            async with parts.mails.attempt(str(request.fresh), limits, at) as attempt:
                await attempt.count()
                sealed = await parts.sealing.seal(dealer, user, **subscriber.texts)
                if sealed is None:
                    raise SubscriberErasedError
                command = RequestSubscription(with_fields(wanted, subscriber=Person(**sealed)))
                await request.handle(store, history, command)
        return view_of(await state_of(store, history))

    @router.get(path)
    async def get_subscription(
        dealer: Id,
        user: Id,
        request: Annotated[RequestContext, Depends(reads(access.requires("see-newsletter")))],
    ) -> SubscriptionView:
        """The user's subscription to the newsletter."""
        request.only(user)
        return view_of(await state_of(store, newsletter_history(dealer, user)))

    @router.delete(path, status_code=204)
    async def unsubscribe(
        dealer: Id,
        user: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-newsletter"))],
    ) -> None:
        """End the newsletter; the dealer's staff does so for users who call."""
        request.only(user)
        await end(store, Link("unsubscription", dealer, user), request)

    return router


async def end(store: EventStore, link: Link, request: RequestContext) -> None:
    command = EndSubscription(link.dealer, link.user, request.context.at)
    await request.handle(store, newsletter_history(link.dealer, link.user), command)


def view_of(newsletter: Newsletter) -> SubscriptionView:
    asked, subscribed = newsletter.requested, newsletter.subscribed
    if subscribed is not None:
        return SubscriptionView(
            "subscribed",
            asked.requested_at if asked else subscribed.requested_at,
            subscribed.confirmed_at,
            subscribed.text_version,
            subscribed.text,
        )
    if asked is not None:
        return SubscriptionView(
            "requested", asked.requested_at, None, asked.text_version, asked.text
        )
    return SubscriptionView("none")
