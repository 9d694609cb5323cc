"""The settings of the web application."""

import logging
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from zugabe_events.http.exposure import INTERNAL
from zugabe_events.http.fields import Text
from zugabe_events.runtime.setting_types import (
    Claims,
    HttpUrl,
    NetworkList,
    SecretFile,
    ServiceUrls,
    is_protected,
    usual_urls,
)
from zugabe_events.runtime.settings import PREFIX, EnvironmentSettings
from zugabe_web.session import SECRET_BYTES, secrets_in

log = logging.getLogger(__name__)


def has_long_secrets(file: Path) -> Path:
    if min(map(len, secrets_in(file))) < SECRET_BYTES:
        message = f"each secret needs {SECRET_BYTES} bytes"
        raise ValueError(message)
    return file


SessionKeyFile = Annotated[SecretFile, AfterValidator(has_long_secrets)]


class Settings(EnvironmentSettings):
    """The settings of the web application."""

    session_key_file: SessionKeyFile
    """the secrets that encrypt sessions, one a line, each at least 32 bytes: the first encrypts,
    the others still decrypt, so that a new one is put above the old one"""
    issuer: HttpUrl
    """URL of the token issuer, where staff sign in"""
    client_id: str
    """client id of the application at the issuer, which sends people back to `anmelden/antwort`
    and, after they sign out, to `abgemeldet`, both below `ZUGABE_PORTAL_URL`"""
    client_secret_file: SecretFile
    """the client secret of `ZUGABE_CLIENT_ID`"""
    audience: str = "zugabe"
    """audience that tokens must contain"""
    claims: Claims = ""
    """names of the issuer's claims where they are not ours, a comma-separated list of `ours=theirs`
    like `role=realm_access.roles`; ours are `subject` (`sub`), `role`, `dealer`, `partner` and
    `customer`"""
    port: int = Field(ge=1, le=65_535)
    """port to listen on"""
    host: str = "127.0.0.1"
    """address to listen on"""
    portal_url: HttpUrl = "http://127.0.0.1:8106/"
    """URL of the portal as browsers reach it, where the links in mails lead to"""
    proxies: NetworkList = "127.0.0.1"
    """comma-separated addresses or networks of trusted proxies, whose `X-Forwarded-For` is used"""
    metrics_networks: NetworkList = INTERNAL
    """comma-separated networks in which `/metrics` is answered; behind a trusted proxy its client's
    address counts"""
    services: ServiceUrls = Field(default_factory=usual_urls)
    """base URLs of the services, a comma-separated list of `name=http://host:port`; services not
    named are expected on this machine, at their usual ports"""
    session_hours: int = Field(12, ge=1, le=24)
    """hours after which a person has to open their link or sign in again"""
    organisation: Text = "heyconnect"
    """name of the organisation, as mails to partners show it"""
    plain_http: bool = Field(False, validate_default=True)
    """accept http to services, issuer and key service on other machines, and mail relays there that
    do not offer TLS"""

    @field_validator("plain_http")
    @classmethod
    def _needs_https(cls, accepted: bool, info: ValidationInfo) -> bool:
        """Sessions and personal data are not for whoever is on the way (S15)."""
        urls = [
            *(info.data.get(name) or "" for name in ("portal_url", "issuer")),
            *info.data.get("services", {}).values(),
        ]
        open_ones = [url for url in filter(None, urls) if not is_protected(url)]
        if open_ones and not accepted:
            hosts = ", ".join(sorted({urlsplit(url).netloc for url in open_ones}))
            raise ValueError(f"these are on other machines: use https, or accept http ({hosts})")
        if open_ones:
            log.warning("without TLS, as %sPLAIN_HTTP says: %s", PREFIX, open_ones)
        return accepted
