"""JSON Schemas (draft 2020-12) of event bodies, as they stand in the log and on Kafka.

They are open: readers ignore fields that they do not know. A field with a default may be missing in
events from before it was there.
"""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from zugabe_events.domain.event import Event, schema_id
from zugabe_events.schemas.samples import sample

type Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

UNITS = {"cents": "euro cents", "points": "whole points", "minutes": "minutes", "days": "days"}
"""By the last word of a field's name."""


def schema_of(event: type[Event]) -> Schema:
    """The self-contained schema of one event."""
    [reference], definitions = schema_components([event], "#/$defs/{name}")
    body = definitions.pop(reference["$ref"].rpartition("/")[2])
    schema: Schema = {
        "$schema": DIALECT,
        "$id": schema_id(event.stored_as, event.schema_version),
        **body,
        "x-stored-as": event.stored_as,
        "x-schema-version": event.schema_version,
    }
    if definitions:
        schema["$defs"] = definitions
    named = event.stored_as
    schema["examples"] = [sample(schema, schema, named, full=full) for full in (True, False)]
    return schema


def schema_components(
    events: Iterable[type[Event]], reference: str
) -> tuple[list[Schema], dict[str, Schema]]:
    """References to the events' schemas, and all schemas by name, with what msgspec leaves out."""
    found = msgspec.json.schema_components(events, ref_template=reference)
    references, definitions = msgspec.json.decode(msgspec.json.encode(found))
    return references, {name: complete(one) for name, one in sorted(definitions.items())}


def complete(schema: Mapping[str, Any]) -> Schema:
    found = {name: value for name, value in schema.items() if name != "properties"}
    if "description" in schema:
        found["description"] = inspect.cleandoc(schema["description"])
    if "properties" in schema:
        found["additionalProperties"] = True
        found["properties"] = {
            name: with_unit(name, field) for name, field in schema["properties"].items()
        }
    return found


def with_unit(name: str, schema: Schema) -> Schema:
    unit = UNITS.get(name.rpartition("_")[2])
    counted = "integer" in {schema.get("type"), *(one.get("type") for one in anyof(schema))}
    return schema | ({"x-unit": unit} if unit and counted else {})


def anyof(schema: Mapping[str, Any]) -> list[Schema]:
    found: list[Schema] = schema.get("anyOf", [])
    return found
