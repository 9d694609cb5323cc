"""Central keeps warehouses."""

import pytest
from msgspec.structs import replace

from onboarding.warehouse.decider import (
    WAREHOUSE_DECIDER,
    KeepWarehouse,
    KnownWarehouse,
    ServeBrand,
    Unknown,
    UnknownWarehouseError,
    kept,
)
from zugabe_events.contracts.onboarding import BrandServed, ServedBrand, WarehouseKept
from zugabe_testing.deciders import given

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
