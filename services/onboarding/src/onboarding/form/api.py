"""HTTP for filling in and reviewing forms: once for a partner, or for each brand (ON-13)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, status

from onboarding.form.decider import (
    FORM_DECIDER,
    AcceptForm,
    CarryOver,
    FormKey,
    SaveDraft,
    SendBack,
    SubmitForm,
    form_history,
)
from onboarding.form.filled_form import (
    FilledForm,
    answer_of,
    content_of,
    defined_form,
    reviewed_answer,
)
from onboarding.form.policy import check_brand, decide_acceptance, decide_return, histories_of
from onboarding.form.refusals import FormStatusError
from onboarding.form.requests import AnswersBody, RevisionBody, SendBackBody
from onboarding.partner.arrival import require_welcome
from onboarding.partner.decider import partner_history
from zugabe_events.contracts.onboarding import (
    DraftSaved,
    FormAccepted,
    FormSentBack,
    FormSubmitted,
)
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore
from zugabe_events.encryption.personal_data import People
from zugabe_events.eventstore.command_handler import CommandResult
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext

type FormKeyOf = Callable[..., FormKey]


def of_partner(partner: Id, form: Id) -> FormKey:
    return FormKey(partner, "", form)


def of_brand(partner: Id, brand: Id, form: Id) -> FormKey:
    return FormKey(partner, brand, form)


FORM_ROUTES: tuple[tuple[str, FormKeyOf], ...] = (
    ("/partners/{partner}/forms/{form}", of_partner),
    ("/partners/{partner}/brands/{brand}/forms/{form}", of_brand),
)


@dataclass(frozen=True, slots=True)
class FormRevision:
    """The revision that the next change has to name."""

    revision: int


def saved(seen: int, handled: CommandResult) -> FormRevision:
    about_it = DraftSaved | FormSubmitted | FormAccepted | FormSentBack
    return FormRevision(seen + sum(isinstance(event, about_it) for event in handled.events))


def form_api(store: EventStore, people: People, access: Access) -> APIRouter:
    router = APIRouter()
    for prefix, key_of in FORM_ROUTES:
        router.include_router(filling_api(prefix, key_of, store, people, access))
    return router


def filling_api(
    prefix: str, key_of: FormKeyOf, store: EventStore, people: People, access: Access
) -> APIRouter:
    router = APIRouter(prefix=prefix, tags=["form"])

    @router.get("")
    async def get_form(
        partner: Id,
        key: Annotated[FormKey, Depends(key_of)],
        request: Annotated[RequestContext, Depends(access.requires("see-forms"))],
    ) -> FilledForm:
        """Not found for a partner who is not welcomed yet (ON-2)."""
        defined = await defined_form(store, key)
        require_welcome(defined.partner, request)
        return await answer_of(defined, people)

    @router.put("/draft")
    async def save_draft(
        partner: Id,
        key: Annotated[FormKey, Depends(key_of)],
        body: AnswersBody,
        request: Annotated[RequestContext, Depends(access.requires("fill-forms"))],
    ) -> FormRevision:
        """Keep answers that are not complete yet; nobody but the partner acts on them."""
        defined = await defined_form(store, key)
        require_welcome(defined.partner, request)
        content = await content_of(defined, body, request, people, complete=False)
        command = SaveDraft(key, body.revision, content)
        handled = await change(store, command, request, "fill-form")
        return saved(body.revision, handled)

    @router.put("/submission")
    async def submit_form(
        partner: Id,
        key: Annotated[FormKey, Depends(key_of)],
        body: AnswersBody,
        request: Annotated[RequestContext, Depends(access.requires("fill-forms"))],
    ) -> FormRevision:
        """Submit a form. A second submission of the same revision is refused with
        `form-changed`."""
        defined = await defined_form(store, key)
        require_welcome(defined.partner, request)
        content = await content_of(defined, body, request, people, complete=True)
        command = SubmitForm(key, body.revision, content, request.context.at)
        handled = await change(store, command, request, "fill-form")
        return saved(body.revision, handled)

    return router


async def change(
    store: EventStore,
    command: SaveDraft | SubmitForm,
    request: RequestContext,
    attempt: str,
) -> CommandResult:
    """Done, and answered, for a command that concerns this form alone."""
    key = command.key

    def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        of_form, of_its_partner = states
        check_brand(key, of_its_partner)
        return [FORM_DECIDER.decide(command, of_form), []]

    return await request.handle_together(
        store,
        [form_history(key), partner_history(key.partner)],
        decide,
        attempt=request.attempt(attempt, key.brand, key.form),
    )


def review_api(store: EventStore, people: People, access: Access) -> APIRouter:
    router = APIRouter()
    for prefix, key_of in FORM_ROUTES:
        router.include_router(reviewing_api(prefix, key_of, store, people, access))
    router.include_router(sales_api(store, people, access))
    return router


def reviewing_api(
    prefix: str, key_of: FormKeyOf, store: EventStore, people: People, access: Access
) -> APIRouter:
    router = APIRouter(prefix=prefix, tags=["form"])

    @router.get("/reviewed")
    async def get_reviewed(
        partner: Id,
        key: Annotated[FormKey, Depends(key_of)],
        request: Annotated[RequestContext, Depends(access.requires("review-forms"))],
    ) -> FilledForm:
        """The answers that were accepted or sent back last, to compare the present ones with."""
        return await reviewed_answer(await defined_form(store, key), store, people)

    @router.post("/acceptance", status_code=status.HTTP_204_NO_CONTENT)
    async def accept_form(
        partner: Id,
        key: Annotated[FormKey, Depends(key_of)],
        body: RevisionBody,
        request: Annotated[RequestContext, Depends(access.requires("review-forms"))],
    ) -> None:
        """Accept a form; the last one of a step completes the step (ON-14)."""
        await defined_form(store, key)
        command = AcceptForm(key, body.revision, request.context.at)
        await accepted(store, command, request)

    @router.post("/return", status_code=status.HTTP_204_NO_CONTENT)
    async def send_back(
        partner: Id,
        key: Annotated[FormKey, Depends(key_of)],
        body: SendBackBody,
        request: Annotated[RequestContext, Depends(access.requires("review-forms"))],
    ) -> None:
        """Send a form back; the contact gets the reason by mail.

        One that was accepted opens its step again while the organisation phase runs (Q14).
        """
        defined = await defined_form(store, key)
        command = SendBack(
            key,
            body.revision,
            body.reason,
            defined.definition.title,
            defined.partner.contact,
            request.context.at,
            defined.partner.brands.get(key.brand, ""),
        )
        await request.handle_together(
            store,
            histories_of(key),
            partial(decide_return, command),
            attempt=request.attempt("return-form", key.brand, key.form),
        )

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
        request: Annotated[RequestContext, Depends(access.requires("review-forms"))],
    ) -> FormRevision:
        """Accept at once what was filled in during the sales phase (ON-17)."""
        key = FormKey(partner, brand, form)
        defined = await defined_form(store, key)
        if defined.definition.step != "releases":
            raise FormStatusError(
                "In der Vertriebsphase gibt es nur die beiden Formulare zur Freigabe.",
                "form-not-of-sales",
            )
        content = await content_of(defined, body, request, people, complete=True)
        command = CarryOver(key, body.revision, content, request.context.at)
        handled = await accepted(store, command, request)
        return saved(body.revision, handled)

    return router


async def accepted(
    store: EventStore, command: AcceptForm | CarryOver, request: RequestContext
) -> CommandResult:
    key = command.key
    return await request.handle_together(
        store,
        histories_of(key),
        partial(decide_acceptance, command),
        attempt=request.attempt("accept-form", key.brand, key.form),
    )
