"""Routes of the links in mails: a page that asks, and the click that answers.

Whoever has the link needs no token, and a mail program that ends such mails with one click sends
the same request (RFC 8058).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import HTMLResponse

from vouchers.mail_link.links import Link, Links, Purpose
from vouchers.mail_link.page import notice, question
from vouchers.mail_link.refusals import LinkOutdatedError, LinkUnknownError
from zugabe_events.domain.errors import RefusedError
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext

MailToken = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,600}$")]

type Act = Callable[[Link, RequestContext], Awaitable[None]]
"""Do what a link says; once it is done, doing it again changes nothing."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Texts of the pages of a purpose, in German."""

    title: str
    question: str
    button: str
    done_title: str
    done: str


def mail_link_api(
    links: Links, acts: Mapping[Purpose, tuple[Wording, Act]], access: Access
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/mail-links", tags=["mail link"])
    follows = Depends(reads(access.requires("follow-mail-links")))

    @router.get("/{token}", response_class=HTMLResponse)
    async def get_mail_link(
        dealer: Id,
        token: MailToken,
        http: Request,
        _: Annotated[RequestContext, follows],
    ) -> Response:
        """Ask whether what the link stands for is wanted. Nothing changes."""
        try:
            wording, _act = acts[links.read(dealer, token).purpose]
        except LinkUnknownError as refusal:
            return refused(refusal, HTTPStatus.NOT_FOUND, http)
        return question(wording.title, wording.question, wording.button)

    @router.post("/{token}", response_class=HTMLResponse)
    async def follow_mail_link(
        dealer: Id,
        token: MailToken,
        http: Request,
        request: Annotated[RequestContext, follows],
    ) -> Response:
        """Do what the link stands for."""
        try:
            link = links.read(dealer, token)
            wording, act = acts[link.purpose]
            await act(link, request)
        except LinkUnknownError as refusal:
            return refused(refusal, HTTPStatus.NOT_FOUND, http)
        except LinkOutdatedError as refusal:
            return refused(refusal, HTTPStatus.CONFLICT, http)
        return notice(wording.done_title, wording.done)

    return router


def refused(refusal: RefusedError, status: HTTPStatus, http: Request) -> Response:
    """A page for people; programs get the problem. Raises `refusal`."""
    if "text/html" not in http.headers.get("Accept", ""):
        raise refusal
    return notice("Das geht leider nicht", refusal.detail, status)
