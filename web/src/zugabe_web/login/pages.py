"""Sign-in and sign-out of staff."""

import logging
import re
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from zugabe_web.errors import NoRightError
from zugabe_web.login.desk import Desk
from zugabe_web.login.sealed_cookie import CookieTooLargeError
from zugabe_web.login.sign_in import IssuerUnreachableError, SignInFailedError
from zugabe_web.site import Visit

log = logging.getLogger(__name__)

START = "/board"
OWN_PATH = re.compile(r"/board[/?=&%.A-Za-z0-9_~-]{0,500}")

CALLBACK = "anmelden/antwort"
SIGNED_OUT = "abgemeldet"
"""Paths below the portal's address, as registered at the issuer."""


def login_pages(desk: Desk) -> APIRouter:
    site = desk.site
    router = APIRouter()

    @router.get("/anmelden")
    async def begin(zurueck: str = START) -> Response:
        """Send the browser to the issuer; it comes back to the page that it wanted."""
        back = zurueck if OWN_PATH.fullmatch(zurueck) else START
        url, attempt = await desk.sign_in.begin(back)
        response = RedirectResponse(url, HTTPStatus.SEE_OTHER)
        desk.attempts.keep(response, attempt, site.now())
        return response

    @router.get(f"/{CALLBACK}")
    async def finish(request: Request) -> Response:
        """Exchange the code for a session, and leave its address."""
        attempt = desk.attempts.read(request, site.now())
        try:
            if attempt is None:
                raise SignInFailedError("there is no attempt, or it is over")
            signed_in = await desk.sign_in.finish(attempt, request.query_params)
            response: Response = RedirectResponse(attempt.back, HTTPStatus.SEE_OTHER)
            desk.admitted(response, signed_in)
        except SignInFailedError as error:
            log.warning("nobody signed in: %s", error)
            response = site.page("login/failed.html", status=HTTPStatus.UNAUTHORIZED)
        except CookieTooLargeError:
            log.exception("the issuer's tokens fit no cookie")
            response = site.page("login/too-large.html", status=HTTPStatus.FORBIDDEN)
        except NoRightError as error:
            status = HTTPStatus.FORBIDDEN
            response = site.page("login/no-right.html", status=status, name=error.name)
        desk.attempts.forget(response)
        return response

    @router.post("/anmelden/ende")
    async def leave(_: Annotated[Visit, Depends(desk.change)]) -> Response:
        """End our session, then the issuer's: by a page that leads there, since a form may lead to
        our own pages only."""
        try:
            address = await desk.sign_in.sign_out_address()
        except IssuerUnreachableError:
            address = None
        response = site.page("login/left.html", address=address)
        desk.forget(response)
        return response

    @router.get(f"/{SIGNED_OUT}")
    async def signed_out() -> Response:
        return site.page("login/left.html", address=None)

    return router
