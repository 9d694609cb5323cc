"""Carts over HTTP: every request is answered by the whole cart with its price."""

import asyncio
from typing import Any

import httpx
import pytest
from checkout_tests.fakes import NOON, Shop

from checkout.peer.ports import Reason
from zugabe_events.contracts.catalog_shops import ArticleDelisted
from zugabe_events.contracts.checkout import CartChanged
from zugabe_events.domain.errors import ThrottledError, UnavailableError

PEN = {"article": "pen", "quantity": 2}
INK = {"article": "ink", "quantity": 1}


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    shop.told.sold("pen", "10.00", "Stift")
    shop.told.sold("ink", "5.00", "Tinte")
    shop.told.sold("gone", "3.00", "Ordner")
    shop.documents.fold(ArticleDelisted("central", "gone", NOON))
    return shop


async def opened(shop: Shop, cart_id: str = "o1", **more: Any) -> dict[str, Any]:
    body = {"lines": [PEN], **more}
    return told(await shop.ask("PUT", f"/carts/{cart_id}", body), 201)


async def change(
    shop: Shop, version: int, cart_id: str = "o1", caller: str = "anna", **more: Any
) -> httpx.Response:
    return await shop.ask("PATCH", f"/carts/{cart_id}", {"version": version, **more}, caller)


