"""JSON schemas and AsyncAPI of a service's events, public: they contain no data (X-14)."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Response

from zugabe_events.domain.errors import NotFoundError
from zugabe_events.schemas.asyncapi import asyncapi
from zugabe_events.schemas.json_schema import Schema, schema_of
from zugabe_events.schemas.publishers import events_of, publishers
from zugabe_events.schemas.released import is_older, released

SCHEMA_TYPE = "application/schema+json"


def documents(service: str) -> APIRouter:
    """Routes for the documents of a service; none if it publishes nothing."""
    router = APIRouter(include_in_schema=False)
    contract = publishers().get(service)
    if contract is None:
        return router
    older = {name: schema for name, schema in released(service).items() if is_older(name)}
    present = {event.stored_as: schema_of(event) for event in events_of(contract)}
    schemas = {f"{name}.json": schema for name, schema in (present | older).items()}
    document = encoded(asyncapi(service, contract, older))
    index = encoded({"schemas": [entry(file, schema) for file, schema in sorted(schemas.items())]})
    files = {file: encoded(schema) for file, schema in schemas.items()}

    @router.get("/asyncapi.json")
    async def get_asyncapi() -> Response:
        return Response(document, media_type="application/json")

    @router.get("/schemas/")
    async def list_schemas() -> Response:
        return Response(index, media_type="application/json")

    @router.get("/schemas/{file}")
    async def get_schema(file: Annotated[str, Path(max_length=100)]) -> Response:
        """The present shape as EVENT.json, an older one as EVENT.VERSION.json."""
        if file not in files:
            raise NotFoundError("Dieses Schema gibt es nicht.", code="schema-unknown")
        return Response(files[file], media_type=SCHEMA_TYPE)

    return router


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
