"""The types of everything that the routes of an app take: parameters, and fields of bodies."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, TypeAliasType, get_args, get_origin

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from pydantic import AwareDatetime, BaseModel, NaiveDatetime, TypeAdapter
from pydantic.fields import FieldInfo

IN_SUMMER = "2026-10-25T02:30:00+02:00"
INSTANTS = (datetime, AwareDatetime, NaiveDatetime)


def instants_with_offsets(app: FastAPI) -> list[str]:
    """Fields that keep the caller's offset instead of making an instant UTC (D16)."""
    return [
        where
        for where, kind in fields_of(app)
        if without_metadata(kind) in INSTANTS
        and TypeAdapter(kind).validate_python(IN_SUMMER).tzinfo is not UTC
    ]


def fields_of(app: FastAPI) -> Iterator[tuple[str, Any]]:
    """Parameters and fields by route, such as `POST /carts: lines.number`, with their types."""
    for context in iter_route_contexts(app.routes):
        route = f"{', '.join(sorted(context.methods or ()))} {context.path}"
        if (dependant := getattr(context, "dependant", None)) is not None:
            for name, kind in _parameters(dependant):
                for path, leaf in _leaves(kind, name):
                    yield f"{route}: {path}", leaf


def without_metadata(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _parameters(dependant: Dependant) -> Iterator[tuple[str, Any]]:
    for parameter in (
        *dependant.path_params,
        *dependant.query_params,
        *dependant.header_params,
        *dependant.body_params,
    ):
        yield parameter.name, _annotated(parameter.field_info)
    for dependency in dependant.dependencies:
        yield from _parameters(dependency)


def _annotated(field: FieldInfo) -> Any:
    metadata = tuple(field.metadata)
    return Annotated[field.annotation, *metadata] if metadata else field.annotation


def _leaves(kind: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Types that hold no others, with their metadata."""
    if isinstance(kind, TypeAliasType):
        yield from _leaves(kind.__value__, path)
        return
    bare = without_metadata(kind)
    parts = [
        part
        for part in get_args(bare)
        if isinstance(part, TypeAliasType | type) or get_origin(part)
    ]
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        for name, field in bare.model_fields.items():
            yield from _leaves(_annotated(field), f"{path}.{name}")
    elif parts:
        for part in parts:
            yield from _leaves(part, path)
    else:
        yield path, kind
