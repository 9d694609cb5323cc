"""HTTP for filling in forms: once for a partner, or for each of his brands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from onboarding.form.decider import FORM_DECIDER, SaveDraft, SendBack, SubmitForm, form_history
from onboarding.form.filled import Place
from onboarding.form.filling import content_of, desk_of, shown
from onboarding.form.requests import AnswersBody
from onboarding.form.shown import FilledForm
from onboarding.form.steps import check_place
from onboarding.partner.decider import partner_history
from zugabe_events.contracts.onboarding import DraftSaved, FormAccepted, FormSentBack, FormSubmitted
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore
from zugabe_events.encryption.personal_data import People
from zugabe_events.eventstore.command_handler import Handled, handle_together
from zugabe_events.http.authorization import Access, RequestContext
from zugabe_events.http.fields import Id

type PlaceOf = Callable[..., Place]


def of_partner(partner: Id, form: Id) -> Place:
    return Place(partner, "", form)


def of_brand(partner: Id, brand: Id, form: Id) -> Place:
    return Place(partner, brand, form)


PLACES: tuple[tuple[str, PlaceOf], ...] = (
    ("/partners/{partner}/forms/{form}", of_partner),
    ("/partners/{partner}/brands/{brand}/forms/{form}", of_brand),
)


@dataclass(frozen=True, slots=True)
class Saved:
    """What the next change has to name."""

    revision: int


def saved(seen: int, handled: Handled) -> Saved:
    about_it = DraftSaved | FormSubmitted | FormAccepted | FormSentBack
    return Saved(seen + sum(isinstance(event, about_it) for event in handled.events))


def form_api(store: EventStore, people: People, access: Access) -> APIRouter:
    router = APIRouter()
    for prefix, place_of in PLACES:
        router.include_router(filling_api(prefix, place_of, store, people, access))
    return router


def filling_api(
    prefix: str, place_of: PlaceOf, store: EventStore, people: People, access: Access
) -> APIRouter:
    router = APIRouter(prefix=prefix, tags=["form"])

    @router.get("")
    async def get_form(
        partner: Id,
        place: Annotated[Place, Depends(place_of)],
        _: Annotated[RequestContext, Depends(access.requires("see-forms"))],
    ) -> FilledForm:
        return await shown(await desk_of(store, place), people)

    @router.put("/draft")
    async def save_draft(
        partner: Id,
        place: Annotated[Place, Depends(place_of)],
        body: AnswersBody,
        asked: Annotated[RequestContext, Depends(access.requires("fill-forms"))],
        response: Response,
    ) -> Saved:
        desk = await desk_of(store, place)
        content = await content_of(desk, body, asked, people, complete=False)
        command = SaveDraft(place, body.revision, content)
        handled = await change(store, command, asked, response, "fill-form")
        return saved(body.revision, handled)

    @router.put("/submission")
    async def submit_form(
        partner: Id,
        place: Annotated[Place, Depends(place_of)],
        body: AnswersBody,
        asked: Annotated[RequestContext, Depends(access.requires("fill-forms"))],
        response: Response,
    ) -> Saved:
        """Of two who submit the same form the second is told, by `form-changed`."""
        desk = await desk_of(store, place)
        content = await content_of(desk, body, asked, people, complete=True)
        command = SubmitForm(place, body.revision, content, asked.context.at)
        handled = await change(store, command, asked, response, "fill-form")
        return saved(body.revision, handled)

    return router


async def change(
    store: EventStore,
    command: SaveDraft | SubmitForm | SendBack,
    asked: RequestContext,
    response: Response,
    attempt: str,
) -> Handled:
    """Done, and answered, for a command that concerns this form alone."""
    place = command.place

    def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        of_form, of_its_partner = states
        check_place(place, of_its_partner)
        return [FORM_DECIDER.decide(command, of_form), []]

    handled = await handle_together(
        store,
        [form_history(place), partner_history(place.partner)],
        decide,
        asked.context,
        attempt=asked.attempt(attempt, place.brand, place.form),
        body=asked.body,
    )
    asked.answer(response, handled)
    return handled
