"""How a partner's contact comes in: by the link of a mail, which becomes a session at once."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from zugabe_web.errors import LinkRefusedError
from zugabe_web.partner.answers import PartnerSummary
from zugabe_web.service_client import RefusedError
from zugabe_web.session import Session, new_csrf
from zugabe_web.site import Site, Visit


def entry_pages(site: Site) -> APIRouter:
    router = APIRouter()

    @router.get("/einstieg/{partner}")
    async def enter(partner: str, link: str = "") -> Response:
        """Exchange a link for a session, and leave its address. A link can be used again until a
        newer one takes its place, so programs that open links before people do no harm."""
        client = site.client("onboarding", link)
        try:
            await client.get(f"/partners/{partner}", PartnerSummary)
        except RefusedError as error:
            raise LinkRefusedError(error.problem.detail) from error
        expires = site.now() + timedelta(hours=site.session_hours)
        session = Session("partner", link, new_csrf(), int(expires.timestamp()), partner)
        response = site.redirect("/")
        site.keep(response, session)
        return response

    @router.post("/abmelden")
    async def leave(
        request: Request, visit: Annotated[Visit, Depends(site.partner_change)]
    ) -> Response:
        response = site.page("signed-out.html", left=True)
        site.forget(response)
        return response

    return router
