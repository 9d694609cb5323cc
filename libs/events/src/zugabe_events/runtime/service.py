"""What a service consists of besides its HTTP, and what it reads from its environment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from zugabe_events.domain.decider import Decider
from zugabe_events.domain.event import EventTypes
from zugabe_events.domain.mail import Mails
from zugabe_events.domain.policy import Policy
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.domain.timer import TimerRule
from zugabe_events.encryption.retention import YEARS, Record
from zugabe_events.privacy.erasure import Keeping
from zugabe_events.runtime.setting_types import (
    HttpUrl,
    Proxies,
    SecretFile,
    Sender,
    SmtpUrl,
    with_password,
)
from zugabe_events.runtime.settings import ProcessSettings


@dataclass(frozen=True)
class Service:
    """What a service consists of, besides its HTTP. `own` are the events of its streams,
    `heard` those of every topic that it hears; `deciders` decide on its streams."""

    name: str
    own: EventTypes
    heard: EventTypes
    deciders: Sequence[Decider[Any, Any, Any]] = ()
    policies: Sequence[Policy] = ()
    read_models: Sequence[AnyReadModel] = ()
    timers: Sequence[TimerRule] = ()
    mails: Sequence[Mails] = ()
    keeping: Keeping | None = None


class ServiceSettings(ProcessSettings):
    """What every service reads from its environment."""

    issuer: HttpUrl
    """URL of the token issuer; its OpenID configuration and its keys are read from there"""
    client_id: str
    """with what the service asks the issuer for a token of its own"""
    client_secret_file: SecretFile
    """the secret that goes with `ZUGABE_CLIENT_ID`"""
    port: int = Field(ge=1, le=65_535)
    """port to listen on"""
    host: str = "127.0.0.1"
    """address to listen on"""
    audience: str = "zugabe"
    """what tokens must be made for"""
    session_ms: int = Field(45_000, ge=6_000, le=1_800_000)
    """after so many milliseconds of silence a replica's partitions go to others"""
    replication: int = Field(1, ge=1)
    """replication of the topic when `deploy` creates it; from 3 on with `min.insync.replicas` 2"""
    proxies: Proxies = "127.0.0.1"
    """addresses of proxies, with commas between, whose `X-Forwarded-For` is believed"""
    smtp_url: SmtpUrl = Field("smtp://127.0.0.1:25", repr=False)
    """`smtp://[user@]host[:port]`, or `smtps://…` for TLS from the start"""
    smtp_password_file: SecretFile | None = None
    """the password of the user that `ZUGABE_SMTP_URL` names"""
    mail_sender: Sender = "Zugabe <noreply@zugabe.invalid>"
    """From of every mail"""
    mail_days: int = Field(30, ge=0)
    """so long the content of a mail stays in the outbox after its last try"""
    master_key_file: SecretFile | None = None
    """the master keys of people's data; `checkout` and `onboarding` need it, or a key service"""
    key_service_url: HttpUrl | None = None
    """a key service (OpenBao, Vault) that has the master key instead"""
    key_name: str = "zugabe"
    """the master key's name in the key service"""
    retention_years: dict[Record, Annotated[int, Field(ge=0, le=100)]] = Field(
        default_factory=lambda: dict(YEARS)
    )
    """so long records of each kind are kept before a person is erased, as JSON"""
    onboarding_url: HttpUrl = "http://127.0.0.1:8101"
    """where onboarding answers"""
    catalog_shops_url: HttpUrl = "http://127.0.0.1:8102"
    """where catalog-shops answers"""
    vouchers_url: HttpUrl = "http://127.0.0.1:8103"
    """where vouchers answers"""
    bonus_url: HttpUrl = "http://127.0.0.1:8104"
    """where bonus answers"""
    checkout_url: HttpUrl = "http://127.0.0.1:8105"
    """where checkout answers"""

    @model_validator(mode="after")
    def _sign_in_to_the_relay(self) -> Self:
        """From here on `smtp_url` holds the password."""
        if self.smtp_password_file is not None:
            self.smtp_url = with_password(self.smtp_url, self.smtp_password_file)
        return self

    def url_of(self, service: str) -> str:
        """Base URL of a service by its name."""
        url: str = getattr(self, f"{service.replace('-', '_')}_url")
        return url


def now() -> datetime:
    """Milliseconds: what MongoDB keeps."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1_000 * 1_000)
