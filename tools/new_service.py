"""`make new-service NAME=shipping`: write everything that a service needs to install, start and
pass its tests.

All edits are made in memory first: either every one of them fits, or nothing is written.
"""

import argparse
import importlib.util
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = Path(__file__).parent / "templates"
CONTRACTS = Path("libs/events/src/zugabe_events/contracts")
COMPOSE, PARTS = Path("docker-compose.yml"), Path("deploy/parts.yml")
REALM = Path("deploy/keycloak/zugabe-realm.json")
PROJECT, README = Path("pyproject.toml"), Path("README.md")

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
PORT = re.compile(r"^USUAL_PORT = (\d+)$", re.MULTILINE)
RESERVED = frozenset(
    {"sequencer", "people", "links", "service", "sessions", "web", "kafka", "mongo", "mongo-init"}
    | {"keycloak", "mailpit", "prometheus"}
)
"""Other processes, containers, clients and secrets have these names."""


WEB_PORT = 8106
"""Of the web application, which has no contract."""


class CannotAddError(Exception):
    """The message says why, and what to do."""


@dataclass
class Edits:
    """Files of the repository as they are going to be."""

    root: Path
    files: dict[Path, str] = field(default_factory=dict)

    def text(self, path: Path) -> str:
        return self.files[path] if path in self.files else (self.root / path).read_text()

    def edit(self, path: Path, pattern: str, before: str = "", after: str = "") -> None:
        """Put text before and after the only match of the pattern."""
        text = self.text(path)
        found = list(re.finditer(pattern, text, re.MULTILINE))
        if len(found) != 1:
            message = f"{path}: {len(found)} places match {pattern!r}, not one; adapt {__file__}"
            raise CannotAddError(message)
        start, end = found[0].span()
        self.files[path] = text[:start] + before + text[start:end] + after + text[end:]

    def sort_into(self, path: Path, pattern: str, separator: str, item: str) -> None:
        """Add an item to the sorted list that is the first group of the pattern's only match."""
        found = re.findall(pattern, self.text(path), re.MULTILINE)
        if len(found) != 1:
            message = f"{path}: {len(found)} lists match {pattern!r}, not one; adapt {__file__}"
            raise CannotAddError(message)
        items = separator.join(sorted([*found[0].split(separator), item]))
        self.files[path] = self.text(path).replace(found[0], items)

    def write(self) -> None:
        for path, text in self.files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text)


@dataclass(frozen=True)
class Service:
    """`last` is the service with the highest port so far: lists are in the order of ports."""

    name: str
    port: int
    last: str

    @property
    def package(self) -> str:
        return self.name.replace("-", "_")

    def fill(self, template: Path) -> str:
        return Template(template.read_text()).substitute(
            name=self.name,
            package=self.package,
            port=self.port,
            variable=self.package.upper(),
        )


def new_service(root: Path, name: str) -> list[Path]:
    """Return the files that were written. Raises CannotAddError."""
    edits = Edits(root)
    service = next_service(root, name)
    edits.files |= package_of(service)
    list_package(edits, service)
    list_container(edits, service)
    list_secrets(edits, service)
    edits.write()
    return sorted(edits.files)


def next_service(root: Path, name: str) -> Service:
    """Raises CannotAddError."""
    if not NAME.fullmatch(name):
        message = f"{name!r} is no name of a service; take kebab-case, as in NAME=shipping"
        raise CannotAddError(message)
    ports = {}
    for contract in (root / CONTRACTS).glob("*.py"):
        if port := PORT.search(contract.read_text()):
            ports[contract.stem.replace("_", "-")] = int(port[1])
    importable = importlib.util.find_spec(name.replace("-", "_")) is not None
    if name in ports or name in RESERVED or importable:
        message = f"the name {name} is taken; choose another one"
        raise CannotAddError(message)
    last = max(ports, key=ports.__getitem__)
    following = ports[last] + 1
    return Service(name, following + (following == WEB_PORT), last)


