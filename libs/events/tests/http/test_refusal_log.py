"""S11: refusals are lines and numbers, of which nobody can make a flood."""

from uuid import uuid4

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from zugabe_events.http import refusal_log
from zugabe_events.http.authorization import CALLER
from zugabe_events.http.principal import Principal
from zugabe_events.http.problems import REFUSAL
from zugabe_events.http.refusal_log import MAX_LINES, MAX_LINES_BY_CALLER, RefusalLog
from zugabe_events.http.request_limits import RequestLimits
from zugabe_events.observability.metrics import REGISTRY


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def refusals(clock: Clock) -> RefusalLog:
    return RefusalLog(clock)


def asked(address: str = "203.0.113.7", caller: Principal | None = None, code: str = "") -> Request:
    scope = {"type": "http", "client": (address, 5000), "headers": [], REFUSAL: code}
    return Request({**scope, CALLER: caller} if caller else scope)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == refusal_log.__name__]


def number(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"zugabe_{name}_total", labels) or 0.0


def test_one_caller_writes_a_few_lines_a_minute(
    refusals: RefusalLog, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """S11: also if they come from many addresses; others still have their line."""
    counted = number("refusals", status="403", kind="refused")
    anna = Principal("anna", "user", "acme")
    for host in range(100):
        refusals.note(asked(f"203.0.113.{host}", anna), "GET", 403)
    refusals.note(asked("203.0.113.1", Principal("bert", "user", "acme")), "GET", 403)
    assert len(lines(caplog)) == MAX_LINES_BY_CALLER + 1
    assert number("refusals", status="403", kind="refused") == counted + 101
    unwritten = 100 - MAX_LINES_BY_CALLER
    clock.seconds = 61
    refusals.note(asked(caller=anna), "GET", 403)
    assert lines(caplog)[-2:] == [
        f"{unwritten} more refusals were not written within a minute",
        "refused with 403: GET none by user anna for - from 203.0.113.7",
    ]


def test_all_together_write_a_bounded_number_of_lines(
    refusals: RefusalLog, caplog: pytest.LogCaptureFixture
) -> None:
    """S11"""
    before = number("refusals_unwritten")
    for host in range(2 * MAX_LINES):
        refusals.note(asked(f"2001:db8::{host:x}"), "GET", 401)
    assert len(lines(caplog)) == MAX_LINES
    assert number("refusals_unwritten") == before + MAX_LINES


@pytest.mark.parametrize("code", ["link-invalid", "link-unknown", "token-invalid"])
def test_what_is_forged_is_noted_whatever_its_status(
    refusals: RefusalLog, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    """S11: a wrong code of authentication in a link or a token; an unknown route is not noted."""
    before = number("refusals", status="404", kind="forged")
    refusals.note(asked(code=code), "GET", 404)
    refusals.note(asked(code="route-unknown"), "GET", 404)
    assert len(lines(caplog)) == 1
    assert number("refusals", status="404", kind="forged") == before + 1


@pytest.mark.parametrize(
    ("proxies", "address"), [("127.0.0.1", "198.51.100.9"), ("10.0.0.1", "127.0.0.1")]
)
async def test_the_address_is_the_persons_only_behind_a_trusted_proxy(
    caplog: pytest.LogCaptureFixture, proxies: str, address: str
) -> None:
    """S11: `ZUGABE_PROXIES` says whose X-Forwarded-For is believed."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(status_code=401)(scope, receive, send)

    limits = RequestLimits(refuse, 1_000, uuid4)
    transport = httpx.ASGITransport(ProxyHeadersMiddleware(limits, proxies))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://wishes") as http:
        await http.get("/", headers={"X-Forwarded-For": "198.51.100.9"})
    assert lines(caplog) == [f"refused with 401: GET none by nobody known for - from {address}"]
