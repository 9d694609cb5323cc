"""The containers fit the code: same settings, declared secrets, nothing open that need not be.

What a schema or a linter can see is checked by `make check`.
"""

import os
import re
import subprocess
import tomllib
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, get_args

import pytest
from ruamel.yaml import YAML
from tools.runbooks import unexported

from zugabe.config import Setting, settings_by_process
from zugabe.kafka import IMAGE as KAFKA
from zugabe.mongo import IMAGE as MONGO
from zugabe.roles import Role
from zugabe.services import ALL, SEQUENCER, USUAL_PORTS, WEB, console_scripts
from zugabe.services import PROCESSES as PROGRAMS
from zugabe_events.runtime.setting_types import urls_by_service
from zugabe_events.runtime.settings import OWN_SETTINGS
from zugabe_events.schemas.publishers import publishers
from zugabe_verify.verify import SERVICES as AUDITED

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
OURS = re.compile(r"zugabe/[a-z-]+:\d+\.\d+\.\d+")
PINNED = re.compile(r"[a-z./-]+:v?\d+\.\d+\.\d+(-[a-z-]+)?@sha256:[0-9a-f]{64}")
OWN = re.compile(r"ZUGABE_[A-Z_]+")


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(path.read_text())
    return found


SYSTEM = read(ROOT / "docker-compose.yml")
PARTS = read(DEPLOY / "parts.yml")
CONTAINERS: dict[str, dict[str, Any]] = SYSTEM["services"] | PARTS["services"]
PROCESSES: dict[str, dict[str, Any]] = SYSTEM["services"]
JOBS = {name for name, container in CONTAINERS.items() if container["restart"] == "no"}


def program_of(container: dict[str, Any]) -> str:
    program: str = container["build"]["args"]["SERVICE"]
    return program


@pytest.fixture(scope="module")
def settings() -> dict[str, list[Setting]]:
    return settings_by_process(PROGRAMS)


def test_every_process_runs_and_every_service_has_its_deploy_step() -> None:
    assert SYSTEM["include"] == ["deploy/parts.yml"]
    assert {program_of(container) for container in PROCESSES.values()} == set(PROGRAMS)
    for service in ALL:
        assert PROCESSES[f"{service}-deploy"]["command"] == ["deploy"]
        assert "command" not in PROCESSES[service]
        waits = PROCESSES[service]["depends_on"][f"{service}-deploy"]
        assert waits == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", PROCESSES)
def test_a_container_is_told_exactly_what_its_process_reads(
    settings: dict[str, list[Setting]], name: str
) -> None:
    container = PROCESSES[name]
    reads = {setting["name"]: setting for setting in settings[program_of(container)]}
    environment = container["environment"]
    assert set(environment) == set(reads)
    assert all(environment[name] for name, setting in reads.items() if setting["required"])


def test_the_values_in_the_containers_are_ones_that_the_processes_take(tmp_path: Path) -> None:
    asked = {}
    for name, container in PROCESSES.items():
        if name in JOBS:
            assert container["environment"] == PROCESSES[program_of(container)]["environment"]
            continue
        for secret in container["secrets"]:
            (tmp_path / secret["target"]).write_text("geheim, und lang genug für Links")
        environment = {
            variable: value.replace("/run/secrets", str(tmp_path))
            for variable, value in container["environment"].items()
        }
        command = [*console_scripts()[program_of(container)], "config", "check"]
        asked[name] = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    refused = {name: process.communicate()[1] for name, process in asked.items()}
    assert len(refused) == len(ALL) + 3
    assert set(refused.values()) == {""}


def test_what_only_some_processes_read_is_declared_where_the_others_find_it(
    settings: dict[str, list[Setting]],
) -> None:
    names = {
        process: {setting["name"] for setting in of_process}
        for process, of_process in settings.items()
    }
    shared = set.intersection(*(names[service] for service in ALL))
    declared = {
        entry.name: entry.dist.name for entry in entry_points(group=OWN_SETTINGS) if entry.dist
    }
    assert {name for name, owner in declared.items() if owner == "zugabe"} == {
        "ZUGABE_HOME",
        "ZUGABE_PARTS",
    }
    sequencers = {name for name, owner in declared.items() if owner == "zugabe-events"}
    assert sequencers == names[SEQUENCER] - shared
    webs = {name for name, owner in declared.items() if owner == "zugabe-web"}
    assert webs == names[WEB] - shared - names["onboarding"]
    for service in ALL:
        own: frozenset[str] = getattr(publishers()[service], "OWN_SETTINGS", frozenset())
        assert own == names[service] - shared


