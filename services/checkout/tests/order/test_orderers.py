"""N-8: an order shows the name of its own orderer, and no other."""

from checkout_tests.fakes import NOON, Shop
from msgspec.structs import replace

from checkout.order.redaction import opened
from checkout.order.view import Orderer, placed_order
from zugabe_events.contracts.checkout import OrderPlaced


async def test_a_sealed_text_of_another_person_or_field_is_not_shown(shop: Shop) -> None:
    await shop.place()
    placed = shop.events[-1]
    assert isinstance(placed, OrderPlaced)
    view = placed_order(placed)
    assert view.orderer
    seal = shop.people.seal
    bert = await seal("d1/bert", "receipt", NOON, name="Bert Buche", email="bert@example.org")
    assert bert
    moved = replace(view, orderer=Orderer(name=bert["name"], email=view.orderer.name))
    plain = await shop.people.open([bert["name"], view.orderer.name])
    assert set(plain.values()) == {"Bert Buche", "Anna Ast"}
    assert opened(moved, plain).orderer == Orderer("verborgen", "verborgen")


async def test_plain_text_from_before_is_still_shown(shop: Shop) -> None:
    await shop.place()
    placed = shop.events[-1]
    assert isinstance(placed, OrderPlaced)
    old = replace(placed_order(placed), orderer=Orderer("Anna Ast", "anna@example.org"))
    assert opened(old, {}) == old
