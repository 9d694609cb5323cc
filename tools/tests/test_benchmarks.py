"""Figures that benchmarks compute from measurements."""

import asyncio
import itertools
import json
import random
from collections.abc import Mapping
from typing import Any

import bson
import pytest
from benchmarks.against import changes
from benchmarks.floor import CHANGES, Batches, commit_of, document_of
from benchmarks.latency import arrivals
from benchmarks.measuring import absolute, open_loop, ratio_of
from benchmarks.requests import count
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions


def test_requests_are_counted_by_process_and_kind() -> None:
    def line(command: Mapping[str, Any], remote: str, operation: str = "command") -> str:
        attributes = {"type": operation, "remote": remote, "command": command}
        return json.dumps({"msg": "Slow query", "attr": attributes})

    log = [
        json.dumps({"msg": "Connection accepted", "attr": {"remote": "127.0.0.1:5001"}}),
        line({"insert": "commits"}, "127.0.0.1:5001"),
        line({"insert": "sequence"}, "127.0.0.1:5001"),
        line({"update": "positions"}, "127.0.0.1:5002"),
        line({"q": {}, "u": {}}, "127.0.0.1:5002", "update"),  # a part of the update above
        line({"hello": 1}, "127.0.0.1:5002"),
        line({"find": "commits"}, "127.0.0.1:9999"),
    ]
    counts = count(log, {5001: "checkout", 5002: "bonus"})
    assert counts == {("checkout", "insert"): 2, ("bonus", "update"): 1}


def test_a_change_is_the_median_of_its_turns() -> None:
    turns = [
        ([absolute("rate", old, "/s")], [absolute("rate", new, "/s")])
        for old, new in ((10, 20), (40, 50), (20, 30))
    ]
    [rate] = changes(turns)
    assert (rate.old, rate.new, rate.ratio, rate.spread) == (20, 30, 1.5, (1.25, 2.0))


def test_of_a_figure_with_a_raw_side_the_ratio_changes() -> None:
    old, new = (ratio_of("pipeline", [pair], unit="/s") for pair in ((40, 100), (60, 100)))
    [change] = changes([([old], [new])])
    assert (change.old, change.new, change.unit) == (0.4, 0.6, "")
    assert change.ratio == pytest.approx(1.5)


def test_arrivals_have_the_rate_asked_for() -> None:
    times = list(arrivals(50, 100, random.Random(7)))
    assert times == sorted(times)
    assert times[-1] < 100
    assert len(times) == pytest.approx(5_000, rel=0.05)


async def test_an_open_loop_counts_from_when_work_was_due() -> None:
    started = 0

    async def work() -> None:
        nonlocal started
        started += 1

    milliseconds = await open_loop(work, (-0.5, -0.5, 0.0))
    assert started == 3
    assert sorted(ms >= 500 for ms in milliseconds) == [False, True, True]


def test_the_floor_writes_as_much_as_the_product() -> None:
    """Sizes as the product stores them, in bytes."""
    about = {"user": "u0-0-0", "order": "o-u0-0-0-4", "part": 4}
    options = CodecOptions[dict[str, Any]](uuid_representation=UuidRepresentation.STANDARD)

    def size(document: dict[str, Any]) -> int:
        return len(bson.encode(document, codec_options=options))

    commits = {"ask": 671, "vouchers": 902, "bonus": 909, "place": 2368, "redeem": 829}
    for kind, stored in (commits | {"accrue": 1290}).items():
        assert size(commit_of(kind, about)) == pytest.approx(stored, rel=0.05), kind
    for change in itertools.chain.from_iterable(CHANGES.values()):
        document = {"_id": f"d1/{about['order']}", **document_of(change, about)}
        assert size(document) == pytest.approx(change.size, abs=43), change


async def test_a_batch_is_what_has_gathered_and_fails_as_a_whole() -> None:
    batches = []

    async def work(items: list[int]) -> None:
        batches.append(items)
        await asyncio.sleep(0)
        if 3 in items:
            raise ValueError(items)

    gathering = Batches(work)
    first = asyncio.create_task(gathering.do(1))
    while not batches:
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(
        *(gathering.do(number) for number in (2, 3)), return_exceptions=True
    )
    await first
    assert batches == [[1], [2, 3]]
    assert all(isinstance(outcome, ValueError) for outcome in outcomes)
