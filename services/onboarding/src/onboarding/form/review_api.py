"""HTTP for what Customer Success says to forms, and for those from the sales phase."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Response, status

from onboarding.form.api import PLACES, PlaceOf, Saved, change, saved
from onboarding.form.decider import AcceptForm, CarryOver, SendBack
from onboarding.form.filled import Place
from onboarding.form.filling import content_of, desk_of
from onboarding.form.refusals import FormStatusError
from onboarding.form.requests import AnswersBody, Seen, SentBack
from onboarding.form.steps import decide_acceptance, histories_of
from zugabe_events.domain.event_store import EventStore
from zugabe_events.encryption.personal_data import People
from zugabe_events.eventstore.command_handler import Handled, handle_together
from zugabe_events.http.authorization import Access, RequestContext
from zugabe_events.http.fields import Id


def review_api(store: EventStore, people: People, access: Access) -> APIRouter:
    router = APIRouter()
    for prefix, place_of in PLACES:
        router.include_router(reviewing_api(prefix, place_of, store, access))
    router.include_router(sales_api(store, people, access))
    return router


def reviewing_api(prefix: str, place_of: PlaceOf, store: EventStore, access: Access) -> APIRouter:
    router = APIRouter(prefix=prefix, tags=["form"])

    @router.post("/acceptance", status_code=status.HTTP_204_NO_CONTENT)
    async def accept_form(
        partner: Id,
        place: Annotated[Place, Depends(place_of)],
        body: Seen,
        asked: Annotated[RequestContext, Depends(access.requires("review-forms"))],
        response: Response,
    ) -> None:
        """With the last one of a step, the step is done (ON-14)."""
        await desk_of(store, place)
        command = AcceptForm(place, body.revision, asked.context.at)
        asked.answer(response, await accepted(store, command, asked))

    @router.post("/return", status_code=status.HTTP_204_NO_CONTENT)
    async def send_back(
        partner: Id,
        place: Annotated[Place, Depends(place_of)],
        body: SentBack,
        asked: Annotated[RequestContext, Depends(access.requires("review-forms"))],
        response: Response,
    ) -> None:
        """The contact is told why by mail."""
        desk = await desk_of(store, place)
        command = SendBack(
            place,
            body.revision,
            body.reason,
            desk.definition.title,
            desk.partner.contact,
            asked.context.at,
        )
        await change(store, command, asked, response, "return-form")

    return router


def sales_api(store: EventStore, people: People, access: Access) -> APIRouter:
    """The release forms are filled in for each brand (ON-18), so no other form is carried over."""
    router = APIRouter(tags=["form"])

    @router.put("/partners/{partner}/brands/{brand}/forms/{form}/carry-over")
    async def carry_over(
        partner: Id,
        brand: Id,
        form: Id,
        body: AnswersBody,
        asked: Annotated[RequestContext, Depends(access.requires("review-forms"))],
        response: Response,
    ) -> Saved:
        """What was filled in during the sales phase is accepted at once (ON-17)."""
        place = Place(partner, brand, form)
        desk = await desk_of(store, place)
        if desk.definition.step != "releases":
            raise FormStatusError(
                "In der Vertriebsphase gibt es nur die beiden Formulare zur Freigabe.",
                "form-not-of-sales",
            )
        content = await content_of(desk, body, asked, people, complete=True)
        command = CarryOver(place, body.revision, content, asked.context.at)
        handled = await accepted(store, command, asked)
        asked.answer(response, handled)
        return saved(body.revision, handled)

    return router


async def accepted(
    store: EventStore, command: AcceptForm | CarryOver, asked: RequestContext
) -> Handled:
    place = command.place
    return await handle_together(
        store,
        histories_of(place),
        partial(decide_acceptance, command),
        asked.context,
        attempt=asked.attempt("accept-form", place.brand, place.form),
        body=asked.body,
    )