def package_of(service: Service) -> dict[Path, str]:
    """The service's folder and its contract."""
    folder = TEMPLATES / "service"
    files = {}
    for template in sorted(folder.rglob("*.template")):
        inside = str(template.relative_to(folder)).removesuffix(".template")
        path = Path("services", service.name, inside.replace("PACKAGE", service.package))
        files[path] = service.fill(template)
    files[CONTRACTS / f"{service.package}.py"] = service.fill(TEMPLATES / "contract.py.template")
    return files


def list_package(edits: Edits, service: Service) -> None:
    """In the lists of tools, the table of services, and the auditor's list."""
    name, package = service.name, service.package
    paths = r'((?:^    "services/.+/src",\n)*^    "services/.+/src",)'
    edits.sort_into(PROJECT, paths, "\n", f'    "services/{name}/src",')
    edits.edit(PROJECT, r'^root_packages = \[.*"(?=\]$)', after=f', "{package}"')
    edits.sort_into(PROJECT, r'^    "(\w+(?: \| \w+)+)",  # services$', " | ", package)
    row = f"| [{name}] | **does** nothing yet; so far it only starts |\n"
    edits.edit(README, rf"^\| \[{service.last}\] \|.*\n", after=row)
    edits.edit(
        README, rf"^\[{service.last}\]: .*\n", after=f"[{name}]: services/{name}/README.md\n"
    )
    audited = Path("libs/verify/src/zugabe_verify/verify.py")
    edits.edit(audited, r"^SERVICES = \(.*(?=\*BUSINESS\)$)", after=f'"{name}", ')


def list_container(edits: Edits, service: Service) -> None:
    name, last = service.name, service.last
    started = f"      {name}-deploy: {{condition: service_completed_successfully}}\n"
    url = f",\n    {name}=http://{name}:{service.port}"
    container = service.fill(TEMPLATES / "container.yml.template")
    edits.edit(COMPOSE, rf"^    {last}=http://{last}:\d+(?=\n)", after=url)
    edits.edit(COMPOSE, r"^      ZUGABE_LOGS: .*$", after=f",{name}")
    edits.edit(COMPOSE, r"^  sequencer-1: ", before=container + "\n")
    edits.edit(COMPOSE, rf"^      {last}-deploy: .*\n(?=\n  # )", after=started)
    target = f"          - {name}:{service.port}\n"
    edits.edit(Path("deploy/prometheus.yml"), rf"^          - {last}:\d+\n", after=target)


def list_secrets(edits: Edits, service: Service) -> None:
    """Passwords, the users that have them, and the client at the token issuer."""
    name, last = service.name, service.last
    for secret in ("mongo", "oidc"):
        edits.edit(PARTS, rf"^      - {secret}-{last}\n", after=f"      - {secret}-{name}\n")
        declared = f"  {secret}-{name}: {{file: secrets/{secret}-{name}}}\n"
        edits.edit(PARTS, rf"^  {secret}-{last}: .*\n", after=declared)
    edits.edit(Path("deploy/secrets.sh"), r"^for service in .*(?=; do$)", after=f" {name}")
    edits.edit(Path("deploy/kafka-acls.sh"), r'^services="[^"]*(?="$)', after=f" {name}")
    users = Path("deploy/mongo/init.js")
    edits.edit(users, r"^const SERVICES = \[.*(?=\];$)", after=f', "{name}"')
    client = service.fill(TEMPLATES / "client.json.template")
    account = service.fill(TEMPLATES / "account.json.template")
    edits.edit(REALM, r'^    \{\n      "clientId": "people",', before=client)
    edits.edit(REALM, rf'^    \{{"id": "{last}", .*\n', after=account)


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser("make new-service", description=__doc__)
    parser.add_argument("name", help="the service's name in kebab-case, as in shipping")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository to write to")
    given = parser.parse_args(words)
    try:
        written = new_service(given.root, given.name)
    except CannotAddError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.writelines(f"{path}\n" for path in written)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