def test_the_auditor_knows_every_service() -> None:
    assert sorted(AUDITED) == sorted(ALL)


def test_every_variable_that_is_named_anywhere_in_the_containers_is_read(
    settings: dict[str, list[Setting]],
) -> None:
    reads = {setting["name"] for of_process in settings.values() for setting in of_process}
    files = [ROOT / "docker-compose.yml", *DEPLOY.glob("*.*"), *DEPLOY.glob("*/*.*")]
    named = {name for file in files if file.is_file() for name in OWN.findall(file.read_text())}
    assert named == reads


def test_services_listen_on_their_usual_ports_and_find_each_other() -> None:
    for service in (*ALL, WEB):
        port = USUAL_PORTS[service]
        environment = PROCESSES[service]["environment"]
        assert environment["ZUGABE_PORT"] == str(port)
        assert PROCESSES[service]["ports"] == [f"127.0.0.1:{port}:{port}"]
        urls = urls_by_service(environment["ZUGABE_SERVICES"])
        assert urls == {other: f"http://{other}:{USUAL_PORTS[other]}" for other in ALL}
    scraped = read(DEPLOY / "prometheus.yml")["scrape_configs"][0]["static_configs"][0]["targets"]
    services = [f"{service}:{USUAL_PORTS[service]}" for service in (*ALL, WEB)]
    assert scraped == [*services, "sequencer-1:8120", "sequencer-2:8120"]


def test_alerts_are_about_metrics_that_exist() -> None:
    """S11: Prometheus has the rules, and each names what the processes count or say."""
    files = read(DEPLOY / "parts.yml")["configs"]
    mounted = {
        config["target"]: files[config["source"]]["file"]
        for config in CONTAINERS["prometheus"]["configs"]
    }
    rules = read(DEPLOY / "prometheus.yml")["rule_files"]
    assert [mounted[rule] for rule in rules] == ["alerts.yml"]
    assert list(unexported(ROOT)) == []


def test_replicas_have_names_of_their_own_and_the_sequencers_have_every_log() -> None:
    sequencers = [
        container for container in PROCESSES.values() if program_of(container) == SEQUENCER
    ]
    environments = [container["environment"] for container in sequencers]
    instances = {environment["ZUGABE_INSTANCE"] for environment in environments}
    assert len(instances) == len(sequencers)
    assert all(environment["ZUGABE_LOGS"].split(",") == list(ALL) for environment in environments)


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_may_do_nothing_that_it_need_not(name: str) -> None:
    container = CONTAINERS[name]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert int(container["user"].partition(":")[0]) > 0
    assert not container.get("privileged")
    assert not container.get("cap_add")
    limits = container["deploy"]["resources"]["limits"]
    assert {"memory", "cpus", "pids"} <= set(limits)


@pytest.mark.parametrize("name", CONTAINERS)
def test_nothing_is_open_beyond_this_machine(name: str) -> None:
    container = CONTAINERS[name]
    assert all(port.startswith("127.0.0.1:") for port in container.get("ports", []))
    assert container.get("network_mode") is None
    if name == "mongo":
        assert container["networks"] == ["parts"]
        assert "ports" not in container
    if name == "kafka":  # for consumers on this machine
        assert container["ports"] == ["127.0.0.1:9094:9094"]
    assert PARTS["networks"]["parts"] == {"internal": True}


