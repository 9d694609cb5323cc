"""The released schemas: files of the package `zugabe_schemas`.

`<service>/<name>.json` is the last shape of an event, `<service>/<name>.<version>.json` one that
upcasts still read.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from zugabe_events.schemas.json_schema import Schema

RELEASED = files("zugabe_schemas")


def released(service: str, folder: Traversable = RELEASED) -> Mapping[str, Schema]:
    """By file name without `.json`; empty for a service of which nothing was released."""
    place = folder / service
    if not place.is_dir():
        return {}
    return {
        file.name.removesuffix(".json"): json.loads(file.read_text(encoding="utf-8"))
        for file in sorted(place.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".json")
    }


def is_older(name: str) -> bool:
    """Events have names of letters and hyphens."""
    return "." in name


def services(folder: Traversable = RELEASED) -> list[str]:
    return sorted(
        place.name for place in folder.iterdir() if place.is_dir() and place.name != "__pycache__"
    )


def write(service: str, schemas: Mapping[str, Schema], folder: Path) -> None:
    """What had an older schema version until now is kept beside the new one."""
    place = folder / service
    for name, schema in schemas.items():
        place.mkdir(parents=True, exist_ok=True)
        file = place / f"{name}.json"
        if file.exists():
            text = file.read_text(encoding="utf-8")
            version = json.loads(text)["x-schema-version"]
            if version < schema["x-schema-version"]:
                (place / f"{name}.{version}.json").write_text(text, encoding="utf-8")
        file.write_text(json.dumps(schema, indent=2) + "\n", encoding="utf-8")
