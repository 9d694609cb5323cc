"""Services are forked from one process that has imported them."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from pathlib import Path

import psutil
import pytest

from zugabe.errors import StackError
from zugabe.launcher import Fork, Launcher
from zugabe.processes import Processes

pytestmark = pytest.mark.integration


@pytest.fixture
async def launcher(tmp_path: Path) -> AsyncGenerator[Launcher]:
    started = Launcher(["vouchers", "bonus"], tmp_path / "launcher.log", os.environ)
    await started.start()
    yield started
    await started.stop()


def deploying(launcher: Launcher, service: str, logs: Path, **environment: str) -> Fork:
    log = logs / f"{service}.log"
    return Fork(launcher, f"{service}-deploy", service, ["deploy"], log, environment)


async def test_each_process_has_arguments_environment_and_log_of_its_own(
    launcher: Launcher, tmp_path: Path
) -> None:
    here = {"ZUGABE_PORT": "8103", "ZUGABE_KAFKA": "127.0.0.1:9"}
    vouchers = deploying(launcher, "vouchers", tmp_path, **here)
    bonus = deploying(launcher, "bonus", tmp_path, ZUGABE_PORT="no port")
    processes = Processes(lambda: None)
    for fork in (vouchers, bonus):
        with pytest.raises(StackError) as failed:
            await processes.run(fork)
        assert failed.value.sentence == f"{fork.name} failed (exit code 2)."
        assert f"{fork.program} does not start with these settings" in failed.value.log
    assert "ZUGABE_KAFKA" not in vouchers.tail()
    assert "ZUGABE_KAFKA" in bonus.tail()
    assert "ZUGABE_PORT" in bonus.tail()


async def test_a_process_is_killed_alone_and_its_end_is_told(
    launcher: Launcher, tmp_path: Path
) -> None:
    first, second = (
        Fork(launcher, name, "vouchers", ["--help"], tmp_path / f"{name}.log", {})
        for name in ("first", "second")
    )
    await first.start()
    assert await first.wait() == 0
    assert first.pid is None
    assert "Serve vouchers until a signal ends it" in first.log.read_text()
    await second.start()
    await second.kill()
    assert second.pid is None


async def test_what_it_has_forked_ends_with_the_launcher(
    launcher: Launcher, tmp_path: Path
) -> None:
    waiting = Fork(
        launcher, "waiting", "vouchers", [], tmp_path / "waiting.log", settings(tmp_path)
    )
    await waiting.start()
    pid = waiting.pid
    assert pid is not None
    parent = psutil.Process(pid).parent()
    assert parent is not None
    parent.send_signal(signal.SIGKILL)
    async with asyncio.timeout(60):
        assert await waiting.wait() != 0
        while psutil.pid_exists(pid):
            await asyncio.sleep(0.01)
    with pytest.raises(StackError, match="The launcher of the services has ended"):
        await deploying(launcher, "bonus", tmp_path).start()


def settings(folder: Path) -> dict[str, str]:
    """Of a service that waits for a MongoDB that is not there."""
    secret = folder / "secret"
    secret.write_text("x" * 32)
    return {
        "ZUGABE_MONGO_URL": "mongodb://127.0.0.1:9/?replicaSet=rs0",
        "ZUGABE_KAFKA": "127.0.0.1:9",
        "ZUGABE_ISSUER": "http://127.0.0.1:9",
        "ZUGABE_CLIENT_ID": "vouchers",
        "ZUGABE_CLIENT_SECRET_FILE": str(secret),
        "ZUGABE_PORT": "9",
    }
