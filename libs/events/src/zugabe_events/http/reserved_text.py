"""Requests with text that only the system may write are refused, wherever it is (S7, D1).

Routes need not think of it: their texts can neither be taken for sealed ones, nor for what other
services sealed. Only routes that are marked take sealed texts.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote, unquote_plus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from zugabe_events.domain.reserved_text import RESERVED, looks_sealed, reserved_in
from zugabe_events.domain.validation_messages import MAX_ERRORS, bounded
from zugabe_events.http.problems import problem
from zugabe_events.http.public_routes import routes_by

FULL_WIDTH = (b"ff5", b"fF5", b"Ff5", b"FF5")

SIGNS = (b"~", "\uff5e".encode(), *(rb"\u" + code for code in (b"007", *FULL_WIDTH)))
"""JSON without any of them has no tilde, written as it is or escaped."""


class TakesSealed:
    """A dependency that marks a route whose body has sealed texts."""

    async def __call__(self) -> None:
        pass


TAKES_SEALED = TakesSealed()


def routes_of_sealed(routes: Sequence[BaseRoute]) -> Iterator[str]:
    return routes_by(routes, lambda dependency: isinstance(dependency, TakesSealed))


def reserved_head(request: Request) -> Response | None:
    """The problem with path, query and headers, if there is one."""
    return _problem(request, list(_in_head(request)))


def reserved_body(request: Request, body: bytearray, read: Any) -> Response | None:
    """The problem with a body; `read` is what it says as JSON."""
    found = list(reserved_in(read, "body")) if any(sign in body for sign in SIGNS) else []
    return _problem(request, found)


def _problem(request: Request, found: Sequence[str]) -> Response | None:
    if not found:
        return None
    errors = [{"where": bounded(where), "detail": RESERVED} for where in found[:MAX_ERRORS]]
    return problem(request, 422, "text-reserved", "Ungültige Anfrage", RESERVED, {"errors": errors})


def _in_head(request: Request) -> Iterator[str]:
    scope = request.scope
    if looks_sealed(scope["path"]):
        yield "path"
    query = scope.get("query_string", b"")
    if query and looks_sealed(unquote_plus(query.decode("latin-1"))):
        yield "query"
    for name, value in scope["headers"]:
        if (b"~" in value or b"%" in value) and looks_sealed(unquote(value.decode("latin-1"))):
            yield f"header.{name.decode('latin-1')}"
