"""VO-39, VO-42: staff read who used a voucher by name, as long as the person is not erased."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from vouchers.orderer.view import OrdererView, project
from zugabe_events.contracts.checkout import OrderPlaced, Person
from zugabe_events.contracts.vouchers import VoucherRedeemed
from zugabe_events.encryption.sealed_text import person_of
from zugabe_testing.personal_data import in_memory_people


async def sealed(shop: Any, user: str, name: str) -> Person:
    texts = await shop.people.seal(
        person_of("acme", user), None, shop.now, name=name, email=f"{user}@example.org"
    )
    return Person(**texts)


async def order(shop: Any, user: str, name: str, placed: Callable[..., OrderPlaced]) -> None:
    held = await shop.hold(user, user=user)
    await shop.place(user, held, user)
    shop.orderers.fold(placed(user, shop.now, user=user, orderer=await sealed(shop, user, name)))


async def items(shop: Any, path: str, who: str = "staff") -> list[dict[str, Any]]:
    answer = await shop.ask(who, "GET", path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_redeemed_vouchers_say_who_when_and_of_which_campaign(
    shop: Any, placed: Callable[..., OrderPlaced]
) -> None:
    """VO-39"""
    await shop.run(title="Frühling")
    await order(shop, "anna", "Anna Müller", placed)
    [use] = await items(shop, "/redeemed-vouchers")
    told = (use["name"], use["user"], use["customer"], use["redeemed_at"], use["title"])
    assert told == ("Anna Müller", "anna", "So.COMMERCE", "2026-05-04T12:00:00Z", "Frühling")
    [row] = (await shop.ask("staff", "GET", "/redeemed-vouchers.csv")).text.splitlines()[1:]
    assert "Anna Müller" in row
    assert '"Frühling";"spring"' in row
    [anna] = await items(shop, "/campaign-statistics/spring/users")
    assert anna["name"] == "Anna Müller"


async def test_issued_vouchers_name_their_users_to_staff_alone(
    shop: Any, placed: Callable[..., OrderPlaced]
) -> None:
    """VO-33, VO-39"""
    await shop.run("again", kind="second-purchase", title="Danke")
    await shop.place("o1")
    shop.orderers.fold(placed("o1", orderer=await sealed(shop, "anna", "Anna Müller")))
    [voucher] = await items(shop, "/vouchers")
    assert (voucher["user"], voucher["name"]) == ("anna", "Anna Müller")
    [row] = (await shop.ask("staff", "GET", "/vouchers.csv")).text.splitlines()[1:]
    assert '"Danke";"again";"So.COMMERCE";"anna";"Anna Müller"' in row
    [own] = await items(shop, "/users/anna/vouchers", "anna")
    assert own["name"] == ""


async def test_a_name_that_is_sealed_for_somebody_else_is_hidden(
    shop: Any, placed: Callable[..., OrderPlaced]
) -> None:
    """X-15"""
    await shop.run()
    await order(shop, "anna", "Anna Müller", placed)
    lost = placed("o2", user="bert", orderer=Person(*await of_another(shop)))
    shop.orderers.fold(lost)
    held = await shop.hold("o2", user="bert")
    await shop.place("o2", held, "bert")
    names = {use["user"]: use["name"] for use in await items(shop, "/redeemed-vouchers")}
    assert names["anna"] == "Anna Müller"
    assert names["bert"] not in ("", "Anna Müller"), "a name sealed for another person is hidden"


async def of_another(shop: Any) -> tuple[str, str]:
    person = await sealed(shop, "anna", "Anna Müller")
    return person.name, person.email


async def test_without_the_keys_there_are_no_names(shop: Any, placed: Any) -> None:
    """The list does not depend on checkout, which keeps them."""
    await shop.run()
    await order(shop, "anna", "Anna Müller", placed)
    shop.people = in_memory_people("vouchers")
    [use] = await items(shop, "/redeemed-vouchers")
    assert (use["name"], use["user"]) == ("", "anna")


async def test_a_use_from_before_titles_were_recorded_has_the_present_one(shop: Any) -> None:
    """VO-39"""
    await shop.run(title="Frühling")
    use = VoucherRedeemed(
        hold_id="o0/1",
        order_id="o0",
        order_number="25706",
        campaign_id="spring",
        voucher_id=None,
        dealer="acme",
        customer="c1",
        user="anna",
        code="A12345",
        base_cents=10_000,
        discount_cents=1_000,
        redeemed_at=shop.now,
    )
    shop.redeemed.fold(use)
    [shown] = await items(shop, "/redeemed-vouchers")
    assert (shown["title"], shown["name"]) == ("Frühling", "")


def test_the_name_is_that_of_the_latest_order(placed: Callable[..., OrderPlaced]) -> None:
    """X-30: an import of older orders changes no name."""
    married = placed("o2", orderer=Person("Anna Schmidt", "a@example.org"))
    view = project(None, married)
    assert view == OrdererView("acme", "anna", "Anna Schmidt", married.placed_at)
    older = replace(
        married,
        placed_at=married.placed_at - timedelta(days=1),
        orderer=Person("Anna Müller", "a@example.org"),
    )
    assert project(view, older) == view
    assert project(view, replace(married, orderer=None)) == view
