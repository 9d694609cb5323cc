"""JSON bodies: which routes take them, and whether one is what every route can read."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.datastructures import Headers
from starlette.routing import BaseRoute

JSON = re.compile(r"\s*application/([\w.+-]+\+)?json\s*(;.*)?", re.ASCII | re.IGNORECASE)


class UnreadableJsonError(Exception):
    """No JSON, or some that readers would understand differently."""


def routes_of_json(routes: Sequence[BaseRoute]) -> Iterator[str]:
    """The routes that take a body as JSON, such as `PUT /dealers/{dealer}/orders/{order}`."""
    for context in iter_route_contexts(routes):
        if has_json_body(getattr(context, "dependant", None)):
            for method in sorted(context.methods or ()):
                yield f"{method} {context.path}"


def has_json_body(dependant: Dependant | None) -> bool:
    """Files are bodies of another type."""
    return dependant is not None and (
        any(
            getattr(parameter.field_info, "media_type", "") == "application/json"
            for parameter in dependant.body_params
        )
        or any(map(has_json_body, dependant.dependencies))
    )


def is_json(headers: Headers) -> bool:
    return JSON.fullmatch(headers.get("Content-Type", "")) is not None


def read_json(body: bytearray) -> Any:
    """Parse stricter than Python's `json`, which accepts NaN, lone surrogates and other encodings.

    Numbers beyond a double's range and nesting that would exhaust the stack are refused as well.
    Raises UnreadableJsonError.
    """
    try:
        return msgspec.json.decode(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableJsonError from error
