"""Settings of a process, from its environment. All errors are reported together, at startup."""

import logging
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

from zugabe_events.messaging.kafka_security import address
from zugabe_events.runtime.setting_types import (
    MacKeysFile,
    MongoUrl,
    ReadableFile,
    SecretFile,
    Servers,
    is_near,
    with_password,
)
from zugabe_events.schemas.publishers import own_settings

log = logging.getLogger(__name__)

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


KAFKA_TLS = {
    "kafka_tls": "",
    "kafka_ca": "ca",
    "kafka_certificate": "certificate",
    "kafka_key_file": "key",
    "kafka_user": "user",
    "kafka_password_file": "password_file",
}
"""The settings that imply TLS, with the names of what they say in the address of Kafka."""


class EnvironmentSettings(BaseSettings):
    """Settings that are read from the environment. A setting's docstring is its documentation."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, use_attribute_docstrings=True, extra="ignore"
    )

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


class ProcessSettings(EnvironmentSettings):
    """The settings of every process that stores or sequences events."""

    mongo_url: MongoUrl = Field(repr=False)
    """URL of a replica set, `mongodb://[user@]host[:port]/?replicaSet=…`; each service uses the
    database of its own name"""
    mongo_password_file: SecretFile | None = None
    """the password of the user in `ZUGABE_MONGO_URL`"""
    kafka: Servers
    """Kafka bootstrap servers, a comma-separated list of `host:port`"""
    kafka_tls: bool = False
    """TLS to Kafka, with the system's certificate authorities; the following settings imply it"""
    kafka_ca: ReadableFile | None = None
    """path of the certificate authorities of Kafka's brokers (PEM), instead of the system's"""
    kafka_certificate: ReadableFile | None = None
    """path of the own certificate (PEM) for brokers that ask for one"""
    kafka_key_file: SecretFile | None = Field(None, validate_default=True)
    """the private key of `ZUGABE_KAFKA_CERTIFICATE` (PEM)"""
    kafka_user: str | None = None
    """user for SASL (SCRAM-SHA-512), always over TLS"""
    kafka_password_file: SecretFile | None = Field(None, validate_default=True)
    """the password of `ZUGABE_KAFKA_USER`"""
    kafka_plain: bool = Field(False, validate_default=True)
    """accept a Kafka without TLS that is neither on this machine nor among its containers"""

    mac_keys_file: MacKeysFile | None = None
    """secrets of at least 32 bytes, one a line, that authenticate messages and consistency tokens
    among all services and sequencers; the first one signs, all verify"""
    unsigned_messages: bool = Field(False, validate_default=True)
    """accept messages without a MAC, while sequencers begin to sign"""

    @field_validator("mongo_password_file", "smtp_password_file", check_fields=False)
    @classmethod
    def _needs_a_user(cls, file: Path | None, info: ValidationInfo) -> Path | None:
        url = str(info.field_name).replace("_password_file", "_url")
        if file is not None and "@" not in info.data.get(url, "@"):
            raise ValueError(f"{PREFIX}{url.upper()} names no user")
        return file

    @field_validator("kafka_key_file", "kafka_password_file")
    @classmethod
    def _in_pairs(cls, file: Path | None, info: ValidationInfo) -> Path | None:
        other = {"kafka_key_file": "kafka_certificate", "kafka_password_file": "kafka_user"}[
            str(info.field_name)
        ]
        if (file is None) != (info.data.get(other) is None):
            raise ValueError(f"belongs together with {PREFIX}{other.upper()}")
        return file

    @field_validator("kafka_plain")
    @classmethod
    def _needs_tls(cls, accepted: bool, info: ValidationInfo) -> bool:
        """Whoever reaches Kafka without TLS can read events, and forge them without MACs (S2)."""
        servers = str(info.data.get("kafka", "")).split(",")
        if servers == [""] or any(info.data.get(name) for name in KAFKA_TLS):
            return accepted
        if not all(map(is_near, servers)):
            if not accepted:
                message = f"Kafka is on another machine: use {PREFIX}KAFKA_TLS, or accept that"
                raise ValueError(message)
            log.warning("Kafka without TLS, as %sKAFKA_PLAIN says: %s", PREFIX, ",".join(servers))
        return accepted

    @field_validator("unsigned_messages")
    @classmethod
    def _needs_macs(cls, accepted: bool, info: ValidationInfo) -> bool:
        """A consumer must not believe whoever can write to Kafka (S2)."""
        if accepted:
            log.warning("messages without a MAC are accepted: %sUNSIGNED_MESSAGES", PREFIX)
        elif info.data.get("mac_keys_file", ...) is None:
            raise ValueError(f"{PREFIX}MAC_KEYS_FILE names no keys that messages are checked with")
        return accepted

    @model_validator(mode="after")
    def _secure_kafka(self) -> Self:
        """From here on `kafka` says how to reach it, which is needed wherever it is."""
        options = {
            option: str(value)
            for name, option in KAFKA_TLS.items()
            if (value := getattr(self, name)) and option
        }
        if self.kafka_tls or options:
            options["tls"] = "1"
        if self.mac_keys_file is not None:
            options["mac_keys"] = str(self.mac_keys_file)
            if self.unsigned_messages:
                options["unsigned"] = "1"
        self.kafka = address(self.kafka, options)
        return self

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


def read_settings[Settings: EnvironmentSettings](kind: type[Settings]) -> Settings:
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


def unread(kind: type[EnvironmentSettings], environ: Mapping[str, str]) -> dict[str, str]:
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


def names_of(kind: type[EnvironmentSettings]) -> set[str]:
    return {f"{PREFIX}{name}".upper() for name in kind.model_fields}


def settings_or_exit[Settings: EnvironmentSettings](program: str, kind: type[Settings]) -> Settings:
    try:
        return read_settings(kind)
    except SettingsError as error:
        sys.stderr.write(
            f"{program} does not start with these settings:\n{error}\n"
            f"`{program} config` explains every one.\n"
        )
        sys.exit(WRONG_SETTINGS)
