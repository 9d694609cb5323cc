"""Entry of a contact: by the link of a mail, exchanged for a session at once (S17)."""

from contextlib import suppress
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Form, Path, Response

from zugabe_web.errors import LinkRefusedError
from zugabe_web.service_client import RefusedError
from zugabe_web.session import Session, new_csrf
from zugabe_web.site import Site, Visit

ID = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"


class LinkSession(msgspec.Struct, frozen=True):
    token: str
    expires_at: datetime


def entry_pages(site: Site) -> APIRouter:
    router = APIRouter()

    @router.get("/einstieg/{partner}")
    async def enter(partner: Annotated[str, Path(pattern=ID)], link: str = "") -> Response:
        """Exchange a link for a session, and leave its address. A link can be used again until a
        newer one takes its place, so programs that open links before people do no harm."""
        client = site.client("onboarding")
        try:
            answer = await client.send("POST", f"/partners/{partner}/sessions", {"link": link})
        except RefusedError as error:
            if error.status == HTTPStatus.CONFLICT:
                raise LinkRefusedError(partner, link, error.problem.code) from error
            raise LinkRefusedError(partner, "", "link-invalid") from error
        opened = msgspec.convert(answer, LinkSession)
        expires = min(opened.expires_at, site.now() + timedelta(hours=site.session_hours))
        session = Session("partner", opened.token, new_csrf(), int(expires.timestamp()), partner)
        response = site.redirect("/")
        site.keep(response, session)
        return response

    @router.post("/einstieg/{partner}/neuer-link")
    async def request_link(
        partner: Annotated[str, Path(pattern=ID)],
        link: Annotated[str, Form()] = "",
        email: Annotated[str, Form()] = "",
    ) -> Response:
        """Ask for the link by mail; the page says the same to everybody."""
        body = {"link": link} if link else {"email": email.strip()}
        client = site.client("onboarding")
        with suppress(RefusedError):
            await client.send("POST", f"/partners/{partner}/link-requests", body)
        return site.page("link-requested.html")

    @router.post("/abmelden")
    async def leave(visit: Annotated[Visit, Depends(site.partner_change)]) -> Response:
        response = site.page("signed-out.html", left=True)
        site.forget(response)
        return response

    return router
