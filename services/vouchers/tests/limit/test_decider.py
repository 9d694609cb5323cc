"""Shared limits count each order once and take back what is released."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from immutables import Map

from vouchers.limit.decider import (
    LIMIT_DECIDER,
    CountUse,
    Limit,
    LimitReachedError,
    OrderIdTakenError,
    ReturnUse,
    Uses,
    limit_history,
    limits_of,
    objection,
)
from vouchers.limit.policy import react
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    UseCounted,
    UseReturned,
    VoucherReleased,
    VoucherReturned,
)
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_testing.deciders import given

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ALL = Limit("acme", "spring", "campaign", None)
CUSTOMER = Limit("acme", "spring", "customer", "So.COMMERCE")
COMPANY = Limit("acme", "spring", "customer", "muster")


def counted(hold_id: str) -> UseCounted:
    return UseCounted("spring", "acme", "campaign", None, hold_id)


def returned(hold_id: str) -> UseReturned:
    return UseReturned("spring", "acme", "campaign", None, hold_id)


def test_a_limit_counts_up_to_its_number_of_uses() -> None:
    """VO-11"""
    given(LIMIT_DECIDER, counted("o1/1")).when(CountUse(ALL, "o2/1", 2)).then(counted("o2/1"))
    refusal = (
        given(LIMIT_DECIDER, counted("o1/1"), counted("o2/1"))
        .when(CountUse(ALL, "o3/1", 2))
        .refused(LimitReachedError, "campaign-limit")
    )
    assert refusal.facts == {"max_uses": 2, "remaining_uses": 0}


@pytest.mark.parametrize(
    ("limit", "most", "detail"),
    [
        (ALL, 1, "Diese Aktion war auf 1 Einlösung begrenzt; sie ist vergeben."),
        (ALL, 2_000, "Diese Aktion war auf 2.000 Einlösungen begrenzt; alle sind vergeben."),
        (COMPANY, 1, "Ihr Unternehmen hat diesen Gutschein bereits verwendet."),
        (
            COMPANY,
            1_500,
            "Ihr Unternehmen kann diesen Gutschein 1.500 Mal verwenden und hat das bereits getan.",
        ),
        (CUSTOMER, 1, "Dieser Gutschein war auf 1 Einlösung begrenzt; sie ist vergeben."),
        (CUSTOMER, 20, "Dieser Gutschein war auf 20 Einlösungen begrenzt; alle sind vergeben."),
    ],
)
def test_refusals_are_german_sentences_for_one_use_and_for_many(
    limit: Limit, most: int, detail: str
) -> None:
    """VO-11, VO-12, X-7: the users of So.COMMERCE are strangers, not a company."""
    uses = Uses(Map({f"o{number}": f"o{number}/1" for number in range(most)}))
    refusal = objection(limit, most, None, uses)
    assert refusal is not None
    assert (refusal.code, refusal.detail) == (f"{limit.kind}-limit", detail)
    assert refusal.facts == {"max_uses": most, "remaining_uses": 0}


def test_a_newer_attempt_takes_the_place_of_the_older_one_at_the_limit() -> None:
    """X-1"""
    given(LIMIT_DECIDER, counted("o1/1")).when(CountUse(ALL, "o1/2", 1)).then(
        returned("o1/1"), counted("o1/2")
    )


@pytest.mark.parametrize("hold_id", ["o1/1", "o1/2"])
def test_an_order_of_another_user_with_the_same_id_is_refused(hold_id: str) -> None:
    """S20: it would take the place of the first one, and one of both would not count."""
    given(LIMIT_DECIDER, counted("o1/1")).when(CountUse(ALL, hold_id, 9, is_known=False)).refused(
        OrderIdTakenError
    )


def test_the_late_return_of_an_older_attempt_takes_nothing_from_the_newer_one() -> None:
    """X-1"""
    history = (counted("o1/1"), returned("o1/1"), counted("o1/2"))
    given(LIMIT_DECIDER, *history).when(ReturnUse(ALL, "o1/1")).then()


def test_a_use_is_counted_and_returned_once() -> None:
    given(LIMIT_DECIDER, counted("o1/1")).when(CountUse(ALL, "o1/1", 1)).then()
    given(LIMIT_DECIDER, counted("o1/1")).when(ReturnUse(ALL, "o1/1")).then(returned("o1/1"))
    given(LIMIT_DECIDER, counted("o1/1"), returned("o1/1")).when(ReturnUse(ALL, "o1/1")).then()


def test_a_campaign_has_the_limits_that_its_terms_name(
    terms: Callable[..., CampaignTerms],
) -> None:
    """VO-13, VO-14: empty is no limit; both can be combined."""
    assert limits_of(terms(), "acme", "spring", "So.COMMERCE") == []
    both = terms(max_uses=9, max_per_customer=3)
    assert limits_of(both, "acme", "spring", "So.COMMERCE") == [(ALL, 9), (CUSTOMER, 3)]


def test_all_users_of_a_customer_share_one_limit() -> None:
    """VO-12"""
    assert limit_history(CUSTOMER).stream.id == "uses/acme/spring/So.COMMERCE"


def test_released_and_returned_uses_go_back_to_each_limit_that_counted_them() -> None:
    released = VoucherReleased(
        hold_id="o1/1",
        order_id="o1",
        attempt=1,
        campaign_id="spring",
        voucher_id=None,
        dealer="acme",
        customer="So.COMMERCE",
        user="anna",
        limits=("campaign", "customer"),
        deadline=NOON,
        ended_at=NOON,
        reason="lapsed",
    )
    given_back = VoucherReturned(
        hold_id="o1/1",
        order_id="o1",
        campaign_id="spring",
        voucher_id=None,
        dealer="acme",
        customer="So.COMMERCE",
        user="anna",
        limits=("customer",),
        discount_cents=500,
    )
    reactions = react(ReceivedEvent("1", released, "", NOON))
    assert [one.target.stream.id for one in reactions] == [
        "uses/acme/spring",
        "uses/acme/spring/So.COMMERCE",
    ]
    assert [one.command() for one in reactions] == [
        ReturnUse(ALL, "o1/1"),
        ReturnUse(CUSTOMER, "o1/1"),
    ]
    (reaction,) = react(ReceivedEvent("2", given_back, "", NOON))
    assert reaction.command() == ReturnUse(CUSTOMER, "o1/1")


def test_an_order_at_the_limit_is_told_apart_from_those_that_took_it() -> None:
    """VO-11, X-6: its own use is no obstacle, that of another order is."""
    uses = LIMIT_DECIDER.fold([counted("o1/1"), counted("o2/1")])
    assert objection(ALL, 2, "o1", uses) is None
    assert objection(ALL, 2, "o3", uses) is not None
    assert objection(ALL, 2, None, uses) is not None
    assert objection(ALL, 3, None, uses) is None


def test_a_use_that_was_never_counted_is_not_returned() -> None:
    """X-2"""
    given(LIMIT_DECIDER).when(ReturnUse(ALL, "o1/1")).then()
    assert LIMIT_DECIDER.fold([returned("o1/1"), counted("o2/1")]).count == 1
