"""A crawler over every GET route: what a caller can read, and where."""

import re
from collections.abc import Awaitable, Callable, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZipFile

type Ask = Callable[[str], Awaitable[tuple[int, bytes]]]
"""Requests a path as one caller; returns the status and the body of the answer."""


async def walk(document: Mapping[str, Any], ask: Ask, /, **names: str) -> Mapping[str, str]:
    """Return by route what every GET of an OpenAPI document answers, as text.

    `names` fill the paths. Raises KeyError for a path that has another one, so that nothing new is
    left out.
    """
    found: dict[str, str] = {}
    for path, operations in document["paths"].items():
        if "get" in operations:
            status, body = await ask(re.sub(r"{(\w+)}", lambda one: names[one[1]], path))
            found[f"GET {path}"] = f"{status} {text_of(body)}"
    return found


def text_of(body: bytes) -> str:
    """Return a body as text; of a workbook, the text of all its parts."""
    if not body.startswith(b"PK\x03\x04"):
        return body.decode("utf-8", "replace")
    with ZipFile(BytesIO(body)) as archive:
        parts = (archive.read(name) for name in archive.namelist())
        return "\n".join(part.decode("utf-8", "replace") for part in parts)


def telling(walked: Mapping[str, str], *secrets: str) -> set[str]:
    """Return the routes whose text contains any of the secrets."""
    return {route for route, text in walked.items() if any(secret in text for secret in secrets)}
