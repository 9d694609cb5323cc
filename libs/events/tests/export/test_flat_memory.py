"""X-18: a list of any length is exported in the same memory, by a process that goes on answering.

`EXPORT_ROWS=1000000` tries it with a million rows; CI has fewer, and the same bounds.
"""

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import aiohttp
import pytest
from kernel_tests import loan_service
from kernel_tests.loan_service import STAFF
from kernel_tests.loans import NOON, InMongo, Loan

from zugabe.testing import Parts
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_testing.callers import signed_in

ROWS = int(os.environ.get("EXPORT_ROWS", "50000"))
LIST = "/dealers/acme/loans"
MOST_GROWTH_KB = 20_000
"""Some thousand rows more in memory would show."""


@dataclass(frozen=True, slots=True)
class Service:
    http: aiohttp.ClientSession
    pid: int

    def peak_kb(self) -> int:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        [line] = [line for line in lines if line.startswith("VmHWM:")]
        return int(line.split()[1])

    async def export(self, path: str, into: Path) -> float:
        """Seconds until the first bytes; none of them is kept in memory."""
        began, first = time.perf_counter(), 0.0
        async with self.http.get(LIST + path) as answer:
            assert answer.status == 200, await answer.text()
            with into.open("wb") as file:
                async for chunk in answer.content.iter_any():
                    first = first or time.perf_counter() - began
                    file.write(chunk)
        return first

    async def running(self) -> int:
        async with self.http.get(f"{LIST}/running") as answer:
            number: int = await answer.json()
            return number


@asynccontextmanager
async def service(name: str, mongo: str) -> AsyncGenerator[Service]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(loan_service.__file__)
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        str(program),
        name,
        str(port),
        env={**os.environ, "ZUGABE_MONGO_URL": mongo, "PYTHONPATH": str(program.parents[1])},
    )
    timeout = aiohttp.ClientTimeout(total=None, sock_read=60)
    try:
        async with aiohttp.ClientSession(
            f"http://127.0.0.1:{port}", headers=signed_in(STAFF), timeout=timeout
        ) as http:
            running = Service(http, child.pid)
            async with asyncio.timeout(120):
                while not await answers(running):
                    await asyncio.sleep(0.1)
            yield running
    finally:
        if child.returncode is None:
            child.terminate()
        await child.wait()


async def answers(service: Service) -> bool:
    try:
        return await service.running() == 0
    except aiohttp.ClientConnectionError:
        return False


def loan(number: int) -> Loan:
    reader = "anna" if number % 20 else "bert"
    lent_at = NOON + timedelta(minutes=number % 100_000)
    return Loan("acme", f"l{number:07}", reader, number % 5_000, lent_at, None, "x" * 40)


@pytest.fixture
async def lent(
    db: Database, log_identity: LogIdentity, real_parts: Parts
) -> AsyncGenerator[Service]:
    shelf = await InMongo.deployed(db, log_identity)
    for begin in range(0, ROWS, 10_000):
        await shelf.fill(*map(loan, range(begin, min(begin + 10_000, ROWS))))
    async with service(db.name, real_parts.mongo) as started:
        yield started


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_many_rows_take_the_memory_of_few(lent: Service, form: str, tmp_path: Path) -> None:
    """And while they are sent, others are answered."""
    whole = tmp_path / f"whole.{form}"
    await lent.export(f".{form}?reader=bert", tmp_path / "few")
    before = lent.peak_kb()
    began = time.perf_counter()
    exporting = asyncio.create_task(lent.export(f".{form}", whole))
    slowest = 0.0
    while not exporting.done():
        asked = time.perf_counter()
        await lent.running()
        slowest = max(slowest, time.perf_counter() - asked)
        await asyncio.sleep(0.05)
    first = await exporting
    took = time.perf_counter() - began
    growth = lent.peak_kb() - before
    print(  # noqa: T201
        f"\n{form}: {ROWS:,} rows, {whole.stat().st_size:,} bytes, {took:.1f} s, "
        f"first byte after {first:.2f} s, "
        f"peak {lent.peak_kb() / 1000:.0f} MB, {growth / 1000:+.1f} MB, "
        f"slowest answer meanwhile {slowest:.2f} s"
    )
    assert rows_in(whole) == ROWS + 1, "with the titles"
    assert growth < MOST_GROWTH_KB
    assert slowest < 2


def rows_in(file: Path) -> int:
    if file.suffix == ".csv":
        with file.open("rb") as lines:
            return sum(line.endswith(b"\r\n") for line in lines)
    with ZipFile(file) as workbook, workbook.open("xl/worksheets/sheet1.xml") as sheet:
        left, count = b"", 0
        while chunk := sheet.read(1 << 20):
            count += (left + chunk).count(b"<row>")
            left = chunk[-4:]
    return count


async def test_the_work_ends_with_its_client(lent: Service) -> None:
    answer = await lent.http.get(f"{LIST}.csv")
    await answer.content.readany()
    assert await lent.running() == 1
    answer.close()
    async with asyncio.timeout(120):
        while await lent.running():
            await asyncio.sleep(0.05)
