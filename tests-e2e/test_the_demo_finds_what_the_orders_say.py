"""`zugabe demo` over real orders, and its import of a file that somebody has spoilt.

The same run is read by a client that knows nothing of Zugabe but its released schemas.
"""

import asyncio
import contextlib
import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from stories.dealer import Dealer
from stories.independent import CODE, findings, purchases

from zugabe.demo import order_import
from zugabe.demo.client import client
from zugabe.demo.order_import import Import
from zugabe.demo.report import COUNTS, write_report
from zugabe.demo.rows import BadRow, read_rows
from zugabe.demo.world import set_up

pytestmark = pytest.mark.integration

PATIENCE_SECONDS = 400
STOPPING_SECONDS = 60
DEMO = (str(Path(sys.executable).with_name("zugabe")), "demo")
UP = "Ctrl-C stops everything."
OWN_PARTS = {"ZUGABE_KAFKA": "", "ZUGABE_MONGO_URL": ""}

SPOILT = {
    3: (b"101,1997-01-02,2", "3 cells instead of 4"),
    4: (b"102,1997-01-02,1,5.00,EUR", "5 cells instead of 4"),
    5: (b"K\xfcnstler,1997-01-02,1,5.00", "not UTF-8"),
    6: (b"103,1997-01-02,-1,5.00", "units '-1' is not a whole number from 1 to 1000"),
    7: (b"104,1997-01-02,1,NaN", "usd 'NaN' is not an amount of at least 0 with whole cents"),
    8: (b"105,2999-01-01,1,5.00", "day 2999-01-01 does not lie in the past"),
    9: (b"106,1997-02-29,1,5.00", "day '1997-02-29' is not YYYY-MM-DD"),
    10: (b"9" * 2_000_000, "longer than 1000 bytes"),
    11: (b"107,1997-01-02,1,0.005", "usd '0.005' is not an amount"),
}


