"""Which shops are active and in which order: adopted from central, or arranged by the dealer."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog_shops.placement.decider import (
    MAX_ACTIVE,
    PLACEMENT_DECIDER,
    ActivateShop,
    AdoptCentralShops,
    ArrangeShops,
    DeactivateShop,
    LeaveCentralShops,
    Order,
    Placement,
)
from catalog_shops.placement.refusals import (
    ArrangementStaleError,
    ArrangementTooLargeError,
    CentralShopsAdoptedError,
    NothingCentralError,
    ShopTwiceError,
)
from zugabe_events.contracts.catalog_shops import (
    CentralShopsAdopted,
    CentralShopsLeft,
    PlacementEvent,
    ShopActivated,
    ShopDeactivated,
    ShopKind,
    ShopRef,
    ShopsArranged,
)
from zugabe_events.domain.event import Context, Stream, derived_id
from zugabe_events.domain.event_store import Commit
from zugabe_events.eventstore.commits import encode_events
from zugabe_testing.deciders import given

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
CENTRAL_A, CENTRAL_B = ShopRef("central", "a"), ShopRef("central", "b")
OWN = ShopRef("acme", "own")


def order(kind: ShopKind = "brand", dealer: str = "acme") -> Order:
    return Order(dealer, kind, "sarah", LATER)


LEFT = CentralShopsLeft("acme", "brand", 1, NOW, "sarah")
ACTIVATED = ShopActivated("acme", "brand", 2, OWN, NOW, "sarah")


def arranged(
    version: int, *active: ShopRef, new: tuple[int, ...], gone: tuple[ShopRef, ...] = ()
) -> ShopsArranged:
    return ShopsArranged("acme", "brand", version, active, new, gone, LATER, "sarah")


def state(*events: PlacementEvent) -> Placement:
    return PLACEMENT_DECIDER.fold(events)


def test_central_shops_are_adopted_from_the_beginning() -> None:
    """CS-12"""
    assert Placement().adopted
    given(PLACEMENT_DECIDER).when(AdoptCentralShops(order())).then()


@pytest.mark.parametrize("kind", ["brand", "theme"])
def test_a_dealer_who_leaves_has_no_central_shop_active(kind: ShopKind) -> None:
    """CS-14, CS-38, Q24"""
    left = CentralShopsLeft("acme", kind, 1, LATER, "sarah")
    given(PLACEMENT_DECIDER).when(LeaveCentralShops(order(kind))).then(left)
    given(PLACEMENT_DECIDER, left).when(LeaveCentralShops(order(kind))).then()
    assert state(left).active == ()


@pytest.mark.parametrize("kind", ["brand", "theme"])
def test_nothing_is_arranged_before_the_dealer_has_left(kind: ShopKind) -> None:
    """CS-13, CS-38"""
    arrange = ArrangeShops(order(kind), 0, (CENTRAL_A,))
    refusal = given(PLACEMENT_DECIDER).when(arrange).refused(CentralShopsAdoptedError)
    assert ("Markenshops" if kind == "brand" else "Themenshops") in refusal.detail
    activate = ActivateShop(order(kind), OWN)
    given(PLACEMENT_DECIDER).when(activate).refused(
        CentralShopsAdoptedError, "central-shops-adopted"
    )


def test_a_central_shop_is_activated_singly() -> None:
    """CS-14, Q24"""
    activated = ShopActivated("acme", "brand", 2, CENTRAL_B, LATER, "sarah")
    given(PLACEMENT_DECIDER, LEFT).when(ActivateShop(order(), CENTRAL_B)).then(activated)
    given(PLACEMENT_DECIDER, LEFT, activated).when(ActivateShop(order(), CENTRAL_B)).then()
    assert state(LEFT, activated).refs == (CENTRAL_B,)


def test_the_whole_order_is_saved_at_once() -> None:
    """CS-15"""
    arrange = ArrangeShops(order(), 2, (CENTRAL_B, OWN, CENTRAL_A))
    saved = arranged(3, CENTRAL_B, OWN, CENTRAL_A, new=(0, 2))
    given(PLACEMENT_DECIDER, LEFT, ACTIVATED).when(arrange).then(saved)
    assert state(LEFT, ACTIVATED, saved).refs == (CENTRAL_B, OWN, CENTRAL_A)
    assert state(LEFT, ACTIVATED, saved).since(OWN) == NOW
    assert state(LEFT, ACTIVATED, saved).since(CENTRAL_A) == LATER


def test_what_the_order_leaves_out_is_not_active_any_more() -> None:
    """CS-15"""
    arrange = ArrangeShops(order(), 2, (CENTRAL_A,))
    given(PLACEMENT_DECIDER, LEFT, ACTIVATED).when(arrange).then(
        arranged(3, CENTRAL_A, new=(0,), gone=(OWN,))
    )


def test_the_same_order_again_changes_nothing() -> None:
    """CS-15: whoever repeats a request names an older version."""
    saved = arranged(3, CENTRAL_B, OWN, new=(0,))
    arrange = ArrangeShops(order(), 2, (CENTRAL_B, OWN))
    given(PLACEMENT_DECIDER, LEFT, ACTIVATED, saved).when(arrange).then()


def test_an_order_based_on_an_older_one_is_refused_and_told_what_is_newer() -> None:
    """CS-15"""
    saved = arranged(3, CENTRAL_B, OWN, new=(0,))
    arrange = ArrangeShops(order(), 2, (OWN, CENTRAL_A))
    refusal = (
        given(PLACEMENT_DECIDER, LEFT, ACTIVATED, saved)
        .when(arrange)
        .refused(ArrangementStaleError, "arrangement-stale")
    )
    assert refusal.facts["version"] == 3
    assert refusal.lists["active"] == [
        {"dealer": "central", "shop": "b"},
        {"dealer": "acme", "shop": "own"},
    ]


def test_no_shop_has_two_places() -> None:
    """CS-15"""
    arrange = ArrangeShops(order(), 1, (OWN, CENTRAL_A, OWN))
    refusal = given(PLACEMENT_DECIDER, LEFT).when(arrange).refused(ShopTwiceError, "shop-twice")
    assert refusal.facts["shop"] == "own"


def test_a_shop_that_is_switched_off_leaves_the_order_of_the_others() -> None:
    """CS-21"""
    saved = arranged(3, CENTRAL_B, OWN, CENTRAL_A, new=(0, 2))
    off = ShopDeactivated("acme", "brand", 4, OWN, LATER, "sarah")
    given(PLACEMENT_DECIDER, LEFT, ACTIVATED, saved).when(DeactivateShop(order(), OWN)).then(off)
    assert state(LEFT, ACTIVATED, saved, off).refs == (CENTRAL_B, CENTRAL_A)
    given(PLACEMENT_DECIDER, LEFT).when(DeactivateShop(order(), OWN)).then()


def test_who_adopts_and_leaves_again_has_the_own_shops_active_and_no_central_one() -> None:
    """CS-12, CS-14, CS-38"""
    saved = arranged(3, CENTRAL_B, OWN, new=(0,))
    adopted = CentralShopsAdopted("acme", "brand", 4, LATER, "sarah")
    given(PLACEMENT_DECIDER, LEFT, ACTIVATED, saved).when(AdoptCentralShops(order())).then(adopted)
    hidden = state(LEFT, ACTIVATED, saved, adopted)
    assert hidden.adopted
    left = CentralShopsLeft("acme", "brand", 5, LATER, "sarah")
    assert state(LEFT, ACTIVATED, saved, adopted, left).refs == (OWN,)


def test_an_own_shop_can_be_taken_out_while_central_ones_are_adopted() -> None:
    """CS-16: it is deleted."""
    adopted = CentralShopsAdopted("acme", "brand", 3, LATER, "sarah")
    given(PLACEMENT_DECIDER, LEFT, ACTIVATED, adopted).when(DeactivateShop(order(), OWN)).then(
        ShopDeactivated("acme", "brand", 4, OWN, LATER, "sarah")
    )


def test_central_arranges_its_own_shops_without_leaving_anything() -> None:
    """CS-2, CS-12"""
    by = order(dealer="central")
    given(PLACEMENT_DECIDER).when(ArrangeShops(by, 0, (CENTRAL_B, CENTRAL_A))).then(
        ShopsArranged("central", "brand", 1, (CENTRAL_B, CENTRAL_A), (0, 1), (), LATER, "sarah")
    )
    given(PLACEMENT_DECIDER).when(LeaveCentralShops(by)).refused(NothingCentralError)
    given(PLACEMENT_DECIDER).when(AdoptCentralShops(by)).refused(NothingCentralError)


def test_ten_thousand_shops_fit_into_one_order_and_into_one_event() -> None:
    """CS-15"""
    many = tuple(ShopRef("central", f"shop-{at:05}") for at in range(MAX_ACTIVE))
    arrange = ArrangeShops(order(), 1, many)
    [saved] = PLACEMENT_DECIDER.decide(arrange, state(LEFT))
    context = Context("sarah", "dealer-staff", "acme", NOW, "c")
    encode_events(Commit(derived_id("x"), Stream("s", "s"), 1, (saved,), context))
    assert len(state(LEFT, saved).active) == MAX_ACTIVE
    one_more = ActivateShop(order(), OWN)
    given(PLACEMENT_DECIDER, LEFT, saved).when(one_more).refused(
        ArrangementTooLargeError, "arrangement-too-large"
    )


@pytest.mark.parametrize(("number", "length"), [(MAX_ACTIVE + 1, 3), (MAX_ACTIVE, 64)])
def test_an_order_that_no_event_can_hold_is_refused_clearly(number: int, length: int) -> None:
    """CS-15"""
    many = tuple(ShopRef("central", f"{at:05}".ljust(length, "x")) for at in range(number))
    given(PLACEMENT_DECIDER, LEFT).when(ArrangeShops(order(), 1, many)).refused(
        ArrangementTooLargeError, "arrangement-too-large"
    )
