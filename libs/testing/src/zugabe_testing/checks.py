"""For tests: what every service proves of its routes, over HTTP, and who may call which."""

import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from zipfile import ZipFile

from fastapi import FastAPI

from zugabe_events.http.authorization import EVERYWHERE
from zugabe_events.http.principal import tenant_kind
from zugabe_testing.callers import told
from zugabe_testing.examples import BOUND, USER, Example, as_, ask
from zugabe_testing.malformed import NO_CALLERS, attacks
from zugabe_testing.routes import rights_of

if TYPE_CHECKING:
    from httpx import AsyncClient, Response  # tests have it, services need none

PEERS = ("service:checkout", "service:bonus")
"""One of our own that asks others much, and one that asks for positions only."""

COLUMNS = ("user", "points-manager", "dealer-staff", "partner", "central", "service", *PEERS)
assert set(COLUMNS) == BOUND | EVERYWHERE | set(PEERS)

LEGEND = """Who may call which route. Written by `make permissions`, each cell from real requests.
all: of every tenant; dealer, partner: of the own one; own: what is the caller's own; -: not at all
"""


class Sample(Protocol):
    """A service over in-memory parts, after a day on which every route was used once."""

    @property
    def app(self) -> FastAPI: ...
    @property
    def http(self) -> "AsyncClient": ...
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
                headers={**attack.headers, **as_(example.caller)},
            )
        told(answer, 403, 404, 405, 413, 422, to=attack.name)


async def refuses_strangers(service: Sample, route: str, example: Example) -> None:
    for name, headers in NO_CALLERS.items():
        async with nothing_happens(service):
            answer = await ask(service.http, route, example, headers)
        told(answer, 401, to=name)
        assert answer.headers["www-authenticate"] == "Bearer"


async def permissions(
    opened: Callable[[], Awaitable[Sample]], examples: Mapping[str, Example]
) -> str:
    """A table of routes and roles, from a service that is a new one after everything it did."""
    service = await opened()
    rights = rights_of(service.app)

    async def asked(route: str, caller: str, **path: str) -> "Response | None":
        """None: refused, by a problem and without effect."""
        nonlocal service
        before = len(service.store.commits)
        answer = await ask(service.http, route, examples[route], as_(caller), **path)
        changed = len(service.store.commits) != before
        if answer.status_code not in (401, 403):
            service = await opened() if changed else service
            return answer
        assert told(answer, 403) == "forbidden"
        assert not changed
        return None

    rows: list[Sequence[str]] = [("", "right", *COLUMNS)]
    for route in examples:
        cells = [await cell(partial(asked, route), role) for role in COLUMNS]
        rows.append((route, rights[route], *cells))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return LEGEND + "\n" + "\n".join(line(row, widths) for row in rows) + "\n"


def line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


async def cell(asked: Callable[..., Awaitable["Response | None"]], role: str) -> str:
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
    own = other is None or (names(here, USER) and not names(other, USER))
    return "own" if own else tenant_kind(role)


def names(answer: "Response", user: str) -> bool:
    """Whether a page or a file tells of him."""
    if "spreadsheet" not in answer.headers.get("content-type", ""):
        return f'"{user}"' in answer.text
    with ZipFile(BytesIO(answer.content)) as workbook:
        return f">{user}<".encode() in workbook.read("xl/worksheets/sheet1.xml")


def compare(found: str, committed: Path) -> None:
    """With `WRITE_PERMISSIONS` in the environment, what was found becomes what is committed."""
    if os.environ.get("WRITE_PERMISSIONS"):
        committed.write_text(found)
    assert found == committed.read_text(), f"see whether {committed} should say so"
