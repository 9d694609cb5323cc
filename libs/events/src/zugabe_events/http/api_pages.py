"""Pages for whoever integrates a service: a start page, and its API to read and try out (X-14).

They are served without anything from elsewhere: the assets come with a package.
"""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Annotated

import fastapi_offline
from fastapi import APIRouter
from fastapi import Path as PathParameter
from fastapi.responses import FileResponse, HTMLResponse, Response

from zugabe_events.domain.errors import NotFoundError
from zugabe_events.http.page import page

ASSETS = Path(fastapi_offline.__file__).with_name("static")
FILES: Mapping[str, str] = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}
CACHED = {"Cache-Control": "public, max-age=86400"}

START = """\
"use strict";
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#api",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  displayOperationId: true,
  persistAuthorization: false,
  validatorUrl: null,
  syntaxHighlight: { activated: true },
});
"""

# Swagger UI sets styles of elements, and has its icons as data.
POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
}

LINKS: Mapping[str, str] = {
    "docs": "the API, to read and to try out",
    "openapi.json": "the same as an OpenAPI document",
    "livez": "is this process alive?",
    "readyz": "does what it depends on answer, too?",
    "metrics": "for Prometheus",
}
EVENT_LINKS: Mapping[str, str] = {
    "asyncapi.json": "its topic and messages as an AsyncAPI document",
    "schemas/": "JSON schemas of its events, each version at a lasting address",
}


def api_pages(service: str, version: str, summary: str, *, publishes: bool) -> APIRouter:
    """`/`, `/docs` and the files of `/docs`; `publishes` adds links to the events' documents."""
    router = APIRouter(include_in_schema=False)
    links = {**LINKS, **(EVENT_LINKS if publishes else {})}
    items = "".join(
        f'<li><a href="{href}">/{href}</a>: {escape(text)}</li>' for href, text in links.items()
    )
    about = f"<p>{escape(summary)}</p><p>Version {escape(version)}</p><ul>{items}</ul>"
    docs = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(service)}: API</title>"
        '<link rel="icon" href="docs/favicon.png">'
        '<link rel="stylesheet" href="docs/swagger-ui.css"></head>'
        '<body><div id="api"></div><script src="docs/swagger-ui-bundle.js"></script>'
        '<script src="docs/start.js"></script></body></html>\n'
    )

    @router.get("/")
    async def start_page() -> HTMLResponse:
        return page(f"Zugabe: {service}", about, language="en")

    @router.get("/docs")
    async def docs_page() -> HTMLResponse:
        return HTMLResponse(docs, headers=POLICY)

    @router.get("/docs/{file}")
    async def docs_file(file: Annotated[str, PathParameter(max_length=100)]) -> Response:
        if file == "start.js":
            return Response(START, media_type="text/javascript", headers=CACHED)
        if file not in FILES:
            raise NotFoundError("Diese Datei gibt es nicht.", code="file-unknown")
        return FileResponse(ASSETS / file, media_type=FILES[file], headers=CACHED)

    return router
