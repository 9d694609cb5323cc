"""X-6, CH-4, CH-5: a quote tells everything and changes nothing."""

from checkout_tests.fakes import Shop

from checkout.peer.ports import Reason


async def test_a_quote_costs_what_the_order_will_cost(shop: Shop) -> None:
    quote = (await shop.quote(voucher_code="TEN", reward_id="fiver")).json()
    assert shop.store.commits == []
    assert not shop.vouchers.held

    order = (await shop.place(voucher_code="TEN", reward_id="fiver")).json()
    same = ("lines", "goods_cents", "voucher", "reward", "net_cents", "explanation")
    assert {name: quote[name] for name in same} == {name: order[name] for name in same}


async def test_a_quote_shows_the_points_available_and_to_be_earned(shop: Shop) -> None:
    """CH-5"""
    quote = (await shop.quote()).json()
    assert (quote["points_available"], quote["points_this_order"]) == (700, 42)


async def test_a_quote_lists_every_reason_why_something_cannot_be_used(shop: Shop) -> None:
    shop.vouchers.refusing = Reason("minimum-not-reached", "Es fehlen 5 €.", {"missing_cents": 500})
    shop.bonus.refusing = Reason("points-missing", "Zu wenig Punkte.", {"missing_points": 1})
    quote = (await shop.quote(voucher_code="OLD", reward_id="fiver")).json()

    assert quote["net_cents"] == 5_333
    assert quote["refused"] == [
        {
            "offered": "OLD",
            "code": "minimum-not-reached",
            "detail": "Es fehlen 5 €.",
            "facts": {"missing_cents": 500},
        },
        {
            "offered": "fiver",
            "code": "points-missing",
            "detail": "Zu wenig Punkte.",
            "facts": {"missing_points": 1},
        },
    ]
    assert quote["explanation"][1:3] == [
        "Der Gutschein „OLD“ kann nicht eingelöst werden: Es fehlen 5 €.",
        "Die Prämie kann nicht eingelöst werden: Zu wenig Punkte.",
    ]
