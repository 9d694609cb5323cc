"""Who sees a front: everybody, until the dealer says otherwise."""

from datetime import UTC, datetime

import pytest

from catalog_shops.audience.decider import (
    AUDIENCE_DECIDER,
    DeclareBusinessOnly,
    NoFrontError,
    SetVisibility,
)
from zugabe_events.contracts.catalog_shops import BusinessOnlyDeclared, FrontVisibilitySet
from zugabe_testing.deciders import given

NOON = datetime(2026, 5, 4, 10, tzinfo=UTC)
CLOSED = FrontVisibilitySet("acme", "customers", NOON)
BUSINESS = BusinessOnlyDeclared("acme", True, NOON)


def test_a_front_is_public_until_the_dealer_closes_it() -> None:
    given(AUDIENCE_DECIDER).when(SetVisibility("acme", "public", NOON)).then()
    given(AUDIENCE_DECIDER).when(SetVisibility("acme", "customers", NOON)).then(CLOSED)
    given(AUDIENCE_DECIDER, CLOSED).when(SetVisibility("acme", "customers", NOON)).then()
    opened = FrontVisibilitySet("acme", "public", NOON)
    given(AUDIENCE_DECIDER, CLOSED).when(SetVisibility("acme", "public", NOON)).then(opened)


def test_a_dealer_declares_to_sell_to_businesses_only() -> None:
    """Q13"""
    given(AUDIENCE_DECIDER).when(DeclareBusinessOnly("acme", True, NOON)).then(BUSINESS)
    given(AUDIENCE_DECIDER, BUSINESS, CLOSED).when(DeclareBusinessOnly("acme", True, NOON)).then()


@pytest.mark.parametrize("tenant", ["central", "group.bueroring"])
def test_who_sells_nothing_has_no_front(tenant: str) -> None:
    command = SetVisibility(tenant, "customers", NOON)
    given(AUDIENCE_DECIDER).when(command).refused(NoFrontError, "no-front")
