"""Checks of a service's routes over HTTP, and the table of who may call which."""

import os
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol
from zipfile import ZipFile

from fastapi import FastAPI
from httpx import AsyncClient, Response

from zugabe_events.http.authorization import EVERYWHERE
from zugabe_events.http.principal import tenant_kind
from zugabe_testing.callers import problem_code
from zugabe_testing.examples import BOUND, USER, Example, ask, bearer
from zugabe_testing.malformed import NO_CALLERS, attacks
from zugabe_testing.routes import rights_of

PEERS = ("service:checkout", "service:bonus")
"""A service that calls many routes of others, and one that only asks for positions."""

COLUMNS = ("user", "points-manager", "dealer-staff", "partner", "central", "service", *PEERS)
assert set(COLUMNS) == BOUND | EVERYWHERE | set(PEERS)

LEGEND = """Permissions by route and caller, from real requests. Written by `make permissions`.
all: every tenant; dealer, partner: the caller's own tenant; own: the caller's own data; -: none
"""


class Sample(Protocol):
    """A service over in-memory parts, after a day on which every route was used once."""

    @property
    def app(self) -> FastAPI: ...
    @property
    def http(self) -> AsyncClient: ...
    @property
    def store(self) -> Any: ...


@asynccontextmanager
async def nothing_happens(service: Sample) -> AsyncGenerator[None]:
    before = len(service.store.commits)
    yield
    assert len(service.store.commits) == before


async def refuses_what_is_malformed(service: Sample, route: str, example: Example) -> None:
    for attack in attacks(route, example):
        async with nothing_happens(service):
            answer = await service.http.request(
                route.partition(" ")[0],
                attack.url,
                content=attack.content,
                headers={**attack.headers, **bearer(example.caller)},
            )
        problem_code(answer, 403, 404, 405, 413, 422, to=attack.name)


async def refuses_strangers(
    service: Sample, route: str, example: Example, *, may_bring_none: bool = False
) -> None:
    for name, headers in NO_CALLERS.items():
        if may_bring_none and not headers:
            continue
        async with nothing_happens(service):
            answer = await ask(service.http, route, example, headers)
        problem_code(answer, 401, to=name)
        assert answer.headers["www-authenticate"] == "Bearer"


async def answers_strangers(service: Sample, route: str, example: Example) -> None:
    """The same for all, and nothing else than what everybody may see."""
    first = await ask(service.http, route, example)
    assert first.is_success, first.text
    for headers in NO_CALLERS.values():
        async with nothing_happens(service):
            answer = await ask(service.http, route, example, headers)
        assert (answer.status_code, answer.content) == (first.status_code, first.content)


class ReusedService:
    """A sample service that is reused until a request changes it, then replaced."""

    def __init__(self, build: Callable[[], Awaitable[Sample]]) -> None:
        self._build = build
        self._service: Sample | None = None
        self._commits = 0

    async def service(self) -> Sample:
        if self._service is None or len(self._service.store.commits) != self._commits:
            self._service = await self._build()
            self._commits = len(self._service.store.commits)
        return self._service


async def permissions(reused: ReusedService, route: str, example: Example) -> Sequence[str]:
    """Return the row of a route in the table of permissions, from real requests."""

    async def asked(caller: str, **path: str) -> Response | None:
        """None: refused, by a problem and without effect."""
        service = await reused.service()
        answer = await ask(service.http, route, example, bearer(caller), **path)
        if answer.status_code not in (401, 403):
            assert str(answer.status_code) in declared, "no such answer in the document"
            return answer
        assert problem_code(answer, 403) == "forbidden"
        assert await reused.service() is service, "something has happened"
        return None

    method, _, path = route.partition(" ")
    document = (await reused.service()).app.openapi()
    declared = document["paths"].get(path, {}).get(method.lower(), {}).get("responses", {})
    right = rights_of((await reused.service()).app)[route]
    if not right:
        assert None not in [await asked(role) for role in COLUMNS]
        return [route, "(public)", *["all" for _ in COLUMNS]]
    return [route, right, *[await cell(asked, role) for role in COLUMNS]]


async def cell(asked: Callable[..., Awaitable[Response | None]], role: str) -> str:
    here = await asked(role)
    elsewhere = [await asked(role, dealer="other", partner="other")]
    if role not in BOUND:
        assert (here is None) == (elsewhere[0] is None), f"{role} is bound to a tenant"
        return "-" if here is None else "all"
    elsewhere.append(await asked(f"{role}-elsewhere"))
    assert elsewhere == [None, None], f"{role} reaches another tenant"
    other = await asked(f"{role}-bert")
    if here is None:
        assert other is None
        return "-"
    own = other is None or hides(here, other) or (names(here, USER) and not names(other, USER))
    return "own" if own else tenant_kind(role)


def hides(here: Response, other: Response) -> bool:
    """Return whether a command tells others that what its owner changes is not there (S20)."""
    is_command = here.request.method != "GET"
    return is_command and other.status_code == 404 and here.status_code != 404


def names(answer: Response, user: str) -> bool:
    """Return whether a page or a file names the user."""
    if "spreadsheet" not in answer.headers.get("content-type", ""):
        return f'"{user}"' in answer.text
    with ZipFile(BytesIO(answer.content)) as workbook:
        return f">{user}<".encode() in workbook.read("xl/worksheets/sheet1.xml")


class PermissionTable:
    """The committed table of routes and roles; `WRITE_PERMISSIONS` in the environment writes it."""

    def __init__(self, path: Path, routes: Sequence[str]) -> None:
        self.path = path
        self.routes = routes
        self.writing = bool(os.environ.get("WRITE_PERMISSIONS"))

    def expect(self, row: Sequence[str]) -> None:
        rows = self._rows()
        if self.writing:
            rows[row[0]] = row
            self.path.write_text(self._text(rows))
        else:
            assert rows.get(row[0]) == row, f"see whether {self.path} should say so"

    def expect_complete(self) -> None:
        if not self.writing:
            assert list(self._rows()) == list(self.routes)
            assert self.path.read_text() == self._text(self._rows())

    def _rows(self) -> dict[str, Sequence[str]]:
        if not self.path.exists():
            return {}
        lines = self.path.read_text().removeprefix(LEGEND).splitlines()[2:]
        return {row[0]: row for row in (re.split("  +", line) for line in lines)}

    def _text(self, rows: Mapping[str, Sequence[str]]) -> str:
        listed = [rows[route] for route in self.routes if route in rows]
        table = [("", "right", *COLUMNS), *listed]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = (
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
            for row in table
        )
        return LEGEND + "\n" + "\n".join(lines) + "\n"
