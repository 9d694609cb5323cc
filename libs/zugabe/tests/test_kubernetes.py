"""The manifests fit docker-compose.yml: same settings and secrets, all pods hardened."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from zugabe.config import Setting, settings_by_process
from zugabe.services import ALL, PROCESSES, SEQUENCER, WEB

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "deploy" / "kubernetes"
COMPOSE: dict[str, Any] = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text())
MANIFESTS: list[dict[str, Any]] = [
    manifest
    for file in sorted(FOLDER.glob("*/*.yml"))
    for manifest in YAML(typ="safe").load_all(file.read_text())
]
WORKLOADS = [one for one in MANIFESTS if one["kind"] in ("Deployment", "StatefulSet", "Job")]
NAMES = [one["metadata"]["name"] for one in WORKLOADS]


def composed(name: str) -> dict[str, Any]:
    found: dict[str, Any] = COMPOSE["services"]["sequencer-1" if name == SEQUENCER else name]
    return found


def settings_of(name: str) -> dict[str, str]:
    lines = (FOLDER / "settings" / f"{name}.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


@pytest.fixture(scope="module")
def settings() -> dict[str, list[Setting]]:
    return settings_by_process(PROCESSES)


def test_every_process_and_every_deploy_step_of_the_containers_is_there() -> None:
    assert sorted(NAMES) == sorted(
        [*ALL, *(f"{service}-deploy" for service in ALL), WEB, SEQUENCER]
    )


@pytest.mark.parametrize("workload", WORKLOADS, ids=NAMES)
def test_a_pod_has_the_settings_and_secrets_of_its_container(
    settings: dict[str, list[Setting]], workload: dict[str, Any]
) -> None:
    name = workload["metadata"]["name"].removesuffix("-deploy")
    pod = workload["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["envFrom"] == [{"configMapRef": {"name": name}}]
    assert [one["name"] for one in container["env"]] == ["ZUGABE_INSTANCE"]
    told = settings_of(name)
    assert {*told, "ZUGABE_INSTANCE"} == set(composed(name)["environment"])
    required = {one["name"] for one in settings[name] if one["required"]}
    assert all(told[one] for one in required)
    assert container["image"] == composed(name)["image"]
    assert container.get("args") == (["deploy"] if workload["kind"] == "Job" else None)
    projected = next(one["projected"] for one in pod["volumes"] if one["name"] == "secrets")
    mounted = {
        (one["secret"]["name"], item["path"])
        for one in projected["sources"]
        for item in one["secret"]["items"]
    }
    expected = {(one["source"], one["target"]) for one in composed(name)["secrets"]}
    if name != WEB:
        expected |= {(f"kafka-{name}", "kafka-password"), ("kafka-ca", "kafka-ca")}
    assert mounted == expected
    read = {value for value in told.values() if value.startswith("/run/secrets/")}
    assert read == {f"/run/secrets/{path}" for _, path in mounted}


def test_no_secret_has_a_value_in_the_manifests() -> None:
    assert "Secret" not in {one["kind"] for one in MANIFESTS}
    for name in (*ALL, WEB, SEQUENCER):
        for variable, value in settings_of(name).items():
            if any(word in variable for word in ("PASSWORD", "SECRET", "KEYS", "KEY_FILE")):
                assert value == "" or value.startswith("/run/secrets/"), variable


def test_kafka_and_mongodb_are_reached_by_tls() -> None:
    for name in (*ALL, SEQUENCER):
        settings = settings_of(name)
        assert settings["ZUGABE_KAFKA_TLS"] == "true"
        assert settings["ZUGABE_KAFKA_PLAIN"] == "false"
        assert settings["ZUGABE_MONGO_URL"].endswith("&tls=true")


@pytest.mark.parametrize("workload", WORKLOADS, ids=NAMES)
def test_a_pod_may_do_nothing_that_it_need_not(workload: dict[str, Any]) -> None:
    pod = workload["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False  # they are variables that no process reads
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["limits"] == {"cpu": "1", "memory": "512Mi"}
        if workload["kind"] != "Job":
            assert {"readinessProbe", "livenessProbe"} <= set(container)


def test_every_selector_finds_its_pods() -> None:
    labels = {
        one["metadata"]["name"]: one["spec"]["template"]["metadata"]["labels"] for one in WORKLOADS
    }
    for one in MANIFESTS:
        name, spec = one["metadata"]["name"] if "metadata" in one else "", one.get("spec", {})
        if one["kind"] in ("Service", "PodDisruptionBudget", "Deployment", "StatefulSet"):
            selector = spec["selector"].get("matchLabels", spec["selector"])
            assert [who for who, has in labels.items() if selector.items() <= has.items()] == [name]
        if one["kind"] == "HorizontalPodAutoscaler":
            assert spec["scaleTargetRef"]["name"] in labels
        if one["kind"] == "NetworkPolicy":
            for expression in spec["podSelector"].get("matchExpressions", []):
                found = {has[expression["key"]] for has in labels.values()}
                assert set(expression["values"]) <= found


def test_nothing_is_allowed_that_no_policy_names() -> None:
    policies = {one["metadata"]["name"]: one for one in MANIFESTS if one["kind"] == "NetworkPolicy"}
    denied = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert policies["default-deny"]["spec"] == denied


@pytest.mark.parametrize("name", ["settings", "steps", "base"])
def test_a_kustomization_lists_every_file_of_its_folder(name: str) -> None:
    folder = FOLDER / name
    kustomization = YAML(typ="safe").load((folder / "kustomization.yml").read_text())
    listed = {one for one in kustomization["resources"] if not one.startswith("../")}
    for generator in kustomization.get("configMapGenerator", []):
        assert generator["envs"] == [f"{generator['name']}.env"]
        listed |= set(generator["envs"])
    assert listed | {"kustomization.yml"} == {file.name for file in folder.iterdir()}
