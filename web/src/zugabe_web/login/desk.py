"""Staff who have signed in: their session, refreshed in time, and the answers that keep it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from zugabe_web.errors import NoRightError, StaffSignInError
from zugabe_web.login.sealed_cookie import SealedCookie
from zugabe_web.login.sign_in import Attempt, SignedIn, SignIn, SignInFailedError
from zugabe_web.security import require_csrf
from zugabe_web.session import Session, new_csrf
from zugabe_web.site import VISIT, Site, Visit

log = logging.getLogger(__name__)

ATTEMPT_SECONDS = 600
RENEWAL_MARGIN = timedelta(seconds=60)
"""A request that began with a token may still need it so much later."""

RENEWED = "zugabe_web.renewed"
"""Name in the scope of what a renewed session leaves for the answer."""


class Staff(msgspec.Struct, frozen=True):
    """The person who has signed in, beside the session: both are larger than one cookie may be.

    `expires` is when the access token in the session does, in seconds since 1970.
    """

    subject: str
    name: str
    refresh: str
    expires: int


class Desk:
    """Parts that staff pages share. `secrets` are those of sessions."""

    def __init__(self, site: Site, sign_in: SignIn) -> None:
        hours = site.session_hours * 3_600
        secure, keys = site.sessions.secure, site.sessions.secrets
        self.site = site
        self.sign_in = sign_in
        self.attempts = SealedCookie(
            "zugabe-attempt", Attempt, keys, secure=secure, seconds=ATTEMPT_SECONDS
        )
        self.staff = SealedCookie("zugabe-staff", Staff, keys, secure=secure, seconds=hours)

    def router(self) -> APIRouter:
        """For pages of staff: their answers keep what was renewed."""
        return APIRouter(route_class=renewing(self))

    def admitted(self, response: Response, signed_in: SignedIn) -> None:
        """Begin a session. Raise NoRightError and CookieTooLargeError."""
        if signed_in.principal.role != "central":
            raise NoRightError(signed_in.name)
        now, tokens = self.site.now(), signed_in.tokens
        expires = now + timedelta(hours=self.site.session_hours)
        session = Session("central", tokens.access, new_csrf(), int(expires.timestamp()))
        refresh, until = tokens.refresh, int(tokens.expires.timestamp())
        staff = Staff(signed_in.principal.subject, signed_in.name, refresh, until)
        self.staff.keep(response, staff, now)
        self.site.keep(response, session)

    async def visit(self, request: Request) -> Visit:
        """For `Depends`. Raise StaffSignInError."""
        now = self.site.now()
        session, staff = self.site.session_of(request), self.staff.read(request, now)
        if session is None or staff is None or session.role != "central":
            raise StaffSignInError
        if now + RENEWAL_MARGIN >= datetime.fromtimestamp(staff.expires, now.tzinfo):
            session, staff = await self._renewed(session, staff)
            request.scope[RENEWED] = session, staff
        client = self.site.client("onboarding", session.credential, *session.tokens)
        visit = Visit(session, client, {"person": staff.name, "subject": staff.subject})
        request.scope[VISIT] = visit
        return visit

    async def change(self, request: Request) -> Visit:
        """For `Depends`: a form that was sent. Raise StaffSignInError and ForeignRequestError."""
        visit = await self.visit(request)
        await require_csrf(request, visit.session)
        return visit

    async def _renewed(self, session: Session, staff: Staff) -> tuple[Session, Staff]:
        """Raise StaffSignInError and IssuerUnreachableError."""
        if not staff.refresh:
            raise StaffSignInError
        try:
            tokens = await self.sign_in.refreshed(staff.refresh)
        except SignInFailedError as error:
            log.info("a session ends: %s", error)
            raise StaffSignInError from error
        until = int(tokens.expires.timestamp())
        return (
            msgspec.structs.replace(session, credential=tokens.access),
            msgspec.structs.replace(staff, refresh=tokens.refresh, expires=until),
        )

    def forget(self, response: Response) -> None:
        self.staff.forget(response)
        self.site.forget(response)

    def keep_renewed(self, request: Request, response: Response) -> None:
        found = request.scope.get(RENEWED)
        if found is None:
            return
        session, staff = found
        self.staff.keep(response, staff, self.site.now())
        ours = f"{self.site.sessions.cookie}="
        if not any(cookie.startswith(ours) for cookie in response.headers.getlist("set-cookie")):
            self.site.keep(response, session)


def renewing(desk: Desk) -> type[APIRoute]:
    class RenewingRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Any]:
            handle = super().get_route_handler()

            async def handled(request: Request) -> Response:
                response = await handle(request)
                desk.keep_renewed(request, response)
                return response

            return handled

    return RenewingRoute
