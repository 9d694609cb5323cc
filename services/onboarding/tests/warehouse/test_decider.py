"""Central keeps warehouses; a partner learns of theirs, and not too early."""

import pytest
from msgspec.structs import replace
from onboarding_tests.samples import (
    BRAND,
    CONTACT,
    IN_CONTENT,
    IN_LOGISTICS,
    NOON,
    PARTNER,
    PLANNED,
    brand_opened,
    done,
    warehouse_chosen,
)

from onboarding.brand.decider import BRAND_DECIDER
from onboarding.warehouse.decider import (
    WAREHOUSE_DECIDER,
    ChooseWarehouse,
    DiscloseAgain,
    KeepWarehouse,
    KnownWarehouse,
    PlannedStockMissingError,
    ServeBrand,
    Unknown,
    UnknownWarehouseError,
    kept,
)
from zugabe_events.contracts.onboarding import (
    BrandServed,
    DeliveryDisclosed,
    ServedBrand,
    WaiverGranted,
    WarehouseChosen,
    WarehouseKept,
)
from zugabe_testing.deciders import given

PLACE = KnownWarehouse("hamburg", "Hamburg", "Kai 1, Hamburg", "Werktags bis 14 Uhr")
KIEL = KnownWarehouse("kiel", "Kiel", "Kai 2, Kiel", "Mittwochs")
to_kiel = WarehouseChosen(PARTNER, BRAND, "kiel", "Kiel", NOON, PLANNED)
NORDKAP = ServedBrand("nordwind", "nordkap")
SERVED = BrandServed("w1", NORDKAP)
KEEP = KeepWarehouse("w1", "Lager Nord", "Hafenstraße 1, 20457 Hamburg", "Anlieferung bis 12 Uhr")
KEPT = WarehouseKept("w1", "Lager Nord", "Hafenstraße 1, 20457 Hamburg", "Anlieferung bis 12 Uhr")
MOVED = WarehouseKept("w1", "Lager Nord", "Speicherweg 2, 20457 Hamburg", "Anlieferung bis 12 Uhr")


def test_central_keeps_a_warehouse() -> None:
    """ON-4"""
    given(WAREHOUSE_DECIDER).when(KEEP).then(KEPT)


def test_the_same_words_again_change_nothing() -> None:
    given(WAREHOUSE_DECIDER, KEPT).when(KEEP).then()


def test_a_warehouse_may_move() -> None:
    given(WAREHOUSE_DECIDER, MOVED).when(KEEP).then(KEPT)


def test_it_knows_the_brands_that_have_chosen_it() -> None:
    """ON-31: they are told when it moves."""
    given(WAREHOUSE_DECIDER, KEPT).when(ServeBrand(NORDKAP)).then(SERVED)
    given(WAREHOUSE_DECIDER, KEPT, SERVED).when(ServeBrand(NORDKAP)).then()
    given(WAREHOUSE_DECIDER).when(ServeBrand(NORDKAP)).then()
    given(WAREHOUSE_DECIDER, MOVED, SERVED).when(KEEP).then(replace(KEPT, brands=(NORDKAP,)))
    given(WAREHOUSE_DECIDER, KEPT, SERVED).when(KEEP).then()


def test_only_a_kept_warehouse_can_be_chosen() -> None:
    """ON-4"""
    with pytest.raises(UnknownWarehouseError):
        kept(Unknown())
    state = WAREHOUSE_DECIDER.fold([KEPT, MOVED])
    assert kept(state) == KnownWarehouse("w1", MOVED.name, MOVED.address, MOVED.conditions)


def test_choosing_a_warehouse_tells_its_name_and_no_more() -> None:
    """ON-4, ON-31"""
    given(BRAND_DECIDER, brand_opened).when(ChooseWarehouse(PLACE, CONTACT, NOON, PLANNED)).then(
        warehouse_chosen
    )
    given(BRAND_DECIDER, *IN_CONTENT).when(ChooseWarehouse(KIEL, CONTACT, NOON, PLANNED)).then(
        to_kiel
    )
    given(BRAND_DECIDER, *IN_CONTENT).when(ChooseWarehouse(PLACE, CONTACT, NOON, PLANNED)).then()


def test_a_warehouse_is_not_chosen_before_the_planned_stock_is_in() -> None:
    """ON-4, ON-29, Q31: unless that form is waived, or was accepted before."""
    choose = ChooseWarehouse(PLACE, CONTACT, NOON, None)
    refused = given(BRAND_DECIDER, brand_opened).when(choose)
    refused.refused(PlannedStockMissingError, "planned-stock-missing")
    waived = WaiverGranted(PARTNER, BRAND, "form:warehouse", "Liegt vor", NOON)
    for before in (waived, done("warehouse")):
        given(BRAND_DECIDER, brand_opened, before).when(choose).then(
            replace(warehouse_chosen, planned=None)
        )


def test_another_warehouse_after_logistics_began_is_disclosed_at_once() -> None:
    """ON-31"""
    given(BRAND_DECIDER, *IN_LOGISTICS).when(ChooseWarehouse(KIEL, CONTACT, NOON, PLANNED)).then(
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
