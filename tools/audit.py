"""A list of what is shipped (SBOM, CycloneDX), and the known vulnerabilities in it.

The list comes from requirements.lock and needs no network. Advisories are asked of the package
index by pip-audit; where no advisories can be had, this says so and ends with 0, unless
`AUDIT=required`. An advisory that does not concern us is a line of deploy/advisories.txt: its id,
the day until which that holds, and why.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

LOCK = Path("requirements.lock")
ACCEPTED = Path("deploy/advisories.txt")
SBOM = Path("report/sbom.cdx.json")
PROBE = "https://pypi.org/pypi/{name}/{version}/json"
PROBE_TIMEOUT_SECONDS = 5
AUDIT_TIMEOUT_SECONDS = 600
NAMESPACE = uuid.UUID("f5a1c3f6-6f0e-5f0c-9d4e-6b1f7d1f5b0a")

PACKAGE = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
IMAGE = re.compile(r"(?:image:|FROM|PYTHON=)\s*([\w./:-]+)@sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    version: str
    hashes: tuple[str, ...]

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name.lower().replace('_', '-')}@{self.version}"


def packages(lock: str) -> Iterator[Package]:
    """Each package of a lock file, with the hashes of all its files."""
    for entry in re.split(r"^(?=\w)", lock, flags=re.MULTILINE):
        if found := PACKAGE.match(entry):
            yield Package(found[1], found[2], tuple(HASH.findall(entry)))


def images(root: Path) -> Iterator[tuple[str, str]]:
    """Name with tag, and digest, of each image that is run or built upon."""
    for path in sorted((root / "deploy").glob("*")):
        if path.is_file() and path.suffix in (".yml", ".Dockerfile"):
            for line in path.read_text().splitlines():
                if found := IMAGE.search(line):
                    name = f"python:{found[1]}" if "PYTHON=" in line else found[1]
                    yield name, found[2]


def bill(root: Path) -> dict[str, Any]:
    """The bill of materials in CycloneDX 1.6. Equal input gives equal text."""
    locked = (root / LOCK).read_text()
    components: list[dict[str, Any]] = [
        {
            "type": "library",
            "bom-ref": package.purl,
            "name": package.name,
            "version": package.version,
            "purl": package.purl,
        }
        for package in packages(locked)
    ]
    components += [
        {
            "type": "container",
            "bom-ref": f"{name}@sha256:{digest}",
            "name": name.partition(":")[0],
            "version": name.partition(":")[2],
            "hashes": [{"alg": "SHA-256", "content": digest}],
        }
        for name, digest in sorted(set(images(root)))
    ]
    components += [
        {"type": "application", "bom-ref": name, "name": name, "version": version}
        for name, version in own(root)
    ]
    components.sort(key=lambda component: component["bom-ref"])
    text = json.dumps(components, sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, text)}",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "zugabe", "name": "zugabe"}},
        "components": components,
    }


def own(root: Path) -> Iterator[tuple[str, str]]:
    members = [*root.glob("libs/*"), *root.glob("services/*"), root / "web"]
    for member in sorted(members):
        if (file := member / "pyproject.toml").exists():
            project = tomllib.loads(file.read_text())["project"]
            yield project["name"], project["version"]


def accepted(text: str, today: date) -> tuple[list[str], list[str]]:
    """Ids that need not be looked at, and what is wrong with the list."""
    ids, wrong = list[str](), list[str]()
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, _, rest = line.partition(" ")
        until, _, why = rest.strip().partition(" ")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", until) or not why.strip():
            wrong.append(f"{ACCEPTED}: a line is ID YYYY-MM-DD WHY: {line}")
        elif date.fromisoformat(until) < today:
            wrong.append(f"{ACCEPTED}: {name} was accepted until {until}: look at it again")
        else:
            ids.append(name)
    return ids, wrong


def advisories_can_be_had(package: Package) -> bool:
    url = PROBE.format(name=package.name, version=package.version)
    try:
        with urllib.request.urlopen(url, timeout=PROBE_TIMEOUT_SECONDS) as answer:
            return "vulnerabilities" in json.load(answer)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def audit(found: Sequence[Package], ignored: Sequence[str]) -> int:
    """The exit code of pip-audit, run in an environment of its own."""
    lines = "".join(f"{package.name}=={package.version}\n" for package in found)
    options = [word for name in ignored for word in ("--ignore-vuln", name)]
    command = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", *options]
    path = Path("report/audited.txt")
    path.parent.mkdir(exist_ok=True)
    path.write_text(lines)
    ran = subprocess.run(
        [*command, "--requirement", str(path)], check=False, timeout=AUDIT_TIMEOUT_SECONDS
    )
    return ran.returncode


def main() -> int:
    root, required = Path(), os.environ.get("AUDIT") == "required"
    SBOM.parent.mkdir(exist_ok=True)
    SBOM.write_text(json.dumps(bill(root), indent=1) + "\n")
    found = list(packages((root / LOCK).read_text()))
    print(f"{SBOM}: {len(found)} packages and {len(set(images(root)))} images")
    ignored, wrong = accepted(ACCEPTED.read_text(), datetime.now(UTC).date())
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 1
    if advisories_can_be_had(found[0]):
        return audit(found, ignored)
    print(
        "Not audited: advisories cannot be had from here. Where they can, AUDIT=required makes "
        "this an error.",
        file=sys.stderr,
    )
    return 1 if required else 0


if __name__ == "__main__":
    sys.exit(main())
