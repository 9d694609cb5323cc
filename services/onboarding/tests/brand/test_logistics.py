"""Where the goods lie, when they come, and that the partner learns it not too early."""

from datetime import date, timedelta

from onboarding_tests.samples import (
    BRAND,
    CONTACT,
    IN_CONTENT,
    IN_LOGISTICS,
    NOON,
    PARTNER,
    brand_opened,
    received,
    warehouse_chosen,
)

from onboarding.brand.decider import BRAND_DECIDER
from onboarding.brand.logistics import (
    AnnounceDelivery,
    BookReceipt,
    DayNotPossibleError,
    IdTakenError,
)
from onboarding.brand.state import PhaseNotStartedError, TooManyError, brand_of, missing
from onboarding.warehouse.decider import ChooseWarehouse, DiscloseAgain, KnownWarehouse
from zugabe_events.contracts.onboarding import (
    DeliveryAnnounced,
    DeliveryDisclosed,
    GoodsReceived,
    WarehouseChosen,
)
from zugabe_testing.deciders import given

TODAY = date(2026, 5, 4)
PLACE = KnownWarehouse("hamburg", "Hamburg", "Kai 1, Hamburg", "Werktags bis 14 Uhr")
KIEL = KnownWarehouse("kiel", "Kiel", "Kai 2, Kiel", "Mittwochs")
to_kiel = WarehouseChosen(PARTNER, BRAND, "kiel", "Kiel", NOON)
announced = DeliveryAnnounced(PARTNER, BRAND, "l-1", TODAY, 40, NOON)


def announce(
    delivery: str = "l-1", on: date = TODAY, pieces: int = 40, today: date = TODAY
) -> AnnounceDelivery:
    return AnnounceDelivery(delivery, on, pieces, today, NOON)


def book(
    receipt: str = "we-1", on: date = TODAY, pieces: int = 40, today: date = TODAY
) -> BookReceipt:
    return BookReceipt(receipt, on, pieces, today, NOON)


def test_choosing_a_warehouse_tells_its_name_and_no_more() -> None:
    """ON-4, ON-31"""
    given(BRAND_DECIDER, brand_opened).when(ChooseWarehouse(PLACE, CONTACT, NOON)).then(
        warehouse_chosen
    )
    given(BRAND_DECIDER, *IN_CONTENT).when(ChooseWarehouse(KIEL, CONTACT, NOON)).then(to_kiel)
    given(BRAND_DECIDER, *IN_CONTENT).when(ChooseWarehouse(PLACE, CONTACT, NOON)).then()


def test_another_warehouse_after_logistics_began_is_disclosed_at_once() -> None:
    """ON-31"""
    given(BRAND_DECIDER, *IN_LOGISTICS).when(ChooseWarehouse(KIEL, CONTACT, NOON)).then(
        to_kiel,
        DeliveryDisclosed(
            PARTNER, BRAND, "Nordkap", CONTACT, "kiel", "Kiel", "Kai 2, Kiel", "Mittwochs", True
        ),
    )


def test_what_changes_about_the_warehouse_is_disclosed_again() -> None:
    """ON-31: to those who were told, as long as it is theirs, and once."""
    moved = KnownWarehouse("hamburg", "Hamburg", "Kai 9, Hamburg", "Werktags bis 14 Uhr")
    words = ("hamburg", "Hamburg", "Kai 9, Hamburg", "Werktags bis 14 Uhr")
    told = DeliveryDisclosed(PARTNER, BRAND, "Nordkap", CONTACT, *words, True)
    given(BRAND_DECIDER, *IN_LOGISTICS).when(DiscloseAgain(moved, CONTACT)).then(told)
    given(BRAND_DECIDER, *IN_LOGISTICS, told).when(DiscloseAgain(moved, CONTACT)).then()
    given(BRAND_DECIDER, *IN_CONTENT).when(DiscloseAgain(moved, CONTACT)).then()
    given(BRAND_DECIDER, *IN_LOGISTICS, to_kiel).when(DiscloseAgain(moved, CONTACT)).then()
    given(BRAND_DECIDER, *IN_LOGISTICS).when(DiscloseAgain(moved, None)).then()


def test_goods_come_only_once_logistics_began() -> None:
    """ON-6"""
    given(BRAND_DECIDER, *IN_CONTENT).when(announce()).refused(PhaseNotStartedError)
    given(BRAND_DECIDER, *IN_CONTENT).when(book()).refused(PhaseNotStartedError)


def test_a_delivery_is_announced_once() -> None:
    """ON-6"""
    given(BRAND_DECIDER, *IN_LOGISTICS).when(announce()).then(announced)
    given(BRAND_DECIDER, *IN_LOGISTICS, announced).when(announce(today=date(2026, 6, 1))).then()
    other = given(BRAND_DECIDER, *IN_LOGISTICS, announced).when(announce(pieces=41))
    detail = "Unter dieser Kennung ist bereits eine andere Lieferung erfasst."
    assert other.refused(IdTakenError).detail == detail
    yesterday = TODAY - timedelta(days=1)
    given(BRAND_DECIDER, *IN_LOGISTICS).when(announce(on=yesterday)).refused(DayNotPossibleError)


def test_a_goods_receipt_is_booked_once() -> None:
    """ON-7"""
    given(BRAND_DECIDER, *IN_LOGISTICS).when(book()).then(received)
    given(BRAND_DECIDER, *IN_LOGISTICS, received).when(book()).then()
    other = given(BRAND_DECIDER, *IN_LOGISTICS, received).when(book(pieces=41))
    detail = "Unter dieser Kennung ist bereits ein anderer Wareneingang erfasst."
    assert other.refused(IdTakenError).detail == detail
    tomorrow = TODAY + timedelta(days=1)
    given(BRAND_DECIDER, *IN_LOGISTICS).when(book(on=tomorrow)).refused(DayNotPossibleError)


def test_an_announced_delivery_waits_for_the_warehouse() -> None:
    """ON-7, N-11"""
    for history, owner in ((IN_LOGISTICS, "partner"), ((*IN_LOGISTICS, announced), "central")):
        [lacks] = missing(brand_of(BRAND_DECIDER.fold(history)).progress, "logistics")
        assert (lacks.requirement, lacks.owner) == ("goods-receipt", owner)


def test_a_brand_has_a_thousand_deliveries_and_receipts_at_most() -> None:
    many = range(1_000)
    announcements = [DeliveryAnnounced(PARTNER, BRAND, f"l{n}", TODAY, 1, NOON) for n in many]
    receipts = [GoodsReceived(PARTNER, BRAND, f"w{n}", TODAY, 1, NOON) for n in many]
    more = given(BRAND_DECIDER, *IN_LOGISTICS, *announcements).when(announce("more"))
    assert "Mehr als 1.000 Lieferungen" in more.refused(TooManyError).detail
    more = given(BRAND_DECIDER, *IN_LOGISTICS, *receipts).when(book("more"))
    assert "Mehr als 1.000 Wareneingänge" in more.refused(TooManyError).detail
    for history, command in ((announcements, announce("more")), (receipts, book("more"))):
        state = BRAND_DECIDER.fold([*IN_LOGISTICS, *history[:-1]])
        assert len(BRAND_DECIDER.decide(command, state)) == 1
