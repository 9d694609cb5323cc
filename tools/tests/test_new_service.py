"""`make new-service` in a copy of the repository: what it writes installs, passes and fits."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from tools.new_service import CannotAddError, new_service

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.integration
"""They install and start what was written, which takes a minute."""

UNTRACKED = shutil.ignore_patterns(".git", ".venv", ".zugabe", ".*_cache", ".hypothesis", "secrets")


class Copy:
    """A copy of the repository with an environment of its own, which borrows all dependencies."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(ROOT, root, ignore=UNTRACKED)
        venv.create(root / ".venv", symlinks=True)
        site = sysconfig.get_path("purelib", vars={"base": str(root / ".venv")})
        Path(site, "dependencies.pth").write_text(sysconfig.get_path("purelib"))

    def run(self, program: str | Path, *words: str) -> str:
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        done = subprocess.run(
            [program, *words], cwd=self.root, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def python(self, *words: str) -> str:
        return self.run(self.root / ".venv/bin/python", *words)

    def install(self) -> None:
        members = [
            str(file.parent)
            for file in self.root.glob("**/pyproject.toml")
            if file.parent != self.root and ".venv" not in file.parts
        ]
        options = ("--offline", "--no-deps", "--no-build-isolation", "--quiet")
        editable = [word for member in members for word in ("-e", member)]
        uv = Path(sys.executable).with_name("uv")
        python = str(self.root / ".venv/bin/python")
        self.run(uv, "pip", "install", "--python", python, *options, *editable)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    made = Copy(tmp_path_factory.mktemp("new") / "zugabe")
    new_service(made.root, "gift-cards")
    new_service(made.root, "shipping")
    made.install()
    return made


def test_new_services_pass_their_tests_and_their_containers_fit(copy: Copy) -> None:
    tests = ("services/gift-cards", "services/shipping", "libs/zugabe/tests/test_containers.py")
    copy.python("-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)


def test_a_new_service_has_the_commands_of_every_service(copy: Copy) -> None:
    assert '"ZUGABE_PORT"' in copy.run(copy.root / ".venv/bin/shipping", "config", "--json")
    assert "shipping" in copy.run(copy.root / ".venv/bin/zugabe", "read-models", "--help")


def test_a_new_service_leaves_lint_imports_and_generated_pages_as_they_should_be(
    copy: Copy,
) -> None:
    copy.python("-m", "ruff", "check", "--no-cache", "services", "libs/events/src")
    copy.python("-m", "ruff", "format", "--check", "--no-cache", "services", "libs/events/src")
    copy.python("-c", "from importlinter.cli import lint_imports_command as run; run()")
    copy.python("-m", "tools.links")
    events = ("-m", "zugabe_events.schemas.catalog")
    assert copy.python(*events) == copy.run(sys.executable, *events)
    settings = ("config", "--markdown")
    assert copy.run(copy.root / ".venv/bin/zugabe", *settings) == copy.run(
        Path(sys.executable).with_name("zugabe"), *settings
    )


@pytest.mark.parametrize("name", ["", "Shipping", "ship_ping", "vouchers", "sequencer", "json"])
def test_a_name_that_will_not_do_is_refused_and_nothing_is_written(
    tmp_path: Path, name: str
) -> None:
    contracts = tmp_path / "libs/events/src/zugabe_events/contracts"
    contracts.mkdir(parents=True)
    (contracts / "vouchers.py").write_text("USUAL_PORT = 8103\n")
    with pytest.raises(CannotAddError, match=r"kebab-case|is taken"):
        new_service(tmp_path, name)
    assert not (tmp_path / "services").exists()


def test_a_place_that_cannot_be_found_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "libs/events/src", tmp_path / "libs/events/src")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    with pytest.raises(CannotAddError, match=r"pyproject\.toml: 0 lists match"):
        new_service(tmp_path, "shipping")
    assert not (tmp_path / "services").exists()
