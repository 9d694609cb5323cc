"""A request that each route accepts, and callers of every kind to send it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx import AsyncClient, Response

from zugabe_events.domain.errors import UnauthenticatedError
from zugabe_events.http.authorization import EVERYWHERE, PAGES, PUBLIC, SERVICES
from zugabe_events.http.principal import ROLES, Principal, Role

DEALER, CUSTOMER, USER = "acme", "c1", "anna"

BOUND = ROLES - EVERYWHERE
"""Roles that belong to one tenant."""

OPEN = (*PUBLIC, *PAGES)


def caller(role: Role, dealer: str = DEALER, user: str = USER) -> Principal:
    if role in EVERYWHERE:
        return Principal(user, role)
    if role == "partner":
        return Principal(user, role, partner=dealer)
    return Principal(user, role, dealer, CUSTOMER, name="Anna Ast", email="anna@example.org")


CALLERS: Mapping[str, Principal] = {
    **{role: caller(role) for role in ROLES},
    **{f"{role}-elsewhere": caller(role, "other") for role in BOUND},
    **{f"{role}-bert": caller(role, user="bert") for role in BOUND},
    **{f"service:{name}": caller("service", user=name) for name in SERVICES},
}
"""By token: anna in every role, anna of another tenant, bert of the same one, and services."""


async def verify(token: str) -> Principal:
    """For `Access(verify=…)`. `central+unlock-dealers` is one of `CALLERS` with a single right."""
    name, *rights = token.split("+")
    if name not in CALLERS:
        raise UnauthenticatedError("Das Token ist nicht gültig.")
    return replace(CALLERS[name], rights=frozenset(rights))


@dataclass(frozen=True, slots=True)
class Example:
    """A request that `caller`, a token, may send to a route, with all parameters and fields.

    A body of bytes is sent as it is, as `media_type`; any other one as JSON. `takes` names, by
    place, attacks of `malformed` that this route accepts: a `body.title` that may be `empty`.
    """

    caller: str
    body: Any = None
    query: Mapping[str, str] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    takes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    media_type: str = "application/json"


def with_exports(route: str, example: Example) -> Mapping[str, Example]:
    """Of a list: the page itself, and its files, which have no pages."""
    asked = {
        name: text for name, text in example.query.items() if name not in ("after", "limit", "sums")
    }
    whole = replace(example, query=asked)
    return {route: example, f"{route}.csv": whole, f"{route}.xlsx": whole}


def url_of(route: str, path: Mapping[str, str], query: Mapping[str, str]) -> str:
    """Of a route such as `GET /dealers/{dealer}/orders`; values are percent-encoded already."""
    url = route.partition(" ")[2].format(**{"dealer": DEALER, "partner": DEALER, **path})
    return url + "?" * bool(query) + "&".join(f"{name}={value}" for name, value in query.items())


def content_of(example: Example) -> bytes:
    if isinstance(example.body, bytes):
        return example.body
    return b"" if example.body is None else json.dumps(example.body).encode()


def type_of(example: Example) -> Mapping[bytes, bytes]:
    return {b"Content-Type": example.media_type.encode()}


async def ask(
    http: AsyncClient,
    route: str,
    example: Example,
    headers: Mapping[bytes, bytes] | None = None,
    **path: str,
) -> Response:
    """Send an example, with other path parameters if there are any."""
    return await http.request(
        route.partition(" ")[0],
        url_of(route, {**example.path, **path}, example.query),
        content=content_of(example),
        headers={**type_of(example), **(bearer(example.caller) if headers is None else headers)},
    )


def bearer(token: str) -> Mapping[bytes, bytes]:
    return {b"Authorization": b"Bearer " + token.encode()}


def forgotten(app: FastAPI, examples: Mapping[str, Example]) -> list[str]:
    """Routes without an example, and parameters and fields that their examples leave out."""
    document = app.openapi()
    found = {
        f"{method} {context.path}"
        for context in iter_route_contexts(app.routes)
        if context.path not in OPEN
        for method in context.methods or ("ANY",)
    }
    missing = [f"{route} is no route" for route in examples.keys() - found]
    for route in found:
        method, _, path = route.partition(" ")
        if route not in examples:
            missing.append(route)
        elif operation := document["paths"].get(path, {}).get(method.lower()):
            left_out = _left_out(document, operation, examples[route])
            missing += [f"{route}: {what}" for what in left_out]
        else:
            missing.append(f"{route} is not described")
    return sorted(missing)


def _left_out(
    document: Mapping[str, Any], operation: Mapping[str, Any], example: Example
) -> Iterator[str]:
    named = {"path": {"dealer", "partner", *example.path}, "query": set(example.query)}
    for parameter in operation["parameters"]:
        if parameter["name"] not in named.get(parameter["in"], {parameter["name"]}):
            yield f"{parameter['in']}.{parameter['name']}"
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield from _fields_left_out(document, content["schema"], example.body, "body")


def _fields_left_out(
    document: Mapping[str, Any], schema: Mapping[str, Any], value: Any, where: str
) -> Iterator[str]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = document["components"]["schemas"][name]
    for other in schema.get("anyOf", ()):
        yield from _fields_left_out(document, other, value, where)
    if isinstance(value, list):
        yield from _fields_left_out(document, schema.get("items", {}), value[0], f"{where}.0")
    for name, inner in schema.get("properties", {}).items():
        if name in value:
            yield from _fields_left_out(document, inner, value[name], f"{where}.{name}")
        else:
            yield f"{where}.{name}"
