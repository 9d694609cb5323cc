import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import aiohttp
import psutil
import pytest

from zugabe.child import Child
from zugabe.errors import StackError
from zugabe.home import Home
from zugabe.processes import Processes
from zugabe.services import ALL
from zugabe.supervisor import Stack

type Fakes = Callable[..., Stack]

TWO = ("vouchers", "catalog-shops")


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


async def environment_of(url: str) -> dict[str, str]:
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        return dict(json.loads(await answer.text()))


async def test_every_service_learns_where_the_others_are(fakes: Fakes) -> None:
    async with fakes() as stack:
        environment = await environment_of(stack.addresses["catalog-shops"])
        urls = dict(entry.split("=") for entry in environment["ZUGABE_SERVICES"].split(","))
        assert urls == {service: stack.addresses[service] for service in ALL}
        assert environment["ZUGABE_MONGO_URL"] == stack.addresses["mongod"]
        assert environment["ZUGABE_SMTP_URL"] == stack.addresses["smtp"]
        assert environment["ZUGABE_CLIENT_ID"] == "catalog-shops"
        assert os.stat(environment["ZUGABE_CLIENT_SECRET_FILE"]).st_mode & 0o777 == 0o600
        assert environment["ZUGABE_INSTANCE"] == "catalog-shops"
        assert environment["ZUGABE_LOGS"] == ",".join(ALL)
        assert set(stack.home.status()["pids"]) == {"zugabe", "sequencer", "web", *ALL}


async def test_a_service_killed_on_purpose_is_no_failure_and_comes_back(fakes: Fakes) -> None:
    async with fakes(services=TWO) as stack:
        url, before = stack.addresses["vouchers"], stack.pid("vouchers")
        await stack.kill("vouchers")
        assert not psutil.pid_exists(before)
        assert stack.failure is None
        assert await stack.start_process("vouchers", extra_env={"SLOW": "yes"}) == url
        assert (await environment_of(url))["SLOW"] == "yes"


async def test_a_second_replica_has_a_port_and_a_log_of_its_own(fakes: Fakes) -> None:
    async with fakes(services=TWO) as stack:
        url = await stack.start_process("vouchers", replica=2)
        assert url != stack.addresses["vouchers"]
        environment = await environment_of(url)
        assert (environment["ZUGABE_CLIENT_ID"], environment["ZUGABE_INSTANCE"]) == (
            "vouchers",
            "vouchers-2",
        )
        assert stack.home.status()["services"]["vouchers-2"] == url
        await stack.stop_process("vouchers-2")
        await stack.start_process("vouchers-2")
        with pytest.raises(StackError, match="vouchers-2 is running already"):
            await stack.start_process("vouchers", replica=2)


async def test_a_service_that_ends_by_itself_is_told_with_its_log(fakes: Fakes) -> None:
    async with fakes(services=TWO) as stack:
        pids = [stack.pid(name) for name in (*TWO, "sequencer")]
        with pytest.raises(aiohttp.ClientError):
            await environment_of(stack.addresses["vouchers"] + "/die")
        failure = await stack.failed()
    assert failure.sentence == "vouchers ended by itself (exit code 3)."
    assert "the till is on fire" in failure.log
    assert stack.home.status()["message"] == failure.sentence
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_a_service_that_cannot_deploy_stops_the_start(fakes: Fakes) -> None:
    with pytest.raises(StackError, match=r"vouchers-deploy failed \(exit code 1\)") as refused:
        fakes({"CANNOT_DEPLOY": "vouchers"}).__enter__()
    assert "no room for an index" in refused.value.log


@pytest.mark.integration
async def test_a_process_that_ends_while_it_starts_is_noticed_at_once(tmp_path: Path) -> None:
    program = (sys.executable, "-c", "import sys; sys.exit('out of cash')")
    child = Child("till", program, tmp_path / "till.log")

    async def never_ready() -> None:
        await asyncio.Event().wait()

    with pytest.raises(
        StackError, match=r"till ended while it was starting \(exit code 1\)"
    ) as end:
        async with asyncio.timeout(60):
            await Processes(lambda: None).start(child, never_ready)
    assert "out of cash" in end.value.log


def test_a_port_that_was_asked_for_and_is_taken_is_told(fakes: Fakes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(StackError, match=f"Port {port} for bonus is taken"):
            fakes(services=("bonus",), ports={"bonus": port}).__enter__()


def test_one_home_holds_one_stack(fakes: Fakes) -> None:
    with fakes(services=()) as stack:
        with pytest.raises(StackError, match="already running"):
            fakes(services=()).__enter__()
        assert stack.home.status()["state"] == "running"
    assert stack.home.status() == {"state": "stopped"}


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zugabe.home.MIN_FREE_BYTES", 2**80)
    with pytest.raises(StackError, match="Less than 1 GiB of disk space is free"):
        Home(tmp_path).take(fresh=False)


@pytest.mark.integration
async def test_a_start_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    own = {"ZUGABE_KAFKA": "", "ZUGABE_MONGO_URL": ""}
    stack = Stack(tmp_path, services=(), env=own)
    starting = asyncio.create_task(stack.__aenter__())
    await asyncio.to_thread(wait_until, lambda: len(stack.pids()) == 2)
    pids = list(stack.pids().values())
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert not Home(tmp_path).is_taken()


@pytest.mark.integration
def test_a_killed_supervisor_leaves_nothing_running(tmp_path: Path) -> None:
    program = f"""
import pathlib, time
from zugabe.supervisor import Stack
own = {{"ZUGABE_KAFKA": "", "ZUGABE_MONGO_URL": ""}}
with Stack(pathlib.Path({str(tmp_path)!r}), services=(), env=own):
    print("up", flush=True)
    time.sleep(60)
"""
    supervisor = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert supervisor.stdout
    assert supervisor.stdout.readline() == b"up\n"
    pids = Home(tmp_path).status()["pids"]
    assert set(pids) == {"zugabe", "kafka", "mongod"}

    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()
    supervisor.stdout.close()

    wait_until(lambda: not any(psutil.pid_exists(pid) for pid in pids.values()))
    assert Home(tmp_path).status() == {"state": "stopped"}
