"""The pages of a form: to fill it in, to read it, and to save drafts while somebody types."""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from zugabe_events.http.fields import Id
from zugabe_web.forms.again import send_again
from zugabe_web.forms.client import FormClient, FormKey
from zugabe_web.forms.definition import FilledForm
from zugabe_web.forms.mistakes import Mistakes
from zugabe_web.forms.product_types import ProductType, product_types
from zugabe_web.forms.questions import questions
from zugabe_web.forms.saving import Outcome, save, submit
from zugabe_web.forms.sent import Sent, sent_form
from zugabe_web.forms.typed import Typed, sent, stored
from zugabe_web.partner.answers import BrandLine, Material
from zugabe_web.partner.client import arrived
from zugabe_web.rendering import BERLIN
from zugabe_web.service_client import UnreachableError
from zugabe_web.site import Site, Visit

SAVED = "Der Entwurf ist gespeichert. Sie können jederzeit weitermachen."
RESTING = ("paused", "closed")
"""Status of an onboarding in which nothing can be handed in."""

ACTION = "aktion"
"""The button that was pressed: `einreichen`, `speichern`, `zeile+table` or `zeile-table.row`."""


def form_pages(site: Site) -> APIRouter:
    router = APIRouter()
    pages = FormPages(site)
    visits, changes = Depends(site.partner_visit), Depends(sent_form(site))

    @router.get("/formulare/{form}")
    async def read_form(
        form: Id, visit: Annotated[Visit, visits], aendern: bool = False
    ) -> Response:
        return await pages.read(visit, FormKey("", form), edit=aendern)

    @router.get("/marken/{brand}/formulare/{form}")
    async def read_form_of_brand(
        brand: Id, form: Id, visit: Annotated[Visit, visits], aendern: bool = False
    ) -> Response:
        return await pages.read(visit, FormKey(brand, form), edit=aendern)

    @router.post("/formulare/{form}")
    async def send_form(form: Id, given: Annotated[Sent, changes]) -> Response:
        return await pages.take(given, FormKey("", form))

    @router.post("/marken/{brand}/formulare/{form}")
    async def send_form_of_brand(brand: Id, form: Id, given: Annotated[Sent, changes]) -> Response:
        return await pages.take(given, FormKey(brand, form))

    @router.post("/formulare/{form}/entwurf")
    async def save_draft(form: Id, given: Annotated[Sent, changes]) -> Response:
        return await pages.save_draft(given, FormKey("", form))

    @router.post("/marken/{brand}/formulare/{form}/entwurf")
    async def save_draft_of_brand(brand: Id, form: Id, given: Annotated[Sent, changes]) -> Response:
        return await pages.save_draft(given, FormKey(brand, form))

    return router


