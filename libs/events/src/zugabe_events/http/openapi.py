"""The parts of OpenAPI that all routes share: names, bearer token, headers and problems."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fastapi import FastAPI

from zugabe_events.http.api_words import SHARED_FIELDS, SHARED_TAGS, ApiWords
from zugabe_events.http.public_routes import open_routes, public_routes
from zugabe_events.http.request_context import TOKEN_HEADER
from zugabe_events.observability.context import CORRELATION_HEADER

DESCRIPTION = """\
Every request but the public ones needs a bearer token (JWT) of the configured OIDC issuer.

- **Amounts** are integers in cents (`..._cents`), without VAT unless the name says gross. Prices
  per unit are decimals as strings. Points are integers.
- **Times** are RFC 3339 in UTC; **days** (`YYYY-MM-DD`) are calendar days in Europe/Berlin, and a
  range of them includes its last day.
- **Ids** are chosen by whoever creates something. A repeated `PUT` with the same body, and any
  repeated request with the same `Idempotency-Key`, takes effect once.
- **Reading your writes**: send the `Zugabe-Token` of earlier answers with a query, and its answer
  includes them.
- **Lists** return `items` and, unless they end there, `next`: send it as `cursor`, with the same
  filters, for the next page.
- **Problems** are `application/problem+json` (RFC 9457). Programs go by `code`, which is stable;
  `detail` is for people, in German.
