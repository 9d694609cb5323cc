"""Parts that all pages share: the session of a visit, clients of the services, and the layout."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import msgspec
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from zugabe_web.assets import Assets
from zugabe_web.errors import SignInRequiredError
from zugabe_web.rendering import environment
from zugabe_web.security import HEADERS, origin_of, require_csrf, require_own_origin
from zugabe_web.service_client import ServiceClient
from zugabe_web.session import Session, Sessions

VISIT = "zugabe_web.visit"
"""Name in the scope of the visit, for pages about errors."""


@dataclass(slots=True)
class Visit:
    """One request of somebody who has signed in; `onboarding` asks as this person.

    `partner` is the one whose pages they see, and "" for central staff.
    """

    session: Session
    onboarding: ServiceClient
    layout: dict[str, Any] = field(default_factory=dict)
    """More for the layout, such as the manager in the header."""

    @property
    def partner(self) -> str:
        return self.session.partner

    @property
    def root(self) -> str:
        """The beginning of the partner's paths."""
        return f"/partners/{self.session.partner}"

    def as_it_is(self) -> Session:
        """The session with what was changed during this visit."""
        return self.session.with_tokens(*self.onboarding.tokens)


class Site:
    def __init__(
        self,
        sessions: Sessions,
        http: httpx.AsyncClient,
        services: Mapping[str, str],
        *,
        portal_url: str,
        organisation: str,
        session_hours: int,
        now: Callable[[], datetime],
    ) -> None:
        self.sessions = sessions
        self.http = http
        self.services = services
        self.origin = origin_of(portal_url)
        self.organisation = organisation
        self.session_hours = session_hours
        self.now = now
        self.assets = Assets()
        self._templates = environment(self.assets, organisation)

    def client(self, service: str, credential: str = "", *tokens: str) -> ServiceClient:
        return ServiceClient(self.http, self.services[service], credential, *tokens)

    def session_of(self, request: Request) -> Session | None:
        cookie = request.cookies.get(self.sessions.cookie)
        return self.sessions.open(cookie, self.now()) if cookie else None

    async def visit(self, request: Request) -> Visit:
        """For `Depends`: somebody who has signed in. Raise SignInRequiredError."""
        session = self.session_of(request)
        if session is None:
            raise SignInRequiredError
        client = self.client("onboarding", session.credential, *session.tokens)
        visit = Visit(session, client)
        request.scope[VISIT] = visit
        return visit

    async def partner_visit(self, request: Request) -> Visit:
        """For `Depends`: the contact of a partner. Raise SignInRequiredError."""
        visit = await self.visit(request)
        if visit.session.role != "partner":
            raise SignInRequiredError
        return visit

    async def partner_change(self, request: Request) -> Visit:
        """For `Depends`: the same for a form that was sent, with the token of the session.

        Raise SignInRequiredError and ForeignRequestError.
        """
        visit = await self.partner_visit(request)
        await require_csrf(request, visit.session)
        return visit

    def own_origin(self, request: Request) -> None:
        """Raise ForeignRequestError."""
        require_own_origin(request, self.origin)

    def page(
        self,
        template: str,
        visit: Visit | None = None,
        *,
        status: int = 200,
        **values: Any,
    ) -> HTMLResponse:
        """An HTML page; what was noted for it is told, and then forgotten."""
        session = visit.as_it_is() if visit else None
        text = self._templates.get_template(template).render(
            {**(visit.layout if visit else {}), **values, "session": session}
        )
        response = HTMLResponse(text, status, headers=HEADERS)
        if session and session.notice:
            self.keep(response, msgspec.structs.replace(session, notice=""))
        return response

    def redirect(self, path: str, visit: Visit | None = None, notice: str = "") -> Response:
        """To another page with GET, which tells the notice and shows what was just changed."""
        response = RedirectResponse(path, 303)
        if visit:
            self.keep(response, msgspec.structs.replace(visit.as_it_is(), notice=notice))
        return response

    def keep(self, response: Response, session: Session) -> None:
        response.set_cookie(
            self.sessions.cookie,
            self.sessions.seal(session, self.now()),
            max_age=max(0, session.expires - int(self.now().timestamp())),
            secure=self.sessions.secure,
            httponly=True,
            samesite="lax",
        )

    def forget(self, response: Response) -> None:
        response.delete_cookie(
            self.sessions.cookie, secure=self.sessions.secure, httponly=True, samesite="lax"
        )


def visit_of(request: Request) -> Visit | None:
    """The visit of a request that failed, if it got so far."""
    found = request.scope.get(VISIT)
    return found if isinstance(found, Visit) else None
