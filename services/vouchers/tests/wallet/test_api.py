"""Checkout holds vouchers, shops ask whether one would work, users and staff look at theirs."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from zugabe_events.contracts.checkout import VoucherApplied
from zugabe_events.contracts.vouchers import UseCounted, VoucherHeld
from zugabe_events.domain.consistency_token import Token

CART = {
    "codes": ["A12345"],
    "customer": "So.COMMERCE",
    "user": "anna",
    "lines": [{"number": 1, "net_cents": 10000}],
}


async def test_checkout_learns_everything_it_records_of_a_hold(shop: Any) -> None:
    """X-1, N-4, X-10"""
    await shop.run(max_uses=5, max_per_customer=3)
    [applied] = msgspec.convert((await shop.hold("o1")).json()["vouchers"], list[VoucherApplied])
    assert applied.hold_id == "o1/1"
    assert (applied.base_cents, applied.discount_cents, applied.shares) == (10000, 1000, (400, 600))
    assert applied.streams == (
        "wallet/acme/anna",
        "uses/acme/spring",
        "uses/acme/spring/So.COMMERCE",
    )


async def test_the_same_attempt_holds_once_however_often_it_is_asked(shop: Any) -> None:
    """X-1, X-12"""
    await shop.run(max_uses=1)
    first = await shop.hold("o1")
    shop.now += timedelta(seconds=5)
    assert (await shop.hold("o1", codes=["a12345 "])).json() == first.json()
    assert len(shop.said(VoucherHeld)) == len(shop.said(UseCounted)) == 1


async def test_a_retry_with_a_newer_attempt_never_meets_its_own_hold(shop: Any) -> None:
    """X-1"""
    await shop.run(max_uses=1, max_per_customer=1, max_per_user=1)
    assert (await shop.hold("o1", 1)).status_code == 200
    assert (await shop.hold("o1", 2)).status_code == 200
    await shop.take_off("o1", 2)
    assert (await shop.hold("o1", 3)).status_code == 200  # the limits have not heard of it yet
    await shop.deliver_own()
    assert (await shop.hold("o2")).json()["code"] == "user-limit"


async def test_the_answer_to_a_repeated_request_is_no_longer_the_released_hold(shop: Any) -> None:
    """X-1, X-12: the request is known by its key, and its hold is over."""
    await shop.run()
    body = CART | {"placed_at": "2026-05-04T12:00:00Z", "deadline": "2026-05-04T12:10:00Z"}
    key = {"Idempotency-Key": "k1"}
    first = await shop.ask("checkout", "PUT", "/holds/o1/1", body, **key)
    again = await shop.ask("checkout", "PUT", "/holds/o1/1", body, **key)
    assert (again.status_code, again.json()) == (200, first.json())
    await shop.take_off("o1")
    over = await shop.ask("checkout", "PUT", "/holds/o1/1", body, **key)
    assert (over.status_code, over.json()["code"]) == (409, "attempt-over")


async def test_a_customers_users_share_its_limit(shop: Any) -> None:
    """VO-11, VO-12, VO-14"""
    await shop.run(max_per_customer=1)
    assert (await shop.hold("o1", user="anna")).status_code == 200
    assert (await shop.hold("o2", user="bert")).json()["code"] == "customer-limit"
    assert (await shop.hold("o3", user="carla", customer="other")).status_code == 200


async def test_released_and_returned_uses_can_be_used_again(shop: Any) -> None:
    """X-1, X-2"""
    await shop.run(max_uses=1)
    await shop.hold("o1")
    assert (await shop.hold("o2", user="bert")).json()["code"] == "campaign-limit"
    await shop.take_off("o1")
    await shop.deliver_own()
    held = await shop.hold("o2", user="bert")
    assert held.status_code == 200
    await shop.place("o2", held, "bert")
    await shop.cancel("o2", "o2/1", "bert")
    await shop.deliver_own()
    assert (await shop.hold("o3")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "asked", "code", "facts"),
    [
        ({}, {"codes": ["B1"]}, "code-unknown", {}),
        ({}, {"lines": []}, "nothing-to-pay", {}),
        (
            {"minimum_cents": 15000},
            {},
            "minimum-not-reached",
            {"missing_cents": 5000, "minimum_cents": 15000},
        ),
        ({"kind": "second-purchase"}, {}, "not-issued", {}),
        ({"valid_from": "2026-05-05"}, {}, "not-yet-valid", {"valid_from": "2026-05-05"}),
        ({}, {"placed_at": "2026-06-01T12:00:00Z"}, "expired", {"valid_until": "2026-05-31"}),
    ],
)
async def test_hold_and_dry_run_give_the_same_reason(
    shop: Any,
    changes: dict[str, Any],
    asked: dict[str, Any],
    code: str | None,
    facts: dict[str, Any],
) -> None:
    """X-6, X-7"""
    await shop.run(**changes)
    before = len(shop.store.commits)
    checked = (await shop.ask("anna", "POST", "/voucher-checks", CART | asked)).json()
    assert len(shop.store.commits) == before
    held = await shop.hold("o1", **asked)
    assert checked["usable"] is (code is None)
    if code is not None:
        assert held.status_code == 409
        assert held.headers["content-type"] == "application/problem+json"
        reason = checked["reasons"][0]
        [voucher_code] = (CART | asked)["codes"]
        assert reason == {
            "voucher_code": voucher_code, "code": code, "detail": held.json()["detail"], **facts
        }  # fmt: skip
        assert held.json().items() >= reason.items()


async def test_a_dry_run_gives_every_reason(shop: Any) -> None:
    """X-6"""
    await shop.run(max_uses=1, max_per_customer=1, max_per_user=1, minimum_cents=10000)
    await shop.hold("o1")
    cart = CART | {"lines": [{"number": 1, "net_cents": 9999}], "placed_at": "2026-06-01T00:00:00Z"}
    checked = (await shop.ask("anna", "POST", "/voucher-checks", cart)).json()
    assert [reason["code"] for reason in checked["reasons"]] == [
        "expired",
        "user-limit",
        "minimum-not-reached",
        "campaign-limit",
        "customer-limit",
    ]


async def test_a_dry_run_of_an_open_checkout_does_not_meet_its_own_hold(shop: Any) -> None:
    """X-1, X-6"""
    await shop.run(max_uses=1, max_per_user=1)
    await shop.hold("o1")
    own = (await shop.ask("checkout", "POST", "/voucher-checks", CART | {"order_id": "o1"})).json()
    assert own["usable"]
    assert own["vouchers"][0]["discount_cents"] == 1000
    assert not (await shop.ask("checkout", "POST", "/voucher-checks", CART)).json()["usable"]


async def test_naming_the_order_of_somebody_else_frees_nothing(shop: Any) -> None:
    """S29: a limit that their hold takes up stays taken, and nobody learns what they use."""
    await shop.run(max_uses=1)
    await shop.hold("o1", user="bert")
    asked = CART | {"order_id": "o1"}
    checked = (await shop.ask("anna", "POST", "/voucher-checks", asked)).json()
    assert [reason["code"] for reason in checked["reasons"]] == ["campaign-limit"]


async def test_two_users_never_hold_for_an_order_of_one_id(shop: Any) -> None:
    """S20: the second is refused, and the first keeps the only use that there is."""
    await shop.run(max_uses=2, max_per_user=9)
    assert (await shop.hold("o1")).status_code == 200
    for attempt in (1, 2):
        refused = await shop.hold("o1", attempt, user="bert")
        assert (refused.status_code, refused.json()["code"]) == (409, "order-id-taken")
    assert (await shop.hold("o1", 2)).status_code == 200, "their own newer attempt"
    assert (await shop.hold("o2", user="bert")).status_code == 200
    assert (await shop.hold("o3")).json()["code"] == "campaign-limit"
    await shop.take_off("o1", 2)
    assert (await shop.hold("o1", 3)).status_code == 200, "before its return has arrived"


async def test_a_points_manager_may_do_whatever_users_may(shop: Any) -> None:
    """BO-34: it is a right of a user, who keeps all others."""
    await shop.run("again", kind="second-purchase")
    await shop.place("o1", user="manager")
    listed = await shop.ask("manager", "GET", "/users/manager/vouchers")
    assert [one["code"] for one in listed.json()["items"]] == ["A12345"]
    told = await shop.ask("manager", "GET", "/users/manager/order-vouchers/o1")
    assert [one["code"] for one in told.json()["issued"]] == ["A12345"]
    cart = CART | {"user": "manager", "customer": "c1"}
    assert (await shop.ask("manager", "POST", "/voucher-checks", cart)).status_code == 200


async def test_a_campaign_that_is_not_active_works_for_nobody(shop: Any, new: Any) -> None:
    await shop.ask("staff", "PUT", "/campaigns/spring", new())
    assert (await shop.hold("o1")).json()["code"] == "campaign-not-active"


@pytest.mark.parametrize(
    ("who", "method", "path", "body"),
    [
        ("bert", "POST", "/voucher-checks", CART),
        ("anna", "POST", "/voucher-checks", CART | {"customer": "other"}),
        ("bert", "GET", "/users/anna/vouchers", None),
        ("manager", "POST", "/voucher-checks", CART),
        ("manager", "POST", "/voucher-checks", CART | {"user": "manager"}),
        ("manager", "GET", "/users/anna/vouchers", None),
        ("manager", "GET", "/users/anna/order-vouchers/o1", None),
        ("anna", "GET", "/vouchers", None),
        ("central", "GET", "/vouchers", None),
        ("central", "GET", "/redeemed-vouchers", None),
        ("other-staff", "GET", "/vouchers", None),
        ("staff", "PUT", "/holds/o1/1", {}),
    ],
)
async def test_what_belongs_to_others_is_forbidden(
    shop: Any, who: str, method: str, path: str, body: Any
) -> None:
    """X-16, X-28"""
    assert (await shop.ask(who, method, path, body)).status_code == 403


async def test_a_user_sees_what_his_first_order_earned_and_how_often_it_works(shop: Any) -> None:
    """VO-33, VO-35, CH-8"""
    await shop.run("again", kind="second-purchase", max_per_user=2)
    await shop.place("o1")
    (earned,) = (await shop.ask("anna", "GET", "/users/anna/vouchers?order_id=o1")).json()["items"]
    assert (earned["code"], earned["status"], earned["remaining_uses"]) == ("A12345", "unused", 2)
    assert earned["notice"] == (
        "Sie können Ihren Gutscheincode A12345 bis zum 31.05.2026 noch 2 Mal verwenden."
    )
    await shop.place("o2", await shop.hold("o2"))
    (left,) = (await shop.ask("anna", "GET", "/users/anna/vouchers")).json()["items"]
    assert (left["status"], left["remaining_uses"]) == ("redeemed", 1)
    assert (await shop.ask("anna", "GET", "/users/anna/vouchers?order_id=o2")).json()["items"] == []
    assert (await shop.hold("o3", user="bert")).json()["code"] == "not-issued"


async def test_staff_see_redeemed_vouchers_and_those_given_back_apart(shop: Any) -> None:
    """VO-39, X-2"""
    await shop.run()
    await shop.place("o1", await shop.hold("o1"))
    shop.now += timedelta(hours=1)
    await shop.place("o2", await shop.hold("o2", user="bert"), "bert")
    items = (await shop.ask("staff", "GET", "/redeemed-vouchers")).json()["items"]
    assert [(one["user"], one["order_id"]) for one in items] == [("bert", "o2"), ("anna", "o1")]
    assert items[1]["title"] == "Frühling"
    assert items[1]["campaign_id"] == "spring"
    assert items[1]["redeemed_at"].startswith("2026-05-04T12:00:00")
    await shop.cancel("o1", "o1/1")
    items = (await shop.ask("staff", "GET", "/redeemed-vouchers?user=anna")).json()["items"]
    assert items == []
    back = (await shop.ask("staff", "GET", "/redeemed-vouchers?returned=true")).json()["items"]
    assert [one["order_id"] for one in back] == ["o1"]


async def test_staff_page_through_all_vouchers(shop: Any) -> None:
    """X-18"""
    await shop.run("again", kind="second-purchase")
    for user in ("anna", "bert", "carla"):
        await shop.place(f"of-{user}", user=user)
    await shop.cancel("of-bert", user="bert")
    seen, path = [], "/vouchers?limit=2"
    while True:
        page = (await shop.ask("staff", "GET", path)).json()
        seen += [(one["user"], one["status"]) for one in page["items"]]
        if page["next"] is None:
            break
        path = f"/vouchers?limit=2&after={page['next']}"
    assert seen == [("anna", "unused"), ("bert", "revoked"), ("carla", "unused")]
    revoked = (await shop.ask("staff", "GET", "/vouchers?status=revoked")).json()["items"]
    assert [one["user"] for one in revoked] == ["bert"]
    assert "storniert" in revoked[0]["notice"]


@pytest.mark.parametrize(
    "changes",
    [
        {"unknown": 1},
        {"lines": [{"number": 1, "net_cents": -1}]},
        {"lines": [{"number": 1, "net_cents": 0}] * 1001},
        {"deadline": "2026-05-04T12:00:00"},
        {"user": "a/b"},
        {"codes": []},
        {"codes": [""]},
        {"codes": ["A12345", "a12345 "]},
        {"codes": [f"A{number}" for number in range(6)]},
    ],
)
async def test_malformed_requests_are_refused(shop: Any, changes: dict[str, Any]) -> None:
    await shop.run()
    assert (await shop.hold("o1", **changes)).status_code == 422
    assert not shop.said(VoucherHeld)


async def test_a_hold_waits_for_the_orders_whose_tokens_it_carries(shop: Any) -> None:
    """X-30: an earlier order of an import may have earned the voucher."""
    await shop.run()
    deadline = (shop.now + timedelta(minutes=10)).isoformat()
    body = {
        "codes": ["A12345"],
        "customer": "So.COMMERCE",
        "user": "anna",
        "placed_at": shop.now.isoformat(),
        "deadline": deadline,
        "lines": [{"number": 1, "net_cents": 4_000}],
    }
    headers = {"Zugabe-Token": "checkout.3.7.1,checkout.4.7.2"}
    answer = await shop.ask("checkout", "PUT", "/holds/o1/1", body, **headers)
    assert answer.status_code == 200
    assert shop.policies.awaited == [Token("checkout", 3, 7, 1), Token("checkout", 4, 7, 2)]


async def test_a_check_waits_for_the_orders_whose_tokens_it_carries(shop: Any) -> None:
    """X-6: as the hold would."""
    await shop.run()
    headers = {"Zugabe-Token": "checkout.3.7.1"}
    answer = await shop.ask("checkout", "POST", "/voucher-checks", CART, **headers)
    assert answer.json()["usable"]
    assert shop.policies.awaited == [Token("checkout", 3, 7, 1)]


@pytest.mark.parametrize("limit", ["max_uses", "max_per_customer"])
async def test_a_use_that_a_cancellation_gave_back_can_be_used_at_once(
    shop: Any, limit: str
) -> None:
    """X-2: by whom the token of the cancellation is known to."""
    await shop.run(**{limit: 1})
    await shop.place("o1", await shop.hold("o1"))
    await shop.cancel("o1", "o1/1")
    token = {"Zugabe-Token": "checkout.3.7.1"}
    assert not (await shop.ask("checkout", "POST", "/voucher-checks", CART)).json()["usable"]
    checked = await shop.ask("checkout", "POST", "/voucher-checks", CART, **token)
    assert checked.json()["usable"]


async def test_a_hold_takes_the_use_that_a_cancellation_gave_back(shop: Any) -> None:
    """X-2"""
    await shop.run(max_uses=1)
    await shop.place("o1", await shop.hold("o1"))
    await shop.cancel("o1", "o1/1")
    deadline = (shop.now + timedelta(minutes=10)).isoformat()
    body = CART | {"placed_at": shop.now.isoformat(), "deadline": deadline}
    token = {"Zugabe-Token": "checkout.3.7.1"}
    assert (await shop.ask("checkout", "PUT", "/holds/o2/1", body)).status_code == 409
    assert (await shop.ask("checkout", "PUT", "/holds/o2/1", body, **token)).status_code == 200


async def test_the_description_names_the_kinds_of_discount(shop: Any) -> None:
    document = (await shop.http.get("/openapi.json")).json()
    schemas = document["components"]["schemas"]

    def named(schema: Any) -> Any:
        return schemas[schema["$ref"].rpartition("/")[2]]

    hold = document["paths"]["/dealers/{dealer}/holds/{order_id}/{attempt}"]["put"]
    held = named(hold["responses"]["200"]["content"]["application/json"]["schema"])
    applied = named(held["properties"]["vouchers"]["items"])
    kinds = named(applied["properties"]["discount_type"])
    assert kinds["enum"] == ["fixed", "percent", "free-shipping"]
    offered = schemas["VoucherOffer"]["properties"]
    assert applied["properties"].keys() == {*offered, "hold_id", "streams"}


async def two_campaigns(shop: Any, **changes: Any) -> None:
    await shop.run("ten", code="ZEHN", combines=True)
    fixed = {"discount_type": "fixed", "value": 500, "combines": True}
    await shop.run("five", code="FUENF", **fixed, **changes)


async def test_several_codes_are_held_together_with_all_their_limits(shop: Any) -> None:
    """X-31, VO-11"""
    await two_campaigns(shop, max_uses=1)
    held = await shop.hold("o1", codes=["fuenf", "zehn"])
    assert [
        (one["hold_id"], one["code"], one["base_cents"], one["discount_cents"], one["shares"])
        for one in held.json()["vouchers"]
    ] == [
        ("o1/1", "ZEHN", 10_000, 1_000, [400, 600]),
        ("o1/1/2", "FUENF", 9_000, 500, [200, 300]),
    ]
    assert held.json()["vouchers"][1]["streams"] == ["wallet/acme/anna", "uses/acme/five"]
    assert (await shop.hold("o1", codes=["fuenf", "zehn"])).json() == held.json()
    [counted] = shop.said(UseCounted)
    assert counted.hold_id == "o1/1/2"


async def test_an_order_redeems_all_its_vouchers_and_its_cancellation_gives_all_back(
    shop: Any,
) -> None:
    """X-2, X-31"""
    await two_campaigns(shop, max_uses=1)
    await shop.place("o1", await shop.hold("o1", codes=["ZEHN", "FUENF"]))
    items = (await shop.ask("staff", "GET", "/redeemed-vouchers")).json()["items"]
    assert {(one["hold_id"], one["discount_cents"]) for one in items} == {
        ("o1/1", 1_000),
        ("o1/1/2", 500),
    }
    refused = await shop.hold("o2", user="bert", codes=["ZEHN", "FUENF"])
    assert (refused.status_code, refused.json()["code"]) == (409, "campaign-limit")
    assert refused.json()["voucher_code"] == "FUENF"
    assert len(shop.said(VoucherHeld)) == 2
    await shop.cancel("o1", "o1/1", more=("o1/1/2",))
    await shop.cancel("o1", "o1/1", more=("o1/1/2",))
    await shop.deliver_own()
    items = (await shop.ask("staff", "GET", "/redeemed-vouchers?returned=true")).json()["items"]
    assert len(items) == 2
    assert (await shop.hold("o2", user="bert", codes=["ZEHN", "FUENF"])).is_success


async def test_a_check_applies_the_usable_codes_and_says_all_about_the_others(shop: Any) -> None:
    """X-6, X-31"""
    await two_campaigns(shop)
    await shop.run("alone", code="ALLEIN", minimum_cents=20_000)
    asked = CART | {"codes": ["gibtsnicht", "Allein", "FUENF", "ZEHN"]}
    checked = (await shop.ask("anna", "POST", "/voucher-checks", asked)).json()
    assert not checked["usable"]
    assert [(one["voucher_code"], one["code"]) for one in checked["reasons"]] == [
        ("gibtsnicht", "code-unknown"),
        ("Allein", "minimum-not-reached"),
        ("Allein", "not-combinable"),
    ]
    assert [(one["code"], one["discount_cents"]) for one in checked["vouchers"]] == [
        ("ZEHN", 1_000),
        ("FUENF", 500),
    ]


async def test_what_a_line_has_no_part_in_comes_with_it(shop: Any) -> None:
    """X-24, X-25"""
    await shop.run()
    lines = [
        {"number": 1, "net_cents": 4_000, "excluded": ["vouchers", "points"], "groups": ["g1"]},
        {"number": 2, "net_cents": 6_000},
    ]
    [voucher] = (await shop.hold("o1", lines=lines)).json()["vouchers"]
    assert (voucher["base_cents"], voucher["shares"]) == (6_000, [0, 600])
    refused = await shop.hold("o2", lines=lines[:1])
    assert refused.json()["code"] == "nothing-eligible"
