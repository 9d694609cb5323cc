import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import jwt
import pytest

from zugabe.services import mongo_settings
from zugabe.supervisor import Stack


class Zugabe:
    """The command line as a person has it: a process with a state directory."""

    def __init__(self, home: Path, kafka: str, mongo: str) -> None:
        given = {"ZUGABE_HOME": str(home), "ZUGABE_KAFKA": kafka, "ZUGABE_MONGO_URL": mongo}
        self.env = os.environ | given

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "zugabe", *words]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)


@pytest.fixture
def zugabe(bare: Stack, tmp_path: Path) -> Zugabe:
    return Zugabe(tmp_path, bare.addresses["kafka"], bare.addresses["mongod"])


def test_a_stack_in_the_background_from_up_to_down(zugabe: Zugabe) -> None:
    up = zugabe("up", "--bare", "--detach")
    assert up.returncode == 0, up.stderr

    status = json.loads(zugabe("status", "--json").stdout)
    assert status["state"] == "running"
    again = zugabe("up", "--bare", "--detach")
    assert again.returncode == 1
    assert "already running" in again.stderr

    options = ("--role", "user", "--dealer", "d1", "--user", "u1", "--rights", "a,b")
    token = zugabe("token", *options).stdout.strip()
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["iss"], claims["sub"], claims["rights"]) == (status["issuer"], "u1", ["a", "b"])

    assert zugabe("down").returncode == 0
    assert json.loads(zugabe("status", "--json").stdout) == {"state": "stopped"}


@pytest.mark.parametrize("command", ["status", "down", "token --role user", "verify"])
def test_without_a_stack_one_sentence_says_what_to_do(zugabe: Zugabe, command: str) -> None:
    done = zugabe(*command.split())
    assert done.returncode == 1
    assert done.stderr.startswith("No stack is running in ")
    assert done.stderr.count("\n") == 1


def test_a_start_that_fails_in_the_background_is_told_in_the_foreground(zugabe: Zugabe) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        up = zugabe("up", "--bare", "--detach", "--port", f"smtp={port}")
    assert up.returncode == 1
    assert f"Port {port} for smtp is taken" in up.stderr
    assert "Traceback" not in up.stderr


def test_the_command_line_explains_and_checks_the_settings_of_a_process() -> None:
    def config(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "zugabe", "config", *words]
        given = {"PATH": os.environ["PATH"], "COLUMNS": "200", **env}
        return subprocess.run(command, env=given, capture_output=True, text=True, check=False)

    printed = config("checkout", "--print").stdout
    assert re.search(r"ZUGABE_HOLD_SECONDS +900 ", printed)
    assert re.search(r"ZUGABE_KAFKA +required ", printed)
    assert "mongodb://[user@]host" in printed

    checked = config(
        "sequencer",
        ZUGABE_KAFKA="one:9092",
        ZUGABE_LOGS="bonus, x y",
        ZUGABE_UNSIGNED_MESSAGES="true",
    )
    assert checked.returncode == 2
    assert checked.stderr.splitlines()[2:4] == [
        "  ZUGABE_MONGO_URL  is missing",
        "  ZUGABE_LOGS       logs are names of services, with commas between",
    ]
    assert config("nobody").stderr.startswith("There is no process 'nobody'")


def test_a_password_in_a_given_address_reaches_the_services_as_a_file(tmp_path: Path) -> None:
    settings = mongo_settings("mongodb://me:p%40ss@one:1,two:2/?replicaSet=rs0", tmp_path)
    assert settings["ZUGABE_MONGO_URL"] == "mongodb://me@one:1,two:2/?replicaSet=rs0"
    file = Path(settings["ZUGABE_MONGO_PASSWORD_FILE"])
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("p@ss", 0o600)
    assert mongo_settings(settings["ZUGABE_MONGO_URL"], tmp_path) == settings  # from status.json
    file.unlink()
    assert mongo_settings("mongodb://me@one/", tmp_path) == {
        "ZUGABE_MONGO_URL": "mongodb://me@one/"
    }
