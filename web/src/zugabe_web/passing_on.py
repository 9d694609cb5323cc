"""Files of services, passed on piece by piece."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

from fastapi.responses import StreamingResponse

from zugabe_web.service_client import ServiceClient

KEPT = ("Content-Disposition", "Content-Length", "Content-Type")
FILE_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Downloads are files to be saved, and never pages of ours."""


async def passed_on(client: ServiceClient, path: str) -> StreamingResponse:
    """Raise RefusedError and UnreachableError; only then is a page still possible."""
    stack = AsyncExitStack()
    answer = await stack.enter_async_context(client.stream(path))

    async def pieces() -> AsyncGenerator[bytes]:
        async with stack:
            async for piece in answer.aiter_bytes():
                yield piece

    headers = {name: answer.headers[name] for name in KEPT if name in answer.headers}
    if "Content-Encoding" in answer.headers:  # pieces are decoded, and longer
        headers.pop("Content-Length", None)
    headers |= FILE_HEADERS
    return StreamingResponse(pieces(), headers=headers)
