"""The settings of a process, printed as JSON and as an env file."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import msgspec
from pydantic.fields import FieldInfo

from zugabe_events.runtime.setting_types import Secret
from zugabe_events.runtime.settings import PREFIX, EnvironmentSettings

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Setting:
    """`default` is None for a required setting, and for one without a default."""

    name: str
    meaning: str
    required: bool
    default: str | None
    secret: bool


def settings_of(kind: type[EnvironmentSettings]) -> list[Setting]:
    """In the order of declaration, required ones first."""
    settings = [setting(name, field) for name, field in kind.model_fields.items()]
    return sorted(settings, key=lambda setting: not setting.required)


def setting(name: str, field: FieldInfo) -> Setting:
    default = None if field.is_required() else field.default
    return Setting(
        f"{PREFIX}{name}".upper(),
        " ".join((field.description or "").split()),
        field.is_required(),
        None if default is None or field.default_factory is not None else written(default),
        is_secret(field),
    )


def written(default: object) -> str:
    """A default as the variable would hold it."""
    return msgspec.json.encode(default).decode() if isinstance(default, dict) else str(default)


def is_secret(field: FieldInfo) -> bool:
    """A required setting has its marks at the field, an optional one at a member of the union."""
    members = [getattr(member, "__metadata__", ()) for member in get_args(field.annotation)]
    return any(isinstance(mark, Secret) for marks in [field.metadata, *members] for mark in marks)


def as_json(settings: Sequence[Setting]) -> str:
    return msgspec.json.encode(settings).decode()


def env_file(program: str, settings: Sequence[Setting]) -> str:
    """Required settings are left empty, the others are commented out with their defaults."""
    lines = [f"# {program}", ""]
    for setting in settings:
        notes = ["required"] * setting.required
        notes += ["the path of a file with a secret"] * setting.secret
        meaning = setting.meaning + (f" ({', '.join(notes)})" if notes else "")
        lines += textwrap.wrap(meaning, WIDTH, initial_indent="# ", subsequent_indent="# ")
        lines += [f"{'' if setting.required else '#'}{setting.name}={setting.default or ''}", ""]
    return "\n".join(lines)
