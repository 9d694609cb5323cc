"""Pages for refusals before a route is asked: too large, too many, unreadable."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zugabe_web.service_client import Problem
from zugabe_web.site import Site

PROBLEM, JSON = "application/problem+json", "application/json"
TITLES: Mapping[int, str] = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Das ist zu groß",
    HTTPStatus.SERVICE_UNAVAILABLE: "Gerade nicht erreichbar",
}
DETAILS: Mapping[int, str] = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "Die Datei oder das Formular ist zu groß. Dateien dürfen höchstens 10 MB groß sein."
    ),
}
OF_THE_BODY = ("content-type", "content-length")


class RefusalPages:
    """Scripts of the pages ask for JSON, and get the problem as it is."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or JSON in Headers(scope=scope).get("accept", ""):
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = bytearray()

        async def pages(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and is_problem(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    await self._send_page(start, bytes(body), send)

        await self._app(scope, receive, pages)

    async def _send_page(self, start: Message, body: bytes, send: Send) -> None:
        status = start["status"]
        detail = DETAILS.get(status) or msgspec.json.decode(body, type=Problem).detail
        title = TITLES.get(status, "Das hat nicht geklappt")
        page = self._site.page(
            "problem.html",
            status=status,
            title=title,
            detail=detail,
            mistakes=[],
            reference=reference_in(body),
        )
        headers = MutableHeaders(raw=list(start["headers"]))
        for name in OF_THE_BODY:
            del headers[name]
        for name, value in page.headers.items():
            headers[name] = value
        await send({**start, "headers": headers.raw})
        await send({"type": "http.response.body", "body": page.body})


def is_problem(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith(PROBLEM)


def reference_in(body: bytes) -> str:
    return str(msgspec.json.decode(body).get("instance") or "")
