"""Routes about advertising by mail: a user's objection to it, and how it names the dealer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import StringConstraints

from vouchers.advertising.decider import (
    ADVERTISING_DECIDER,
    AllowAdvertising,
    ObjectToAdvertising,
    advertising_history,
)
from vouchers.advertising.sender import NameSender, sender_history
from vouchers.mail_link.api import Wording
from vouchers.mail_link.links import Link
from vouchers.newsletter.decider import NEWSLETTER_DECIDER, EndSubscription, newsletter_history
from vouchers.tenancy import edits_own
from zugabe_events.contracts.vouchers import MailSender
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Id, LongText
from zugabe_events.http.request_context import RequestContext

OBJECTION = Wording(
    "Keine Werbung mehr",
    "Möchten Sie keine Werbung mehr per E-Mail erhalten?\n"
    "Gutscheine, die Sie durch Bestellungen erhalten, zeigt Ihnen dann nur noch der Shop.",
    "Keine Werbung mehr",
    "Sie erhalten keine Werbung mehr",
    "Ihr Widerspruch ist gespeichert. Gutscheine zeigt Ihnen nur noch der Shop.",
)


class ImprintBody(Body):
    """The address and whatever else an imprint needs, in several lines."""

    imprint: Annotated[LongText, StringConstraints(max_length=1_000)]


@dataclass(frozen=True, slots=True)
class SenderView:
    """Without a name mails name nobody; it is the one in the catalogue."""

    name: str
    imprint: str


@dataclass(frozen=True, slots=True)
class AdvertisingView:
    """Without `objected_at` the user gets advertising by mail."""

    objected_at: datetime | None


def advertising_api(store: EventStore, access: Access) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}", tags=["advertising"])
    objects = Depends(reads(access.requires("object-to-advertising")))
    allows = Depends(access.requires("allow-advertising"))

    @router.get("/users/{user}/advertising-objection")
    async def get_objection(
        dealer: Id, user: Id, request: Annotated[RequestContext, objects]
    ) -> AdvertisingView:
        """The user's objection to advertising by mail, if there is one."""
        request.only(user)
        advertising = await state_of(store, advertising_history(dealer, user))
        return AdvertisingView(advertising.objected_at)

    @router.put("/users/{user}/advertising-objection", status_code=204)
    async def object_to_advertising(
        dealer: Id, user: Id, request: Annotated[RequestContext, objects]
    ) -> None:
        """End advertising by mail (X-22); the dealer's staff does so for users who call."""
        request.only(user)
        await object_to(store, Link("objection", dealer, user), request)

    @router.delete("/users/{user}/advertising-objection", status_code=204)
    async def allow_advertising(
        dealer: Id, user: Id, request: Annotated[RequestContext, allows]
    ) -> None:
        """Withdraw the objection."""
        request.only(user)
        command = AllowAdvertising(dealer, user, request.context.at)
        await request.handle(store, advertising_history(dealer, user), command)

    @router.put("/mail-sender", status_code=204)
    async def write_imprint(
        dealer: Id,
        body: ImprintBody,
        request: Annotated[RequestContext, Depends(edits_own(access.requires("edit-campaigns")))],
    ) -> None:
        """Write the imprint that mails about vouchers show below the dealer's name."""
        command = NameSender(dealer, request.context.at, imprint=body.imprint)
        await request.handle(store, sender_history(dealer), command)

    @router.get("/mail-sender")
    async def get_sender(
        dealer: Id, _: Annotated[RequestContext, Depends(reads(access.requires("see-campaigns")))]
    ) -> SenderView:
        """Name and imprint in the dealer's mails."""
        sender = await state_of(store, sender_history(dealer)) or MailSender("")
        return SenderView(sender.name, sender.imprint)

    return router


async def object_to(store: EventStore, link: Link, request: RequestContext) -> None:
    """It ends the newsletter as well, which is advertising; later consent to it counts again."""
    dealer, user, at = link.dealer, link.user, request.context.at

    def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        advertising, newsletter = states
        return [
            ADVERTISING_DECIDER.decide(ObjectToAdvertising(dealer, user, at), advertising),
            NEWSLETTER_DECIDER.decide(EndSubscription(dealer, user, at), newsletter),
        ]

    histories: list[History[Any, Any]] = [
        advertising_history(dealer, user),
        newsletter_history(dealer, user),
    ]
    await request.handle_together(store, histories, decide)
