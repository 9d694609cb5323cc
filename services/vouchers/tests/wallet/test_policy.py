"""Decisions of checkout reach the wallet of the user concerned."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vouchers.advertising.decider import Advertising
from vouchers.advertising.mailing import Mailing
from vouchers.campaign.register import Offers
from vouchers.participation.decider import Participations
from vouchers.participation.terms import DealersOffers
from vouchers.wallet.earning import ReachState
from vouchers.wallet.hold import EndAttempt
from vouchers.wallet.order import TakeOrder, UndoOrder
from vouchers.wallet.policy import react
from zugabe_events.contracts.checkout import (
    CheckoutLapsed,
    Moment,
    OrderCancelled,
    OrderConfirmed,
    OrderDelivered,
    OrderPlaced,
    OrderReturned,
    OrderShipped,
    ReturnPeriodEnded,
    RewardTakenOff,
    VoucherTakenOff,
)
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    MailSender,
    SecondPurchaseOffered,
    VoucherAttemptEnded,
)
from zugabe_events.domain.event import Event
from zugabe_events.domain.policy import ReceivedEvent

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=10)
OF_ANNA = ("o1", "acme", "So.COMMERCE", "anna", 2, LATER)
ENDED = VoucherAttemptEnded("o1", 2, "acme", "anna", LATER, NOON)


def received(event: Event) -> ReceivedEvent:
    return ReceivedEvent("1", event, "checkout/acme/o1", NOON)


def test_an_order_comes_with_the_offers_in_force(
    placed: Callable[..., OrderPlaced], terms: Callable[..., CampaignTerms]
) -> None:
    """VO-32"""
    offer = SecondPurchaseOffered("acme", "again", 1, terms(kind="second-purchase"))
    order = placed("o1")
    (reaction,) = react(received(order))
    assert reaction.target.stream.id == "wallet/acme/anna"
    assert reaction.target.stream.key == "acme/anna"
    assert [read.stream.id for read in reaction.reads] == [
        "second-purchase/acme",
        "second-purchase/central",
        "participations/acme",
        "advertising/acme/anna",
        "mail-sender/acme",
    ]
    states = Offers({"again": (offer,)}), Offers(), Participations()
    mails = Advertising(), MailSender("Musikhaus")
    assert reaction.command(*states, *mails) == TakeOrder(
        order,
        DealersOffers(*states),
        NOON,
        Mailing(has_objected=False, sender=MailSender("Musikhaus")),
    )


def test_every_end_of_an_attempt_with_a_voucher_is_heard() -> None:
    """X-1"""
    (taken_off,) = react(received(VoucherTakenOff(*OF_ANNA, reason="refused")))
    assert taken_off.command() == EndAttempt(ENDED, "refused")
    lapsed = CheckoutLapsed(*OF_ANNA, voucher_asked=True, reward_asked=False)
    (reaction,) = react(received(lapsed))
    assert reaction.command() == EndAttempt(ENDED, "lapsed")


def test_attempts_without_a_voucher_do_not_matter() -> None:
    assert react(received(CheckoutLapsed(*OF_ANNA, voucher_asked=False, reward_asked=True))) == []
    assert react(received(RewardTakenOff(*OF_ANNA, reason="refused"))) == []


def test_a_cancellation_is_undone_in_the_wallet(
    cancelled: Callable[..., OrderCancelled],
) -> None:
    """X-2, X-31"""
    (reaction,) = react(received(cancelled("o1", hold_id="o1/1", more=("o1/1/2",))))
    assert reaction.target.stream.id == "wallet/acme/anna"
    assert reaction.command() == UndoOrder("acme", "anna", "o1", ("o1/1", "o1/1/2"), NOON)
    (without,) = react(received(cancelled("o1")))
    assert without.command() == UndoOrder("acme", "anna", "o1", (), NOON)


def test_a_return_of_everything_is_a_cancellation_if_it_says_so(
    returned: Callable[..., OrderReturned],
) -> None:
    """X-2, X-3: what comes back in parts gives back no use."""
    (reaction,) = react(received(returned(is_cancellation=True)))
    undo = UndoOrder("acme", "anna", "o1", ("o1/1", "o1/1/2"), NOON, by_return=True)
    assert reaction.command() == undo
    assert react(received(returned(is_cancellation=False))) == []


OF_O1 = ("o1", "25706", "acme", "So.COMMERCE", "anna")


@pytest.mark.parametrize(
    ("step", "state"),
    [
        (OrderConfirmed(*OF_O1, NOON), "confirmed"),
        (OrderShipped(*OF_O1, "s1", (), True, NOON), "shipped"),
        (OrderShipped(*OF_O1, "s1", (), False, NOON), None),
        (OrderDelivered(*OF_O1, NOON), None),
        (ReturnPeriodEnded(*OF_O1, NOON), "return-period-over"),
    ],
)
def test_an_order_reaches_its_states_with_its_last_shipment(
    step: Event, state: Moment | None
) -> None:
    """VO-32"""
    commands = [reaction.command(Advertising(), None) for reaction in react(received(step))]
    assert commands == ([ReachState("o1", state, NOON)] if state else [])


async def test_a_message_that_comes_again_does_nothing_more(shop: Any, placed: Any) -> None:
    await shop.run("again", kind="second-purchase")
    held = placed("o1")
    await shop.deliver("checkout", held, "message-1")
    commits = len(shop.store.commits)
    await shop.deliver("checkout", held, "message-1")
    await shop.deliver("checkout", held, "message-2")
    assert len(shop.store.commits) == commits
