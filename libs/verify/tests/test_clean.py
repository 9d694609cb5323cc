"""The auditor finds nothing where nothing is wrong, at rest and at work."""

import asyncio
import json
import subprocess
import sys
from uuid import uuid4

import httpx
from verify_tests.audited import PREFIX, Audited
from verify_tests.story import Day

from zugabe_verify.verify import verify


async def test_a_day_of_real_services_is_clean_down_to_kafka(audited: Audited) -> None:
    """N-2, N-7: logs, topics, effects, limits, balances, read models, and answers to clients."""
    found = await verify(audited.mongo, audited.kafka, business=True, history=audited.history)
    assert found == []


async def test_the_copy_is_clean_before_it_is_corrupted(audited: Audited) -> None:
    assert await verify(audited.mongo, services=[], business=True, prefix=PREFIX) == []


async def test_a_system_at_work_is_clean(audited: Audited) -> None:
    """Effects lag behind their causes; only those are demanded that consumers have passed."""
    async with httpx.AsyncClient(timeout=60) as http:
        day = Day(audited.stack, http)
        names = [f"live-{uuid4().hex[:8]}" for _ in range(4)]
        shopping = asyncio.gather(*(buy(day, name) for name in names))
        audits = 0
        while not shopping.done() or audits < 2:
            assert await verify(audited.mongo, audited.kafka, business=True) == []
            audits += 1
        await shopping
    lines = audited.history.with_name("live.jsonl")
    lines.write_text(day.lines())
    assert await verify(audited.mongo, business=True, history=lines) == []


async def buy(day: Day, user: str) -> None:
    for number in range(5):
        more = {"voucher_code": "ZWEITER"} if number else {}
        await day.order(user, f"{user}-{number}", 12_000, if_refused="order-without", **more)
    await day.cancel(user, f"{user}-3")


def test_the_command_says_what_is_wrong_and_how_it_ends(audited: Audited) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from zugabe_verify.cli import main; main()", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    clean = run("vouchers", "--mongo", audited.mongo, "--kafka", audited.kafka, "--quiet")
    assert (clean.returncode, clean.stdout) == (0, "Nothing is wrong.\n"), clean.stderr
    wrong = run("vouchers", "--mongo", audited.mongo, "--prefix", "nobody-", "--json", "--quiet")
    assert wrong.returncode == 1
    [found] = json.loads(wrong.stdout)
    assert (found["kind"], found["service"]) == ("log-missing", "vouchers")
    assert run("shipping", "--mongo", audited.mongo).returncode == 2
