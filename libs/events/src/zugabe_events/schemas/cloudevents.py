"""The headers of a message as JSON Schema: CloudEvents 1.0, Kafka binary mode."""

from collections.abc import Mapping

from zugabe_events.schemas.json_schema import Schema


def text(description: str, **rest: str) -> Schema:
    return {"type": "string", "minLength": 1, "description": description, **rest}


ALWAYS: Mapping[str, Schema] = {
    "content-type": {"type": "string", "const": "application/json"},
    "ce_specversion": {"type": "string", "const": "1.0"},
    "ce_id": text("The same for repeats of this event: take its effect once."),
    "ce_type": text("The stored name of the event; it never changes."),
    "ce_source": text(
        "/zugabe/SERVICE/LOG. Another log id is another history.",
        format="uri-reference",
        pattern="^/zugabe/[a-z-]+/[^/]+$",
    ),
    "ce_subject": text("The stream: the thing whose history this event belongs to."),
    "ce_time": text("When it was recorded; not always when it happened.", format="date-time"),
    "ce_dataschema": text("The `$id` of the body's schema.", format="uri"),
    "ce_partitionkey": text("What shares it is in order; also the key of the Kafka record."),
    "ce_sequence": text(
        "PART.POSITION: the partition, and the place in it, from 1 without gaps. In one partition"
        " the order of texts is that of events; those of earlier days lack the leading zeros.",
        pattern="^[0-9]+\\.[0-9]+$",
    ),
    "ce_streamversion": text("The place in the stream, from 1.", pattern="^[1-9][0-9]*$"),
    "ce_correlationid": text("Shared by all that one request set in motion."),
    "ce_actor": text("Who wanted it."),
    "ce_role": text("As what."),
    "ce_dealer": text("Whose it is; `central` if no dealer's."),
}

SOMETIMES: Mapping[str, Schema] = {
    "ce_causationid": text("The event that this one is the reaction to."),
    "ce_reason": text("Why, in words."),
    "traceparent": text("W3C Trace Context.", pattern="^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-"),
}

SIGNED: Mapping[str, Schema] = {
    "ce_mac": text(
        "KEY.MAC of the record with its other headers, for consumers that have the key.",
        pattern="^[0-9a-f]{8}\\.[0-9a-f]{32}$",
    ),
}

HEADERS: Schema = {
    "type": "object",
    "description": "All values are UTF-8 text. Readers ignore headers that they do not know.",
    "properties": {**ALWAYS, **SOMETIMES, **SIGNED},
    "required": list(ALWAYS),
    "additionalProperties": True,
}


def headers_of(name: str, dataschema: str) -> Schema:
    """Headers with the constant values of one event."""
    return {
        "type": "object",
        "properties": {
            "ce_type": {"type": "string", "const": name},
            "ce_dataschema": {"type": "string", "const": dataschema},
        },
    }
