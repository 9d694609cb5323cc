"""Event bodies against the released JSON Schemas."""

import json
from importlib.resources import files
from typing import Any

import jsonschema_rs

from zugabe_verify.findings import Findings

MAX_UNKNOWN_NAMES = 20


class Schemas:
    """Schemas of one service, `<service>/<stored name>.json`; `unknown` are reported names."""

    def __init__(self, service: str, findings: Findings, unknown: set[str]) -> None:
        self._service = service
        self._findings = findings
        self._validators = {
            file.name.removesuffix(".json"): jsonschema_rs.validator_for(
                json.loads(file.read_text("utf-8")), validate_formats=True
            )
            for file in released(service)
        }
        self._unknown = unknown

    def check(self, name: str, body: Any, where: str) -> None:
        validator = self._validators.get(name)
        if validator is None:
            if name not in self._unknown and len(self._unknown) < MAX_UNKNOWN_NAMES:
                self._unknown.add(name)
                what = f"no schema was released for {name}"
                self._findings.add("event-unknown", self._service, where, what)
        elif not validator.is_valid(body):
            error = next(iter(validator.iter_errors(body)))
            place = "/".join(str(step) for step in error.instance_path) or "the body"
            what = f"{name} is not what its schema says: {place}: {error.message[:200]}"
            self._findings.add("event-invalid", self._service, where, what)


def released(service: str) -> list[Any]:
    folder = files("zugabe_schemas") / service
    if not folder.is_dir():
        return []  # of a service that has published nothing yet
    return [file for file in folder.iterdir() if file.name.endswith(".json")]
