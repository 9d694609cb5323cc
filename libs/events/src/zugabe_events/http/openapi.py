"""OpenAPI says what every route shares: the bearer token, the headers, the problems."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from zugabe_events.http.authorization import TOKEN_HEADER
from zugabe_events.observability.context import CORRELATION_HEADER

PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. `code` is stable; `detail` is German; further members are facts.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "instance": {"type": ["string", "null"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"where": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["where", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code"],
}

STATUSES: Mapping[str, str] = {
    "401": "Nobody vouches for the caller",
    "403": "The caller may not do this",
    "404": "There is no such thing",
    "409": "A rule says no",
    "413": "The body is too large",
    "422": "The request is malformed",
    "429": "Too often; try again after Retry-After seconds",
    "503": "Not now; try again after Retry-After seconds",
}

HEADERS: Mapping[str, str] = {
    CORRELATION_HEADER: "An id that all events and log lines of this request carry.",
    TOKEN_HEADER: "Tokens of earlier answers; the answer includes what they stand for.",
}

KEY_HEADERS: Mapping[str, str] = {
    "Idempotency-Key": "The same key with the same request gives the same answer."
}

METHODS = frozenset({"get", "put", "post", "delete", "patch"})


def describe(app: FastAPI) -> None:
    """Adds it to what FastAPI finds out by itself, when the document is first asked for."""
    found = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = found()
            components = document.setdefault("components", {})
            components["securitySchemes"] = {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            }
            schemas = components.setdefault("schemas", {})
            schemas["Problem"] = dict(PROBLEM)
            for path in document.get("paths", {}).values():
                for method, operation in path.items():
                    if method in METHODS:
                        complete(operation, method)
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def complete(operation: dict[str, Any], method: str) -> None:
    operation["security"] = [{"bearer": []}]
    headers = HEADERS if method == "get" else {**HEADERS, **KEY_HEADERS}
    operation.setdefault("parameters", []).extend(
        {"name": name, "in": "header", "schema": {"type": "string"}, "description": description}
        for name, description in headers.items()
    )
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, description in STATUSES.items():
        operation["responses"][status] = {"description": description, "content": content}
