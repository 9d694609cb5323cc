"""A table as the body of a request."""

from typing import Annotated, Any

from fastapi import Depends, Query, Request

TABLE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "CSV, XLSX, XLS or ODS; the content says which.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""For `openapi_extra` of a route that takes a table, whatever media type it is sent as."""


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
