"""Asking the peers over real HTTP: refusals are told, lost answers are asked for again."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from checkout_tests.fakes import NOON, reward_for, voucher_for

from checkout.peer import client
from checkout.peer.adapters import HttpBonus, HttpVouchers
from checkout.peer.ports import Attempt, Buyer, HoldRefusedError
from checkout.pricing.discounts import with_vouchers
from checkout.pricing.goods import CartLine, at_own_prices
from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.errors import ThrottledError, UnavailableError
from zugabe_events.observability import tracing
from zugabe_events.observability.context import current_client, current_correlation, current_person

BUYER = Buyer("d1", "c1", "anna", NOON)
ATTEMPT = Attempt("o+1@x", 2, NOON)
LINES = at_own_prices([CartLine("a", "g", "b", 1, 1_000)]).lines
CHECKED = {
    "number": 1,
    "net_cents": 1_000,
    "article": "a",
    "quantity": 1,
    "brand": "b",
    "groups": ["g"],
    "media": [],
    "voucher_cents": 0,
    "excluded": [],
}


@dataclass
class Service:
    """Returns the given answers in order, then repeats the last."""

    answers: list[tuple[int, Any]] = field(default_factory=list)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer secret"
        self.headers.append(request.headers)
        self.asked.append((request.method, request.path, await request.json()))
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return web.Response(status=status, body=data, content_type="application/problem+json")


@pytest.fixture
async def service() -> Service:
    return Service()


@pytest.fixture
async def parts(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[tuple[HttpVouchers, HttpBonus]]:
    monkeypatch.setattr(client, "BACKOFF", Backoff(0.0, 0.0))
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", service.answer)

    async def bearer() -> str:
        return "secret"

    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        base = str(server.make_url("/"))
        yield HttpVouchers(session, base, bearer), HttpBonus(session, base, bearer)


type Parts = tuple[HttpVouchers, HttpBonus]


async def test_a_hold_is_asked_by_order_and_attempt(service: Service, parts: Parts) -> None:
    voucher = voucher_for(LINES, "o/2")
    service.answers = [(200, {"vouchers": [voucher]})]
    assert await parts[0].hold(BUYER, ATTEMPT, ["TEN"], LINES) == (voucher,)
    assert service.asked == [
        (
            "PUT",
            "/dealers/d1/holds/o+1@x/2",
            {
                "codes": ["TEN"],
                "customer": "c1",
                "user": "anna",
                "placed_at": "2026-03-01T11:00:00Z",
                "deadline": "2026-03-01T11:00:00Z",
                "lines": [CHECKED],
            },
        )
    ]


async def test_a_hold_names_the_versions_that_a_quote_has_shown(
    service: Service, parts: Parts
) -> None:
    """X-17: as far as a buyer can have seen them."""
    service.answers = [(200, {"vouchers": [voucher_for(LINES, "o/2")]})]
    forged = {f"c{number}": number for number in range(-1, 9)}
    quoted = {"spring": 3, "../x": 1, "": 1, "late": 10**9, **forged}
    await parts[0].hold(BUYER, replace(ATTEMPT, quoted=quoted), ["TEN"], LINES)
    said = service.asked[0][2]["quoted"]
    assert said[0] == {"campaign_id": "spring", "version": 3}
    assert [one["campaign_id"] for one in said] == ["spring", "c1", "c2", "c3", "c4"]


async def test_a_reward_is_asked_for_what_the_voucher_left(service: Service, parts: Parts) -> None:
    """Q26"""
    left = with_vouchers(LINES, [voucher_for(LINES)])
    service.answers = [(201, reward_for(left, "o/2"))]
    assert (await parts[1].hold(BUYER, ATTEMPT, "fiver", left)).base_cents == 900
    [line] = service.asked[0][2]["lines"]
    assert (line["net_cents"], line["voucher_cents"]) == (1_000, 100)


@pytest.mark.parametrize("status", [409, 422])
async def test_a_refusal_keeps_its_code_words_and_numbers(
    service: Service, parts: Parts, status: int
) -> None:
    """X-7"""
    told = {
        "code": "minimum-not-reached",
        "detail": "Es fehlen 5 €.",
        "missing_cents": 500,
        "voucher_code": "TEN",
    }
    service.answers = [(status, {**told, "type": "urn:x", "status": status, "errors": [{}]})]
    with pytest.raises(HoldRefusedError) as refused:
        await parts[0].hold(BUYER, ATTEMPT, ["TEN"], LINES)
    assert refused.value.code == "minimum-not-reached"
    assert refused.value.detail == "Es fehlen 5 €."
    assert refused.value.facts == {"missing_cents": 500}
    assert refused.value.offered == "TEN"
    assert len(service.asked) == 1


async def test_a_refusal_names_the_code_as_it_was_typed(service: Service, parts: Parts) -> None:
    """X-31: `vouchers` cuts off spaces; without a name, it is the last one."""
    codes = ["TEN", " old "]
    told = {"code": "expired", "detail": "Abgelaufen."}
    for named in ({"voucher_code": "old"}, {"voucher_code": " old "}, {}):
        service.answers = [(409, {**told, **named})]
        with pytest.raises(HoldRefusedError) as refused:
            await parts[0].hold(BUYER, ATTEMPT, codes, LINES)
        assert refused.value.offered == " old "
        service.answers = [(200, {"usable": False, "reasons": [{**told, **named}]})]
        checked = await parts[0].check(BUYER, codes, LINES, None)
        assert [reason.offered for reason in checked.reasons] == [" old "]


async def test_fewer_holds_than_codes_are_no_answer(service: Service, parts: Parts) -> None:
    service.answers = [(200, {"vouchers": [voucher_for(LINES, "o/2")]})]
    with pytest.raises(UnavailableError):
        await parts[0].hold(BUYER, ATTEMPT, ["TEN", "ELEVEN"], LINES)


async def test_a_lost_answer_is_asked_for_again(service: Service, parts: Parts) -> None:
    service.answers = [(503, {}), (500, b"oops"), (200, {"vouchers": [voucher_for(LINES, "o/2")]})]
    [voucher] = await parts[0].hold(BUYER, ATTEMPT, ["TEN"], LINES)
    assert voucher.hold_id == "o/2"


@pytest.mark.parametrize(
    ("status", "body", "times"),
    [
        (503, {}, 3),
        (429, {}, 1),
        (401, {}, 1),
        (404, {"detail": "Not Found"}, 1),
        (302, {}, 1),
        (200, b"no json", 1),
        (200, b"\xff", 1),
        (200, {"hold_id": 5}, 1),
        (409, b"<html>", 1),
        (409, [], 1),
        (409, {"code": "x"}, 1),
    ],
)
async def test_whatever_is_no_answer_is_unavailable(
    service: Service, parts: Parts, status: int, body: Any, times: int
) -> None:
    service.answers = [(status, body)]
    with pytest.raises(UnavailableError):
        await parts[0].hold(BUYER, ATTEMPT, ["TEN"], LINES)
    assert len(service.asked) == times


async def test_who_asks_too_often_is_told_so_and_not_asked_for_again(
    service: Service, parts: Parts
) -> None:
    """X-29"""
    told = {"code": "too-many-attempts", "detail": "Zu oft.", "retry_after_seconds": 90}
    service.answers = [(429, told)]
    with pytest.raises(ThrottledError) as refused:
        await parts[0].hold(BUYER, ATTEMPT, ["TEN"], LINES)
    assert (refused.value.detail, refused.value.retry_after) == ("Zu oft.", 90)
    assert len(service.asked) == 1


async def test_a_peer_learns_from_which_request_person_and_device_it_is_asked(
    service: Service, parts: Parts
) -> None:
    """X-13, X-29"""
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
    current_correlation.set("request-7")
    current_client.set("2001:db8::7")
    current_person.set("chef")
    tracing.continue_trace(parent)
    service.answers = [(200, {"vouchers": [voucher_for(LINES, "o/2")]})]
    await parts[0].hold(BUYER, ATTEMPT, ["TEN"], LINES)
    [headers] = service.headers
    assert headers["X-Correlation-Id"] == "request-7"
    assert headers["Zugabe-Client-Address"] == "2001:db8::7"
    assert headers["Zugabe-Person"] == "chef"
    assert headers["traceparent"] == parent


async def test_nobody_at_home_is_unavailable(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "BACKOFF", Backoff(0.0, 0.0))

    async def bearer() -> str:
        return "secret"

    async with aiohttp.ClientSession() as session:
        vouchers = HttpVouchers(session, "http://127.0.0.1:9", bearer)
        with pytest.raises(UnavailableError):
            await vouchers.hold(BUYER, ATTEMPT, ["TEN"], LINES)


async def test_a_check_tells_every_reason(service: Service, parts: Parts) -> None:
    """X-6"""
    reasons = [{"code": "expired", "detail": "Abgelaufen."}, {"code": "b", "detail": "c", "n": 1}]
    service.answers = [(200, {"usable": False, "reasons": reasons, "vouchers": []})]
    checked = await parts[0].check(BUYER, ["TEN"], LINES, None)
    assert checked.vouchers == ()
    assert [(no.code, dict(no.facts)) for no in checked.reasons] == [
        ("expired", {}),
        ("b", {"n": 1}),
    ]


async def test_a_check_tells_the_points_of_a_cart(service: Service, parts: Parts) -> None:
    """CH-5"""
    reward = msgspec.to_builtins(reward_for(LINES))
    del reward["hold_id"], reward["streams"]
    told = {"usable": True, "reasons": [], "available_points": 7, "points_this_order": 10}
    service.answers = [(200, {**told, "reward": reward})]
    checked = await parts[1].check(BUYER, "fiver", LINES, "o1")
    assert checked.reward == reward_for(LINES)
    assert (checked.available_points, checked.points_this_order) == (7, 10)
    assert service.asked[0][2]["lines"] == [CHECKED]


async def test_a_hold_that_depends_on_earlier_orders_carries_their_tokens(
    service: Service, parts: Parts
) -> None:
    """X-30"""
    after = (Token("checkout", 3, 7, 1), Token("checkout", 5, 7, 2))
    service.answers = [(200, {"vouchers": [voucher_for(LINES, "o/2")]})]
    await parts[0].hold(BUYER, replace(ATTEMPT, after=after), ["TEN"], LINES)
    service.answers = [(200, reward_for(LINES, "o/2"))]
    await parts[1].hold(BUYER, replace(ATTEMPT, after=after), "fiver", LINES)
    await parts[1].hold(BUYER, ATTEMPT, "fiver", LINES)
    carried = "checkout.3.7.1,checkout.5.7.2"
    assert [one.get("Zugabe-Token") for one in service.headers] == [carried, carried, None]
