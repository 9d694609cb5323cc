"""JSON schemas and AsyncAPI of a service's events, public: they contain no data (X-14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Response

from zugabe_events.domain.errors import NotFoundError
from zugabe_events.schemas.asyncapi import asyncapi
from zugabe_events.schemas.json_schema import Schema, schema_of
from zugabe_events.schemas.publishers import events_of, publishers
from zugabe_events.schemas.released import is_older, released

SCHEMA_TYPE = "application/schema+json"


@dataclass(frozen=True, slots=True)
class Documents:
    """The encoded documents of a service; `schemas` are by file name."""

    asyncapi: bytes
    index: bytes
    schemas: Mapping[str, bytes]


@cache
def documents_of(service: str) -> Documents | None:
    contract = publishers().get(service)
    if contract is None:
        return None
    older = {name: schema for name, schema in released(service).items() if is_older(name)}
    present = {event.stored_as: schema_of(event) for event in events_of(contract)}
    lasting = {lasting_name(schema): schema for schema in (present | older).values()}
    entries = [entry(file, schema) for file, schema in sorted(lasting.items())]
    schemas = lasting | {f"{name}.json": schema for name, schema in present.items()}
    return Documents(
        asyncapi=encoded(asyncapi(service, contract, older)),
        index=encoded({"schemas": entries}),
        schemas={file: encoded(schema) for file, schema in schemas.items()},
    )


def documents(service: str) -> APIRouter:
    """Routes for the documents of a service; none if it publishes nothing."""
    router = APIRouter(include_in_schema=False)
    published = documents_of(service)
    if published is None:
        return router

    @router.get("/asyncapi.json")
    async def get_asyncapi() -> Response:
        return Response(published.asyncapi, media_type="application/json")

    @router.get("/schemas/")
    async def list_schemas() -> Response:
        return Response(published.index, media_type="application/json")

    @router.get("/schemas/{file}")
    async def get_schema(file: Annotated[str, Path(max_length=100)]) -> Response:
        """Each version as EVENT.VERSION.json, for ever, and the present one as EVENT.json, too."""
        if file not in published.schemas:
            raise NotFoundError("Dieses Schema gibt es nicht.", code="schema-unknown")
        return Response(published.schemas[file], media_type=SCHEMA_TYPE)

    return router


def lasting_name(schema: Schema) -> str:
    """The file of a version of an event's schema."""
    return f"{schema['x-stored-as']}.{schema['x-schema-version']}.json"


def entry(file: str, schema: Schema) -> Mapping[str, Any]:
    """`id` is the value of `ce_dataschema` in messages."""
    return {
        "event": schema["x-stored-as"],
        "version": schema["x-schema-version"],
        "id": schema["$id"],
        "href": f"/schemas/{file}",
    }


def encoded(document: object) -> bytes:
    return msgspec.json.encode(document)
