"""Whatever goes wrong becomes a page that says what to do, in German."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from zugabe_events.observability.context import current_correlation
from zugabe_web.errors import (
    LinkRefusedError,
    NoSuchPageError,
    SignInRequiredError,
    StaffSignInError,
)
from zugabe_web.login.sign_in import IssuerUnreachableError
from zugabe_web.security import SAFE, ForeignRequestError
from zugabe_web.service_client import RefusedError, UnreachableError
from zugabe_web.site import Site, visit_of

log = logging.getLogger(__name__)


class ProblemPages:
    def __init__(self, site: Site) -> None:
        self._site = site

    def add_to(self, app: FastAPI) -> None:
        app.add_exception_handler(SignInRequiredError, self.sign_in)
        app.add_exception_handler(StaffSignInError, self.staff_sign_in)
        app.add_exception_handler(IssuerUnreachableError, self.issuer_unreachable)
        app.add_exception_handler(LinkRefusedError, self.link_refused)
        app.add_exception_handler(NoSuchPageError, self.no_such_page)
        app.add_exception_handler(RequestValidationError, self.no_such_page)
        app.add_exception_handler(ForeignRequestError, self.foreign)
        app.add_exception_handler(RefusedError, self.refused)
        app.add_exception_handler(UnreachableError, self.unreachable)
        app.add_exception_handler(HTTPException, self.http_error)
        app.add_exception_handler(Exception, self.failed)

    async def sign_in(self, request: Request, _: Exception) -> Response:
        """A cookie that is over, or was revoked, is of no use any more. Staff have pages of their
        own, and a partner's pages are none of them."""
        session = self._site.session_of(request)
        if session is not None and session.role == "central":
            return RedirectResponse("/board", HTTPStatus.SEE_OTHER)
        response = self._site.page("signed-out.html", left=False, status=HTTPStatus.UNAUTHORIZED)
        self._site.forget(response)
        return response

    async def staff_sign_in(self, request: Request, _: Exception) -> Response:
        """Not by itself to the issuer: a session that services refuse would lead there again and
        again."""
        changing = request.method not in SAFE
        back = "" if changing else str(request.url.path)
        return self._site.page(
            "login/over.html", status=HTTPStatus.UNAUTHORIZED, changing=changing, back=back
        )

    async def issuer_unreachable(self, request: Request, error: Exception) -> Response:
        log.warning("the issuer cannot be used: %s", error)
        return self._problem(
            request,
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Die Anmeldung ist gerade nicht möglich",
            "Der Anmeldedienst antwortet nicht. Bitte versuchen Sie es in einer Minute noch "
            "einmal.",
        )

    async def link_refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, LinkRefusedError)
        return self._site.page(
            "link-refused.html",
            status=HTTPStatus.UNAUTHORIZED,
            partner=error.partner,
            link=error.link,
        )

    async def no_such_page(self, request: Request, _: Exception) -> Response:
        return self._problem(
            request,
            HTTPStatus.NOT_FOUND,
            "Diese Seite gibt es nicht",
            "Vielleicht ist die Adresse unvollständig, oder die Seite wurde entfernt.",
        )

    async def foreign(self, request: Request, _: Exception) -> Response:
        return self._problem(
            request,
            HTTPStatus.FORBIDDEN,
            "Das wurde nicht gespeichert",
            "Die Seite war zu lange offen oder in einem anderen Fenster abgemeldet. Bitte laden "
            "Sie sie neu und senden Sie das Formular noch einmal ab.",
        )

    async def refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, RefusedError)
        match error.status:
            case HTTPStatus.UNAUTHORIZED:
                visit = visit_of(request)
                if visit is not None and visit.session.role == "central":
                    return await self.staff_sign_in(request, error)
                return await self.sign_in(request, error)
            case HTTPStatus.NOT_FOUND:
                return await self.no_such_page(request, error)
            case HTTPStatus.FORBIDDEN:
                title = "Das dürfen Sie hier nicht"
            case HTTPStatus.TOO_MANY_REQUESTS:
                title = "Zu viele Versuche"
            case _:
                title = "Das ist gerade nicht möglich"
        detail = error.problem.detail or "Der Dienst hat die Anfrage abgelehnt."
        mistakes = [mistake.detail for mistake in error.problem.errors if mistake.detail]
        return self._problem(request, error.status, title, detail, mistakes)

    async def unreachable(self, request: Request, error: Exception) -> Response:
        log.warning("a service does not answer: %s", error)
        response = self._problem(
            request,
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Gerade nicht erreichbar",
            "Das Onboarding antwortet im Moment nicht. Ihre Angaben sind nicht verloren: Was Sie "
            "gespeichert haben, ist gespeichert. Bitte versuchen Sie es in einer Minute noch "
            "einmal.",
        )
        response.headers["Retry-After"] = "60"
        return response

    async def http_error(self, request: Request, error: Exception) -> Response:
        """Errors of the framework: unknown routes, wrong methods, unreadable or large bodies."""
        assert isinstance(error, HTTPException)
        match error.status_code:
            case HTTPStatus.NOT_FOUND | HTTPStatus.METHOD_NOT_ALLOWED:
                return await self.no_such_page(request, error)
            case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                detail = "Die Datei oder das Formular ist zu groß."
            case _:
                detail = "Der Browser hat die Anfrage nicht vollständig gesendet."
        return self._problem(request, error.status_code, "Das hat nicht geklappt", detail)

    async def failed(self, request: Request, _: Exception) -> Response:
        """The error itself is logged by the outermost layer."""
        return self._problem(
            request,
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "Da ist etwas schiefgegangen",
            "Das liegt an uns. Bitte versuchen Sie es noch einmal.",
        )

    def _problem(
        self,
        request: Request,
        status: int,
        title: str,
        detail: str,
        mistakes: list[str] | None = None,
    ) -> Response:
        return self._site.page(
            "problem.html",
            visit_of(request),
            status=status,
            title=title,
            detail=detail,
            mistakes=mistakes or [],
            reference=current_correlation.get(),
        )
