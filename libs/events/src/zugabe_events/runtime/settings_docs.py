"""`SERVICE config`: what a process reads from its environment, for people and for programs."""

import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import msgspec
from pydantic.fields import FieldInfo

from zugabe_events.runtime.setting_types import Secret
from zugabe_events.runtime.settings import PREFIX, ProcessSettings, settings_or_exit

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Setting:
    """`default` is None for what is required, and for what has none."""

    name: str
    meaning: str
    required: bool
    default: str | None
    secret: bool


def settings_of(kind: type[ProcessSettings]) -> list[Setting]:
    """In the order of declaration, what is required first."""
    told = [setting(name, field) for name, field in kind.model_fields.items()]
    return sorted(told, key=lambda one: not one.required)


def setting(name: str, field: FieldInfo) -> Setting:
    default = None if field.is_required() else field.default
    return Setting(
        f"{PREFIX}{name}".upper(),
        " ".join((field.description or "").split()),
        field.is_required(),
        None if default is None or field.default_factory is not None else str(default),
        is_secret(field),
    )


def is_secret(field: FieldInfo) -> bool:
    """Required, its marks stand at the field; optional, at a member of the union."""
    members = [getattr(one, "__metadata__", ()) for one in get_args(field.annotation)]
    return any(isinstance(mark, Secret) for marks in [field.metadata, *members] for mark in marks)


def tell_settings(program: str, kind: type[ProcessSettings], words: Sequence[str]) -> int:
    """As a file for `--env-file`, as JSON, or (`check`) whether the environment at hand will do."""
    match words:
        case []:
            sys.stdout.write(env_file(program, settings_of(kind)))
        case ["--json"]:
            sys.stdout.write(msgspec.json.encode(settings_of(kind)).decode() + "\n")
        case ["check"]:
            settings_or_exit(program, kind)
            sys.stdout.write(f"{program}: the settings are complete and well-formed.\n")
        case _:
            sys.stderr.write(f"usage: {program} config [--json | check]\n")
            return 2
    return 0


def env_file(program: str, settings: Sequence[Setting]) -> str:
    """What is required stands empty; what has a default stands in a comment."""
    lines = [f"# {program}", ""]
    for one in settings:
        notes = ["required"] * one.required + ["the path of a file with a secret"] * one.secret
        meaning = one.meaning + (f" ({', '.join(notes)})" if notes else "")
        lines += textwrap.wrap(meaning, WIDTH, initial_indent="# ", subsequent_indent="# ")
        lines += [f"{'' if one.required else '#'}{one.name}={one.default or ''}", ""]
    return "\n".join(lines)