"""

PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. `code` is stable, `detail` is German; more members depend on `code`.",
    "properties": {
        "type": {"type": "string", "description": "URN of the kind of problem."},
        "title": {"type": "string", "description": "Name of the kind, in German."},
        "status": {"type": "integer", "description": "Status of the answer."},
        "detail": {"type": "string", "description": "German sentences for people."},
        "code": {"type": "string", "description": "Stable name of the problem, for programs."},
        "instance": {
            "type": ["string", "null"],
            "description": "Correlation id, by which log lines are found.",
        },
        "errors": {
            "type": "array",
            "description": "Mistakes in the request, each with its place.",
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

ANSWER_HEADERS: Mapping[str, str] = {
    CORRELATION_HEADER: "Correlation id of the request, as sent or new.",
    TOKEN_HEADER: "Send it with queries whose answers are to include this write.",
    "Retry-After": "Seconds until the request may succeed.",
}

METHODS = frozenset({"get", "head", "put", "post", "delete", "patch"})
READING = frozenset({"get", "head"})
RETRYING = frozenset({"429", "503"})

PUBLIC_STATUSES = frozenset({"404", "413", "422", "503"})

GENERIC = re.compile(r"(?P<outer>[A-Za-z]+)_(?P<inner>[A-Za-z]+)_")
"""A component of a generic class as FastAPI names it, such as `Page_OrderView_`."""

REFERENCE = "#/components/schemas/"


def repeated(model: type) -> dict[int | str, dict[str, Any]]:
    """For `responses` of a route that answers the first request with another status (X-12)."""
    return {200: {"model": model, "description": "A repeat: it had been done before"}}


def describe(app: FastAPI, words: ApiWords) -> None:
    """Extend FastAPI's own document when it is first requested."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = with_whole_numbers(with_plain_names(generate()))
            components = document.setdefault("components", {})
            components["securitySchemes"] = {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            }
            schemas = components.setdefault("schemas", {})
            schemas["Problem"] = dict(PROBLEM)
            unite_choices(schemas)
            public = set(public_routes(app.routes))
            optional = set(open_routes(app.routes))
            for path, method, operation in operations(document):
                route = f"{method.upper()} {path}"
                complete(operation, method, route in public)
                if route in optional:
                    operation["security"].append({})
            name_operations(document)
            tags = {tag for *_, operation in operations(document) for tag in operation["tags"]}
            document["tags"] = [
                {"name": tag, "description": {**SHARED_TAGS, **words.tags}.get(tag, "")}
                for tag in sorted(tags)
            ]
            describe_fields(document, words.fields)
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of each route."""
    for path, methods in document.get("paths", {}).items():
        for method, operation in methods.items():
            if method in METHODS:
                operation.setdefault("tags", [])
                yield path, method, operation


def with_plain_names(document: dict[str, Any]) -> dict[str, Any]:
    """Components of generic classes get names that generators of clients can use, as titles too."""
    schemas = document.get("components", {}).get("schemas", {})
    names = {name: plain_name(name) for name in schemas}
    renamed: dict[str, Any] = with_references(document, names)
    if schemas:
        found = renamed["components"]["schemas"]
        renamed["components"]["schemas"] = {
            names[name]: schema | {"title": names[name]} for name, schema in found.items()
        }
    return renamed


def with_whole_numbers(document: Any) -> Any:
    """Limits of whole numbers without ".0": generators take such numbers for decimals."""

    def whole(leaf: Any) -> Any:
        return int(leaf) if isinstance(leaf, float) and leaf.is_integer() else leaf

    return with_leaves(document, whole)


def unite_choices(schemas: dict[str, Any]) -> None:
    """A choice among the values of others becomes a list of values: generated clients try the
    first of several shapes only."""
    for name, schema in schemas.items():
        if "anyOf" in schema and (values := values_of(schema, schemas)):
            rest = {word: said for word, said in schema.items() if word != "anyOf"}
            schemas[name] = rest | {"type": "string", "enum": values}


def values_of(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[str]:
    """The texts that a schema admits; none if it admits others as well."""
    match schema:
        case {"$ref": str(reference)}:
            return values_of(schemas[reference.removeprefix(REFERENCE)], schemas)
        case {"anyOf": list(parts)}:
            found = [values_of(part, schemas) for part in parts]
            return [value for values in found for value in values] if all(found) else []
        case {"const": str(value)}:
            return [value]
        case {"type": "string", "enum": list(values)}:
            return values
        case _:
            return []


def plain_name(name: str) -> str:
    """Without what FastAPI puts between words: `Page_OrderView_`, `Orderer-Input`."""
    return GENERIC.sub(r"\g<inner>\g<outer>", name).replace("-", "")


def with_references(document: Any, names: Mapping[str, str]) -> Any:
    def renamed(leaf: Any) -> Any:
        if not isinstance(leaf, str) or not leaf.startswith(REFERENCE):
            return leaf
        name = leaf.removeprefix(REFERENCE)
        return REFERENCE + names.get(name, name)

    return with_leaves(document, renamed)


def with_leaves(node: Any, change: Callable[[Any], Any]) -> Any:
    """A copy of a JSON document whose texts, numbers and constants are changed."""
    match node:
        case dict():
            return {key: with_leaves(value, change) for key, value in node.items()}
        case list():
            return [with_leaves(each, change) for each in node]
        case _:
            return change(node)


def name_operations(document: Mapping[str, Any]) -> None:
    """The name of the route's function is its id. Where several routes share one, the parts in
    which their paths differ tell them apart, and `head` those that answer without a body."""
    by_name: dict[str, list[tuple[list[str], dict[str, Any]]]] = {}
    for path, method, operation in operations(document):
        words = [word for word in path.split("/") if word and not word.startswith("{")]
        name = operation["summary"].lower()
        by_name.setdefault(name, []).append(
            ([*words, *(["head"] if method == "head" else [])], operation)
        )
        operation["summary"] = name.capitalize()
    for name, sharing in by_name.items():
        common = set[str].intersection(*(set(words) for words, _ in sharing))
        for words, operation in sharing:
            own = [word for word in words if word not in common]
            operation["operationId"] = re.sub(r"\W", "_", " ".join([name, *own]))


def describe_fields(document: Mapping[str, Any], words: Mapping[str, str]) -> None:
    """Add the descriptions that fields and parameters do not have from their own code."""
    known = {**SHARED_FIELDS, **words}
    for name, schema in document["components"]["schemas"].items():
        for its, described in schema.get("properties", {}).items():
            text = known.get(f"{name}.{its}") or known.get(its)
            if text and "description" not in described:
                described["description"] = text
    for *_, operation in operations(document):
        for parameter in operation.get("parameters", []):
            text = known.get(parameter["name"])
            if text and "description" not in parameter:
                parameter["description"] = text


def complete(operation: dict[str, Any], method: str, public: bool) -> None:
    """Add what FastAPI cannot know: who may call, headers, and the problems of all routes."""
    operation["security"] = [] if public else [{"bearer": []}]
    headers = HEADERS if method in READING else {**HEADERS, **KEY_HEADERS}
    operation.setdefault("parameters", []).extend(
        {"name": name, "in": "header", "schema": {"type": "string"}, "description": description}
        for name, description in headers.items()
    )
    content = {"application/problem+json": {"schema": {"$ref": REFERENCE + "Problem"}}}
    for status, description in STATUSES.items():
        if public and status not in PUBLIC_STATUSES:
            continue
        operation["responses"][status] = {"description": description, "content": content}
    for status, answer in operation["responses"].items():
        names = [CORRELATION_HEADER]
        if status.startswith("2") and method not in READING:
            names.append(TOKEN_HEADER)
        if status in RETRYING:
            names.append("Retry-After")
        answer.setdefault("headers", {}).update({name: answer_header(name) for name in names})


def answer_header(name: str) -> dict[str, Any]:
    kind = "integer" if name == "Retry-After" else "string"
    return {"description": ANSWER_HEADERS[name], "schema": {"type": kind}}
