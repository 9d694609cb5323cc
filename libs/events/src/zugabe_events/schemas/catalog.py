"""Print docs/events.md from the contracts; `--check FILE` fails when the file differs."""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType, NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    TypeAliasType,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from zugabe_events.domain.event import PERSONAL, Event, Fact
from zugabe_events.schemas.publishers import events_of, facts_of, publishers

REPOSITORY = Path(__file__).resolve().parents[5]

HEADING = """# Events

Generated from the contracts by `make catalog`; do not edit. Every event is JSON in a CloudEvents
1.0 message on the Kafka topic of its publisher. Readers ignore fields that they do not know.
Released JSON Schemas are in `libs/schemas`; each service also serves them at `/schemas/`, and its
AsyncAPI document at `/asyncapi.json`.
"""


def main(arguments: Sequence[str]) -> int:
    document = catalog(REPOSITORY)
    match arguments:
        case []:
            sys.stdout.write(document)
            return 0
        case ["--check", file]:
            path = Path(file)
            if path.exists() and path.read_text(encoding="utf-8") == document:
                return 0
            sys.stderr.write(
                f"{file} does not say what the contracts say:"
                f" run `python -m zugabe_events.schemas.catalog > {file}`.\n"
            )
            return 1
        case _:
            sys.stderr.write("usage: python -m zugabe_events.schemas.catalog [--check FILE]\n")
            return 2


def catalog(repository: Path) -> str:
    sources = sources_by_service(repository)
    sections = [
        section(module, sources) for module in publishers().values() if list(events_of(module))
    ]
    return "\n".join([HEADING, *sections])


def sources_by_service(repository: Path) -> Mapping[str, str]:
    return {
        service.name: "\n".join(
            path.read_text(encoding="utf-8") for path in sorted(service.glob("src/**/*.py"))
        )
        for service in sorted(repository.glob("services/*"))
        if service.is_dir()
    }


def section(module: ModuleType, sources: Mapping[str, str]) -> str:
    publisher = module.__name__.rpartition(".")[2].replace("_", "-")
    lines = [f"## {publisher}", "", str(module.__doc__).strip(), ""]
    for event in events_of(module):
        named = re.compile(rf"\b{event.__name__}\b")
        consumers = [
            service
            for service, source in sources.items()
            if service != publisher and named.search(source)
        ]
        lines += [
            f"### `{event.stored_as}`",
            "",
            f"{event.__name__}, schema version {event.schema_version}."
            f" Consumed by other services: {', '.join(consumers) or 'none'}.",
            "",
            *described(event),
        ]
    if facts := list(facts_of(module)):
        lines += [f"### Parts of {publisher}'s events and answers", ""]
        for fact in facts:
            lines += [f"#### {fact.__name__}", "", *described(fact)]
    return "\n".join(lines)


def described(cls: type[Event] | type[Fact]) -> list[str]:
    doc = "\n".join(line.strip() for line in (cls.__doc__ or "").strip().splitlines())
    kinds = get_type_hints(cls, include_extras=True)
    rows = [
        f"| `{field.encode_name}` | {spelled(kinds[field.name])} |"
        f" {'' if field.required else 'optional'} |"
        for field in msgspec.structs.fields(cls)
    ]
    return [doc, "", "| Field | Type | |", "|---|---|---|", *rows, ""]


def spelled(kind: Any) -> str:
    """A type in the words of a reader of JSON."""
    match kind:
        case TypeAliasType(__name__="Instant"):
            return "instant (RFC 3339)"
        case TypeAliasType():
            return spelled(kind.__value__)
        case type() if get_origin(kind) is None:
            names = {str: "text", int: "whole number", bool: "true or false", NoneType: "null"}
            return names.get(kind) or (
                "day (ISO 8601)" if kind.__name__ == "date" else kind.__name__
            )
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return spelled(parts[0]) + (", personal" if PERSONAL in parts else "")
    if origin is Literal:
        return " or ".join(f"`{part}`" for part in parts)
    if origin in (UnionType, Union):
        return " or ".join(map(spelled, parts))
    if origin is tuple:
        return f"list of {spelled(parts[0])}"
    if origin is dict:
        return f"object with {spelled(parts[1])} as values"
    return str(kind)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
