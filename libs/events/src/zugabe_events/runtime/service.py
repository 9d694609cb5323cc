"""The parts of a service besides its HTTP, and the settings that every service has."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator, model_validator

from zugabe_events.domain.decider import Decider
from zugabe_events.domain.event import EventTypes
from zugabe_events.domain.mail import Mails
from zugabe_events.domain.partitioning import PARTS
from zugabe_events.domain.policy import Policy
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.domain.timer import TimerRule
from zugabe_events.encryption.retention import YEARS, Record
from zugabe_events.files.scanner import ScannerAddress
from zugabe_events.http.exposure import API, EVERYWHERE, INTERNAL, METRICS
from zugabe_events.http.fresh_sign_in import FreshSignIn
from zugabe_events.http.networks import Networks
from zugabe_events.mongo.client import Database
from zugabe_events.privacy.erasure import ErasureRules
from zugabe_events.runtime.setting_types import (
    Claims,
    HttpUrl,
    NetworkList,
    SecretFile,
    Sender,
    ServiceUrls,
    SmtpUrl,
    is_protected,
    usual_urls,
    with_password,
)
from zugabe_events.runtime.settings import PREFIX, ProcessSettings

log = logging.getLogger(__name__)

MAX_PARTS = 1_000


@dataclass(frozen=True)
class Service:
    """The parts of a service besides its HTTP. `own` are the events of its streams, `event_types`
    those of every topic it subscribes to; `deciders` decide on its streams. `deploy_steps` create
    what only this service keeps in its database, and are safe to repeat."""

    name: str
    own: EventTypes
    event_types: EventTypes
    deciders: Sequence[Decider[Any, Any, Any]] = ()
    policies: Sequence[Policy] = ()
    read_models: Sequence[AnyReadModel] = ()
    timers: Sequence[TimerRule] = ()
    mails: Sequence[Mails] = ()
    erasure: ErasureRules | None = None
    deploy_steps: Sequence[Callable[[Database], Awaitable[None]]] = ()


class ServiceSettings(ProcessSettings):
    """The settings of every service."""

    issuer: HttpUrl
    """URL of the token issuer, which publishes its OpenID configuration and keys there"""
    client_id: str
    """client id with which the service asks the issuer for its own tokens"""
    client_secret_file: SecretFile
    """the client secret of `ZUGABE_CLIENT_ID`"""
    port: int = Field(ge=1, le=65_535)
    """port to listen on"""
    host: str = "127.0.0.1"
    """address to listen on"""
    audience: str = "zugabe"
    """audience that tokens must contain"""
    claims: Claims = ""
    """names of the issuer's claims where they are not ours, a comma-separated list of `ours=theirs`
    like `role=realm_access.roles`; ours are `subject` (`sub`), `role`, `dealer`, `partner` and
    `customer`"""
    session_ms: int = Field(45_000, ge=6_000, le=1_800_000)
    """Kafka session timeout in milliseconds; a replica silent for longer loses its partitions"""
    replication: int = Field(1, ge=1)
    """replication factor of the topic that `deploy` creates; with 3 or more, `min.insync.replicas`
    is 2"""
    log_parts: int = Field(PARTS, ge=1, le=MAX_PARTS)
    """number of parts of the log that `deploy` creates, and of the topic's partitions; an existing
    log keeps its own"""
    proxies: NetworkList = "127.0.0.1"
    """comma-separated addresses or networks of trusted proxies, whose `X-Forwarded-For` is used"""
    metrics_networks: NetworkList = INTERNAL
    """comma-separated networks in which `/metrics` is answered; behind a trusted proxy its client's
    address counts"""
    api_networks: NetworkList = EVERYWHERE
    """the same for the pages about the API: `/`, `/docs`, `/openapi.json`, `/asyncapi.json` and
    `/schemas/`"""
    smtp_url: SmtpUrl = Field("smtp://127.0.0.1:25", repr=False)
    """mail relay, `smtp://[user@]host[:port]`, or `smtps://…` for TLS from the start"""
    smtp_password_file: SecretFile | None = None
    """the password of the user in `ZUGABE_SMTP_URL`"""
    mail_sender: Sender = "Zugabe <noreply@zugabe.invalid>"
    """From address of all mails"""
    mail_days: int = Field(30, ge=0)
    """days for which the outbox keeps the content of a mail after the last attempt"""
    master_key_file: SecretFile | None = None
    """the master keys of personal data; services that own such data need it or a key
    service"""
    key_service_url: HttpUrl | None = None
    """URL of a key service (OpenBao, Vault) that holds the master key instead"""
    key_name: str = "zugabe"
    """name of the master key in the key service"""
    retention_years: dict[Record, Annotated[int, Field(ge=0, le=100)]] = Field(
        default_factory=lambda: dict(YEARS)
    )
    """years for which records of each kind are kept before a person is erased, as JSON"""
    fresh_minutes: int = Field(30, ge=0, le=1_440)
    """minutes for which a sign-in (`auth_time`) is enough for erasures, exports with others' names,
    and skipping dead letters; 0: any valid token is enough"""
    fresh_acr: str = Field("", pattern=r"^[A-Za-z0-9:/._, -]*$")
    """comma-separated `acr` values of which such a sign-in must have one; none: any will do"""
    services: ServiceUrls = Field(default_factory=usual_urls)
    """base URLs of the services, a comma-separated list of `name=http://host:port`; services not
    named are expected on this machine, at their usual ports"""

    plain_http: bool = Field(False, validate_default=True)
    """accept http to services, issuer and key service on other machines, and mail relays there that
    do not offer TLS"""

    @property
    def exposure(self) -> Mapping[tuple[str, ...], Networks]:
        return {METRICS: Networks(self.metrics_networks), API: Networks(self.api_networks)}

    @property
    def fresh_sign_in(self) -> FreshSignIn | None:
        if not self.fresh_minutes:
            return None
        acr = frozenset(filter(None, map(str.strip, self.fresh_acr.split(","))))
        return FreshSignIn(timedelta(minutes=self.fresh_minutes), acr)

    @field_validator("plain_http")
    @classmethod
    def _needs_https(cls, accepted: bool, info: ValidationInfo) -> bool:
        """Tokens, personal data and keys are not for whoever is on the way (S15)."""
        urls = [
            *info.data.get("services", {}).values(),
            *(info.data.get(name) or "" for name in ("issuer", "key_service_url")),
        ]
        open_ones = [url for url in filter(None, urls) if not is_protected(url)]
        if open_ones and not accepted:
            hosts = ", ".join(sorted({urlsplit(url).netloc for url in open_ones}))
            raise ValueError(f"these are on other machines: use https, or accept http ({hosts})")
        if open_ones:
            log.warning("without TLS, as %sPLAIN_HTTP says: %s", PREFIX, open_ones)
        return accepted

    @model_validator(mode="after")
    def _sign_in_to_the_relay(self) -> Self:
        """From here on `smtp_url` contains the password."""
        if self.smtp_password_file is not None:
            self.smtp_url = with_password(self.smtp_url, self.smtp_password_file)
        return self

    def configured(self, service: Service) -> Service:
        """The service as it runs with these settings."""
        return service

    def url_of(self, service: str) -> str:
        """Base URL of a service by its name."""
        return self.services[service]


class UploadSettings(ServiceSettings):
    """The settings of a service that takes files."""

    clamav: ScannerAddress | None = None
    """`host:port` of a ClamAV daemon that scans every upload before it is stored"""


def now() -> datetime:
    """Milliseconds: what MongoDB keeps."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1_000 * 1_000)