class FormPages:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def read(self, visit: Visit, key: FormKey, *, edit: bool) -> Response:
        """Raise RefusedError and UnreachableError. `edit` a form that waits for its review."""
        client = FormClient(visit, key)
        filled = await client.filled()
        may_edit = filled.is_open or (edit and filled.status == "submitted")
        return await self._page(client, filled, stored(filled), editing=may_edit)

    async def take(self, given: Sent, key: FormKey) -> Response:
        if given.is_stale:
            return send_again(self._site, given, key.page, HTTPStatus.FORBIDDEN)
        client = FormClient(given.visit, key)
        try:
            filled = await client.filled()
            typed = sent(given.form, filled.definition)
            return await self._act(client, filled, typed, str(given.form.get(ACTION, "")))
        except UnreachableError:
            return send_again(self._site, given, key.page, HTTPStatus.SERVICE_UNAVAILABLE)

    async def _act(
        self, client: FormClient, filled: FilledForm, typed: Typed, action: str
    ) -> Response:
        if action.startswith("zeile+"):
            typed = typed.with_row(table := action.removeprefix("zeile+"))
            row = typed.tables[table][-1].row
            return await self._page(client, filled, typed, focus=f"t-{table}-{row}")
        if action.startswith("zeile-"):
            table, _, row = action.removeprefix("zeile-").partition(".")
            typed = typed.without_row(table, row)
            return await self._page(client, filled, typed, focus=f"t-{table}")
        submits = action == "einreichen"
        outcome = await (submit if submits else save)(client, filled, typed)
        if outcome.kind != "done":
            return await self._not_done(client, filled, outcome)
        thanks = (
            f"Vielen Dank! Das Formular „{filled.definition.title}“ ist eingereicht. Wir prüfen es "
            "und melden uns bei Ihnen."
        )
        return self._site.redirect(client.key.page, client.visit, thanks if submits else SAVED)

    async def _not_done(self, client: FormClient, filled: FilledForm, outcome: Outcome) -> Response:
        typed, other = outcome.typed, None
        if outcome.kind in ("conflict", "closed"):
            filled = await client.filled()
            typed, other = typed.at(filled), stored(filled)
            if outcome.kind == "closed":
                typed, other = other.with_rows_of(typed, empty=True), typed
            else:
                typed = typed.with_rows_of(other)
        return await self._page(
            client,
            filled,
            typed,
            outcome=outcome,
            other=other,
            editing=outcome.kind != "closed",
        )

    async def _page(
        self,
        client: FormClient,
        filled: FilledForm,
        typed: Typed,
        *,
        editing: bool = True,
        outcome: Outcome | None = None,
        other: Typed | None = None,
        focus: str = "",
    ) -> Response:
        visit, definition = client.visit, filled.definition
        (_, summary), material, types = await asyncio.gather(
            arrived(visit), self._material(visit), self._product_types(visit, filled)
        )
        brand = name_of(client.key.brand, summary.brands)
        mistakes = outcome.mistakes if outcome else Mistakes()
        rests = summary.status in RESTING
        if rests and outcome is None:
            editing = False
        if editing:
            typed = typed.with_least_rows(definition)
        return self._site.page(
            "forms/form.html",
            visit,
            status=outcome.status if outcome else HTTPStatus.OK,
            key=client.key,
            filled=filled,
            typed=typed,
            brand=brand,
            editing=editing,
            outcome=outcome,
            mistakes=mistakes,
            focus=focus,
            questions=questions(definition, typed, mistakes, other),
            material=material.of("organisation", definition.step),
            files=material.files_of("organisation", definition.step),
            rests=rests,
            onboarding=summary.status,
            amazon=material.amazon if definition.form == "plattformauswahl" else None,
            product_types=types,
        )

    async def _material(self, visit: Visit) -> Material:
        return await visit.onboarding.get(f"{visit.root}/material", Material)

    async def _product_types(self, visit: Visit, filled: FilledForm) -> Sequence[ProductType]:
        """To choose from where product types are asked for (ON-26)."""
        if filled.definition.step != "data-models":
            return ()
        return await product_types(visit)

    async def save_draft(self, given: Sent, key: FormKey) -> Response:
        """For the script, which shows `message` and, if `stopped`, saves no more."""
        if given.is_stale:
            return told(
                "Sie haben sich inzwischen neu angemeldet. Bitte speichern Sie mit dem Knopf.",
                HTTPStatus.FORBIDDEN,
                stopped=True,
            )
        client = FormClient(given.visit, key)
        filled = await client.filled()
        outcome = await save(client, filled, sent(given.form, filled.definition))
        response = self._draft_told(outcome)
        self._site.keep(response, given.visit.as_it_is())
        return response

    def _draft_told(self, outcome: Outcome) -> Response:
        at = f"{self._site.now().astimezone(BERLIN):%H:%M}"
        more: dict[str, Any] = {"revision": outcome.typed.revision}
        match outcome.kind:
            case "done":
                return told(f"Entwurf gespeichert um {at} Uhr.", **more)
            case "mistakes":
                more["mistakes"] = [
                    {"id": mistake.place.id, "detail": mistake.detail}
                    for mistake in outcome.mistakes.found
                    if mistake.place
                ]
                left = len(outcome.mistakes.found)
                but = "eine Angabe" if left == 1 else f"{left} Angaben"
                message = f"Entwurf gespeichert um {at} Uhr, bis auf {but} mit Fehlern."
                return told(message if outcome.saved else "Noch nicht gespeichert.", **more)
            case "conflict" | "closed":
                message = f"{outcome.detail} Ihre Eingaben stehen weiter hier."
                return told(message, HTTPStatus.CONFLICT, stopped=True)
            case "refused":
                return told(outcome.detail, outcome.status)


def told(message: str, status: int = HTTPStatus.OK, **more: Any) -> JSONResponse:
    headers = {"Cache-Control": "no-store"}
    return JSONResponse({"message": message, **more}, status, headers=headers)


def name_of(brand: Id, brands: Sequence[BrandLine]) -> str:
    return next((line.name for line in brands if line.brand == brand), "")
