"""AsyncAPI 3 documents of services: servers, topic and messages."""

import inspect
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from types import ModuleType
from typing import Any

from zugabe_events.domain.event import Event, schema_id
from zugabe_events.schemas.cloudevents import HEADERS, headers_of
from zugabe_events.schemas.json_schema import Schema, schema_components
from zugabe_events.schemas.publishers import events_of

KAFKA_BINDING = "0.5.0"

ORDER = """One record is one event in CloudEvents binary mode, its body JSON.

Records with the same key are in order, in the partition that `ce_sequence` names first. Delivery is
at least once: a record may come again, with the same `ce_id` and `ce_sequence`. Nothing is deleted,
so that the topic from its beginning is the whole history. Readers pass over names, fields and
headers that they do not know; an event in an older schema version says so in `ce_dataschema`.
"""

SCHEMAS = "#/components/schemas/"

TRAITS = [{"$ref": "#/components/messageTraits/cloudevent"}]

SERVERS: Mapping[str, Any] = {
    name: {
        "host": "{address}",
        "pathname": "",
        "protocol": name,
        "description": description,
        "variables": {
            "address": {"default": "127.0.0.1:9092", "description": "As who runs the system says."}
        },
    }
    for name, description in (
        ("kafka", "On one machine, as the local stack has it."),
        ("kafka-secure", "With TLS, everywhere else; with SASL or a certificate of the client."),
    )
}

KEY: Schema = {
    "type": "string",
    "description": "The partition key of the stream; the same as `ce_partitionkey`.",
}


def asyncapi(service: str, contract: ModuleType, older: Mapping[str, Schema]) -> dict[str, Any]:
    """`older` are released schemas of earlier versions, whose bodies the topic still contains."""
    events = list(events_of(contract))
    bodies, schemas = schema_components(events, SCHEMAS + "{name}")
    messages = {
        event.stored_as: message(event, body) for event, body in zip(events, bodies, strict=True)
    }
    for name, schema in older.items():
        schemas[name] = embedded(name, schema)
        messages[name] = older_message(schema, {"$ref": SCHEMAS + name})
    document: dict[str, Any] = {
        "asyncapi": "3.0.0",
        "id": f"urn:zugabe:{service}",
        "info": {
            "title": service,
            "version": version("zugabe-events"),
            "description": str(contract.__doc__).strip(),
        },
        "defaultContentType": "application/json",
    }
    if not events:
        return document
    return document | {
        "servers": SERVERS,
        "channels": {service: channel(service, list(messages))},
        "operations": {
            "publish": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{service}"},
                "summary": f"{service} tells what happened.",
                "messages": [
                    {"$ref": f"#/channels/{service}/messages/{name}"} for name in messages
                ],
            }
        },
        "components": {
            "messages": messages,
            "messageTraits": {"cloudevent": trait()},
            "schemas": schemas,
        },
    }


def channel(topic: str, names: Sequence[str]) -> dict[str, Any]:
    return {
        "address": topic,
        "description": ORDER,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {
            "kafka": {
                "topic": topic,
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": -1},
                "bindingVersion": KAFKA_BINDING,
            }
        },
    }


def message(event: type[Event], body: Schema) -> dict[str, Any]:
    doc = inspect.cleandoc(event.__doc__ or "")
    summary, _, rest = doc.partition("\n\n")
    return {
        "name": event.stored_as,
        "title": event.__name__,
        "summary": summary,
        **({"description": rest} if rest else {}),
        "headers": headers_of(event.stored_as, schema_id(event.stored_as, event.schema_version)),
        "payload": body,
        "traits": TRAITS,
    }


def older_message(schema: Schema, body: Schema) -> dict[str, Any]:
    return {
        "name": schema["x-stored-as"],
        "title": schema["title"],
        "summary": f"Schema version {schema['x-schema-version']}, of events from earlier.",
        "headers": headers_of(schema["x-stored-as"], schema["$id"]),
        "payload": body,
        "traits": TRAITS,
    }


def embedded(name: str, schema: Schema) -> Schema:
    """Embed a self-contained schema in a document."""
    text = json.dumps({word: schema[word] for word in schema if word not in ("$schema", "$id")})
    found: Schema = json.loads(text.replace('"#/$defs/', f'"{SCHEMAS}{name}/$defs/'))
    return found


def trait() -> dict[str, Any]:
    return {
        "contentType": "application/json",
        "headers": HEADERS,
        "correlationId": {"location": "$message.header#/ce_correlationid"},
        "bindings": {"kafka": {"key": KEY, "bindingVersion": KAFKA_BINDING}},
    }
