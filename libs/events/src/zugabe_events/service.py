"""What a service consists of besides its HTTP, and what it reads from its environment."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from zugabe_events.envelope import EventTypes
from zugabe_events.outbox import Mails
from zugabe_events.policies import Policy
from zugabe_events.readmodels import AnyReadModel
from zugabe_events.timers import TimerRule


@dataclass(frozen=True)
class Service:
    """What a service consists of, besides its HTTP. `own` are the events of its streams,
    `heard` those of every topic that it hears."""

    name: str
    own: EventTypes
    heard: EventTypes
    policies: Sequence[Policy] = ()
    read_models: Sequence[AnyReadModel] = ()
    timers: Sequence[TimerRule] = ()
    mails: Sequence[Mails] = ()


class ServiceSettings(BaseSettings):
    """What every service reads from its environment, prefixed with ZUGABE_.

    `instance` names this replica and stays the same over restarts. `session_ms`: after so long a
    silence its Kafka partitions go to others. `proxies` are addresses, with commas between, whose
    `X-Forwarded-For` is believed.
    """

    model_config = SettingsConfigDict(env_prefix="ZUGABE_")

    mongo_url: str
    kafka: str
    issuer: str
    client_secret_file: Path
    client_id: str
    port: int
    audience: str = "zugabe"
    host: str = "127.0.0.1"
    instance: str = socket.gethostname()
    session_ms: int = 45_000
    replication: int = 1
    proxies: str = "127.0.0.1"
    smtp_url: str = "smtp://127.0.0.1:25"
    mail_sender: str = "Zugabe <noreply@zugabe.invalid>"
    onboarding_url: str = "http://127.0.0.1:8101"
    catalog_shops_url: str = "http://127.0.0.1:8102"
    vouchers_url: str = "http://127.0.0.1:8103"
    bonus_url: str = "http://127.0.0.1:8104"
    checkout_url: str = "http://127.0.0.1:8105"

    def url_of(self, service: str) -> str:
        """Base URL of a service by its name."""
        url: str = getattr(self, f"{service.replace('-', '_')}_url")
        return url


def now() -> datetime:
    """Milliseconds: what MongoDB keeps."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1_000 * 1_000)
