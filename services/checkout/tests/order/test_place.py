"""Placing orders over HTTP, with peers in memory."""

from typing import Any

import pytest
from checkout_tests.fakes import HOLD_SECONDS, LINES, NOON, Shop, context, lost

from checkout.order.timer import due, lapse
from checkout.peer.ports import Reason
from zugabe_events.contracts.checkout import CheckoutLapsed, HoldsAsked, OrderPlaced, VoucherApplied
from zugabe_events.domain.errors import UnavailableError
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.timer import Cancel, Schedule

EXPIRED = Reason("expired", "Der Gutschein ist abgelaufen.", {"expired_days": 3})
POOR = Reason("points-missing", "Es fehlen 12 Punkte.", {"missing_points": 12})


async def test_an_order_without_voucher_and_reward_is_one_commit_and_asks_nobody(
    shop: Shop,
) -> None:
    answer = await shop.place()

    assert answer.status_code == 201
    assert answer.json()["net_cents"] == 5_333
    assert answer.json()["order_number"] == "1000001"
    assert answer.headers["Zugabe-Token"]
    assert shop.names == ["order-placed"]
    assert not shop.vouchers.held


async def test_voucher_and_reward_reduce_the_order_line_by_line(shop: Shop) -> None:
    """CH-3, X-8, X-10, Q26, N-4: 10 % of 53,33 are 5,33; the reward takes 5,00 of the rest."""
    answer = await shop.place(voucher_code="TEN", reward_id="fiver")
    order = answer.json()

    assert answer.status_code == 201
    assert shop.names == ["holds-asked", "order-placed"]
    assert (order["goods_cents"], order["net_cents"]) == (5_333, 4_300)
    assert order["voucher"]["discount_cents"] == 533
    assert order["reward"]["base_cents"] == 4_800
    assert sum(line["voucher_cents"] for line in order["lines"]) == 533
    assert order["explanation"] == [
        "Warenwert netto: 53,33 € (2 Positionen).",
        "10 % auf 53,33 €.",
        "500 Punkte für 5,00 €.",
        "Zu zahlen netto: 43,00 €.",
        "Umsatzsteuer 19 % auf 43,00 €: 8,17 €.",
        "Zu zahlen brutto: 51,17 €.",
    ]
    placed = shop.events[-1]
    assert isinstance(placed, OrderPlaced)
    assert placed.voucher is not None
    assert placed.voucher.hold_id == "o1/1"
    assert placed.attempt == 1


async def test_what_vouchers_refuses_is_told_with_code_words_and_numbers(shop: Shop) -> None:
    """CH-4, X-7; both holds that were asked are taken off."""
    shop.vouchers.refusing = EXPIRED
    answer = await shop.place(voucher_code="OLD", reward_id="fiver")

    assert answer.status_code == 409
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"] == "expired"
    assert answer.json()["detail"] == "Der Gutschein ist abgelaufen."
    assert answer.json()["expired_days"] == 3
    assert shop.names == ["holds-asked", "voucher-taken-off", "reward-taken-off"]


async def test_a_refused_reward_frees_the_voucher_that_was_held_for_it(shop: Shop) -> None:
    """X-1"""
    shop.bonus.refusing = POOR
    answer = await shop.place(voucher_code="TEN", reward_id="fiver")

    assert answer.json()["missing_points"] == 12
    assert shop.vouchers.held == {("o1", 1)}
    assert shop.names == ["holds-asked", "voucher-taken-off", "reward-taken-off"]


async def test_an_order_can_go_on_without_its_refused_voucher(shop: Shop) -> None:
    """The reward is asked for again by an attempt of its own."""
    shop.vouchers.refusing = EXPIRED
    answer = await shop.place(voucher_code="OLD", reward_id="fiver", if_refused="order-without")

    assert answer.status_code == 201
    assert answer.json()["refused"] == [
        {
            "offered": "OLD",
            "code": "expired",
            "detail": "Der Gutschein ist abgelaufen.",
            "kind": "voucher",
        }
    ]
    assert answer.json()["net_cents"] == 4_833
    assert shop.names == [
        "holds-asked",
        "voucher-taken-off",
        "reward-taken-off",
        "holds-asked",
        "order-placed",
    ]
    assert shop.bonus.held == {("o1", 2)}


