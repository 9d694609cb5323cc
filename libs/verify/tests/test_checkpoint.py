"""An audit that was interrupted goes on where it was, and one without Kafka ends."""

import pickle
import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from verify_tests.audited import PREFIX, Audited
from verify_tests.world import World

from zugabe_verify import kafka_timeout
from zugabe_verify.checkpoint import OtherAuditError
from zugabe_verify.findings import Finding
from zugabe_verify.kafka_timeout import KafkaAwayError
from zugabe_verify.progress import Progress
from zugabe_verify.service_audit import ServiceAudit
from zugabe_verify.spill import Spill
from zugabe_verify.verify import verify


class InterruptedHereError(Exception):
    pass


class Interrupting(Progress):
    """Counts the batches of events that are read; the audit ends after a given number."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.read = 0

    def step(self, what: str, done: int, total: int) -> None:
        if what.endswith("events of the log"):
            self.read += 1
            if self.read > self.most:
                raise InterruptedHereError


async def findings(audited: Audited, folder: Path | None, progress: Progress) -> list[Finding]:
    return await verify(
        audited.mongo,
        business=True,
        prefix=PREFIX,
        history=audited.history,
        resume=folder,
        progress=progress,
    )


async def test_an_audit_that_was_interrupted_again_and_again_finds_the_same(
    audited: Audited, world: World, tmp_path: Path
) -> None:
    """Faults in all three logs, and in their effects; none is lost or told twice."""
    for service, name in (
        ("vouchers", "voucher-redeemed"),
        ("bonus", "points-accrued"),
        ("checkout", "order-placed"),
    ):
        for commit in world.all(service, "commits"):
            for event in commit["events"]:
                if event["name"] == name:
                    event["name"] = f"not-{name}"
    world.write(audited.client, PREFIX, audited.world)
    whole = Interrupting(10**9)
    expected = await findings(audited, None, whole)
    assert len(expected) > 5

    interrupted, most = 0, whole.read // 5
    folder = tmp_path / "kept"
    while True:
        progress = Interrupting(most)
        try:
            found = await findings(audited, folder, progress)
        except InterruptedHereError:
            interrupted += 1
            assert interrupted < 50
        else:
            break
    assert found == expected
    assert interrupted > 3
    assert progress.read < whole.read / 2
    assert list(folder.iterdir()) == []


async def test_a_folder_of_another_audit_is_refused(
    audited: Audited, world: World, tmp_path: Path
) -> None:
    with pytest.raises(InterruptedHereError):
        await findings(audited, tmp_path, Interrupting(3))
    with pytest.raises(OtherAuditError):
        await verify(audited.mongo, services=["bonus"], resume=tmp_path)


async def test_a_topic_that_sends_nothing_is_not_awaited_for_ever(
    audited: Audited, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kafka went away in the middle: it says so, and that is no finding."""
    monkeypatch.setattr(kafka_timeout, "KAFKA_TIMEOUT_SECONDS", 0.5)
    begin = ServiceAudit.begin

    async def begin_and_lose(audit: ServiceAudit, folder: Path) -> object:
        under_way = await begin(audit, folder)
        assert under_way is not None
        assert under_way.ends is not None
        under_way.ends = {part: end + 1_000 for part, end in under_way.ends.items()}
        return under_way

    monkeypatch.setattr(ServiceAudit, "begin", begin_and_lose)
    with pytest.raises(KafkaAwayError, match=r"vouchers/0"):
        await verify(audited.mongo, audited.kafka, services=["vouchers"])


def test_the_command_ends_with_2_when_kafka_is_away(audited: Audited) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{nobody.getsockname()[1]}"
        program = (
            "from zugabe_verify import cli, kafka_timeout; "
            "kafka_timeout.KAFKA_TIMEOUT_SECONDS = 2; cli.main()"
        )
        words = ["vouchers", "--mongo", audited.mongo, "--kafka", where, "--quiet"]
        ended = subprocess.run(
            [sys.executable, "-c", program, *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert ended.returncode == 2
    assert "The audit could not be finished: " in ended.stderr


class Row(msgspec.Struct, array_like=True, frozen=True):
    number: int


def test_rows_that_came_after_it_was_kept_are_forgotten(tmp_path: Path) -> None:
    spill = Spill(tmp_path / "rows", Row)
    for number in range(1_000):
        spill.put(f"k{number % 7}", Row(number))
    kept = pickle.dumps(spill)
    spill.put("k1", Row(5_000))
    list(spill.groups())
    again: Spill[Row] = pickle.loads(kept)
    again.put("k1", Row(6_000))
    numbers = sorted(row.number for _, rows in again.groups() for row in rows)
    assert numbers == [*range(1_000), 6_000]
