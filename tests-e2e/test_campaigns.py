"""A campaign from its draft to its end, while people buy."""

from typing import Any

from stories.dealer import Dealer, Person, cart, line

PATH = "/campaigns/mai"
TERMS = {
    "title": "Mai",
    "code": "MAI",
    "discount_type": "percent",
    "value": 1_000,
    "minimum_cents": 0,
    "valid_from": "2020-01-01",
    "valid_until": "2199-12-31",
    "max_uses": 5,
    "budget_cents": 10_000,
}
WANTED = cart(line(10_000), voucher_code="mai")


async def quoted(person: Person) -> Any:
    quote = await person.ask("POST", "checkout", "/quotes", WANTED, tokens=person.tokens)
    return quote.of(200)


async def order(person: Person, order_id: str, **more: str) -> Any:
    return await person.insist("PUT", "checkout", f"/orders/{order_id}", WANTED | more)


async def test_a_campaign_lives_from_its_draft_to_its_end(dealer: Dealer) -> None:
    """VO-3, VO-6, VO-45, X-9, X-17, X-29, CH-1"""
    staff, anna, bert = dealer.staff, dealer.user("anna"), dealer.user("bert")
    module = await dealer.order_module()
    drawn = TERMS | {"code": "APRIL"}
    (await staff.insist("PUT", "vouchers", PATH, drawn, tokens=module)).of(200)
    (await staff.ask("PUT", "vouchers", f"{PATH}/terms", TERMS | {"version": 1})).of(200)
    other = TERMS | {"code": "april", "title": "April"}
    (await staff.ask("PUT", "vouchers", "/campaigns/april", other)).of(200)
    (await staff.ask("DELETE", "vouchers", "/campaigns/april")).of(204)
    (await staff.ask("POST", "vouchers", f"{PATH}/activation", {"version": 2})).of(200)

    anna.saw(staff)
    quote = await quoted(anna)
    assert (quote["voucher"]["discount_cents"], quote["vouchers_run"]) == (1_000, True)
    less = TERMS | {"value": 500, "max_uses": 4, "version": 2}
    (await staff.ask("PUT", "vouchers", f"{PATH}/terms", less)).of(200)
    placed = (await order(anna, "a-1", quote=quote["quote"])).of(201)
    assert placed["voucher"]["discount_cents"] == 1_000, "as it was quoted"
    placed = (await order(bert, "b-1")).of(201)
    assert placed["voucher"]["discount_cents"] == 500, "as it is now"

    (await staff.ask("POST", "vouchers", f"{PATH}/pause", {"reason": "Zu teuer"})).of(200)
    carl = dealer.user("carl")
    carl.saw(staff)
    (await order(carl, "c-1")).refused("campaign-paused")
    quote = await quoted(carl)
    assert (quote["voucher"], quote["vouchers_run"]) == (None, False)
    (await staff.ask("POST", "vouchers", f"{PATH}/resumption")).of(200)
    (await order(carl, "c-2")).of(201)
    (await staff.ask("POST", "vouchers", f"{PATH}/end")).of(200)
    dora = dealer.user("dora")
    (await order(dora, "d-1")).refused("campaign-ended")

    for person in (anna, bert, carl):
        staff.saw(person)
    view = (await staff.ask("GET", "vouchers", PATH)).of(200)
    assert (view["status"], view["version"], view["actions"]) == ("ended", 3, ["copy"])
    assert (view["remaining_uses"], view["remaining_budget_cents"]) == (1, 8_000)
    history = (await staff.ask("GET", "vouchers", f"{PATH}/versions")).of(200)["versions"]
    assert [one["changed"] for one in history] == [["value", "max_uses"], []]
    copy = {"campaign_id": "juni", "code": "JUNI"}
    (await staff.ask("POST", "vouchers", f"{PATH}/copies", copy)).of(200)
    listed = (await staff.ask("GET", "vouchers", "/campaigns")).of(200)["items"]
    assert {one["campaign_id"]: one["status"] for one in listed} == {
        "mai": "ended",
        "juni": "draft",
    }
