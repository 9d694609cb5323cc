"""The first and last line of a process, and the build that its metrics name."""

import logging
import re

import pytest

from zugabe_events.cli.sequencer import Settings
from zugabe_events.observability.metrics import REGISTRY
from zugabe_events.runtime.process_log import logged

SETTINGS = Settings(
    mongo_url="mongodb://reader@db.example:27017/?replicaSet=rs0",
    kafka="127.0.0.1:9092",
    unsigned_messages=True,
    logs="bonus",
    instance="s-1",
)


def test_start_and_stop_are_a_line_each_with_what_differs_from_the_defaults(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    with logged("sequencer", "127.0.0.1:8120", SETTINGS):
        [started] = caplog.messages
    version = r"\d+\.\d+\.\d+"
    assert re.match(rf"sequencer {version} starts at 127.0.0.1:8120 with ", started)
    assert "ZUGABE_KAFKA=127.0.0.1:9092" in started
    assert "ZUGABE_HOST" not in started, "it has its default"
    assert "db.example" not in started, "an address that may have a password"
    assert caplog.messages[1:] == ["sequencer stopped"]


def test_a_process_that_fails_has_not_stopped_in_order(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with pytest.raises(OSError, match="no address"), logged("sequencer", "nowhere", SETTINGS):
        raise OSError("no address")
    assert "sequencer stopped" not in caplog.messages


def test_the_build_is_a_metric() -> None:
    with logged("sequencer", "127.0.0.1:8120", SETTINGS):
        [found] = [metric for metric in REGISTRY.collect() if metric.name == "zugabe_build"]
    assert found.samples[0].labels["program"] == "sequencer"
