"""X-29: codes cannot be guessed by trying, and other callers are not affected."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from vouchers.wallet import guess_limits
from vouchers.wallet.guess_limits import MAX_BY_CLIENT, MAX_BY_USER, WINDOW
from zugabe_events.observability.context import CLIENT_HEADER, PERSON_HEADER
from zugabe_testing.callers import problem_code


@pytest.fixture
async def running(shop: Any) -> Any:
    await shop.run()
    return shop


async def check(
    shop: Any, who: str, user: str, code: str, **headers: str
) -> tuple[int, str | bool]:
    """The answer: its status, and the code of the first reason or that the voucher works."""
    lines = [{"number": 1, "net_cents": 10_000}]
    body = {"codes": [code], "customer": "So.COMMERCE", "user": user, "lines": lines}
    answer: httpx.Response = await shop.ask(who, "POST", "/voucher-checks", body, **headers)
    if answer.status_code == 429:
        assert int(answer.headers["retry-after"]) > 0
        return 429, problem_code(answer, 429)
    found = answer.json()
    return answer.status_code, found["usable"] or found["reasons"][0]["code"]


async def test_brute_force_finds_no_code(running: Any) -> None:
    for number in range(MAX_BY_USER):
        assert await check(running, "anna", "anna", f"X{number}") == (200, "code-unknown")
    for code in ("X10", "X11", "A12345", "X0"):
        assert await check(running, "anna", "anna", code) == (429, "too-many-attempts")
    assert await check(running, "bert", "bert", "A12345") == (200, True)
    running.now += WINDOW + timedelta(seconds=1)
    assert await check(running, "anna", "anna", "A12345") == (200, True)


async def test_a_hold_is_no_way_around_a_check(running: Any) -> None:
    for number in range(MAX_BY_USER):
        assert (await running.hold("o1", codes=[f"X{number}"])).json()["code"] == "code-unknown"
    assert problem_code(await running.hold("o1"), 429) == "too-many-attempts"
    assert (await check(running, "anna", "anna", "A12345"))[0] == 429
    assert (await running.hold("o2", user="bert")).is_success


async def test_the_same_typo_again_and_again_is_one_mistake(running: Any) -> None:
    for code in (" x1", "X1", "x1 ") * MAX_BY_USER:
        assert await check(running, "anna", "anna", code) == (200, "code-unknown")
    assert await check(running, "anna", "anna", "A12345") == (200, True)


async def test_staff_cannot_hide_behind_other_names(running: Any) -> None:
    for number in range(MAX_BY_USER):
        await check(running, "staff", f"u{number}", f"X{number}")
    assert (await check(running, "staff", "u99", "A12345"))[0] == 429


async def test_staff_cannot_hide_behind_checkout_either(running: Any) -> None:
    """One limit for checks and for quotes, which checkout passes on."""
    chef = {PERSON_HEADER: "staff"}
    for number in range(MAX_BY_USER // 2):
        await check(running, "staff", f"u{number}", f"X{number}")
        await check(running, "checkout", f"v{number}", f"Y{number}", **chef)
    assert (await check(running, "checkout", "u99", "A12345", **chef))[0] == 429
    assert (await check(running, "staff", "u99", "A12345"))[0] == 429
    assert await check(running, "anna", "anna", "A12345") == (200, True)


async def test_each_of_several_codes_is_a_guess(running: Any) -> None:
    for number in range(MAX_BY_USER // 2):
        codes = [f"X{number}", f"Y{number}"]
        answer = await running.hold("o1", codes=codes)
        assert (answer.json()["code"], answer.json()["voucher_code"]) == ("code-unknown", codes[0])
    assert problem_code(await running.hold("o1"), 429) == "too-many-attempts"


@pytest.fixture
def low_limit(monkeypatch: pytest.MonkeyPatch) -> int:
    """A limit for addresses that a test reaches soon."""
    monkeypatch.setattr(guess_limits, "MAX_BY_CLIENT", 50)
    return 50


async def test_a_shop_that_asks_for_many_is_not_taken_for_one(running: Any, low_limit: int) -> None:
    for number in range(3 * low_limit):
        answer = await check(running, "checkout", f"u{number}", f"X{number}")
        assert answer == (200, "code-unknown")


@pytest.mark.parametrize(
    "address", [lambda _: "203.0.113.7", lambda n: f"2001:db8::{n:x}"], ids=["v4", "v6"]
)
async def test_many_names_behind_one_address_are_one_guesser(
    running: Any, address: Any, low_limit: int
) -> None:
    """As far as a service tells for whose device it asks."""
    for number in range(low_limit):
        headers = {CLIENT_HEADER: address(number)}
        answer = await check(running, "checkout", f"u{number}", f"X{number}", **headers)
        assert answer == (200, "code-unknown")
    headers = {CLIENT_HEADER: address(4_000)}
    assert (await check(running, "checkout", "u999", "A12345", **headers))[0] == 429
    elsewhere = {CLIENT_HEADER: "198.51.100.9"}
    assert await check(running, "checkout", "u999", "A12345", **elsewhere) == (200, True)


@pytest.mark.parametrize("address", ["10.1.2.3", "192.168.0.1", "100.64.9.9", "fd00::1"])
async def test_people_behind_a_proxy_that_nobody_listed_share_no_lockout(
    running: Any, low_limit: int, address: str
) -> None:
    """S21: an address within a network says nothing about who guesses; persons still count."""
    within = {CLIENT_HEADER: address}
    for number in range(2 * low_limit):
        await check(running, "checkout", f"u{number}", f"X{number}", **within)
    assert await check(running, "checkout", "u999", "A12345", **within) == (200, True)
    for number in range(MAX_BY_USER):
        await check(running, "checkout", "u7", f"Z{number}", **within)
    assert (await check(running, "checkout", "u7", "A12345", **within))[0] == 429


def test_an_address_of_many_people_bears_many_mistakes() -> None:
    """S21: a few guessers behind one NAT do not lock out their colleagues."""
    assert MAX_BY_CLIENT >= 100 * MAX_BY_USER


async def test_a_person_cannot_choose_his_address(running: Any) -> None:
    for number in range(MAX_BY_USER):
        await check(running, "anna", "anna", f"X{number}", **{CLIENT_HEADER: f"10.0.0.{number}"})
    answer = await check(running, "anna", "anna", "A12345", **{CLIENT_HEADER: "10.0.1.1"})
    assert answer[0] == 429
