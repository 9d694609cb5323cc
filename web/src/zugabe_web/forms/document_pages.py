"""All forms and documents at a glance (ON-13), with uploads and downloads."""

import asyncio
import re
import secrets
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import UploadFile

from zugabe_events.http.fields import Id
from zugabe_web.forms.again import send_again
from zugabe_web.forms.lists import whole_list
from zugabe_web.forms.refusals import Refusal, invalid, refusal_of
from zugabe_web.forms.sent import Sent, sent_form
from zugabe_web.partner.answers import Document, Forms, Page
from zugabe_web.partner.client import arrived
from zugabe_web.passing_on import passed_on
from zugabe_web.service_client import RefusedError, UnreachableError
from zugabe_web.site import Site, Visit

PAGE = "/unterlagen"
MAX_UPLOAD_BYTES = 10_500_000
"""A document of ten megabytes, and what goes with it."""

UPLOADS = {f"POST {PAGE}": MAX_UPLOAD_BYTES}
ESCAPED = re.compile("%0D%0A|%0D|%0A|%22")
"""The characters that browsers escape in the names of files, and no others."""
MAX_NAME = 150
"""Characters of a file's name."""


class OwnDocument(Document, frozen=True):
    """`sha256` of the file that is there, to name the one that is replaced."""

    sha256: str = ""


def document_pages(site: Site) -> APIRouter:  # noqa: C901
    router = APIRouter()
    visits, changes = Depends(site.partner_visit), Depends(sent_form(site))

    async def page(visit: Visit, refusal: Refusal | None = None, **given: str) -> Response:
        (_, summary), forms, documents = await asyncio.gather(
            arrived(visit),
            whole_list(visit, "/forms", Page[Forms], {"sort": "brand"}),
            whole_list(visit, "/documents", Page[OwnDocument], {"sort": "-stored_at"}),
        )
        return site.page(
            "forms/documents.html",
            visit,
            status=refusal.status if refusal else 200,
            summary=summary,
            forms=forms,
            documents=documents,
            names={line.brand: line.name for line in summary.brands},
            refusal=refusal,
            given={"titel": "", "marke": "", "ersetzt": "", "kennung": "", **given},
            new_id=secrets.token_hex(8),
        )

    @router.get(PAGE)
    async def read(visit: Annotated[Visit, visits]) -> Response:
        """ON-13"""
        return await page(visit)

    @router.post(PAGE)
    async def upload(request: Request, sent: Annotated[Sent, changes]) -> Response:
        """A new document, or another file in the place of one. The script wants JSON."""
        by_script = "application/json" in request.headers.get("Accept", "")
        if sent.is_stale:
            return outdated(by_script) or send_again(site, sent, PAGE, HTTPStatus.FORBIDDEN)
        names = ("titel", "marke", "ersetzt", "kennung")
        given = {name: str(sent.form.get(name, "")).strip() for name in names}
        refusal = await stored(sent, given)
        if refusal is None:
            response = site.redirect(PAGE, sent.visit, f"„{given['titel']}“ ist hochgeladen.")
            if by_script:
                answer = JSONResponse({"location": PAGE})
                answer.raw_headers += [
                    header for header in response.raw_headers if header[0] == b"set-cookie"
                ]
                return answer
            return response
        if by_script:
            told = " ".join(dict.fromkeys([*refusal.fields.values()] or [refusal.detail]))
            return JSONResponse({"message": told}, refusal.status)
        return await page(sent.visit, refusal, **given)

    @router.get("/unterlagen/{document}")
    async def download(document: Id, visit: Annotated[Visit, visits]) -> Response:
        return await passed_on(visit.onboarding, f"{visit.root}/documents/{document}")

    @router.get("/material/{item}")
    async def download_material(item: Id, visit: Annotated[Visit, visits]) -> Response:
        """A file that central uploaded for all partners (ON-3)."""
        return await passed_on(visit.onboarding, f"{visit.root}/material/{item}")

    @router.post("/unterlagen/{document}/entfernen")
    async def remove(document: Id, sent: Annotated[Sent, changes]) -> Response:
        if sent.is_stale:
            return send_again(site, sent, f"/unterlagen/{document}/entfernen", HTTPStatus.FORBIDDEN)
        try:
            path = f"{sent.visit.root}/documents/{document}"
            await sent.visit.onboarding.send("DELETE", path)
        except RefusedError as error:
            return await page(sent.visit, refusal_of(error))
        return site.redirect(PAGE, sent.visit, "Das Dokument ist entfernt.")

    return router


def outdated(by_script: bool) -> Response | None:
    if not by_script:
        return None
    message = "Sie haben sich inzwischen neu angemeldet. Bitte laden Sie die Seite neu."
    return JSONResponse({"message": message}, HTTPStatus.FORBIDDEN)


async def stored(sent: Sent, given: dict[str, str]) -> Refusal | None:
    """None if it was stored."""
    file = sent.form.get("datei")
    if not isinstance(file, UploadFile) or not file.filename:
        return invalid(datei="Bitte wählen Sie eine Datei aus.")
    name = name_of(file.filename)
    if not given["titel"]:
        given["titel"] = name
    params = {"title": given["titel"], "file_name": name}
    params |= {"brand": given["marke"]} if given["marke"] else {}
    params |= {"replaces": given["ersetzt"]} if given["ersetzt"] else {}
    path = f"{sent.visit.root}/documents/{given['kennung']}"
    if not given["kennung"].replace("-", "").isalnum():
        return invalid(datei="Bitte laden Sie die Seite neu.")
    try:
        await sent.visit.onboarding.send("PUT", path, params=params, content=await file.read())
    except UnreachableError:
        return Refusal(
            "Das Onboarding antwortet gerade nicht. Bitte versuchen Sie es in einer Minute noch "
            "einmal.",
            status=HTTPStatus.SERVICE_UNAVAILABLE,
        )
    except RefusedError as error:
        refusal = refusal_of(error)
        return Refusal(refusal.detail, (), {"datei": refusal.detail}, refusal.status)
    return None


def name_of(sent: str) -> str:
    """The name of a file without folders, and without characters that are not to be seen; the
    beginning and the ending of a very long one."""
    last = ESCAPED.sub(" ", sent).replace("\\", "/").rpartition("/")[2]
    seen = "".join(char for char in last if char.isprintable()).strip()
    if len(seen) <= MAX_NAME:
        return seen or "datei"
    beginning, dot, ending = seen.rpartition(".")
    return beginning[: MAX_NAME - len(ending) - 1] + dot + ending if dot else seen[:MAX_NAME]
