"""What a cancelled order gives back, and for how long it can be used after the campaign's end."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from vouchers.budget.decider import budget_history
from vouchers.mail_link.links import Links
from vouchers.wallet.mail import render
from zugabe_events.contracts.checkout import OrderReturned, Person
from zugabe_events.contracts.vouchers import (
    MailSender,
    VoucherGraceGranted,
    VoucherReturned,
    VoucherRevoked,
    VoucherUseLost,
)
from zugabe_events.domain.event_store import state_of
from zugabe_events.domain.policy import ReceivedEvent

JUNE = datetime(2026, 6, 5, 12, tzinfo=UTC)
LAST_MOMENT = datetime(2026, 6, 19, 21, 59, tzinfo=UTC)
TOO_LATE = datetime(2026, 6, 19, 22, 0, tzinfo=UTC)


async def use_and_cancel(shop: Any, at: datetime, order_id: str = "o1") -> None:
    await shop.place(order_id, await shop.hold(order_id))
    shop.now = at
    await shop.cancel(order_id, f"{order_id}/1")
    await shop.deliver_own()


def code_of(answer: httpx.Response) -> str:
    """The code of a refusal."""
    assert answer.status_code == 409, answer.text
    return str(answer.json()["code"])


async def notice_of(shop: Any) -> tuple[int | None, str]:
    answer = await shop.ask("anna", "GET", "/users/anna/vouchers")
    [voucher] = answer.json()["items"]
    return voucher["remaining_uses"], voucher["notice"]


async def test_a_use_that_comes_back_in_time_needs_no_grace(shop: Any) -> None:
    """X-2"""
    await shop.run(max_per_user=1)
    await use_and_cancel(shop, datetime(2026, 5, 31, 21, 59, tzinfo=UTC))
    assert shop.said(VoucherGraceGranted) == []
    assert (await shop.hold("o2")).status_code == 200


async def test_a_campaign_without_grace_gives_nothing_back_after_its_end(shop: Any) -> None:
    """X-2"""
    await shop.run(max_per_user=1, grace_days=0)
    await use_and_cancel(shop, JUNE)
    assert shop.said(VoucherGraceGranted) == []
    assert code_of(await shop.hold("o2")) == "expired"


async def test_after_the_end_a_use_that_comes_back_can_be_used_for_a_while(shop: Any) -> None:
    """X-2, Q7: by whom it was given back to, once, to the last moment of the last day."""
    await shop.run(max_per_user=1, max_uses=1, max_per_customer=1)
    await shop.ask("staff", "PUT", "/mail-sender", {"imprint": "Marktplatz 1"})
    await use_and_cancel(shop, JUNE)
    [granted] = shop.said(VoucherGraceGranted)
    assert (granted.hold_id, granted.usable_until.isoformat()) == ("o1/1", "2026-06-19")
    assert granted.sender == MailSender("", "Marktplatz 1")
    assert code_of(await shop.hold("o2", user="bert")) == "expired"
    shop.now = TOO_LATE
    assert code_of(await shop.hold("o3")) == "expired"
    shop.now = LAST_MOMENT
    held = await shop.hold("o4")
    assert held.status_code == 200, held.text
    assert code_of(await shop.hold("o5")) == "expired"
    assert (await shop.hold("o4", 2)).status_code == 200, "the order's own hold is no other use"
    await shop.take_off("o4", 2)
    await shop.deliver_own()
    await shop.place("o5", await shop.hold("o5"))
    assert code_of(await shop.hold("o6")) == "expired"


async def test_a_campaign_that_was_ended_gives_back_in_the_same_way(shop: Any) -> None:
    """X-2, Q7, X-29"""
    await shop.run(max_per_user=1, grace_days=3)
    await shop.place("o1", await shop.hold("o1"))
    ended = await shop.ask("staff", "POST", "/campaigns/spring/end", {"reason": "Irrtum"})
    assert ended.status_code == 200, ended.text
    await shop.cancel("o1", "o1/1")
    await shop.deliver_own()
    assert code_of(await shop.hold("o2", user="bert")) == "campaign-ended"
    assert (await shop.hold("o2")).status_code == 200
    assert [event.usable_until.day for event in shop.said(VoucherGraceGranted)] == [7]


async def test_a_grace_that_was_used_and_came_back_is_granted_again(shop: Any) -> None:
    """X-2"""
    await shop.run(max_per_user=1)
    await use_and_cancel(shop, JUNE)
    await use_and_cancel(shop, LAST_MOMENT, "o2")
    first, second = shop.said(VoucherGraceGranted)
    assert (first.hold_id, second.hold_id) == ("o1/1", "o2/1")
    assert (await shop.hold("o3")).status_code == 200
    assert code_of(await shop.hold("o4")) == "expired"


async def test_a_whole_return_gives_back_as_a_cancellation(
    shop: Any, returned: Callable[..., OrderReturned]
) -> None:
    """X-2, X-3, Q7"""
    await shop.run(max_per_user=1)
    await shop.place("o1", await shop.hold("o1"))
    shop.now = JUNE
    await shop.deliver("checkout", returned(voucher_hold_ids=("o1/1",), returned_at=JUNE))
    await shop.deliver_own()
    assert [event.returned_at for event in shop.said(VoucherReturned)] == [JUNE]
    assert (await shop.hold("o2")).status_code == 200


async def test_the_time_of_the_cancellation_counts_not_when_it_is_heard(
    shop: Any, new: Callable[..., dict[str, Any]]
) -> None:
    """X-40, X-17: with the days of the version that the use had."""
    await shop.run(max_per_user=1, grace_days=5)
    await shop.place("o1", await shop.hold("o1"))
    body = {"version": 1, **new(max_per_user=1, grace_days=30)}
    assert (await shop.ask("staff", "PUT", "/campaigns/spring/terms", body)).status_code == 200
    shop.now = JUNE
    await shop.cancel("o1", "o1/1")
    shop.now = TOO_LATE
    await shop.deliver_own()
    shop.delivered = 0
    shop.now = datetime(2026, 7, 1, tzinfo=UTC)
    await shop.deliver_own()
    assert [event.usable_until.isoformat() for event in shop.said(VoucherGraceGranted)] == [
        "2026-06-10"
    ]


async def test_terms_may_keep_the_use_and_return_only_the_budget(shop: Any) -> None:
    """X-2, X-29: once, however often it is asked."""
    await shop.run(max_per_user=1, max_uses=3, gives_back=False, budget_cents=5_000)
    await use_and_cancel(shop, shop.now)
    await shop.cancel("o1", "o1/1")
    await shop.deliver_own()
    assert shop.said(VoucherReturned) == []
    assert [event.hold_id for event in shop.said(VoucherUseLost)] == ["o1/1"]
    assert code_of(await shop.hold("o2")) == "user-limit"
    budget = await state_of(shop.store, budget_history("acme", "spring"))
    assert budget.spent_cents == 0


@pytest.mark.parametrize("outlasts", [True, False])
async def test_a_campaign_says_whether_its_voucher_outlasts_the_first_order(
    shop: Any, *, outlasts: bool
) -> None:
    """Q7: by default an unused one is revoked; the next order is the first again in any case."""
    await shop.run(kind="second-purchase", outlasts_cancellation=outlasts, max_per_user=2)
    await shop.place("o1")
    await shop.cancel("o1")
    await shop.deliver_own()
    told = [(event.order_number, event.code) for event in shop.said(VoucherRevoked)]
    assert told == ([] if outlasts else [("25706", "A12345")])
    held = await shop.hold("o2")
    assert held.status_code == 200 if outlasts else code_of(held) == "voucher-forfeited"
    left, notice = await notice_of(shop)
    assert left == (1 if outlasts else 0)
    assert ("zurückgenommen" in notice) is not outlasts
    await shop.place("o3")
    answer = await shop.ask("anna", "GET", "/users/anna/vouchers?order_id=o3")
    assert len(answer.json()["items"]) == (not outlasts)


async def test_the_user_reads_until_when_a_use_is_back(shop: Any) -> None:
    """X-2, VO-35: in the shop, as long as it is so."""
    await shop.run(kind="second-purchase", max_per_user=2)
    await shop.place("o0")
    await use_and_cancel(shop, JUNE)
    assert await notice_of(shop) == (
        1,
        "Sie können Ihren Gutscheincode A12345 bis zum 19.06.2026 noch einmal verwenden, da Ihre "
        "Bestellung storniert wurde.",
    )
    shop.now = TOO_LATE
    assert await notice_of(shop) == (0, "Ihr Gutscheincode A12345 gilt nicht mehr.")


async def test_a_return_of_everything_is_called_a_return(
    shop: Any, returned: Callable[..., OrderReturned]
) -> None:
    """X-2, X-3: to the user, where it has the effects of a cancellation."""
    await shop.run(kind="second-purchase", max_per_user=2)
    await shop.place("o1")
    await shop.deliver("checkout", returned())
    await shop.deliver_own()
    [revoked] = shop.said(VoucherRevoked)
    assert revoked.by_return
    _, notice = await notice_of(shop)
    assert notice == (
        "Der Gutscheincode A12345 wurde zurückgenommen, da die Bestellung 25706 zurückgegeben "
        "wurde."
    )


async def test_uses_that_are_read_take_the_customers_limit_into_account(shop: Any) -> None:
    """VO-11, VO-35"""
    await shop.run(kind="second-purchase", max_per_user=5, max_per_customer=2)
    for user in ("anna", "bert"):
        await shop.place(f"{user}-0", user=user)
    assert (await notice_of(shop))[0] == 2
    await shop.place("bert-1", await shop.hold("bert-1", user="bert"), "bert")
    left, notice = await notice_of(shop)
    assert (left, notice.rpartition("noch ")[2]) == (1, "1 Mal verwenden.")


async def test_uses_that_are_read_take_the_limit_of_all_uses_into_account(
    shop: Any, new: Callable[..., dict[str, Any]]
) -> None:
    """VO-35, X-29: as it is now, and at an order of somebody else."""
    terms = {"kind": "second-purchase", "max_per_user": 5}
    await shop.run(max_uses=3, **terms)
    for user in ("anna", "bert"):
        await shop.place(f"{user}-0", user=user)
    await shop.place("bert-1", await shop.hold("bert-1", user="bert"), "bert")
    assert (await notice_of(shop))[0] == 2
    body = {"version": 1, **new(max_uses=1, **terms)}
    assert (await shop.ask("staff", "PUT", "/campaigns/spring/terms", body)).status_code == 200
    assert await notice_of(shop) == (0, "Ihr Gutscheincode A12345 ist aufgebraucht.")


async def test_uses_that_are_read_have_dots_between_thousands(shop: Any) -> None:
    """VO-35"""
    await shop.run(kind="second-purchase", max_per_user=None, max_per_customer=5_000)
    await shop.place("o1")
    assert (await notice_of(shop))[1].endswith("noch 5.000 Mal verwenden.")


async def test_a_revoked_voucher_has_no_uses_left(shop: Any) -> None:
    """Q7, VO-35"""
    await shop.run(kind="second-purchase", max_per_user=1000, max_per_customer=2)
    await shop.place("o1")
    await shop.cancel("o1")
    assert (await notice_of(shop))[0] == 0


def test_the_mail_says_until_when_a_use_is_back() -> None:
    """X-2: a mail about the order, not advertising."""
    granted = VoucherGraceGranted(
        "o1/1",
        "o1",
        "25706",
        "spring",
        None,
        "acme",
        "muster",
        "anna",
        "A12345",
        "Frühling",
        datetime(2026, 6, 19, tzinfo=UTC).date(),
        Person("Anna Muster", "anna@example.org"),
        MailSender("Musikhaus Müller"),
    )
    links = Links(b"s" * 32, "https://vouchers.example")
    mail = render(ReceivedEvent("1", granted, "wallet/acme/anna", JUNE), links)
    assert mail is not None
    assert (mail.to, mail.subject) == (
        "anna@example.org",
        "Ihr Gutschein von Musikhaus Müller gilt wieder",
    )
    assert mail.unsubscribe is None
    assert mail.text == (
        "Guten Tag Anna Muster,\n\n"
        "Ihre Bestellung 25706, bei der Sie den Gutscheincode A12345 verwendet haben, wurde "
        "storniert. Die Aktion „Frühling“ ist inzwischen beendet.\n\n"
        "Sie können Ihren Gutschein trotzdem noch bis zum 19.06.2026 einmal verwenden.\n\n"
        "Musikhaus Müller\n"
    )
    again = replace(granted, by_return=True)
    mail = render(ReceivedEvent("1", again, "wallet/acme/anna", JUNE), links)
    assert mail is not None
    assert "verwendet haben, wurde zurückgegeben. Die Aktion" in mail.text
