import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import jwt
import pytest

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

    told = json.loads(zugabe("status", "--json").stdout)
    assert told["state"] == "running"
    again = zugabe("up", "--bare", "--detach")
    assert again.returncode == 1
    assert "already running" in again.stderr

    options = ("--role", "user", "--dealer", "d1", "--user", "u1", "--rights", "a,b")
    token = zugabe("token", *options).stdout.strip()
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["iss"], claims["sub"], claims["rights"]) == (told["issuer"], "u1", ["a", "b"])

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
