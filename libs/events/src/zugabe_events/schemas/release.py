"""Release the contracts as schemas in `libs/schemas`, unless a change would break readers.

`--check` writes nothing, and accepts compatible changes that are not released yet.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from zugabe_events.domain.event import EventTypes
from zugabe_events.schemas.compatibility import Schemas, breaches
from zugabe_events.schemas.json_schema import schema_of
from zugabe_events.schemas.publishers import events_of, publishers
from zugabe_events.schemas.released import is_older, released, services, write

REPOSITORY = Path(__file__).resolve().parents[5]
FOLDER = REPOSITORY / "libs" / "schemas" / "src" / "zugabe_schemas"


def main(arguments: Sequence[str], folder: Path = FOLDER) -> int:
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m zugabe_events.schemas.release [--check]\n")
        return 2
    schemas = present()
    if found := list(breaches(last(folder), schemas)):
        sys.stderr.write("Some readers could not follow the contracts any more:\n\n")
        sys.stderr.writelines(f"{breach}\n" for breach in found)
        return 1
    if not arguments:
        for service, events in schemas.items():
            write(service, events, folder)
    elif waiting := unreleased(last(folder), schemas):
        sys.stdout.write(f"Not released yet (make release-schemas): {', '.join(waiting)}\n")
    return 0


def unreleased(released: Schemas, present: Schemas) -> list[str]:
    return [
        f"{service} {name}"
        for service, events in present.items()
        for name, schema in events.items()
        if released.get(service, {}).get(name) != schema
    ]


def present() -> Schemas:
    """Schemas of the present contracts. Raises TypeError for duplicate names or missing upcasts."""
    contracts = {service: list(events_of(module)) for service, module in publishers().items()}
    EventTypes(event for events in contracts.values() for event in events)
    return {
        service: {event.stored_as: schema_of(event) for event in events}
        for service, events in contracts.items()
    }


def last(folder: Path) -> Schemas:
    return {
        service: {
            name: schema for name, schema in released(service, folder).items() if not is_older(name)
        }
        for service in services(folder)
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
