"""A log line says which request it belongs to, and nothing about people."""

import asyncio
import io
import json
import logging
import sys
import time
from collections.abc import Generator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter, Request

from zugabe_events.http.app import http_app
from zugabe_events.observability import tracing
from zugabe_events.observability.context import current_correlation
from zugabe_events.observability.logging import JsonFormatter, PlainFormatter, log_to_stderr, masked

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def written() -> Generator[io.StringIO]:
    """The output of `JsonFormatter` for everything that is logged meanwhile."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter("vouchers", "vouchers-2"))
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


async def test_a_failing_request_is_one_line_of_json_without_what_it_carried(
    written: io.StringIO,
) -> None:
    router = APIRouter()

    @router.post("/break")
    async def break_(request: Request) -> None:
        raise ValueError(f"cannot read {await request.body()!r} of {request.headers}")

    app = http_app("sample", [router])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
        answer = await http.post(
            "/break",
            json={"email": "anna.ast@example.org"},
            headers={
                "Authorization": "Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2ln",
                "X-Correlation-Id": "request-7",
                "traceparent": PARENT,
            },
        )
    assert answer.status_code == 500
    [line] = lines(written)
    assert line["correlation"] == answer.json()["instance"] == "request-7"
    assert line["trace"] == PARENT.split("-")[1]
    assert (line["level"], line["service"], line["instance"]) == ("ERROR", "vouchers", "vouchers-2")
    assert "ValueError: cannot read" in line["error"]
    assert "test_logging.py" in line["error"]
    for personal in ("anna", "example.org", "eyJ", "c2ln"):
        assert personal not in written.getvalue()


async def test_requests_side_by_side_keep_their_own_ids(written: io.StringIO) -> None:
    router = APIRouter()
    log = logging.getLogger("sample")

    @router.get("/say/{what}")
    async def say(what: str) -> None:
        await asyncio.sleep(0.01)
        log.warning(what)

    app = http_app("sample", [router])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
        await asyncio.gather(
            *(http.get(f"/say/{n}", headers={"X-Correlation-Id": f"r-{n}"}) for n in range(3))
        )
    said = {line["message"]: line["correlation"] for line in lines(written)}
    assert said == {"0": "r-0", "1": "r-1", "2": "r-2"}
    assert current_correlation.get() is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("no route to mongodb://admin:hunter2@db.example:27017/x", "db.example:27017/x"),
        ("smtp://user%40shop.de:pw@relay", "@relay"),
        ("550 <anna+1@mail.example.org> unknown", "550 <"),
        ("Authorization: bearer abc.def", "Authorization: bearer"),
        ("half a pair \ud800", "half a pair"),
    ],
)
def test_what_nobody_should_read_is_masked(said: str, kept: str) -> None:
    shown = masked(said)
    assert kept in shown
    for hidden in ("hunter2", "pw", "anna", "abc", "admin"):
        assert hidden not in shown
    assert shown.encode()


def test_consumers_and_lanes_are_no_addresses() -> None:
    place = f"vouchers.orders@checkout/{uuid4()}/3"
    assert masked(place) == place


@pytest.mark.parametrize(("terminal", "kind"), [(True, PlainFormatter), (False, JsonFormatter)])
def test_people_at_a_terminal_get_plain_text(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, kind: type
) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    stream.isatty = lambda: terminal  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", stream)
    try:
        log_to_stderr("vouchers", "a")
        logging.getLogger("aiokafka.consumer").error("careful")
        assert type(root.handlers[0].formatter) is kind
        assert "careful" in stream.getvalue()
        assert stream.getvalue().startswith("{") is not terminal
    finally:
        logging.captureWarnings(False)
        root.handlers[:], root.level = handlers, level


@pytest.mark.parametrize("sent", ["", "garbage", PARENT + "0", PARENT.upper(), "ff" + PARENT[2:]])
def test_what_is_no_traceparent_goes_nowhere(sent: str) -> None:
    tracing.continue_trace(sent)
    assert tracing.current_traceparent() is None


@pytest.mark.parametrize("sign", ["a", "a.", "://", "x@", "eyJ.", "Bearer "])
def test_a_long_message_is_masked_in_no_time(sign: str) -> None:
    """S26: a client can have anything of any length logged."""
    began = time.perf_counter()
    masked(sign * 100_000)
    assert time.perf_counter() - began < 2


def test_an_address_is_masked_wherever_it_stands() -> None:
    text = "an <anna@acme.example>, bert.b+c@x-y.co.uk; to=cleo@z.de! und a@b"
    assert masked(text) == "an <[…]>, […]; […]! und a@b"
