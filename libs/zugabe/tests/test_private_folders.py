"""S28: the development tool trusts no folder that somebody else can write to."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from zugabe.errors import StackError
from zugabe.home import Home, private_folder
from zugabe.ports import claim
from zugabe.services import without_password


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path / f"zugabe-ports-{os.getuid()}"


def test_a_folder_of_ours_becomes_private(temporary: Path) -> None:
    """S28"""
    temporary.mkdir(mode=0o777)
    temporary.chmod(0o777)
    lock = claim(20_001)
    assert lock is not None
    lock.close()
    assert mode_of(temporary) == 0o700


def test_a_link_in_the_temporary_folder_is_not_followed(temporary: Path, tmp_path: Path) -> None:
    """S28: claiming a port empties a file of that name, wherever the link leads."""
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "20002").write_text("precious")
    temporary.symlink_to(victim)
    with pytest.raises(StackError):
        claim(20_002)
    assert (victim / "20002").read_text() == "precious"


def test_a_folder_of_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S28"""
    folder = tmp_path / "home"
    folder.mkdir()
    stranger = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: stranger)
    with pytest.raises(StackError, match="not a folder of yours"):
        private_folder(folder)
    with pytest.raises(StackError, match="not a folder of yours"):
        Home(folder).take(fresh=False)


def test_the_status_is_for_its_owner_and_has_no_password(tmp_path: Path) -> None:
    """S28"""
    home = Home(tmp_path / "home")
    home.take(fresh=False)
    try:
        url = without_password("mongodb://me:s3cret@one:1,two:2/?replicaSet=rs0")
        status: dict[str, Any] = {"state": "running", "mongod": url}
        home.write_status(status)
        assert mode_of(home.path) == 0o700
        assert mode_of(home.status_file) == 0o600
        assert json.loads(home.status_file.read_text())["mongod"] == (
            "mongodb://me@one:1,two:2/?replicaSet=rs0"
        )
    finally:
        home.release()
