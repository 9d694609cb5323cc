"""Import of partners and product types: a dry run as a table, and then the same file for good."""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any
from uuid import uuid4

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData, UploadFile

from zugabe_web.board.commands import KEY
from zugabe_web.errors import NoSuchPageError
from zugabe_web.login.desk import Desk
from zugabe_web.service_client import RefusedError, UnreachableError
from zugabe_web.site import Visit

MAX_REQUEST_BYTES = 7_000_000
"""A file of five megabytes, which onboarding takes at most, and its form."""
MAX_CARRIED_BYTES = 600_000
"""Of a file that a page carries from the dry run to the import; larger ones are chosen again."""

LARGE_IMPORTS = dict.fromkeys(
    ("POST /board/import/{kind}", "POST /board/import/{kind}/jetzt"), MAX_REQUEST_BYTES
)


@dataclass(frozen=True, slots=True)
class Kind:
    title: str
    path: str
    columns: tuple[str, ...]
    explanation: str


KINDS: Mapping[str, Kind] = {
    "partner": Kind(
        "Partner importieren",
        "/partner-imports",
        ("Partner", "Firma", "Ansprechpartner", "E-Mail", "Marke", "Markenname"),
        "Eine Zeile je Marke. Die Onboardings werden vorbereitet; die Willkommensmail senden Sie.",
    ),
    "produkttypen": Kind(
        "Produkttypen importieren",
        "/product-type-imports",
        ("Produkttyp", "Gruppe"),
        "Jede Zeile ist ein Datenmodell, das es gibt. Marken, die darauf warten, erfahren es.",
    ),
}


class Mistake(msgspec.Struct, frozen=True):
    line: int
    column: str
    reason: str


class ReadRow(msgspec.Struct, frozen=True):
    line: int
    cells: Mapping[str, str]


class Report(msgspec.Struct, frozen=True):
    """`new`, `changed` and `unchanged` rows; those that are `wrong` are left out."""

    dry_run: bool
    rows: int
    new: int
    changed: int
    unchanged: int
    wrong: tuple[Mistake, ...]
    sheet: str | None = None
    first_rows: tuple[ReadRow, ...] = ()

    @property
    def columns(self) -> list[str]:
        return list(dict.fromkeys(title for row in self.first_rows for title in row.cells))

    @property
    def wrong_rows(self) -> int:
        return len({mistake.line for mistake in self.wrong})


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content: bytes

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()

    @property
    def carried(self) -> str:
        """Base64, "" for one that is too large for it."""
        small = len(self.content) <= MAX_CARRIED_BYTES
        return b64encode(self.content).decode() if small else ""


def import_pages(desk: Desk) -> APIRouter:
    router, pages = desk.router(), ImportPages(desk)

    @router.get("/board/import/{kind}")
    async def choose(kind: str, visit: Annotated[Visit, Depends(desk.visit)]) -> Response:
        return pages.shown(kind, visit)

    @router.post("/board/import/{kind}")
    async def try_out(
        kind: str, request: Request, visit: Annotated[Visit, Depends(desk.change)]
    ) -> Response:
        form = await request.form()
        file = await file_of(form)
        if file is None:
            return pages.shown(kind, visit, detail="Bitte wählen Sie eine Datei.", status=422)
        return await pages.sent(kind, visit, file, text(form, "sheet"), "", dry_run=True)

    @router.post("/board/import/{kind}/jetzt")
    async def carry_out(
        kind: str, request: Request, visit: Annotated[Visit, Depends(desk.change)]
    ) -> Response:
        """The file of the dry run, carried by the page, or chosen again and the same."""
        form = await request.form()
        file, sheet = carried_of(form) or await file_of(form), text(form, "sheet")
        if file is None or file.digest != text(form, "digest"):
            detail = "Das ist eine andere Datei als in der Probe. Bitte prüfen Sie sie zuerst."
            return pages.shown(kind, visit, detail=detail, status=422)
        return await pages.sent(kind, visit, file, sheet, text(form, "key"), dry_run=False)

    return router


class ImportPages:
    def __init__(self, desk: Desk) -> None:
        self._site = desk.site

    async def sent(
        self, kind: str, visit: Visit, file: File, sheet: str, key: str, *, dry_run: bool
    ) -> Response:
        wanted = kind_of(kind)
        params = {"dry_run": "true" if dry_run else "false"} | ({"sheet": sheet} if sheet else {})
        key = key if KEY.fullmatch(key) else str(uuid4())
        try:
            answer = await visit.onboarding.send(
                "POST", wanted.path, params=params, content=file.content, key=key
            )
        except RefusedError as error:
            if error.status in (401, 403):
                raise
            detail = error.problem.detail
            return self.shown(kind, visit, detail=detail, status=error.status, sheet=sheet)
        except UnreachableError:
            if dry_run:
                raise
            detail = (
                "Das Onboarding antwortet gerade nicht, es ist ungewiss, was angekommen ist. "
                "Importieren Sie dieselbe Datei noch einmal: Was schon da ist, bleibt, wie es ist."
            )
            return self.shown(kind, visit, detail=detail, status=503, sheet=sheet)
        report = msgspec.convert(answer, Report)
        return self.shown(kind, visit, report=report, file=file, sheet=sheet)

    def shown(
        self,
        kind: str,
        visit: Visit,
        *,
        detail: str = "",
        status: int = 200,
        sheet: str = "",
        report: Report | None = None,
        file: File | None = None,
    ) -> Response:
        values: dict[str, Any] = {"detail": detail, "sheet": sheet, "report": report, "file": file}
        return self._site.page(
            "board/import.html",
            visit,
            status=status,
            kind=kind_of(kind),
            page=f"/board/import/{kind}",
            **values,
        )


def kind_of(kind: str) -> Kind:
    """Raise NoSuchPageError."""
    if kind not in KINDS:
        raise NoSuchPageError
    return KINDS[kind]


def text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


async def file_of(form: FormData) -> File | None:
    chosen = form.get("file")
    if not isinstance(chosen, UploadFile) or not chosen.filename:
        return None
    return File(chosen.filename, await chosen.read())


def carried_of(form: FormData) -> File | None:
    carried = text(form, "carried")
    if not carried:
        return None
    try:
        return File(text(form, "name"), b64decode(carried, validate=True))
    except binascii.Error:
        return None
