"""Refusals and errors as application/problem+json (RFC 9457)."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pymongo.errors import PyMongoError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from zugabe_events.domain.errors import (
    ForbiddenError,
    InvalidError,
    KeyReusedError,
    NotFoundError,
    RefusedError,
    StaleError,
    ThrottledError,
    TooLargeError,
    UnauthenticatedError,
    UnavailableError,
    UnknownEventError,
)
from zugabe_events.domain.validation_messages import validation_errors

log = logging.getLogger(__name__)

REFUSAL = "zugabe.refusal"
"""Name in the scope of the code of the problem that is answered."""

KINDS: Mapping[type[RefusedError], tuple[int, str]] = {
    RefusedError: (409, "Abgelehnt"),
    NotFoundError: (404, "Nicht gefunden"),
    ForbiddenError: (403, "Nicht erlaubt"),
    UnauthenticatedError: (401, "Nicht angemeldet"),
    InvalidError: (422, "Ungültige Anfrage"),
    KeyReusedError: (422, "Ungültige Anfrage"),
    ThrottledError: (429, "Zu viele Versuche"),
    UnavailableError: (503, "Zurzeit nicht verfügbar"),
}

PLAIN: Mapping[int, tuple[str, str, str]] = {
    400: ("unreadable", "Nicht lesbar", "Die Anfrage ist nicht lesbar."),
    404: ("route-unknown", "Nicht gefunden", "Diese Adresse gibt es nicht."),
    405: ("method-not-allowed", "Methode nicht erlaubt", "Diese Adresse kennt die Methode nicht."),
    408: ("request-timeout", "Zu langsam", "Die Anfrage kam nicht rechtzeitig vollständig an."),
    413: ("too-large", "Zu groß", "Die Anfrage ist zu groß."),
    415: ("media-type-unsupported", "Format unbekannt", "Dieses Format wird nicht angenommen."),
    431: ("head-too-large", "Zu groß", "Der Kopf der Anfrage ist zu groß."),
    503: ("overloaded", "Zurzeit nicht verfügbar", "Der Dienst ist gerade überlastet."),
    500: ("internal", "Interner Fehler", "Ein interner Fehler ist aufgetreten."),
}


def problem(
    request: Request,
    status: int,
    code: str,
    title: str,
    detail: str,
    members: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document; its `instance` is the correlation id, which is in the logs."""
    request.scope[REFUSAL] = code
    body = {
        **(members or {}),
        "type": f"urn:zugabe:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "instance": request.scope.get("zugabe.correlation"),
    }
    return Response(
        msgspec.json.encode(_encodable(body)),
        status,
        headers=headers,
        media_type="application/problem+json",
    )


def _encodable(body: Mapping[str, object]) -> dict[str, object]:
    """Replace lone surrogates, which would turn a refusal into an internal error."""
    return {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in body.items()
    }


def plain(request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """A problem document for a status alone."""
    phrase = HTTPStatus(status).phrase
    code, title, detail = PLAIN.get(
        status, (phrase.lower().replace(" ", "-").replace("'", ""), phrase, phrase)
    )
    return problem(request, status, code, title, detail, headers=headers)


async def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    status, title = next(KINDS[kind] for kind in type(error).__mro__ if kind in KINDS)
    headers: dict[str, str] = {}
    match error:
        case UnauthenticatedError():
            headers["WWW-Authenticate"] = error.challenge
        case UnavailableError(retry_after=seconds) | ThrottledError(retry_after=seconds):
            headers["Retry-After"] = str(seconds)
    members = {**error.facts, **error.lists, **error.attached}
    return problem(request, status, error.code, title, error.detail, members, headers)


async def database_unavailable(request: Request, error: Exception) -> Response:
    """MongoDB is unreachable: the outcome is unknown, and clients retry."""
    log.warning("the database does not answer: %s", type(error).__name__)
    unavailable = UnavailableError(
        "Die Datenbank antwortet gerade nicht. Bitte gleich noch einmal."
    )
    return await refused(request, unavailable)


async def invalid(request: Request, error: Exception) -> Response:
    """Tell where and why validation failed, but never quote the request."""
    assert isinstance(error, RequestValidationError)
    return problem(
        request,
        422,
        "invalid",
        "Ungültige Anfrage",
        "Die Anfrage entspricht nicht der erwarteten Form.",
        {"errors": validation_errors(error.errors())},
    )


class AnsweredError(HTTPException):
    """The answer is certain before the route begins. Only an HTTPException gets past FastAPI."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


async def http_error(request: Request, error: Exception) -> Response:
    """Errors of the framework: unknown routes, wrong methods, unreadable bodies."""
    assert isinstance(error, HTTPException)
    if isinstance(error, AnsweredError):
        return error.response
    return plain(request, error.status_code, error.headers)


async def too_large(request: Request, _: Exception) -> Response:
    return plain(request, 413)


async def stale(request: Request, error: Exception) -> Response:
    """A lost race of an append without `handle`, which would have decided again."""
    return await refused(request, UnavailableError("Die Daten haben sich gerade geändert."))


async def outdated(request: Request, error: Exception) -> Response:
    """Newer code has written an event that this process cannot read; happens during a rollout."""
    log.error("%s: %s", type(error).__name__, error)
    detail = "Der Dienst wird gerade erneuert. Bitte gleich noch einmal."
    return await refused(request, UnavailableError(detail, code="outdated"))


def add_problems(app: FastAPI) -> None:
    app.add_exception_handler(RefusedError, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(TooLargeError, too_large)
    app.add_exception_handler(StaleError, stale)
    app.add_exception_handler(UnknownEventError, outdated)
    app.add_exception_handler(PyMongoError, database_unavailable)
