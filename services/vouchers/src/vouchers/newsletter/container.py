"""The newsletter on a dealer's start page: its offers and the consent that it asks for (VO-37)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Depends, Response

from vouchers.advertising.sender import sender_history
from vouchers.campaign.register import newsletter_register_history
from vouchers.graphic.api import GraphicView, graphic_view
from vouchers.graphic.decider import graphic_history
from vouchers.mail_link.links import Links
from vouchers.newsletter.consent import LATEST, consent
from vouchers.participation.decider import participations_history
from vouchers.participation.terms import DealersOffers
from vouchers.wallet.issued import last_day
from vouchers.wallet.mail import effect_of
from zugabe_events.contracts.vouchers import Offered
from zugabe_events.domain.calendar import is_within
from zugabe_events.domain.decider import History
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.public_routes import PUBLIC_ROUTE

FRESH = "public, max-age=60"


@dataclass(frozen=True, slots=True)
class NewsletterOffer:
    """A campaign whose voucher a new subscriber gets; `sentence` says in German what it is for."""

    title: str
    sentence: str
    valid_until: date
    graphic: GraphicView


@dataclass(frozen=True, slots=True)
class Container:
    """`text` is the consent to show at the box that people tick, in version `text_version`."""

    text_version: int
    text: str
    offers: list[NewsletterOffer]


def container_api(store: EventStore, links: Links, access: Access) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}", tags=["newsletter"])

    @router.get("/newsletter", dependencies=[Depends(PUBLIC_ROUTE)])
    async def get_newsletter(dealer: Id, response: Response) -> Container:
        """The container on the start page, for everybody (VO-36, VO-37)."""
        now = access.now()
        histories: list[History[Any, Any]] = [
            newsletter_register_history(dealer),
            newsletter_register_history(CENTRAL),
            participations_history(dealer),
            sender_history(dealer),
        ]
        own, central, participations, sender = await states_of(store, histories)
        offers = [
            offer
            for offer in DealersOffers(own, central, participations).at(now)
            if is_within(now, offer.terms.valid_from, offer.terms.valid_until)
        ]
        of_graphics = [graphic_history(offer.dealer, offer.campaign_id) for offer in offers]
        graphics = await states_of(store, of_graphics) if of_graphics else ()
        response.headers["Cache-Control"] = FRESH
        return Container(
            LATEST,
            consent(LATEST, sender),
            [
                shown(offer, graphic_view(links, offer.dealer, offer.campaign_id, graphic), now)
                for offer, graphic in zip(offers, graphics, strict=True)
            ],
        )

    return router


def shown(offer: Offered, graphic: GraphicView, now: datetime) -> NewsletterOffer:
    terms = offer.terms
    sentence = f"Für Ihre Anmeldung zum Newsletter erhalten Sie einen Gutschein. {effect_of(terms)}"
    return NewsletterOffer(terms.title, sentence, last_day(terms, now), graphic)
