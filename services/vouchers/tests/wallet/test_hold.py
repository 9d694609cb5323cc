"""A hold belongs to one attempt of a checkout, and no late request outlives it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace as replace_struct

from vouchers.campaign.discount import Line
from vouchers.campaign.register import Offers
from vouchers.wallet.decider import WALLET_DECIDER
from vouchers.wallet.hold import EndAttempt, HoldVouchers
from vouchers.wallet.order import TakeOrder, UndoOrder
from vouchers.wallet.refusals import AttemptOverError, NotUsableError, Use, objections
from vouchers.wallet.state import ENDED_TTL, Wallet, WalletEvent
from zugabe_events.contracts.checkout import OrderPlaced, VoucherApplied
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    VoucherAttemptEnded,
    VoucherHeld,
    VoucherReleased,
)
from zugabe_testing.deciders import given

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DEADLINE = NOON + timedelta(minutes=10)

type Asking = Callable[..., HoldVouchers]


@pytest.fixture
def asking(terms: Callable[..., CampaignTerms]) -> Asking:
    def ask(
        order_id: str = "o1", attempt: int = 1, *, at: datetime = NOON, **changes: Any
    ) -> HoldVouchers:
        lines = changes.pop("lines", (Line(1, 4000), Line(2, 6000)))
        placed_at = changes.pop("placed_at", NOON)
        return HoldVouchers(
            (use_of(terms(**changes), lines, placed_at),), order_id, attempt, DEADLINE, at
        )

    return ask


def use_of(terms: CampaignTerms, lines: Sequence[Line], placed_at: datetime = NOON) -> Use:
    return Use(
        terms.code, "acme", "So.COMMERCE", "anna", "spring", 1, terms, tuple(lines), placed_at
    )


def held_by(command: HoldVouchers, state: Wallet | None = None) -> VoucherHeld:
    events = WALLET_DECIDER.decide(command, state or WALLET_DECIDER.initial)
    return next(event for event in events if isinstance(event, VoucherHeld))


def ended(attempt: int, at: datetime = NOON, order_id: str = "o1") -> EndAttempt:
    return EndAttempt(attempt_ended(attempt, at, order_id), "changed their mind")


def attempt_ended(attempt: int, at: datetime = NOON, order_id: str = "o1") -> VoucherAttemptEnded:
    return VoucherAttemptEnded(order_id, attempt, "acme", "anna", DEADLINE, at)


def test_a_hold_records_base_discount_shares_and_why(asking: Asking) -> None:
    """X-1, X-10, N-4, Q1"""
    held = held_by(asking())
    assert (held.hold_id, held.base_cents, held.discount_cents) == ("o1/1", 10000, 1000)
    assert held.shares == (400, 600)
    assert held.limits == ()
    assert "10 % auf den Netto-Warenwert 100,00 €" in held.explanation


def test_asking_again_for_the_same_attempt_holds_nothing_more(asking: Asking) -> None:
    """X-1"""
    given(WALLET_DECIDER, held_by(asking())).when(asking()).then()


def test_a_newer_attempt_takes_the_place_of_the_older_one(asking: Asking) -> None:
    """X-1: a retry never meets its own hold, even where a voucher works once."""
    events = given(WALLET_DECIDER, held_by(asking())).when(asking(attempt=2)).attempt()
    assert [type(event) for event in events] == [VoucherReleased, VoucherHeld]
    assert (events[0].attempt, events[1].attempt) == (1, 2)  # type: ignore[union-attr]


def test_an_older_attempt_comes_too_late(asking: Asking) -> None:
    newer = held_by(asking(attempt=2))
    given(WALLET_DECIDER, newer).when(asking(attempt=1)).refused(AttemptOverError, "attempt-over")


def test_an_attempt_that_ended_without_a_hold_is_refused_afterwards(asking: Asking) -> None:
    over = attempt_ended(2)
    given(WALLET_DECIDER, over).when(asking(attempt=2)).refused(AttemptOverError)
    given(WALLET_DECIDER, over).when(asking(attempt=1)).refused(AttemptOverError)
    assert held_by(asking(attempt=3), WALLET_DECIDER.fold([over])).attempt == 3


def test_a_released_hold_is_final(asking: Asking) -> None:
    held = held_by(asking())
    (released,) = given(WALLET_DECIDER, held).when(ended(1)).attempt()
    assert isinstance(released, VoucherReleased)
    given(WALLET_DECIDER, held, released).when(asking()).refused(AttemptOverError)
    given(WALLET_DECIDER, held, released).when(ended(1)).then()


def test_an_attempt_past_its_deadline_is_refused(asking: Asking) -> None:
    late = asking(at=DEADLINE + timedelta(seconds=1))
    given(WALLET_DECIDER).when(late).refused(AttemptOverError)
    assert held_by(asking(at=DEADLINE)).hold_id == "o1/1"


def test_an_attempt_that_ends_before_its_hold_came_is_remembered_once() -> None:
    given(WALLET_DECIDER).when(ended(1)).then(attempt_ended(1))
    given(WALLET_DECIDER, attempt_ended(1)).when(ended(1)).then()


def test_the_end_of_a_newer_attempt_frees_an_older_hold_and_is_remembered(asking: Asking) -> None:
    """X-1: the request of the older attempt came late, that of the newer one may still come."""
    events = given(WALLET_DECIDER, held_by(asking())).when(ended(2)).attempt()
    assert [type(event) for event in events] == [VoucherReleased, VoucherAttemptEnded]
    history = (held_by(asking()), *events)
    given(WALLET_DECIDER, *history).when(asking(attempt=2)).refused(AttemptOverError)
    given(WALLET_DECIDER, *history, attempt_ended(3)).when(asking(attempt=3)).refused(
        AttemptOverError
    )


def test_ended_attempts_are_forgotten_with_the_day_after_their_deadline() -> None:
    within, after = DEADLINE + ENDED_TTL, DEADLINE + ENDED_TTL + timedelta(days=1)
    kept = WALLET_DECIDER.fold([attempt_ended(1), attempt_ended(1, within, "o2")])
    assert set(kept.ended) == {"o1", "o2"}
    pruned = WALLET_DECIDER.fold([attempt_ended(1), attempt_ended(1, after, "o2")])
    assert set(pruned.ended) == {"o2"}


def test_a_late_repeat_after_the_cancellation_of_its_order_is_refused(
    asking: Asking, placed: Callable[..., OrderPlaced]
) -> None:
    """X-1: there is no use that would never be released."""
    held = held_by(asking())
    applied = VoucherApplied(
        "o1/1", "spring", 1, "A12345", "percent", 10000, 1000, (400, 600), False, (), ""
    )
    history: list[WalletEvent] = [held]
    history += WALLET_DECIDER.decide(
        TakeOrder(placed("o1", voucher=applied), Offers(), NOON), WALLET_DECIDER.fold(history)
    )
    given(WALLET_DECIDER, *history).when(asking()).refused(AttemptOverError)
    undo = UndoOrder("acme", "anna", "o1", ("o1/1",), NOON)
    history += WALLET_DECIDER.decide(undo, WALLET_DECIDER.fold(history))
    assert not WALLET_DECIDER.fold(history).redeemed
    given(WALLET_DECIDER, *history).when(asking()).refused(AttemptOverError)


@pytest.mark.parametrize(
    ("placed_at", "code"),
    [
        (datetime(2026, 4, 30, 21, 59, 59, tzinfo=UTC), "not-yet-valid"),
        (datetime(2026, 4, 30, 22, tzinfo=UTC), None),
        (datetime(2026, 5, 31, 21, 59, 59, tzinfo=UTC), None),
        (datetime(2026, 5, 31, 22, tzinfo=UTC), "expired"),
    ],
)
def test_validity_is_inclusive_days_in_berlin(
    asking: Asking, placed_at: datetime, code: str | None
) -> None:
    """VO-10, Q11, X-11"""
    command = asking(placed_at=placed_at)
    found = objections(command.uses[0], "o1", WALLET_DECIDER.initial)
    assert [one.code for one in found] == ([code] if code else [])


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 3, 29), "2026-03-28T23:00:00+00:00", "2026-03-29T21:59:59+00:00"),
        (date(2026, 10, 25), "2026-10-24T22:00:00+00:00", "2026-10-25T22:59:59+00:00"),
    ],
)
def test_one_day_is_whole_when_the_clocks_change(
    asking: Asking, day: date, first: str, last: str
) -> None:
    """X-11: 23 and 25 hours, start = end."""

    def allowed(instant: datetime) -> bool:
        command = asking(placed_at=instant, valid_from=day, valid_until=day)
        return not objections(command.uses[0], None, WALLET_DECIDER.initial)

    opening, closing = datetime.fromisoformat(first), datetime.fromisoformat(last)
    assert allowed(opening)
    assert allowed(closing)
    assert not allowed(opening - timedelta(seconds=1))
    assert not allowed(closing + timedelta(seconds=1))


def test_the_minimum_suffices_and_a_cent_less_does_not(asking: Asking) -> None:
    """VO-16, Q2"""
    assert held_by(asking(minimum_cents=10000)).discount_cents == 1000
    command = asking(minimum_cents=10001)
    refusal = given(WALLET_DECIDER).when(command).refused(NotUsableError, "minimum-not-reached")
    assert refusal.facts == {"missing_cents": 1, "minimum_cents": 10001, "voucher_code": "A12345"}
    assert "Es fehlen 0,01 €" in refusal.detail


def test_a_user_uses_a_voucher_as_often_as_his_limit_says(asking: Asking) -> None:
    """VO-14"""
    first = held_by(asking("o1", max_per_user=2))
    second = held_by(asking("o2", max_per_user=2))
    third = asking("o3", max_per_user=2)
    refusal = given(WALLET_DECIDER, first, second).when(third).refused(NotUsableError, "user-limit")
    assert refusal.facts == {"max_uses": 2, "remaining_uses": 0, "voucher_code": "A12345"}
    assert refusal.detail.startswith("Sie können diesen Gutschein 2 Mal verwenden")
    assert held_by(third, WALLET_DECIDER.fold([first])).order_id == "o3"
    once = given(WALLET_DECIDER, first).when(asking("o2")).refused(NotUsableError, "user-limit")
    assert once.detail == "Sie haben diesen Gutschein bereits verwendet."
    always = asking("o3", max_per_user=1000)
    assert held_by(always, WALLET_DECIDER.fold([first, second])).order_id == "o3"


def test_a_second_purchase_code_from_hearsay_is_refused(asking: Asking) -> None:
    """Q6"""
    given(WALLET_DECIDER).when(asking(kind="second-purchase")).refused(NotUsableError, "not-issued")


def test_all_reasons_are_found_at_once(asking: Asking) -> None:
    """X-6"""
    command = asking(
        kind="second-purchase", minimum_cents=10001, placed_at=NOON + timedelta(days=60)
    )
    found = objections(command.uses[0], None, WALLET_DECIDER.fold([held_by(asking("o9"))]))
    assert [one.code for one in found] == [
        "expired",
        "not-issued",
        "user-limit",
        "minimum-not-reached",
    ]


def test_another_code_in_a_newer_attempt_frees_the_first_one(asking: Asking) -> None:
    """X-1"""
    held = held_by(asking())
    other = asking(attempt=2)
    other = replace(other, uses=(replace(other.uses[0], campaign_id="autumn"),))
    after = WALLET_DECIDER.fold(
        WALLET_DECIDER.decide(other, WALLET_DECIDER.fold([held])), WALLET_DECIDER.fold([held])
    )
    assert after.uses("spring", None) == 0
    assert after.uses("autumn", None) == 1


def test_the_end_of_an_older_attempt_leaves_the_hold_of_a_newer_one(asking: Asking) -> None:
    """X-1"""
    newer = held_by(asking(attempt=2))
    given(WALLET_DECIDER, newer).when(ended(1)).then(attempt_ended(1))
    kept = WALLET_DECIDER.fold([newer, attempt_ended(1)])
    assert kept.held["o1"][0].attempt == 2


def test_the_late_end_of_an_older_attempt_opens_no_newer_one_again(asking: Asking) -> None:
    """X-1"""
    history = (attempt_ended(3), attempt_ended(2))
    given(WALLET_DECIDER, *history).when(asking(attempt=3)).refused(AttemptOverError)
    given(WALLET_DECIDER, attempt_ended(3)).when(ended(2)).then()


def test_an_ended_attempt_is_remembered_for_one_day() -> None:
    """X-1: by then no request for it is on its way."""
    a_day = DEADLINE + timedelta(days=1)
    kept = WALLET_DECIDER.fold([attempt_ended(1), attempt_ended(1, a_day, "o2")])
    assert set(kept.ended) == {"o1", "o2"}
    later = a_day + timedelta(days=1)
    assert set(WALLET_DECIDER.fold([attempt_ended(1), attempt_ended(1, later, "o2")]).ended) == {
        "o2"
    }


def test_an_order_does_not_stand_in_its_own_way(asking: Asking) -> None:
    """X-1, VO-14: uses of other orders count, whether held or redeemed."""
    wallet = WALLET_DECIDER.fold([held_by(asking("o1")), held_by(asking("o2"))])
    assert wallet.uses("spring", None) == 2
    assert wallet.uses("spring", "o1") == 1
    assert wallet.uses("autumn", None) == 0


def test_the_shared_limits_of_a_campaign_are_named_by_its_holds(asking: Asking) -> None:
    """VO-13"""
    both = held_by(asking(max_uses=5, max_per_customer=2))
    assert both.limits == ("campaign", "customer")
    (released,) = given(WALLET_DECIDER, both).when(ended(1)).attempt()
    assert isinstance(released, VoucherReleased)
    assert released.limits == ("campaign", "customer")


def test_letting_an_older_hold_go_keeps_the_newer_one(asking: Asking) -> None:
    """X-1"""
    older, newer = held_by(asking()), held_by(asking(attempt=2))
    (released,) = given(WALLET_DECIDER, older).when(ended(1)).attempt()
    wallet = WALLET_DECIDER.fold([newer, released])
    assert wallet.held["o1"][0].attempt == 2
    unheld = WALLET_DECIDER.fold([released])
    assert not unheld.held
    given(WALLET_DECIDER, released).when(asking()).refused(AttemptOverError)


def test_an_attempt_holds_all_its_vouchers_in_one_commit(
    asking: Asking, terms: Callable[..., CampaignTerms]
) -> None:
    """X-1, X-31: they end together, too."""
    both = two(asking(), terms)
    held = given(WALLET_DECIDER).when(both).attempt()
    assert [(e.hold_id, e.code, e.base_cents, e.discount_cents) for e in holds_in(held)] == [
        ("o1/1", "A12345", 10_000, 1_000),
        ("o1/1/2", "B1", 9_000, 500),
    ]
    given(WALLET_DECIDER, *held).when(both).then()
    freed = given(WALLET_DECIDER, *held).when(ended(1)).attempt()
    assert [type(event) for event in freed] == [VoucherReleased, VoucherReleased]
    assert not WALLET_DECIDER.fold([*held, *freed]).held
    given(WALLET_DECIDER, *held, *freed).when(both).refused(AttemptOverError)


def test_a_newer_attempt_may_hold_fewer_vouchers(
    asking: Asking, terms: Callable[..., CampaignTerms]
) -> None:
    """X-1, X-31"""
    held = given(WALLET_DECIDER).when(two(asking(), terms)).attempt()
    wallet = WALLET_DECIDER.fold(held)
    wallet = WALLET_DECIDER.fold(WALLET_DECIDER.decide(asking(attempt=2), wallet), wallet)
    assert [hold.hold_id for hold in wallet.held["o1"]] == ["o1/2"]
    assert (wallet.uses("spring", None), wallet.uses("gift", None)) == (1, 0)


def test_one_voucher_that_is_refused_keeps_all_from_being_held(
    asking: Asking, terms: Callable[..., CampaignTerms]
) -> None:
    """X-31: the refusal names its code."""
    both = two(asking(), terms, minimum_cents=10_001)
    refusal = given(WALLET_DECIDER).when(both).refused(NotUsableError, "minimum-not-reached")
    assert refusal.facts["voucher_code"] == "B1"


def two(one: HoldVouchers, terms: Callable[..., CampaignTerms], **changes: Any) -> HoldVouchers:
    """The voucher of `one`, and one over 5,00 €."""
    fixed = terms(code="B1", discount_type="fixed", value=500, combines=True, **changes)
    [use] = one.uses
    percent = replace(use, terms=replace_struct(use.terms, combines=True))
    other = replace(use, voucher_code="B1", campaign_id="gift", terms=fixed)
    return replace(one, uses=(percent, other))


def holds_in(events: Sequence[WalletEvent]) -> list[VoucherHeld]:
    return [event for event in events if isinstance(event, VoucherHeld)]


def test_lines_that_vouchers_do_not_apply_to_are_no_part_of_base_and_shares(
    asking: Asking,
) -> None:
    """X-24, X-25, Q1"""
    held = held_by(asking(lines=(Line(1, 4_000, ("vouchers",)), Line(2, 6_000))))
    assert (held.base_cents, held.discount_cents, held.shares) == (6_000, 600, (0, 600))
    assert "10 % auf den Netto-Warenwert der rabattfähigen Artikel von 60,00 €" in held.explanation


def test_lines_that_do_not_count_for_thresholds_do_not_reach_a_minimum(asking: Asking) -> None:
    """X-24, Q2: nor does it matter that no voucher applies to a line that counts."""
    deposit = (Line(1, 4_000, ("thresholds",)), Line(2, 6_000, ("vouchers",)))
    assert held_by(asking(lines=deposit, minimum_cents=6_000)).base_cents == 4_000
    more = asking(lines=deposit, minimum_cents=6_001)
    given(WALLET_DECIDER).when(more).refused(NotUsableError, "minimum-not-reached")


def test_a_cart_of_lines_without_vouchers_is_told_so(asking: Asking) -> None:
    """X-24, X-25, X-7"""
    books = asking(lines=(Line(1, 4_000, ("vouchers",)),))
    refusal = given(WALLET_DECIDER).when(books).refused(NotUsableError, "nothing-eligible")
    assert refusal.detail == "Für die Artikel in Ihrem Warenkorb gelten keine Gutscheine."


def test_a_voucher_is_not_used_up_for_an_order_of_nothing(asking: Asking) -> None:
    for kind, value in (("percent", 1_000), ("fixed", 500), ("free-shipping", 0)):
        nothing = asking(lines=(Line(1, 0),), discount_type=kind, value=value)
        given(WALLET_DECIDER).when(nothing).refused(NotUsableError, "nothing-to-pay")
