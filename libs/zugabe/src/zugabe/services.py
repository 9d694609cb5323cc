"""The services of Zugabe as the stack starts them: names, usual ports, environment."""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from zugabe.errors import StackError
from zugabe.home import Home, write_private
from zugabe.ports import HOST
from zugabe_events.schemas.publishers import usual_ports

ALL = tuple(usual_ports())
SEQUENCER = "sequencer"
WEB = "web"

PROCESSES = (*ALL, SEQUENCER, WEB)
"""Everything that has settings and a console script."""

USUAL_PORTS = {
    "kafka": 9092,
    "mongod": 27017,
    "issuer": 8100,
    **usual_ports(),
    "web": 8106,
    "sequencer": 8120,
    "smtp": 8125,
}

FEW_PARTS = "4"
"""Of each log: one process per service gains nothing from more, and each costs requests."""


def console_scripts() -> dict[str, Sequence[str]]:
    """Commands of this virtual environment, whatever PATH says."""
    folder = Path(sys.executable).parent
    return {name: (str(folder / name),) for name in PROCESSES}


def program_of(process: str, commands: Mapping[str, Sequence[str]]) -> str:
    """Return the program of a process: `vouchers-2`, a second replica, runs vouchers."""
    program = re.sub(r"-\d+$", "", process)
    if program not in commands:
        raise StackError(f"There is no process named {process}.")
    return program


def environment(
    process: str,
    program: str,
    home: Home,
    addresses: Mapping[str, str],
    services: Sequence[str],
    parts: str | None = None,
) -> dict[str, str]:
    """Build the environment of a process; each reads what it needs of names that all share.

    `home` has the secrets; `parts` is the number of parts of new logs, by default few.
    """
    port = addresses.get(process, "").rpartition(":")[2]
    secret_file = home.secret_file(program)
    return {
        "PYTHONUNBUFFERED": "1",
        **mongo_settings(addresses["mongod"], secret_file.parent),
        "ZUGABE_KAFKA": addresses["kafka"],
        "ZUGABE_ISSUER": addresses["issuer"],
        "ZUGABE_AUDIENCE": "zugabe",
        "ZUGABE_SMTP_URL": addresses["smtp"],
        "ZUGABE_HOST": HOST,
        "ZUGABE_METRICS_PORT" if program == SEQUENCER else "ZUGABE_PORT": port,
        "ZUGABE_INSTANCE": process,
        "ZUGABE_CLIENT_ID": program,
        "ZUGABE_CLIENT_SECRET_FILE": str(secret_file),
        "ZUGABE_MASTER_KEY_FILE": str(home.master_keys()),
        "ZUGABE_LINK_SECRET_FILE": str(home.link_secret()),
        "ZUGABE_MAC_KEYS_FILE": str(home.mac_keys()),
        "ZUGABE_PUBLIC_URL": addresses.get("vouchers", "http://127.0.0.1:8103"),
        "ZUGABE_PORTAL_URL": f"{addresses.get(WEB, 'http://127.0.0.1:8106')}/",
        "ZUGABE_SESSION_KEY_FILE": str(home.session_key()),
        "ZUGABE_LOG_PARTS": parts or FEW_PARTS,
        "ZUGABE_LOGS": ",".join(services),
        "ZUGABE_SERVICES": ",".join(f"{service}={addresses[service]}" for service in services),
    }


def mongo_settings(url: str, secrets: Path) -> dict[str, str]:
    """Move the password of a given address to a file, as services expect it; an address from the
    status file has lost it, and the file is there."""
    password, file = urlsplit(url).password, secrets / "mongo-password"
    if password:
        write_private(file, unquote(password).encode())
    elif "@" not in url or not file.exists():
        return {"ZUGABE_MONGO_URL": url}
    return {
        "ZUGABE_MONGO_URL": str(without_password(url)),
        "ZUGABE_MONGO_PASSWORD_FILE": str(file),
    }


def without_password(url: str | None) -> str | None:
    password = urlsplit(url).password if url and "@" in url else None
    return url.replace(f":{password}@", "@", 1) if url and password else url