def told(answer: httpx.Response, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    problem = told(answer, status)
    assert problem["code"] == code
    return problem


async def test_every_change_is_answered_by_the_whole_cart_with_its_price(shop: Shop) -> None:
    """CH-2, CH-3, X-12: 10 % of 25,00 are 2,50."""
    first = await opened(shop)
    assert (first["version"], first["priced"]["net_cents"]) == (1, 2_000)

    second = told(await change(shop, 1, lines=[INK], codes=["TEN"]))
    assert second["version"] == 2
    assert second["lines"] == [PEN, INK]
    assert second["codes"] == ["TEN"]
    assert second["priced"]["goods_cents"] == 2_500
    assert second["priced"]["voucher"]["discount_cents"] == 250
    assert second["priced"]["net_cents"] == 2_250
    assert second["priced"]["points_available"] == 700
    assert told(await shop.ask("GET", "/carts/o1")) == second
    assert [event.stored_as for event in shop.events] == ["cart-changed"] * 2


async def test_only_what_changed_is_recorded(shop: Shop) -> None:
    await opened(shop, codes=["TEN"])
    await change(shop, 1, lines=[{"article": "pen", "quantity": 0}, INK])
    changed = shop.events[-1]
    assert isinstance(changed, CartChanged)
    assert [(line.article, line.quantity) for line in changed.lines] == [("pen", 0), ("ink", 1)]
    assert (changed.codes, changed.reward_id, changed.delivery) == (None, None, None)


async def test_an_answer_asks_each_of_the_others_once(shop: Shop) -> None:
    await opened(shop)
    shop.vouchers.seen.clear()
    shop.bonus.seen.clear()
    told(await change(shop, 1, lines=[INK], codes=["TEN"], reward_id="fiver"))
    assert (len(shop.vouchers.seen), len(shop.bonus.seen)) == (1, 1)
    told(await change(shop, 2, codes=[]))
    assert (len(shop.vouchers.seen), len(shop.bonus.seen)) == (1, 2)


async def test_two_tabs_change_one_cart_and_the_second_is_told(shop: Shop) -> None:
    """X-12: nothing of it is lost, and nothing is overwritten."""
    await opened(shop)
    answers = await asyncio.gather(
        change(shop, 1, lines=[INK]), change(shop, 1, lines=[{"article": "pen", "quantity": 9}])
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    [late] = [answer for answer in answers if answer.status_code == 409]
    assert refused(late, 409, "cart-stale")["version"] == 2
    assert len(shop.events) == 2


async def test_a_repeat_is_answered_by_the_present_cart(shop: Shop) -> None:
    """X-12: with a key of its own or without, whatever happened since."""
    body = {"lines": [PEN]}
    told(await shop.ask("PUT", "/carts/o1", body), 201)
    told(await change(shop, 1, lines=[INK]))
    told(await shop.ask("PATCH", "/carts/o1", {"version": 2, "codes": ["TEN"]}, key="k"))

    assert told(await shop.ask("PUT", "/carts/o1", body), 200)["version"] == 3
    assert told(await change(shop, 1, lines=[INK]))["version"] == 3
    again = await shop.ask("PATCH", "/carts/o1", {"version": 2, "codes": ["TEN"]}, key="k")
    assert told(again)["codes"] == ["TEN"]
    other = await shop.ask("PATCH", "/carts/o1", {"version": 3, "codes": []}, key="k")
    refused(other, 422, "idempotency-key-reused")
    assert len(shop.events) == 3


async def test_a_change_that_changes_nothing_is_answered_and_not_recorded(shop: Shop) -> None:
    before = await opened(shop, note="Bitte klingeln", codes=["TEN"])
    after = told(await change(shop, 1, lines=[PEN], note="Bitte klingeln", codes=[" ten ", "TEN"]))
    assert after == before
    assert len(shop.events) == 1


async def test_a_cart_with_an_article_that_is_gone_still_opens(shop: Shop) -> None:
    """X-7: the rest is priced."""
    cart = await opened(shop, lines=[{"article": "gone", "quantity": 1}, PEN])
    assert [(one["number"], one["article"], one["code"]) for one in cart["problems"]] == [
        (1, "gone", "article-delisted")
    ]
    assert "Ordner" in cart["problems"][0]["detail"]
    assert len(cart["lines"]) == 2
    assert [line["article"] for line in cart["priced"]["lines"]] == ["pen"]
    assert cart["priced"]["net_cents"] == 2_000


async def test_an_empty_cart_shows_the_points_of_its_user(shop: Shop) -> None:
    """CH-5"""
    cart = await opened(shop, lines=[])
    assert (cart["lines"], cart["priced"]["net_cents"]) == ([], 0)
    assert cart["priced"]["points_available"] == 700


async def test_a_cart_that_is_too_dear_can_be_shown_and_reduced(shop: Shop) -> None:
    shop.told.sold("gem", "900000000.00")
    cart = await opened(shop, lines=[{"article": "gem", "quantity": 100}])
    assert cart["priced"] is None
    assert [one["code"] for one in cart["problems"]] == ["goods-too-dear"]
    after = told(await change(shop, 1, lines=[{"article": "gem", "quantity": 1}]))
    assert after["priced"]["net_cents"] == 90_000_000_000


async def test_while_prices_are_updated_nothing_is_lost(shop: Shop) -> None:
    """Q34: the repeated request is answered."""
    await opened(shop)
    shop.is_behind = True
    refused(await change(shop, 1, lines=[INK]), 503, "prices-updating")
    shop.is_behind = False
    assert told(await change(shop, 1, lines=[INK]))["version"] == 2


async def test_who_typed_too_many_wrong_codes_still_has_a_cart(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X-29"""

    async def check(*_: object) -> None:
        raise ThrottledError("Zu viele Versuche.", retry_after=60)

    monkeypatch.setattr(shop.vouchers, "check", check)
    cart = await opened(shop, codes=["GUESS"])
    assert [one["code"] for one in cart["problems"]] == ["too-many-attempts"]
    assert cart["priced"]["net_cents"] == 2_000


async def test_without_an_answer_of_the_others_there_is_no_price(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check(*_: object) -> None:
        raise UnavailableError("Keine Antwort.")

    monkeypatch.setattr(shop.vouchers, "check", check)
    body = {"lines": [PEN], "codes": ["TEN"]}
    refused(await shop.ask("PUT", "/carts/o1", body), 503, "unavailable")


async def test_a_code_that_cannot_be_used_stays_with_its_reason(shop: Shop) -> None:
    """CH-4"""
    shop.vouchers.refusing = Reason("expired", "Der Gutschein ist abgelaufen.", {}, "OLD")
    cart = await opened(shop, codes=["OLD"])
    assert [(one["offered"], one["code"]) for one in cart["priced"]["refused"]] == [
        ("OLD", "expired")
    ]
    assert cart["codes"] == ["OLD"]


async def test_what_does_not_fit_is_refused_with_the_limit(shop: Shop) -> None:
    await opened(shop)
    problem = refused(await change(shop, 1, codes=list("ABCDEF")), 409, "cart-full")
    assert problem["most"] == 5
    assert problem["detail"] == "Ein Warenkorb hat höchstens 5 Gutscheincodes."


async def test_a_user_sees_only_their_own_carts(shop: Shop) -> None:
    """X-16, S20: to others it is like one that is not there."""
    await opened(shop)
    for method, path, body in (
        ("GET", "/carts/o1", None),
        ("PATCH", "/carts/o1", {"version": 1, "lines": [INK]}),
    ):
        refused(await shop.ask(method, path, body, "bert"), 404, "cart-not-found")
        refused(await shop.ask(method, path, body, "stranger"), 403, "forbidden")
        refused(await shop.ask(method, path, body, ""), 401, "unauthenticated")
        refused(await shop.ask(method, path, body, "", cart_key="x" * 43), 404, "cart-not-found")
    refused(await shop.ask("PUT", "/carts/o1", {"lines": [INK]}, "bert"), 409, "cart-of-another")
    refused(await shop.ask("GET", "/carts/o2"), 404, "cart-not-found")
    assert len(shop.events) == 1


async def test_events_of_a_users_carts_are_heard_in_order(shop: Shop) -> None:
    """All carts of a user share a key, those of others and of nobody yet do not."""
    await opened(shop, "o1")
    await opened(shop, "o2")
    told(await shop.ask("PUT", "/carts/o3", {}, "otto"), 201)
    answer = told(await shop.ask("POST", "/carts", {}, ""), 201)
    keys = {
        commit.stream.id: commit.stream.key
        for commit, _ in shop.store.commits
        if commit.stream.id.startswith("order/")
    }
    nobodys = answer["cart"]["cart_id"]
    assert keys == {
        "order/d1/o1": "d1/anna",
        "order/d1/o2": "d1/anna",
        "order/d1/o3": "d1/otto",
        f"order/d1/{nobodys}": f"d1/{nobodys}",
    }


async def test_staff_and_services_fill_carts_for_users(shop: Shop) -> None:
    for caller in ("staff", "service"):
        refused(
            await shop.ask("PUT", f"/carts/{caller}", {"lines": [PEN]}, caller),
            422,
            "buyer-missing",
        )
        whose = {"user": "anna", "customer": "c1"}
        told(await shop.ask("PUT", f"/carts/{caller}", {"lines": [PEN], **whose}, caller), 201)
        told(await change(shop, 1, caller, caller, lines=[INK]))
        assert told(await shop.ask("GET", f"/carts/{caller}"))["user"] == "anna"
    of_another = {"lines": [PEN], "user": "bert", "customer": "c1"}
    refused(await shop.ask("PUT", "/carts/o9", of_another), 403, "forbidden")


async def test_the_note_is_sealed_and_shown_to_those_who_may_see_names(shop: Shop) -> None:
    """X-15, X-28"""
    cart = await opened(shop, note="Bitte bei Meier klingeln")
    assert cart["note"] == "Bitte bei Meier klingeln"
    [event] = shop.events
    assert isinstance(event, CartChanged)
    assert event.note is not None
    assert "Meier" not in event.note
    assert told(await shop.ask("GET", "/carts/o1", caller="staff"))["note"] == cart["note"]
    assert told(await shop.ask("GET", "/carts/o1", caller="service"))["note"] == "verborgen"
    assert told(await change(shop, 1, note=""))["note"] == ""


async def test_a_note_alone_does_not_delay_an_erasure(shop: Shop) -> None:
    """X-15, X-19"""
    await opened(shop, note="Bitte klingeln")
    assert await shop.people.keep_until("d1/anna") is None


async def test_a_cart_that_was_ordered_is_over(shop: Shop) -> None:
    await opened(shop)
    told(await shop.place("o1"), 201)
    refused(await shop.ask("GET", "/carts/o1"), 409, "cart-ordered")
    refused(await change(shop, 1, lines=[INK]), 409, "cart-ordered")
    refused(await shop.ask("PUT", "/carts/o1", {"lines": [INK]}), 409, "cart-ordered")


async def test_a_user_opens_so_many_carts_at_a_time(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S12: they are kept for ever; the dealer's own system opens as many as it has users."""
    monkeypatch.setattr("checkout.cart.holders.MAX_OPENED_BY_USER", 2)
    for cart_id in ("o1", "o2", "o1"):
        answer = await shop.ask("PUT", f"/carts/{cart_id}", {"lines": [PEN]}, key=cart_id)
        assert answer.is_success
    refused(await shop.ask("PUT", "/carts/o3", {"lines": [PEN]}), 429, "too-many-attempts")
    assert (await shop.ask("PUT", "/carts/o4", {"lines": [PEN]}, "bert")).status_code == 201
    for number in range(3):
        body = {"lines": [PEN], "user": "anna", "customer": "c1"}
        answer = await shop.ask("PUT", f"/carts/s{number}", body, "service")
        assert answer.status_code == 201
    shop.later(15 * 60 + 1)
    assert (await shop.ask("PUT", "/carts/o3", {"lines": [PEN]})).status_code == 201
