"""TLS and SASL to Kafka (S2). The address of Kafka says how to reach it, and where secrets are.

`host:9093,host:9093?tls=1&ca=…&certificate=…&key=…&user=…&password_file=…&mac_keys=…`: without
`tls` it is a Kafka without TLS. `mac_keys` and `unsigned` say which of its messages are believed.
The address has names of files only, so that it can be logged, and what they have is read for each
client anew.
"""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from faststream.kafka.security import parse_security
from faststream.security import BaseSecurity, SASLScram512


def address(servers: str, options: Mapping[str, str]) -> str:
    return f"{servers}?{urlencode(options)}" if options else servers


def servers_of(kafka: str) -> str:
    return kafka.partition("?")[0]


def security_of(kafka: str) -> BaseSecurity | None:
    """None: without TLS. Raises OSError and ssl.SSLError for files that are not as they should be.

    SASL is SCRAM-SHA-512, and never without TLS.
    """
    options = dict(parse_qsl(kafka.partition("?")[2]))
    if "tls" not in options:
        return None
    context = ssl.create_default_context(cafile=options.get("ca"))
    if "certificate" in options:
        context.load_cert_chain(options["certificate"], options["key"])
    if "user" not in options:
        return BaseSecurity(ssl_context=context)
    password = Path(options["password_file"]).read_text().strip()
    return SASLScram512(options["user"], password, ssl_context=context)


def client_options(kafka: str) -> dict[str, Any]:
    """Options of aiokafka's clients."""
    return {"bootstrap_servers": servers_of(kafka), **parse_security(security_of(kafka))}
