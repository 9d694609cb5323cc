"""Offering a gift, decided beside the article that it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from catalog_shops.article.decider import article_history
from catalog_shops.gift.decider import GIFTS_DECIDER, OfferGift, gifts_history
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore
from zugabe_events.eventstore.command_handler import CommandResult
from zugabe_events.http.request_context import RequestContext


@dataclass(frozen=True, slots=True)
class WantedGift:
    gift: str
    number: str
    limit_cents: int
    valid_from: date
    valid_until: date | None
    effective_at: datetime | None


async def offer_gift(
    store: EventStore, wanted: WantedGift, request: RequestContext
) -> CommandResult:
    """The article is that of the tenant's own catalogue (GA-10). Raises what `decide` raises."""
    dealer = request.context.tenant

    def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        rules, article = states
        command = OfferGift(
            dealer=dealer,
            gift=wanted.gift,
            number=wanted.number,
            limit_cents=wanted.limit_cents,
            valid_from=wanted.valid_from,
            valid_until=wanted.valid_until,
            article=article,
            at=request.context.at,
            effective_at=wanted.effective_at,
        )
        return [GIFTS_DECIDER.decide(command, rules), []]

    histories: list[History[Any, Any]] = [
        gifts_history(dealer),
        article_history(dealer, wanted.number),
    ]
    return await request.handle_together(store, histories, decide)
