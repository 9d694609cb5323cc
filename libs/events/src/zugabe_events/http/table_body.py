"""A table as the body of a request."""

from typing import Annotated, Any

from fastapi import Depends, Query, Request

MEDIA_TYPES = (
    "text/csv",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
)
"""The formats of a table; its content says which one it is."""

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

SheetName = Annotated[
    str | None,
    Query(
        alias="sheet",
        min_length=1,
        max_length=100,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="The sheet to read; by default the first visible one that has the columns.",
    ),
]
