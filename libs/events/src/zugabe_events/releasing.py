"""Writes the contracts as released schemas, to `libs/schemas`."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from zugabe_events.publishers import events_of, publishers
from zugabe_events.schemas import Schema, schema_of

REPOSITORY = Path(__file__).resolve().parents[4]
RELEASED = REPOSITORY / "libs" / "schemas" / "src" / "zugabe_schemas"

type Schemas = Mapping[str, Mapping[str, Schema]]
"""By service and stored name."""


def main(arguments: Sequence[str]) -> int:
    if arguments:
        sys.stderr.write("usage: python -m zugabe_events.releasing\n")
        return 2
    release(present(), RELEASED)
    return 0


def present() -> Schemas:
    """The contracts as they are in the working tree."""
    return {
        service: {event.stored_as: schema_of(event) for event in events_of(module)}
        for service, module in publishers().items()
    }


def release(schemas: Schemas, folder: Path) -> None:
    for service, events in schemas.items():
        for name, schema in events.items():
            file = folder / service / f"{name}.json"
            file.parent.mkdir(exist_ok=True)
            file.write_text(json.dumps(schema, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
