"""The AsyncAPI documents: well-formed, complete, and true of what is sent (X-14)."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, ClassVar
from uuid import UUID

import pytest
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema_rs import Draft202012Validator, meta
from pydantic import ValidationError

from zugabe_events.contracts import checkout, onboarding
from zugabe_events.domain.event import Context, Event, Stream
from zugabe_events.domain.event_store import Commit
from zugabe_events.eventstore.commits import commit_document
from zugabe_events.messaging.message import outgoing
from zugabe_events.schemas.asyncapi import asyncapi
from zugabe_events.schemas.cloudevents import ALWAYS, HEADERS, SOMETIMES
from zugabe_events.schemas.json_schema import schema_of
from zugabe_events.schemas.publishers import events_of, publishers

type Document = dict[str, Any]

CHECKOUT = asyncapi("checkout", checkout, {})


class Rung(Event, frozen=True):
    """The bell was rung."""

    stored_as: ClassVar[str] = "rung"

    by: str


type RungEvent = Rung


def references(value: Any) -> Iterator[str]:
    match value:
        case {"$ref": str(reference)}:
            yield reference
        case dict():
            for one in value.values():
                yield from references(one)
        case list():
            for one in value:
                yield from references(one)


def at(document: Any, reference: str) -> Any:
    """Raises KeyError where nothing is."""
    for step in reference.removeprefix("#/").split("/"):
        document = document[step]
    return document


@pytest.mark.parametrize("service", publishers())
def test_a_document_is_asyncapi_3_and_points_only_at_what_it_holds(service: str) -> None:
    document = asyncapi(service, publishers()[service], {})
    model = ApplicationSchema.model_validate(json.loads(json.dumps(document)))
    assert model.asyncapi == "3.0.0"
    assert set(document.get("servers", ())) == (
        {"kafka", "kafka-secure"} if model.channels else set()
    )
    found = list(references(document))
    assert all(at(document, reference) for reference in found)
    for schema in document.get("components", {}).get("schemas", {}).values():
        meta.validate(schema)
        meta.validate({"$schema": "http://json-schema.org/draft-07/schema#", **schema})


@pytest.mark.parametrize(
    "break_",
    [
        lambda document: document.pop("info"),
        lambda document: document["channels"]["checkout"].pop("messages"),
        lambda document: document["operations"]["publish"].update(action="shout"),
        lambda document: document["components"]["messages"]["order-placed"].pop("payload"),
    ],
    ids=["info", "channel", "operation", "message"],
)
def test_a_document_that_lacks_something_is_found(break_: Callable[[Document], object]) -> None:
    document = json.loads(json.dumps(CHECKOUT))
    break_(document)
    with pytest.raises(ValidationError):
        ApplicationSchema.model_validate(document)


def test_a_channel_is_the_topic_with_every_event_of_the_contract() -> None:
    names = [event.stored_as for event in events_of(checkout)]
    channel = CHECKOUT["channels"]["checkout"]
    assert channel["address"] == channel["bindings"]["kafka"]["topic"] == "checkout"
    assert list(channel["messages"]) == list(CHECKOUT["components"]["messages"]) == names
    operation = CHECKOUT["operations"]["publish"]
    assert operation["action"] == "send"
    assert [at(CHECKOUT, one["$ref"]) for one in operation["messages"]] == [
        {"$ref": f"#/components/messages/{name}"} for name in names
    ]
    message = CHECKOUT["components"]["messages"]["order-placed"]
    assert message["headers"]["properties"]["ce_type"]["const"] == "order-placed"
    assert message["headers"]["properties"]["ce_dataschema"]["const"] == "urn:zugabe:order-placed:1"
    assert message["summary"].startswith("A checkout became an order")
    assert at(CHECKOUT, message["payload"]["$ref"])["title"] == "OrderPlaced"


def test_a_service_that_says_nothing_has_no_channel() -> None:
    silent = ModuleType("silent", "No events.")
    document = asyncapi("silent", silent, {})
    assert document["info"]["description"] == "No events."
    assert "channels" not in document
    assert onboarding.__doc__


def test_bodies_of_earlier_versions_are_announced_as_well() -> None:
    older = schema_of(checkout.OrderPlaced)
    document = asyncapi("checkout", checkout, {"order-placed.1": older})
    message = document["components"]["messages"]["order-placed.1"]
    assert message["headers"]["properties"]["ce_dataschema"]["const"] == "urn:zugabe:order-placed:1"
    schema = at(document, message["payload"]["$ref"])
    assert schema["properties"].keys() == older["properties"].keys()
    assert at(document, schema["properties"]["lines"]["items"]["$ref"])["title"] == "OrderLine"
    assert "$id" not in schema
    ApplicationSchema.model_validate(json.loads(json.dumps(document)))


@pytest.mark.parametrize("full", [False, True])
def test_the_headers_of_a_message_are_those_that_are_announced(full: bool) -> None:
    context = Context("anna", "user", "acme", datetime.now(UTC), "c1")
    if full:
        trace = f"00-{1:032x}-{1:016x}-01"
        context = Context(
            "anna", "user", "acme", datetime.now(UTC), "c1", "e1", "darum", traceparent=trace
        )
    commit = Commit(UUID(int=1), Stream("bell/1", "bell"), 7, (Rung("anna"),), context)
    [message] = outgoing(commit_document(commit, 16), 3, b"/zugabe/bells/l1")
    headers = {name: value.decode() for name, value in message.headers}
    assert set(headers) == {*ALWAYS, *(SOMETIMES if full else ())}
    checked = Draft202012Validator(HEADERS, validate_formats=True)
    checked.validate(headers)
    for name in ALWAYS:
        without = {other: value for other, value in headers.items() if other != name}
        assert not checked.is_valid(without)
        assert not checked.is_valid(headers | {name: ""})