async def test_an_order_can_go_on_without_anything(shop: Shop) -> None:
    shop.vouchers.refusing, shop.bonus.refusing = EXPIRED, POOR
    answer = await shop.place(voucher_code="OLD", reward_id="fiver", if_refused="order-without")

    assert answer.status_code == 201
    refused = [(no["kind"], no["code"]) for no in answer.json()["refused"]]
    assert refused == [("voucher", "expired"), ("reward", "points-missing")]
    assert answer.json()["net_cents"] == 5_333
    assert shop.names[-2:] == ["reward-taken-off", "order-placed"]


async def test_an_interrupted_order_without_remembers_what_was_refused(shop: Shop) -> None:
    shop.vouchers.refusing = EXPIRED
    shop.bonus.after_holding = lost
    wish = {"voucher_code": "OLD", "reward_id": "fiver", "if_refused": "order-without"}
    assert (await shop.place(**wish)).status_code == 503
    shop.bonus.after_holding = lambda: None

    answer = await shop.place(**wish)

    assert [no["code"] for no in answer.json()["refused"]] == ["expired"]
    assert shop.names.count("holds-asked") == 2


async def test_a_lost_answer_leaves_the_attempt_open_for_the_retry(shop: Shop) -> None:
    """X-1, lesson 8: the same attempt meets its own hold."""
    shop.vouchers.after_holding = lost
    first = await shop.place(voucher_code="TEN")
    shop.vouchers.after_holding = lambda: None
    second = await shop.place(voucher_code="TEN")

    assert first.status_code == 503
    assert first.headers["Retry-After"] == "2"
    assert second.status_code == 201
    assert shop.names == ["holds-asked", "order-placed"]
    assert shop.vouchers.held == {("o1", 1)}


async def test_another_cart_ends_the_attempt_and_opens_the_next_in_one_commit(shop: Shop) -> None:
    """Lesson 7"""
    shop.vouchers.after_holding = lost
    await shop.place(voucher_code="TEN", reward_id="fiver")
    shop.vouchers.after_holding = lambda: None
    answer = await shop.place(voucher_code="TEN", lines=LINES[:1])

    assert answer.status_code == 201
    commits = [
        [event.stored_as for event in commit.events]
        for commit, _ in shop.store.commits
        if commit.stream.id == "order/d1/o1"
    ]
    assert commits == [
        ["holds-asked"],
        ["voucher-taken-off", "reward-taken-off", "holds-asked"],
        ["order-placed"],
    ]


async def test_a_cart_without_voucher_ends_the_attempt_as_it_is_ordered(shop: Shop) -> None:
    shop.vouchers.after_holding = lost
    await shop.place(voucher_code="TEN")
    answer = await shop.place()

    assert answer.status_code == 201
    assert shop.names == ["holds-asked", "voucher-taken-off", "order-placed"]
    placed = shop.events[-1]
    assert isinstance(placed, OrderPlaced)
    assert placed.attempt == 2


