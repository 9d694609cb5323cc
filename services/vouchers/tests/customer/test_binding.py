"""An issued code works for those to whom it was issued: the users of the customer, or one user."""

from collections.abc import Callable
from typing import Any

import pytest

from vouchers.customer.decider import (
    CUSTOMER_DECIDER,
    IssueToCustomer,
    RevokeFromCustomer,
    customer_history,
)
from zugabe_events.contracts.checkout import OrderPlaced
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    CustomerVoucherIssued,
    CustomerVoucherRevoked,
    VoucherHeld,
)
from zugabe_events.domain.event_store import state_of
from zugabe_testing.deciders import given

type Placed = Callable[..., OrderPlaced]


async def earn(shop: Any, placed: Placed, customer: str = "muster", user: str = "anna") -> None:
    """The first order of a user earns them the code `A12345`."""
    await shop.deliver("checkout", placed("o1", user=user, customer=customer))


async def asked_by(shop: Any, user: str, customer: str = "muster", **headers: str) -> str:
    """What is against the code for a user."""
    body = {
        "codes": ["A12345"],
        "customer": customer,
        "user": user,
        "lines": [{"number": 1, "net_cents": 10_000}],
    }
    answer = await shop.ask("staff", "POST", "/voucher-checks", body, **headers)
    assert answer.status_code == 200, answer.text
    return " ".join(reason["code"] for reason in answer.json()["reasons"])


async def test_a_shared_code_works_for_all_users_of_the_customer(shop: Any, placed: Placed) -> None:
    """Q6, VO-34: "in Ihrem Unternehmen"."""
    await shop.run(kind="second-purchase", max_per_user=2, max_per_customer=3)
    await earn(shop, placed)
    await shop.deliver_own()
    assert await asked_by(shop, "bert") == ""
    assert await asked_by(shop, "carla", "another") == "not-issued"
    held = await shop.hold("o2", user="bert", customer="muster")
    assert held.status_code == 200, held.text
    [hold] = shop.said(VoucherHeld)
    assert (hold.voucher_id, hold.lent_voucher_id) == (None, "spring/o1")
    await shop.hold("o3", user="bert", customer="muster")
    await shop.hold("o4", user="carla", customer="muster")
    assert await asked_by(shop, "bert") == "user-limit customer-limit"
    assert await asked_by(shop, "anna") == "customer-limit"


async def lent_to(shop: Any, user: str, customer: str = "muster", who: str = "backend") -> Any:
    path = f"/customers/{customer}/users/{user}/lent-vouchers"
    answer = await shop.ask(who, "GET", path)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_users_see_the_codes_of_colleagues_that_they_may_use(
    shop: Any, placed: Placed
) -> None:
    """Q6, VO-35"""
    await shop.run(kind="second-purchase", title="Danke", max_per_user=2, max_per_customer=3)
    assert await lent_to(shop, "bert") == []
    await earn(shop, placed)
    await shop.deliver_own()
    assert await lent_to(shop, "bert") == [
        {
            "code": "A12345",
            "title": "Danke",
            "remaining_uses": 2,
            "sentence": "Sie können Ihren Gutscheincode A12345 bis zum 31.05.2026 noch 2 Mal "
            "verwenden.",
        }
    ]
    for order_id in ("o2", "o3"):
        held = await shop.hold(order_id, user="anna", customer="muster")
        assert held.status_code == 200, held.text
    assert [one["remaining_uses"] for one in await lent_to(shop, "bert")] == [1]
    assert await lent_to(shop, "anna") == [], "it is her own"
    assert await lent_to(shop, "carla", "another") == []
    await shop.cancel("o1")
    for order_id in ("o2", "o3"):
        await shop.take_off(order_id)
    await shop.deliver_own()
    assert await lent_to(shop, "bert") == []


async def test_codes_of_strangers_and_other_customers_are_not_shown(
    shop: Any, placed: Placed
) -> None:
    """Q6, X-16"""
    await shop.run(kind="second-purchase", max_per_user=2)
    await earn(shop, placed, "So.COMMERCE", "bert")
    await shop.deliver_own()
    assert await lent_to(shop, "anna", "So.COMMERCE", "anna") == []
    for path in ("muster/users/anna", "So.COMMERCE/users/bert"):
        answer = await shop.ask("anna", "GET", f"/customers/{path}/lent-vouchers")
        assert answer.status_code == 403


async def test_among_strangers_an_issued_code_is_the_users(shop: Any, placed: Placed) -> None:
    """Q6, VO-12: So.COMMERCE is one customer, with all standard users in it."""
    await shop.run(kind="second-purchase", max_per_user=2)
    await earn(shop, placed, "So.COMMERCE")
    await shop.deliver_own()
    assert await asked_by(shop, "anna", "So.COMMERCE") == ""
    assert await asked_by(shop, "bert", "So.COMMERCE") == "not-issued"


async def test_a_revoked_code_works_for_no_user_of_the_customer(shop: Any, placed: Placed) -> None:
    """Q6, Q7"""
    await shop.run(kind="second-purchase", max_per_user=2)
    await earn(shop, placed)
    await shop.deliver_own()
    await shop.cancel("o1")
    await shop.deliver_own()
    assert await asked_by(shop, "anna") == "voucher-forfeited"
    assert await asked_by(shop, "bert") == "not-issued"


async def test_who_names_the_order_of_a_colleague_waits_for_what_it_earned(
    shop: Any, placed: Placed
) -> None:
    """Q6: read your writes, also across users."""
    await shop.run(kind="second-purchase", max_per_user=2)
    await earn(shop, placed)
    assert await asked_by(shop, "bert") == "not-issued"
    token = {"Zugabe-Token": "checkout.3.7.1"}
    assert await asked_by(shop, "bert", **token) == ""


async def test_a_colleague_uses_the_code_by_the_terms_of_its_issue(
    shop: Any, placed: Placed, terms: Callable[..., CampaignTerms]
) -> None:
    """X-17, Q6"""
    await shop.run(kind="second-purchase", max_per_user=2)
    await earn(shop, placed)
    await shop.deliver_own()
    customer = await state_of(shop.store, customer_history("acme", "muster"))
    voucher = customer.voucher_of("spring")
    assert voucher is not None
    assert (voucher.campaign_version, voucher.terms.value) == (1, 1000)
    assert customer.voucher_of("another") is None


@pytest.fixture
def lent(terms: Callable[..., CampaignTerms]) -> CustomerVoucherIssued:
    of_campaign = terms(kind="second-purchase")
    return CustomerVoucherIssued(
        "acme", "muster", "again", 1, "again/o1", of_campaign, of_campaign.valid_until
    )


def test_what_is_heard_again_changes_nothing(lent: CustomerVoucherIssued) -> None:
    """Q6"""
    revoked = CustomerVoucherRevoked("acme", "muster", "again", "again/o1")
    given(CUSTOMER_DECIDER).when(IssueToCustomer(lent)).then(lent)
    given(CUSTOMER_DECIDER, lent).when(IssueToCustomer(lent)).then()
    given(CUSTOMER_DECIDER, lent).when(RevokeFromCustomer(revoked)).then(revoked)
    given(CUSTOMER_DECIDER, lent, revoked).when(RevokeFromCustomer(revoked)).then()
