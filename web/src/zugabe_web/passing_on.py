"""Files of services, passed on piece by piece."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

from fastapi.responses import StreamingResponse

from zugabe_web.security import HEADERS
from zugabe_web.service_client import ServiceClient

KEPT = ("Content-Disposition", "Content-Length", "Content-Type")


async def passed_on(client: ServiceClient, path: str) -> StreamingResponse:
    """Raise RefusedError and UnreachableError; only then is a page still possible."""
    stack = AsyncExitStack()
    answer = await stack.enter_async_context(client.stream(path))

    async def pieces() -> AsyncGenerator[bytes]:
        async with stack:
            async for piece in answer.aiter_raw():
                yield piece

    encoded = {"Content-Encoding"} & set(answer.headers)
    headers = {name: answer.headers[name] for name in (*KEPT, *encoded) if name in answer.headers}
    headers |= {**HEADERS, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return StreamingResponse(pieces(), headers=headers)