async def test_a_cart_that_a_newer_one_overtook_is_not_ordered(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lesson 7"""

    async def newer_cart() -> None:
        shop.vouchers.before_holding = lambda: None
        shop.vouchers.after_holding = lost
        await shop.place(voucher_code="TEN", lines=LINES[:1])
        shop.vouchers.after_holding = lambda: None

    hold = shop.vouchers.hold

    async def slow_hold(*asked: Any) -> tuple[VoucherApplied, ...]:
        monkeypatch.setattr(shop.vouchers, "hold", hold)
        answer = await hold(*asked)
        await newer_cart()
        return answer

    monkeypatch.setattr(shop.vouchers, "hold", slow_hold)
    answer = await shop.place(voucher_code="TEN")

    assert answer.status_code == 409
    assert answer.json()["code"] == "cart-changed"
    assert "order-placed" not in shop.names


async def test_an_attempt_that_a_peer_calls_over_is_followed_by_the_next(shop: Shop) -> None:
    said: list[str] = []

    def once_over() -> None:
        shop.vouchers.refusing = None if said else Reason("attempt-over", "Vorbei.", {})
        said.append("over")

    shop.vouchers.before_holding = once_over
    answer = await shop.place(voucher_code="TEN")

    assert answer.status_code == 201
    assert shop.names == ["holds-asked", "voucher-taken-off", "holds-asked", "order-placed"]


async def test_a_peer_that_never_stops_calling_attempts_over_ends_in_unavailable(
    shop: Shop,
) -> None:
    shop.vouchers.refusing = Reason("attempt-over", "Vorbei.", {})
    assert (await shop.place(voucher_code="TEN")).status_code == 503


async def test_a_retry_after_the_deadline_asks_anew(shop: Shop) -> None:
    shop.vouchers.after_holding = lost
    await shop.place(voucher_code="TEN")
    shop.vouchers.after_holding = lambda: None
    shop.later(HOLD_SECONDS)

    assert (await shop.place(voucher_code="TEN")).status_code == 201
    assert shop.vouchers.held == {("o1", 1), ("o1", 2)}


async def test_an_attempt_without_a_fate_lapses_after_its_deadline(shop: Shop) -> None:
    """X-1"""
    shop.vouchers.after_holding = lost
    await shop.place(voucher_code="TEN")
    asked = shop.events[0]
    assert isinstance(asked, HoldsAsked)
    alarm = due(ReceivedEvent("e1", asked, "order/d1/o1", NOON))
    assert isinstance(alarm, Schedule)

    await lapse(shop.store, alarm.key, context(NOON))
    assert shop.names == ["holds-asked"]

    await lapse(shop.store, alarm.key, context(alarm.at))
    await lapse(shop.store, alarm.key, context(alarm.at))
    assert shop.names == ["holds-asked", "checkout-lapsed"]
    lapsed = shop.events[-1]
    assert isinstance(lapsed, CheckoutLapsed)
    assert (lapsed.voucher_asked, lapsed.reward_asked) == (True, False)
    assert due(ReceivedEvent("e2", lapsed, "order/d1/o1", NOON)) == Cancel(alarm.key)


async def test_a_discount_that_does_not_fit_the_cart_is_never_taken(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X-10"""
    hold = shop.vouchers.hold

    async def for_other_lines(buyer, attempt, code, lines):  # type: ignore[no-untyped-def]
        return await hold(buyer, attempt, code, lines[:1])

    monkeypatch.setattr(shop.vouchers, "hold", for_other_lines)
    answer = await shop.place(voucher_code="TEN")

    assert answer.status_code == 503
    assert answer.json()["code"] == "discount-unfit"
    assert answer.headers["Retry-After"] == "5"
    assert shop.names == ["holds-asked"]


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\u200b", " \u00a0\u2060 ", "\u3164\ufe0f"])
async def test_a_code_that_nobody_can_see_counts_as_left_out(shop: Shop, blank: str) -> None:
    """D7, D21"""
    answer = await shop.place(voucher_code=blank, if_refused="order-without")
    assert (answer.status_code, answer.json()["refused"]) == (201, [])
    assert shop.names == ["order-placed"]


async def test_a_request_that_is_refused_uses_up_no_order_number(shop: Shop) -> None:
    """D8"""
    first = await shop.place("o1", key="k1")
    for key in ("k2", "k3"):
        assert (await shop.place("o1", key=key)).status_code == 409
    assert (await shop.place("o1", key="k1")).status_code == 200
    numbers = [first.json()["order_number"], (await shop.place("o2")).json()["order_number"]]
    assert numbers == ["1000001", "1000002"]


async def test_an_order_whose_answer_is_lost_keeps_its_number(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = shop.store.append

    async def silent(commits: Any) -> Any:
        await append(commits)
        raise UnavailableError("Keine Antwort.")

    await shop.place("o0")
    monkeypatch.setattr(shop.store, "append", silent)
    assert (await shop.place("o1")).status_code == 503
    monkeypatch.setattr(shop.store, "append", append)
    assert (await shop.place("o2")).json()["order_number"] == "1000003"
    assert (await shop.place("o1")).json()["order_number"] == "1000002"


async def test_quotes_and_orders_pass_on_the_tokens_that_come_with_them(shop: Shop) -> None:
    """D2: after a cancellation, what it gives back can be used at once."""
    tokens = "checkout.1.2.3,vouchers.4.5.6"
    wish = {"lines": LINES, "voucher_code": "TEN", "reward_id": "fiver"}
    await shop.ask("POST", "/quotes", wish, tokens=tokens)
    await shop.ask("PUT", "/orders/o1", wish, tokens=tokens)
    for peer in (shop.vouchers, shop.bonus):
        assert [peer.after[asked] for asked in ("", "o1")] == [tokens.split(",")] * 2


async def test_several_vouchers_reduce_an_order_one_after_the_other(shop: Shop) -> None:
    """X-8, X-31: 10 % of 53,33, 10 % of what that left, and the reward of the rest."""
    wish: dict[str, Any] = {
        "voucher_code": "TEN",
        "more_codes": ["ELEVEN", " ten ", ""],
        "reward_id": "fiver",
    }
    quote = (await shop.quote(**wish)).json()
    order = (await shop.place(**wish)).json()
    applied = [order["voucher"], *order["more_vouchers"]]
    assert [(one["code"], one["base_cents"], one["discount_cents"]) for one in applied] == [
        ("TEN", 5_333, 533),
        ("ELEVEN", 4_800, 480),
    ]
    assert order["reward"]["base_cents"] == 4_320
    assert order["net_cents"] == 5_333 - 533 - 480 - 500
    assert [line["voucher_cents"] for line in order["lines"]] == [570, 443]
    for said in ("lines", "voucher", "more_vouchers", "reward", "net_cents", "explanation"):
        assert quote[said] == order[said]
    asked, placed = shop.events
    assert isinstance(asked, HoldsAsked)
    assert (asked.voucher_code, asked.more_codes) == ("TEN", ("ELEVEN",))
    assert isinstance(placed, OrderPlaced)
    assert [voucher.hold_id for voucher in placed.vouchers] == ["o1/1", "o1/1/1"]


async def test_an_order_goes_on_with_the_vouchers_that_are_not_refused(shop: Shop) -> None:
    """X-31"""
    shop.vouchers.refusing, shop.vouchers.refused = EXPIRED, {"OLD", "OLDER"}
    order = await shop.place(
        voucher_code="OLD", more_codes=["TEN", "OLDER"], if_refused="order-without"
    )
    assert order.status_code == 201
    assert [no["offered"] for no in order.json()["refused"]] == ["OLD", "OLDER"]
    assert (order.json()["voucher"]["code"], order.json()["net_cents"]) == ("TEN", 4_800)
    assert shop.names.count("holds-asked") == 3


async def test_a_refused_voucher_among_several_is_named(shop: Shop) -> None:
    """X-31"""
    shop.vouchers.refusing, shop.vouchers.refused = EXPIRED, {"OLD"}
    answer = await shop.place(voucher_code="TEN", more_codes=["OLD"])
    assert (answer.status_code, answer.json()["voucher_code"]) == (409, "OLD")
    assert shop.names == ["holds-asked", "voucher-taken-off"]


@pytest.mark.parametrize("codes", [["a"] * 100, ["a", "b", "c", "d", "e"], ["x" * 65], "TEN", [1]])
async def test_more_codes_than_can_combine_are_refused(shop: Shop, codes: Any) -> None:
    answer = await shop.place(voucher_code="TEN", more_codes=codes)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert shop.names == []
