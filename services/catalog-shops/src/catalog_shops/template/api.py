"""HTTP for templates of import files, which everybody may download (CS-47)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Response
from pydantic import StringConstraints

from catalog_shops.template.files import FILES, MEDIA_TYPES, content_of
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.http.public_routes import PUBLIC_ROUTE

FileName = Annotated[str, StringConstraints(max_length=100)]

SHOWN_AS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in MEDIA_TYPES.values()
        },
        "description": "The file",
    },
}


class TemplateNotFoundError(NotFoundError):
    code = "template-not-found"

    def __init__(self) -> None:
        super().__init__("Diese Vorlage gibt es nicht.")


@dataclass(frozen=True, slots=True)
class TemplateInList:
    """`purpose` says in German what the file is for."""

    name: str
    purpose: str
    address: str


@dataclass(frozen=True, slots=True)
class TemplateList:
    items: Sequence[TemplateInList]


def template_api() -> APIRouter:
    router = APIRouter(prefix="/templates", tags=["template"])

    @router.get("", dependencies=[Depends(PUBLIC_ROUTE)])
    async def list_templates() -> TemplateList:
        """Templates of the files that can be imported, for download (CS-47)."""
        return TemplateList(
            [
                TemplateInList(file.name, file.purpose, f"/templates/{quote(file.name)}")
                for file in FILES.values()
            ]
        )

    @router.get(
        "/{name}",
        dependencies=[Depends(PUBLIC_ROUTE)],
        response_class=Response,
        responses=SHOWN_AS,
    )
    async def get_template(name: FileName) -> Response:
        """A file to fill in and to upload."""
        file = FILES.get(name)
        if file is None:
            raise TemplateNotFoundError
        content = await asyncio.to_thread(content_of, file)
        disposition = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        headers = {"Content-Disposition": disposition}
        return Response(content, headers=headers, media_type=MEDIA_TYPES[file.form])

    return router
