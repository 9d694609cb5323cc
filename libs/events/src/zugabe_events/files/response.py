"""Files as answers: documents to be saved, and graphics that everybody may keep."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from zugabe_events.files.kinds import PICTURES

SEND_TIMEOUT_SECONDS = 60.0
"""An answer whose client accepts no data for this time ends."""

IMMUTABLE = "public, max-age=31536000, immutable"
"""For files that are named by the hash of their content: they never change."""


PICTURE_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            kind.media_type: {"schema": {"type": "string", "format": "binary"}}
            for kind in PICTURES.values()
        },
        "description": "The graphic, which never changes",
    },
    304: {"description": "The client has it already"},
}
"""Answers of `public_file` with a picture, for OpenAPI."""


class FileResponse(StreamingResponse):
    """The bytes of a file. An error in the middle breaks the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                await send(message)

        await super().__call__(scope, receive, send_in_time)


def attachment(
    chunks: AsyncIterator[bytes], file_name: str, media_type: str, size_bytes: int
) -> Response:
    """A file to be saved under its name, and by no cache in between."""
    return FileResponse(
        chunks,
        headers={
            "Content-Type": media_type,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name, safe='')}",
            "Content-Length": str(size_bytes),
            "Cache-Control": "private, no-store",
        },
    )


async def public_file(
    request: Request,
    sha256: str,
    media_type: str,
    size_bytes: int,
    read: Callable[[], Awaitable[AsyncIterator[bytes]]],
) -> Response:
    """A file that is named by its hash; it is read only if the client has to have it."""
    etag = f'"{sha256}"'
    headers = {"Cache-Control": IMMUTABLE, "ETag": etag}
    if is_known(etag, request):
        return Response(status_code=304, headers=headers)
    headers |= {"Content-Type": media_type, "Content-Length": str(size_bytes)}
    if request.method == "HEAD":
        return Response(headers=headers)
    return FileResponse(await read(), headers=headers)


def is_known(etag: str, request: Request) -> bool:
    """True if the client says that it has this version, or any at all."""
    tags = ",".join(request.headers.getlist("If-None-Match")).split(",")
    return any(tag.strip().removeprefix("W/") in (etag, "*") for tag in tags)
