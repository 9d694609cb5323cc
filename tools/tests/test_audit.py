"""S25: what is shipped is listed by hash, and looked up where advisories can be had."""

import json
from datetime import date
from pathlib import Path

import pytest
from tools import audit
from tools.audit import Package, accepted, bill, images, packages

ROOT = Path(__file__).parents[2]
LOCK = """
anyio==4.9.0 ; python_version < '4' \\
    --hash=sha256:{a} \\
    --hash=sha256:{b}
uv==0.9.1 \\
    --hash=sha256:{a}
""".format(a="a" * 64, b="b" * 64)


def test_the_lock_is_read_with_all_hashes() -> None:
    """S25"""
    assert list(packages(LOCK)) == [
        Package("anyio", "4.9.0", ("a" * 64, "b" * 64)),
        Package("uv", "0.9.1", ("a" * 64,)),
    ]


def test_the_bill_lists_every_package_and_image() -> None:
    """S25: the same each time, and each once."""
    made = bill(ROOT)
    assert json.dumps(made) == json.dumps(bill(ROOT))
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    refs = [component["bom-ref"] for component in made["components"]]
    assert len(refs) == len(set(refs))
    locked = list(packages((ROOT / "requirements.lock").read_text()))
    assert locked
    assert all(package.hashes for package in locked)
    assert {package.purl for package in locked} <= set(refs)
    names = {name.partition(":")[0] for name, _ in images(ROOT)}
    assert names == {
        "apache/kafka",
        "axllent/mailpit",
        "mongo",
        "prom/prometheus",
        "python",
        "quay.io/keycloak/keycloak",
    }
    assert {"vouchers", "zugabe-web", "zugabe-events"} <= set(refs)


def test_an_accepted_advisory_has_a_reason_and_an_end() -> None:
    """S25"""
    text = "# why\n\nGHSA-1 2026-12-31 we parse no such file\nGHSA-2 2026-01-01 old\nGHSA-3 never\n"
    ids, wrong = accepted(text, date(2026, 6, 1))
    assert ids == ["GHSA-1"]
    assert [line.partition(": ")[2] for line in wrong] == [
        "GHSA-2 was accepted until 2026-01-01: look at it again",
        "a line is ID YYYY-MM-DD WHY: GHSA-3 never",
    ]


@pytest.mark.parametrize(("asked", "code"), [("", 0), ("required", 1)])
def test_without_advisories_it_says_so(
    asked: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """S25: and is an error where they must be had."""
    for name in ("requirements.lock", "deploy/advisories.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text((ROOT / name).read_text())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDIT", asked)
    monkeypatch.setattr(audit, "advisories_can_be_had", lambda _: False)
    assert audit.main() == code
    assert capsys.readouterr().err.startswith("Not audited")
    assert json.loads((tmp_path / "report/sbom.cdx.json").read_text())["components"]
