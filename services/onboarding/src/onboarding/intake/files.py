"""A file as the body of a request."""

from typing import Annotated, Any

from fastapi import Depends, Request

MEDIA_TYPES = (
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)

IMPORTS = ("POST /partner-imports", "POST /product-type-imports")
"""Routes that take a table as body, and so a larger one than others."""

TABLE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}}
            for media_type in MEDIA_TYPES
        },
    }
}
"""For `openapi_extra` of a route that takes a table."""


async def sent(request: Request) -> bytes:
    return await request.body()


Sent = Annotated[bytes, Depends(sent)]