def rows(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that has written its report and is still up."""

    report: Path
    kafka: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Generator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    told = folder / "told.txt"
    with told.open("w") as out:
        running = subprocess.Popen(
            [*DEMO, "--report", "report"],
            cwd=folder,
            env=os.environ | OWN_PARTS | {"ZUGABE_HOME": str(folder / "home")},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while UP not in told.read_text():
            assert running.poll() is None, told.read_text()
            assert time.monotonic() < deadline, told.read_text()
            time.sleep(0.2)
        status = json.loads((folder / "home" / "status.json").read_text())
        yield Demo(folder / "report", status["kafka"])
    finally:
        running.send_signal(signal.SIGINT)
        try:
            ended = running.wait(STOPPING_SECONDS)
        finally:
            running.kill()
    assert ended == 0, told.read_text()


def test_the_demo_ends_after_its_report_when_asked_to(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("customer,day,units,usd\n100,1997-01-01,1,10.00\n")
    ended = subprocess.run(
        [*DEMO, "--exit", "--report", "report", "--orders", str(orders)],
        cwd=tmp_path,
        env=os.environ | OWN_PARTS | {"ZUGABE_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert UP not in ended.stdout
    assert json.loads((tmp_path / "report" / "summary.json").read_text())["orders"] == 1


def test_the_demo_finds_what_an_independent_calculation_finds(demo: Demo) -> None:
    """VO-16, VO-31, VO-32, BO-1, BO-14, BO-20, BO-41, Q8, Q9, X-8, X-10, X-30: all real orders."""
    with as_file(files("zugabe") / "data" / "cdnow-sample.csv") as sample:
        expected = findings(purchases(sample))
    report = demo.report
    summary = json.loads((report / "summary.json").read_text())
    assert summary == expected["summary"]
    assert summary["vouchers_issued"] == 2_357, "so many first orders"

    header, *accounts = rows(report / "accounts.csv")
    assert header == ["customer", "orders", "points_accrued", "points_redeemed"]
    assert accounts == [
        [customer, *map(str, counts)] for customer, counts in sorted(expected["accounts"].items())
    ]
    header, *vouchers = rows(report / "vouchers.csv")
    assert header == ["customer", "code", "status"]
    assert sorted(vouchers) == [
        [customer, CODE, status] for customer, status in sorted(expected["vouchers"].items())
    ]


def test_a_foreign_client_finds_every_message_as_it_was_announced(demo: Demo) -> None:
    """X-14: CloudEvents headers and released schemas are all that another system needs."""
    script = Path(__file__).parent / "stories" / "foreign.py"
    ended = subprocess.run(
        [sys.executable, str(script), demo.kafka],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["foreign"], "the client has loaded code of ours"
    assert found["wrong"] == []
    assert found["topics"] == ["bonus", "catalog-shops", "checkout", "onboarding", "vouchers"]
    summary = json.loads((demo.report / "summary.json").read_text())
    assert found["types"]["order-placed"] == 6_919
    assert found["types"]["voucher-issued"] == summary["vouchers_issued"]
    assert found["types"]["voucher-redeemed"] == summary["vouchers_redeemed"]


async def test_a_bad_row_is_named_with_its_line_and_reason_and_the_rest_is_imported(
    dealer: Dealer, tmp_path: Path
) -> None:
    """X-30: whatever stands in the file."""
    path = tmp_path / "spoilt.csv"
    lines = [b"customer,day,units,usd", b"100,1997-01-01,1,10.00"]
    lines += [raw for raw, _ in SPOILT.values()]
    lines += [b"", b"100,1997-01-05,3,20.00", b"108,1997-01-03,1,30.00"]
    path.write_bytes(b"\n".join(lines))

    module = await dealer.order_module()
    warned: list[BadRow] = []
    rights = ("import-orders", "edit-bonus-settings", "edit-campaigns")
    bearer = dealer.stack.token("dealer-staff", dealer=dealer.name, rights=rights)
    async with client(dealer.stack.addresses, f"/dealers/{dealer.name}", bearer, 10) as staff:
        await set_up(staff, [module])
        imported = await Import(staff, lambda _: None, warned.append).run(read_rows(path))
        buyers = {
            buyer["user"]: (buyer["orders"], buyer["goods_cents"], buyer["vouchers_redeemed"])
            async for buyer in staff.pages("checkout", "/buyers", imported.tokens.values())
        }

    assert [row.line for row in warned] == list(SPOILT)
    for row in warned:
        assert row.reason.startswith(SPOILT[row.line][1])
    assert (imported.placed, imported.bad_rows) == (3, len(SPOILT))
    assert buyers == {"100": (2, 3_000, 1), "108": (1, 3_000, 0)}


async def test_an_import_that_was_interrupted_is_repeated_by_two_at_once(
    dealer: Dealer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X-12, X-30: what comes out is what an independent calculation finds."""
    monkeypatch.setattr(order_import, "MAX_ORDERS", 15)
    path = tmp_path / "orders.csv"
    with as_file(files("zugabe") / "data" / "cdnow-sample.csv") as sample:
        lines = sample.read_text().splitlines(keepends=True)[:301]
    path.write_text("".join(lines))
    bearer = dealer.stack.token(
        "dealer-staff",
        dealer=dealer.name,
        rights=("import-orders", "edit-bonus-settings", "edit-campaigns"),
    )
    module = await dealer.order_module()
    bad: list[BadRow] = []
    finished = asyncio.Queue[int]()
    async with client(dealer.stack.addresses, f"/dealers/{dealer.name}", bearer, 20) as staff:
        await set_up(staff, [module])

        def run() -> asyncio.Task[order_import.Imported]:
            imports = Import(staff, finished.put_nowait, bad.append)
            return asyncio.create_task(imports.run(read_rows(path)))

        interrupted = run()
        await finished.get()
        interrupted.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await interrupted
        imported = await asyncio.gather(run(), run())
        tokens = {token for one in imported for token in one.tokens.values()}
        latest: dict[str, str] = {}
        order_import.put_newest(latest, ",".join(tokens))
        summary = await write_report(staff, latest.values(), tmp_path)

    assert bad == []
    for one in imported:
        assert one.placed + one.there_already == 300
    assert sum(one.placed for one in imported) < 300, "the first one had placed some"
    expected = findings(purchases(path))["summary"]
    assert summary == dict.fromkeys(COUNTS, 0) | expected
    assert summary["vouchers_redeemed"] > 10
