"""HTTP for what forms ask, and for all forms of a partner at a glance (ON-13)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from onboarding.form.decider import FormStatus
from onboarding.form.definition import FORMS, INITIAL, definition_history, initial_form, newest
from onboarding.form.requests import FormBody
from onboarding.form.view import FORM_LISTS, FormsView
from onboarding.partner.arrival import require_arrival
from zugabe_events.contracts.onboarding import FormDefined
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.export.table import Column, Table
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.list_query import ListQuery
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext

STATUS: Mapping[FormStatus, str] = {
    "open": "offen",
    "draft": "Entwurf",
    "submitted": "eingereicht",
    "sent-back": "zurückgegeben",
    "accepted": "angenommen",
}


class FormsQuery(ListQuery):
    sort: Literal["brand", "-brand"] = "brand"


def status_of(form: str) -> Callable[[FormsView], str]:
    """Empty where the form is not filled in."""

    def status(view: FormsView) -> str:
        return next((STATUS[line.status] for line in view.forms if line.form == form), "")

    return status


TABLE = Table(
    "formulare",
    FORM_LISTS,
    (
        Column("Marke", lambda view: view.brand),
        Column("Markenname", lambda view: view.brand_name),
        *(Column(form.title, status_of(form.form)) for form in INITIAL.values()),
    ),
)


def definition_api(store: EventStore, access: Access) -> APIRouter:
    router = APIRouter(prefix="/forms", tags=["form"])

    @router.get("")
    async def list_forms(
        _: Annotated[RequestContext, Depends(access.requires("define-forms"))],
    ) -> list[FormDefined]:
        """List the newest definition of each form, in the order of the sub-steps (ON-14)."""
        return list((await newest_forms(store)).values())

    @router.get("/{form}")
    async def get_form(
        form: Id, _: Annotated[RequestContext, Depends(access.requires("define-forms"))]
    ) -> FormDefined:
        """The questions of a form, in its newest version or in the one that is named."""
        initial_form(form)
        return (await newest_forms(store))[form]

    @router.put("/{form}")
    async def define_form(
        form: Id,
        body: FormBody,
        request: Annotated[RequestContext, Depends(access.requires("define-forms"))],
    ) -> FormDefined:
        """Define the next version of a form. Repeating the same one changes nothing."""
        handled = await request.handle(store, definition_history(form), body.command(form))
        return handled.of(FormDefined) or (await newest_forms(store))[form]

    return router


def forms_overview_api(
    store: EventStore, forms: Views[FormsView], access: Access, exports: Exports
) -> APIRouter:
    router = APIRouter(prefix="/partners/{partner}/forms", tags=["form"])

    @list_routes(router, "", forms, TABLE, exports)
    async def list_filled_forms(
        partner: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-forms"))],
        query: Annotated[FormsQuery, Query()],
    ) -> Selection[FormsView]:
        """Those for all brands first, then brand by brand, open ones included."""
        await require_arrival(store, partner, request)
        return Selection({**query.where(), "dealer": partner}, partial(titled, store))

    return router


async def titled(store: EventStore, views: Sequence[FormsView]) -> Sequence[FormsView]:
    """With the titles of the newest versions."""
    titles = {form: definition.title for form, definition in (await newest_forms(store)).items()}
    return [
        replace(view, forms=tuple(replace(line, title=titles[line.form]) for line in view.forms))
        for view in views
    ]


async def newest_forms(store: EventStore) -> Mapping[str, FormDefined]:
    states = await states_of(store, [definition_history(form) for form in FORMS])
    return {form: newest(form, state) for form, state in zip(FORMS, states, strict=True)}
