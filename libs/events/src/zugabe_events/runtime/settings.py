"""Settings of a process, from its environment. All errors are reported together, at startup."""

import os
import socket
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from zugabe_events.runtime.setting_types import MongoUrl, SecretFile, Servers, with_password
from zugabe_events.schemas.publishers import own_settings

PREFIX = "ZUGABE_"
OWN_SETTINGS = "zugabe.settings"
"""Entry points by which a library declares the variables that only its processes read. Services
declare theirs in their contracts, which all processes have."""

OF_JSON = {"dict_type", "list_type", "tuple_type", "set_type", "frozen_set_type"}
"""Mistakes of fields that are read as JSON."""

WRONG_SETTINGS = 2
"""The exit code."""


class Environment(EnvSettingsSource):
    """Leaves text that should be JSON and is not to the field, whose mistake is then reported."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


class ProcessSettings(BaseSettings):
    """The settings of every process. A setting's docstring is its documentation."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, use_attribute_docstrings=True, extra="ignore"
    )

    mongo_url: MongoUrl = Field(repr=False)
    """URL of a replica set, `mongodb://[user@]host[:port]/?replicaSet=…`; each service uses the
    database of its own name"""
    mongo_password_file: SecretFile | None = None
    """the password of the user in `ZUGABE_MONGO_URL`"""
    kafka: Servers
    """Kafka bootstrap servers, a comma-separated list of `host:port`"""
    instance: str = Field(default_factory=socket.gethostname, pattern=r"^[A-Za-z0-9._-]{1,200}$")
    """name of this replica, by default the host name; unique among the replicas of a service and
    unchanged by a restart"""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, Environment(settings_cls)

    @field_validator("mongo_password_file", "smtp_password_file", check_fields=False)
    @classmethod
    def _needs_a_user(cls, file: Path | None, info: ValidationInfo) -> Path | None:
        url = str(info.field_name).replace("_password_file", "_url")
        if file is not None and "@" not in info.data.get(url, "@"):
            raise ValueError(f"{PREFIX}{url.upper()} names no user")
        return file

    @model_validator(mode="after")
    def _sign_in(self) -> Self:
        """From here on `mongo_url` contains the password."""
        if self.mongo_password_file is not None:
            self.mongo_url = with_password(self.mongo_url, self.mongo_password_file)
        return self


class SettingsError(Exception):
    """`wrong` has the reason by variable; never the value, which may be secret."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        self.wrong = wrong
        width = max(map(len, wrong))
        super().__init__("\n".join(f"  {name:{width}}  {why}" for name, why in wrong.items()))


def read_settings[Settings: ProcessSettings](kind: type[Settings]) -> Settings:
    """Raises SettingsError."""
    wrong: dict[str, str] = {}
    found: Settings | None = None
    try:
        found = kind()
    except ValidationError as error:
        for mistake in error.errors(include_url=False):
            name = f"{PREFIX}{mistake['loc'][0]}".upper()
            wrong[name] = reason_of(mistake, kind.model_fields.get(str(mistake["loc"][0])))
    wrong |= unread(kind, os.environ)
    if wrong or found is None:
        raise SettingsError(wrong)
    return found


def reason_of(mistake: ErrorDetails, field: FieldInfo | None) -> str:
    """Never the value, which may be secret."""
    if mistake["type"] == "missing":
        return "is missing"
    if mistake["type"] in OF_JSON and isinstance(mistake["input"], str):
        meaning = " ".join((field.description or "" if field else "").split())
        return f"is no JSON; it takes {meaning}"
    return str(mistake.get("ctx", {}).get("error") or mistake["msg"])


def unread(kind: type[ProcessSettings], environ: Mapping[str, str]) -> dict[str, str]:
    """`ZUGABE_…` variables that no process reads, most likely misspelt. All processes may share one
    environment, so variables that only others read are no mistake."""
    from zugabe_events.runtime.service import ServiceSettings  # which is made from what is here

    own = names_of(kind)
    libraries = entry_points(group=OWN_SETTINGS).names
    declared = own | names_of(ServiceSettings) | own_settings() | libraries
    wrong = {}
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in declared:
            near = get_close_matches(name, own, n=1, cutoff=0.8)
            wrong[name] = "no process reads it" + (f"; is {near[0]} meant?" if near else "")
    return wrong


def names_of(kind: type[ProcessSettings]) -> set[str]:
    return {f"{PREFIX}{name}".upper() for name in kind.model_fields}


def settings_or_exit[Settings: ProcessSettings](program: str, kind: type[Settings]) -> Settings:
    try:
        return read_settings(kind)
    except SettingsError as error:
        sys.stderr.write(
            f"{program} does not start with these settings:\n{error}\n"
            f"`{program} config` explains every one.\n"
        )
        sys.exit(WRONG_SETTINGS)
