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
    """Schemas by file name without `.json`; empty for a service without releases."""
    directory = folder / service
    if not directory.is_dir():
        return {}
    return {
        file.name.removesuffix(".json"): json.loads(file.read_text(encoding="utf-8"))
        for file in sorted(directory.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".json")
    }


def is_older(name: str) -> bool:
    """True for the file of an older version; names of events have no dots."""
    return "." in name


def services(folder: Traversable = RELEASED) -> list[str]:
    return sorted(
        child.name for child in folder.iterdir() if child.is_dir() and child.name != "__pycache__"
    )


def write(service: str, schemas: Mapping[str, Schema], folder: Path) -> None:
    """Write schemas; one of an older schema version is kept beside its successor."""
    directory = folder / service
    for name, schema in schemas.items():
        directory.mkdir(parents=True, exist_ok=True)
        file = directory / f"{name}.json"
        if file.exists():
            text = file.read_text(encoding="utf-8")
            version = json.loads(text)["x-schema-version"]
            if version < schema["x-schema-version"]:
                (directory / f"{name}.{version}.json").write_text(text, encoding="utf-8")
        file.write_text(json.dumps(schema, indent=2) + "\n", encoding="utf-8")
