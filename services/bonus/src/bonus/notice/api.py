"""Routes of notices: what to show after login, and what was seen (BO-23, BO-32, BO-38, BO-39)."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field

from bonus.account.decider import account_history, pool_account_history
from bonus.catalogue.names import promotion_names
from bonus.catalogue.view import LabelView
from bonus.notice.decider import SeeNotices, notices_history
from bonus.notice.lightbox import Lightbox, lightbox
from bonus.pool.decider import pool_history
from bonus.text.api import customer_of
from bonus.text.rules import rules_for
from bonus.text.view import TextView
from zugabe_events.contracts.bonus import NoticesSeen
from zugabe_events.domain.decider import History
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Id, Text, at_most
from zugabe_events.http.request_context import RequestContext

MAX_NOTICES = 1_000


class SeenNotices(Body):
    notices: Annotated[
        tuple[Text, ...], Field(min_length=1, max_length=MAX_NOTICES), at_most(MAX_NOTICES)
    ]


@dataclass(frozen=True, slots=True)
class FirstSeen:
    """Notices that had not been seen before, on any device: only these are to be shown."""

    notices: tuple[str, ...]


def notice_api(
    store: EventStore, texts: Views[TextView], labels: Views[LabelView], access: Access
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/users/{user}/notices", tags=["notice"])
    sees = Depends(reads(access.requires("see-notices"), texts, labels))

    async def present(dealer: str, user: str, request: RequestContext) -> Lightbox:
        rules = await rules_for(store, dealer, customer_of(request))
        customer = customer_of(request)
        histories: list[History[Any, Any]] = [
            account_history(dealer, user),
            notices_history(dealer, user),
            pool_history(dealer, customer),
            pool_account_history(dealer, customer),
        ]
        account, seen, pool, shared = await states_of(store, histories)
        if pool.is_pooled:
            account = replace(account, lots=shared.lots, holds=shared.holds)
        at = request.context.at
        promotions = rules.programme.at(at).promotions.values()
        names = await promotion_names(dealer, promotions, labels)
        shown = lightbox(rules, account, seen, at, names)
        return replace(shown, notices=()) if pool.hides_points_from(user) else shown

    @router.get("")
    async def get_notices(
        dealer: Id, user: Id, request: Annotated[RequestContext, sees]
    ) -> Lightbox:
        """Notices to be shown after the user logged in, and those already seen."""
        request.themselves(user)
        return await present(dealer, user, request)

    @router.post("/seen")
    async def see(
        dealer: Id, user: Id, body: SeenNotices, request: Annotated[RequestContext, sees]
    ) -> FirstSeen:
        """Of two logins at once, each notice is first seen by one. Others are ignored."""
        request.themselves(user)
        known = {notice.id for notice in (await present(dealer, user, request)).notices}
        told = tuple(one for one in body.notices if one in known)
        command = SeeNotices(dealer, user, told, request.context.at)
        handled = await request.handle(store, notices_history(dealer, user), command)
        first = handled.of(NoticesSeen)
        return FirstSeen(first.notices if first else ())

    return router
