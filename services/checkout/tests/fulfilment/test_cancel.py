"""X-2: an order is cancelled once, by whom it concerns, until it is shipped."""

import pytest
from checkout_tests.fakes import Shop

from zugabe_events.contracts.checkout import OrderCancelled
from zugabe_events.encryption.key_store import StoredKey
from zugabe_events.encryption.sealed_text import is_sealed
from zugabe_testing.personal_data import InMemoryPersons

REASON = {"reason": "ordered-twice"}


async def cancel(shop: Shop, caller: str = "anna", **body: str) -> int:
    answer = await shop.ask("POST", "/orders/o1/cancellation", {**REASON, **body}, caller)
    return answer.status_code


async def test_a_cancellation_names_the_holds_that_are_given_back(shop: Shop) -> None:
    await shop.place(voucher_code="TEN", reward_id="fiver")
    answer = await shop.ask("POST", "/orders/o1/cancellation", REASON)

    assert answer.status_code == 204
    assert answer.headers["Zugabe-Token"]
    cancelled = shop.events[-1]
    assert isinstance(cancelled, OrderCancelled)
    assert cancelled.voucher_hold_id == cancelled.reward_hold_id == "o1/1"
    assert (cancelled.goods_cents, cancelled.net_cents) == (5_333, 4_300)


async def test_an_order_is_cancelled_once_however_often_it_is_asked(shop: Shop) -> None:
    await shop.place()
    for caller in ("anna", "anna", "staff", "service"):
        assert await cancel(shop, caller) == 204
    assert shop.names == ["order-placed", "order-cancelled"]


async def test_nobody_cancels_the_order_of_another_user_or_dealer(shop: Shop) -> None:
    """X-16"""
    await shop.place()
    for caller, status in (("bert", 404), ("stranger", 403)):
        assert await cancel(shop, caller) == status
    assert shop.names == ["order-placed"]


async def test_central_staff_cancel_nothing_that_they_may_not_see(shop: Shop) -> None:
    """D13, X-28"""
    await shop.place()
    assert await cancel(shop, "central") == 403


async def test_a_points_manager_sees_and_cancels_what_they_ordered_and_no_more(shop: Shop) -> None:
    """D13, S22"""
    await shop.place("o1", "petra")
    await shop.place("o2")
    listed = (await shop.ask("GET", "/orders", caller="petra")).json()["items"]
    assert [one["order_id"] for one in listed] == ["o1"]
    for path, status in (("/orders/o2", 404), ("/orders?user=anna", 403), ("/buyers/anna", 403)):
        assert (await shop.ask("GET", path, caller="petra")).status_code == status
    buyers = (await shop.ask("GET", "/buyers", caller="petra")).json()["items"]
    assert [one["user"] for one in buyers] == ["petra"]
    other = await shop.ask("POST", "/orders/o2/cancellation", REASON, "petra")
    assert other.status_code == 404
    assert await cancel(shop, "petra") == 204


async def test_what_was_never_ordered_cannot_be_cancelled(shop: Shop) -> None:
    answer = await shop.ask("POST", "/orders/o9/cancellation", REASON)
    assert answer.status_code == 404
    assert answer.json()["code"] == "order-not-found"


async def test_a_cancelled_order_shows_when_and_why(shop: Shop) -> None:
    await shop.place()
    await cancel(shop, note="Zwei Fenster offen")
    order = (await shop.ask("GET", "/orders/o1")).json()
    assert order["status"] == "cancelled"
    assert order["cancelled_because"] == "Doppelt bestellt"
    assert order["cancelled_reason"] == "ordered-twice"
    assert order["cancelled_note"] == "Zwei Fenster offen"


async def test_a_note_is_sealed_and_shown_only_to_those_who_see_people(shop: Shop) -> None:
    """N-8: it goes with the person's key."""
    await shop.place()
    await cancel(shop, note="Anna Ast ist krank")
    cancelled = shop.events[-1]
    assert isinstance(cancelled, OrderCancelled)
    assert cancelled.note
    assert is_sealed(cancelled.note)
    notes = [
        (await shop.ask("GET", "/orders/o1", caller=caller)).json()["cancelled_note"]
        for caller in ("anna", "staff", "service")
    ]
    assert notes == ["Anna Ast ist krank", "Anna Ast ist krank", "verborgen"]


async def test_an_order_of_an_erased_person_is_cancelled_without_a_note(shop: Shop) -> None:
    """X-15"""
    await shop.place()
    persons = shop.people._persons
    assert isinstance(persons, InMemoryPersons)
    persons.by_id["d1/anna"] = StoredKey(wrapped=None)
    shop.people.evict("d1/anna")
    assert await cancel(shop, "staff", note="Anna Ast ist krank") == 204
    cancelled = shop.events[-1]
    assert isinstance(cancelled, OrderCancelled)
    assert cancelled.note is None


@pytest.mark.parametrize(
    "body", [{}, {"reason": "weil ich es sage"}, {"reason": "other", "note": "x" * 1_001}]
)
async def test_a_reason_is_one_of_the_list(shop: Shop, body: dict[str, str]) -> None:
    await shop.place()
    answer = await shop.ask("POST", "/orders/o1/cancellation", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert shop.names == ["order-placed"]
