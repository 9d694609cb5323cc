"""Types of settings: addresses, secret files, names. Their errors never quote the value, which may
contain a misplaced secret."""

import re
from dataclasses import dataclass, fields
from email.utils import parseaddr
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, quote, urlsplit

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode
from pymongo.errors import ConfigurationError
from pymongo.uri_parser import parse_uri

from zugabe_events.domain.mac import MacKeys, secrets_of
from zugabe_events.http.principal import ClaimNames
from zugabe_events.schemas.publishers import usual_ports

SERVER = re.compile(r"[A-Za-z0-9._-]+:[0-9]{1,5}")
LOG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Secret:
    """Marks a setting that names a file with a secret."""


def has_a_secret(path: Path) -> Path:
    """Also for what is no secret: there is a file, and something in it."""
    try:
        filled = bool(path.read_text().strip())
    except (OSError, ValueError):
        message = "no file that can be read; put the secret into a file, and its path here"
        raise ValueError(message) from None
    if not filled:
        raise ValueError("the file is empty")
    return path


def has_mac_keys(path: Path) -> Path:
    MacKeys(secrets_of(path.read_text()), b"")
    return path


def is_mongo_url(url: str) -> str:
    parts = split(url, "mongodb", "mongodb+srv")
    try:
        if parts.scheme == "mongodb":  # the other one would ask the DNS
            parse_uri(url)
    except (ConfigurationError, ValueError):
        message = "no MongoDB URL like mongodb://host:27017/?replicaSet=rs0"
        raise ValueError(message) from None
    return without_password(url, parts)


def is_smtp_url(url: str) -> str:
    return without_password(url, split(url, "smtp", "smtps"))


def is_http_url(url: str) -> str:
    parts = split(url, "http", "https")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("the address has a user, a query or a fragment")
    return url


def split(url: str, *schemes: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        valid = parts.scheme in schemes and bool(parts.hostname)
        _ = parts.port if "," not in parts.netloc else None
    except ValueError:
        valid = False
    if not valid:
        raise ValueError(
            "no address like " + " or ".join(f"{scheme}://host:port" for scheme in schemes)
        )
    return parts


def without_password(url: str, parts: SplitResult) -> str:
    if parts.password:
        raise ValueError("contains a password, which belongs in a file of its own")
    return url


def with_password(url: str, file: Path) -> str:
    """`url` must name a user."""
    scheme, _, rest = url.partition("://")
    user, _, place = rest.partition("@")
    password = quote(file.read_text().strip(), safe="")
    return f"{scheme}://{user.removesuffix(':')}:{password}@{place}"


def are_servers(text: str) -> str:
    if not all(SERVER.fullmatch(server.strip()) for server in text.split(",")):
        raise ValueError("servers are host:port, with commas between")
    return text


def is_near(server: str) -> bool:
    """True for this machine, and for the bare names of containers beside it."""
    return is_near_host(server.strip().rpartition(":")[0])


def is_near_host(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return "." not in host or host.endswith(".localhost")


def is_protected(url: str) -> bool:
    """True if nobody on the way can read along: by TLS, or because there is no way."""
    parts = urlsplit(url)
    return parts.scheme in ("https", "smtps") or is_near_host(parts.hostname or "")


def usual_urls() -> dict[str, str]:
    return {service: f"http://127.0.0.1:{port}" for service, port in usual_ports().items()}


def urls_by_service(given: object) -> object:
    """`vouchers=http://…, bonus=http://…`; a service that is not named keeps its usual address."""
    if not isinstance(given, str):
        return given
    urls = usual_urls()
    for entry in given.split(","):
        service, named, url = (part.strip() for part in entry.partition("="))
        if not named:
            raise ValueError("addresses are service=http://host:port, with commas between")
        if service not in urls:
            raise ValueError(f"there is no service {service!r}; there are {', '.join(urls)}")
        try:
            urls[service] = is_http_url(url)
        except ValueError as error:
            message = f"{service}: {error}"
            raise ValueError(message) from None
    return urls


def are_logs(text: str) -> str:
    if not all(LOG.fullmatch(log.strip()) for log in text.split(",")):
        raise ValueError("logs are names of services, with commas between")
    return text


def are_addresses(text: str) -> str:
    for network in text.split(","):
        try:
            ip_network(network.strip())
        except ValueError:
            message = "these are IP addresses or networks, with commas between"
            raise ValueError(message) from None
    return text


def is_sender(text: str) -> str:
    _, address = parseaddr(text)
    if not re.fullmatch(r"[^\s@]+@[^\s@]+", address) or not text.isprintable():
        raise ValueError("a sender is Name <mailbox@domain>")
    return text


ReadableFile = Annotated[Path, AfterValidator(has_a_secret)]
SecretFile = Annotated[Path, AfterValidator(has_a_secret), Secret()]
MacKeysFile = Annotated[SecretFile, AfterValidator(has_mac_keys)]
MongoUrl = Annotated[str, AfterValidator(is_mongo_url)]
SmtpUrl = Annotated[str, AfterValidator(is_smtp_url)]
HttpUrl = Annotated[str, AfterValidator(is_http_url)]
ServiceUrls = Annotated[dict[str, str], NoDecode, BeforeValidator(urls_by_service)]
Servers = Annotated[str, AfterValidator(are_servers)]
Logs = Annotated[str, AfterValidator(are_logs)]
NetworkList = Annotated[str, AfterValidator(are_addresses)]
Sender = Annotated[str, AfterValidator(is_sender)]


def are_claims(text: str) -> str:
    claims_of(text)
    return text


def claims_of(text: str) -> ClaimNames:
    """Raises ValueError for other names than ours."""
    named = [part.partition("=") for part in text.split(",") if part.strip()]
    found = {ours.strip(): theirs.strip() for ours, _, theirs in named}
    known = {field.name for field in fields(ClaimNames)}
    if not all(found.values()) or not found.keys() <= known:
        message = f"claims are a list like role=realm_access.roles; known are {sorted(known)}"
        raise ValueError(message)
    return ClaimNames(**found)


Claims = Annotated[str, AfterValidator(are_claims)]
