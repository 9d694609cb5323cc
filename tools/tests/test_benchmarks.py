"""What benchmarks compute from what they measure."""

import json
import random
from collections.abc import Mapping
from typing import Any

import pytest
from benchmarks.against import changes
from benchmarks.latency import arrivals
from benchmarks.measuring import absolute, open_loop, ratio_of
from benchmarks.requests import count


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