@pytest.mark.parametrize("name", CONTAINERS)
def test_what_keeps_running_has_a_healthcheck_and_what_ends_is_waited_for(name: str) -> None:
    container = CONTAINERS[name]
    waited = [other.get("depends_on", {}).get(name) for other in CONTAINERS.values()]
    conditions = {wait["condition"] for wait in waited if wait}
    if name in JOBS:
        assert conditions == {"service_completed_successfully"}
    else:
        assert conditions <= {"service_healthy"}
        dockerfile = container.get("build", {}).get("dockerfile")
        built = bool(dockerfile) and "HEALTHCHECK" in (ROOT / dockerfile).read_text()
        assert built or container["healthcheck"]["test"]


def test_images_are_pinned_and_the_same_as_on_a_machine_without_containers() -> None:
    """S25: by digest, since a tag can be moved."""
    dockerfiles = "\n".join(file.read_text() for file in DEPLOY.glob("*.Dockerfile"))
    bases = re.findall(r"^FROM (\S+)", dockerfiles, re.MULTILINE)
    python = re.findall(r"^ARG PYTHON=(\S+)", dockerfiles, re.MULTILINE)
    images = {container["image"] for container in CONTAINERS.values()}
    images |= {f"python:{version}" for version in python}
    images |= {base for base in bases if base != "python:${PYTHON}"}
    others = {image for image in images if not OURS.fullmatch(image)}
    assert [image for image in others if not PINNED.fullmatch(image)] == []
    assert CONTAINERS["kafka"]["image"].partition("@")[0] == KAFKA
    assert CONTAINERS["mongo"]["image"].startswith(MONGO + ".")
    assert python[0].startswith((ROOT / ".python-version").read_text().strip() + ".")
    for service in (*ALL, WEB):
        folder = ROOT / WEB if service == WEB else ROOT / "services" / service
        project = tomllib.loads((folder / "pyproject.toml").read_text())
        version = project["project"]["version"]
        assert PROCESSES[service]["image"] == f"zugabe/{service}:{version}"


def test_images_get_every_library_that_services_need() -> None:
    kernel = tomllib.loads((ROOT / "libs" / "events" / "pyproject.toml").read_text())
    needed = re.findall(r"\bzugabe-(\w+)", " ".join(kernel["project"]["dependencies"]))
    dockerfile = (DEPLOY / "service.Dockerfile").read_text()
    context = (ROOT / ".dockerignore").read_text().splitlines()
    for library in ("events", *needed):
        assert f"COPY libs/{library} libs/{library}\n" in dockerfile
        assert f"!libs/{library}" in context


def test_every_secret_is_declared_used_and_made(tmp_path: Path) -> None:
    declared = {name: secret["file"] for name, secret in PARTS["secrets"].items()}
    assert declared == {name: f"secrets/{name}" for name in declared}
    used = {
        secret if isinstance(secret, str) else secret["source"]
        for container in CONTAINERS.values()
        for secret in container.get("secrets", [])
    }
    assert used == set(declared)
    script = ["sh", str(DEPLOY / "secrets.sh"), str(tmp_path / "secrets")]
    subprocess.run(script, check=True, capture_output=True)
    made = {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()}
    assert set(made) == set(declared)
    assert len(set(made.values())) == len(made)
    assert all(len(secret) >= 20 for secret in made.values())
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    again = subprocess.run(script, check=True, capture_output=True, text=True)
    assert again.stdout == ""
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text().splitlines()


def test_no_process_gets_the_secret_of_another() -> None:
    for name, container in PROCESSES.items():
        owner = program_of(container)
        sources = {secret["source"] for secret in container["secrets"]}
        expected = {f"mongo-{owner}"} if owner != WEB else {"session-key"}
        expected |= {f"oidc-{owner}"} if owner in (*ALL, WEB) else set()
        expected |= {"mac-keys"} if owner != WEB else set()
        expected |= {"master-keys"} if owner == "checkout" else set()
        expected |= {"master-keys-onboarding", "link-secret"} if owner == "onboarding" else set()
        expected |= {"link-secret-vouchers"} if owner == "vouchers" else set()
        assert sources == expected, name


