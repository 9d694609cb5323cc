"""The parts of OpenAPI that all routes share: bearer token, headers and problems."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from zugabe_events.http.public_routes import open_routes, public_routes
from zugabe_events.http.request_context import TOKEN_HEADER
from zugabe_events.observability.context import CORRELATION_HEADER

PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. `code` is stable, `detail` is German; more members depend on `code`.",
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
    "401": "The bearer token is missing, invalid or expired",
    "403": "The caller lacks the right, or belongs to another tenant",
    "404": "Not found",
    "409": "A business rule refuses the request; `code` says which",
    "413": "The request body is too large",
    "415": "The body is not of a type that the route takes",
    "422": "The request is malformed",
    "429": "Too many attempts; retry after Retry-After seconds",
    "503": "Temporarily unavailable; retry after Retry-After seconds",
}

HEADERS: Mapping[str, str] = {
    CORRELATION_HEADER: "Correlation id of the request; it is in all its events and log lines.",
    TOKEN_HEADER: "Tokens of earlier answers, comma-separated; this answer includes their writes.",
}

KEY_HEADERS: Mapping[str, str] = {
    "Idempotency-Key": "Identifies repeats: the same key with the same request takes effect once."
}

METHODS = frozenset({"get", "head", "put", "post", "delete", "patch"})
READING = frozenset({"get", "head"})

PUBLIC_STATUSES = frozenset({"404", "413", "422", "503"})


def describe(app: FastAPI) -> None:
    """Extend FastAPI's own document when it is first requested."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            components = document.setdefault("components", {})
            components["securitySchemes"] = {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            }
            schemas = components.setdefault("schemas", {})
            schemas["Problem"] = dict(PROBLEM)
            public = set(public_routes(app.routes))
            optional = set(open_routes(app.routes))
            for path, operations in document.get("paths", {}).items():
                for method, operation in operations.items():
                    if method in METHODS:
                        route = f"{method.upper()} {path}"
                        complete(operation, method, route in public)
                        if route in optional:
                            operation["security"].append({})
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def complete(operation: dict[str, Any], method: str, public: bool) -> None:
    operation["security"] = [] if public else [{"bearer": []}]
    headers = HEADERS if method in READING else {**HEADERS, **KEY_HEADERS}
    operation.setdefault("parameters", []).extend(
        {"name": name, "in": "header", "schema": {"type": "string"}, "description": description}
        for name, description in headers.items()
    )
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, description in STATUSES.items():
        if public and status not in PUBLIC_STATUSES:
            continue
        operation["responses"][status] = {"description": description, "content": content}
