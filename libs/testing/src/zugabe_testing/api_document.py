"""Parts of an API's document that say nothing to whoever reads it."""

from collections.abc import Iterator, Mapping
from typing import Any

from zugabe_events.http.openapi import operations


def undescribed(document: Mapping[str, Any]) -> list[str]:
    """Tags, operations, parameters and fields without a description, by where they are."""
    return [where for where, described in parts(document) if not described.get("description")]


def parts(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for tag in document["tags"]:
        yield tag["name"], tag
    for path, method, operation in operations(document):
        route = f"{method.upper()} {path}"
        yield route, operation
        for parameter in operation.get("parameters", []):
            yield f"{route}: {parameter['name']}", parameter
    for name, schema in document["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            yield f"{name}.{field}", described