def test_the_realm_knows_every_service_and_people_of_every_role() -> None:
    realm = read(DEPLOY / "keycloak" / "zugabe-realm.json")
    clients = {client["clientId"]: client for client in realm["clients"]}
    assert set(clients) == {*ALL, "people", WEB}
    for service in (*ALL, WEB):
        placeholder = "${OIDC_" + service.upper().replace("-", "_") + "}"
        assert clients[service]["secret"] == placeholder
    people = [user for user in realm["users"] if "serviceAccountClientId" not in user]
    assert all(person["credentials"][0]["value"] == "${PEOPLE_PASSWORD}" for person in people)
    roles = {person["attributes"]["role"][0] for person in people}
    assert roles | {"service"} == set(get_args(Role))
    accounts = {user["id"] for user in realm["users"]} - {person["id"] for person in people}
    assert accounts == set(ALL)
    issuer = CONTAINERS["keycloak"]["environment"]["KC_HOSTNAME"]
    for service in (*ALL, WEB):
        assert PROCESSES[service]["environment"]["ZUGABE_ISSUER"] == f"{issuer}/realms/zugabe"


def test_no_client_takes_passwords_of_people() -> None:
    """S23: people type them at the issuer only, which then knows when they did."""
    for client in read(DEPLOY / "keycloak" / "zugabe-realm.json")["clients"]:
        assert client["directAccessGrantsEnabled"] is False, client["clientId"]
        if client["clientId"] in ("people", WEB):
            assert "basic" in client["defaultClientScopes"]  # which has auth_time


def test_people_sign_in_to_the_web_application_by_code_with_pkce_alone() -> None:
    """S23: no password goes through the application."""
    realm = read(DEPLOY / "keycloak" / "zugabe-realm.json")
    client = next(one for one in realm["clients"] if one["clientId"] == WEB)
    environment = PROCESSES[WEB]["environment"]
    portal = environment["ZUGABE_PORTAL_URL"]
    assert environment["ZUGABE_CLIENT_ID"] == WEB
    assert client["redirectUris"] == [f"{portal}anmelden/antwort"]
    assert client["attributes"] == {
        "pkce.code.challenge.method": "S256",
        "post.logout.redirect.uris": f"{portal}abgemeldet",
    }
    assert (client["standardFlowEnabled"], client["publicClient"]) == (True, False)
    for flow in ("implicitFlowEnabled", "directAccessGrantsEnabled", "serviceAccountsEnabled"):
        assert client[flow] is False


def test_the_database_has_a_user_for_every_process() -> None:
    script = (DEPLOY / "mongo" / "init.js").read_text()
    named = re.search(r"const SERVICES = \[(.*)\]", script)
    assert named
    assert re.findall(r'"([a-z-]+)"', named[1]) == list(ALL)
    assert "ZUGABE_MONGO_URL" not in PROCESSES[WEB]["environment"]
    for container in PROCESSES.values():
        if program_of(container) == WEB:
            continue
        url = container["environment"]["ZUGABE_MONGO_URL"]
        assert url.startswith(f"mongodb://{program_of(container)}@mongo:27017/")


def test_only_the_sequencer_may_write_to_kafka() -> None:
    """S2: and no service consumes in the group of another"""
    script = DEPLOY / "kafka-acls.sh"
    given = {"BOOTSTRAP": "kafka:9093", "KAFKA_ACLS": "echo", "PATH": os.environ["PATH"]}
    told = subprocess.run(["sh", script], env=given, capture_output=True, text=True, check=True)
    rights = [re.findall(r"--([a-z-]+) ([^-\s]\S*)", line) for line in told.stdout.splitlines()]
    found = {
        (dict(right)["allow-principal"], dict(right).get("topic"), dict(right).get("group"), name)
        for right in rights
        for option, name in right
        if option == "operation"
    }
    writers = {(who, topic) for who, topic, _, name in found if name == "Write"}
    assert writers == {("User:sequencer", topic) for topic in ALL}
    assert {name for who, *_, name in found if who != "User:sequencer"} == {
        "Create", "Describe", "DescribeConfigs", "Read",
    }  # fmt: skip
    readers = {(who, topic) for who, topic, _, name in found if topic and name == "Read"}
    assert readers == {(f"User:{who}", topic) for who in (*ALL, SEQUENCER) for topic in ALL}
    groups = {(who, group) for who, _, group, _ in found if group}
    assert groups == {(f"User:{service}", service) for service in ALL}
