"""When the goods are announced, and when they come."""

from datetime import date, timedelta

from onboarding_tests.samples import (
    BRAND,
    IN_CONTENT,
    IN_LOGISTICS,
    NOON,
    PARTNER,
    received,
)

from onboarding.brand.decider import BRAND_DECIDER
from onboarding.brand.logistics import (
    AnnounceDelivery,
    BookReceipt,
    DayNotPossibleError,
    IdTakenError,
)
from onboarding.brand.state import PhaseNotStartedError, TooManyError, brand_of, missing
from zugabe_events.contracts.onboarding import (
    DeliveryAnnounced,
    GoodsReceived,
)
from zugabe_testing.deciders import given

TODAY = date(2026, 5, 4)
announced = DeliveryAnnounced(PARTNER, BRAND, "l-1", TODAY, 40, NOON)


def announce(
    delivery: str = "l-1", on: date = TODAY, pieces: int = 40, today: date = TODAY
) -> AnnounceDelivery:
    return AnnounceDelivery(delivery, on, pieces, today, NOON)


def book(
    receipt: str = "we-1", on: date = TODAY, pieces: int = 40, today: date = TODAY
) -> BookReceipt:
    return BookReceipt(receipt, on, pieces, today, NOON)


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
