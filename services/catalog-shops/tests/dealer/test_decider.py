"""What a dealer may do with and without the module, and who unlocks it."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog_shops.dealer.decider import (
    DEALER_DECIDER,
    CancelModule,
    ChooseGiftSource,
    Dealer,
    LockOwnShops,
    ModuleOrderedError,
    NameDealer,
    OrderModule,
    OwnShopsLockedError,
    UnlockOwnShops,
    check_own_shops,
)
from zugabe_events.contracts.catalog_shops import (
    DealerEvent,
    DealerNamed,
    GiftSource,
    GiftSourceChosen,
    MarketingModuleCancelled,
    MarketingModuleOrdered,
    OwnShopsLocked,
    OwnShopsUnlocked,
)
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.marketing_module import ModuleMissingError
from zugabe_events.domain.versions import last_begun
from zugabe_testing.deciders import given

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
ORDERED = MarketingModuleOrdered("acme", "own", "", NOW)
UNLOCKED = OwnShopsUnlocked("acme", NOW)


def after(*events: DealerEvent) -> Dealer:
    return DEALER_DECIDER.fold(events)


def test_the_order_of_the_module_says_where_gifts_come_from() -> None:
    """CS-1, GA-17"""
    order = OrderModule("acme", "own", "", NOW)
    given(DEALER_DECIDER).when(order).then(ORDERED)
    assert after(ORDERED).has_module
    assert after(ORDERED).gift_source == "own"


def test_a_module_that_is_there_is_not_ordered_again() -> None:
    """GA-17: another source of gifts is not taken for granted, nor passed over in silence."""
    given(DEALER_DECIDER, ORDERED).when(OrderModule("acme", "own", "", LATER)).then()
    other = OrderModule("acme", "central", "", LATER)
    given(DEALER_DECIDER, ORDERED).when(other).refused(ModuleOrderedError, "module-already-ordered")


def test_own_shops_are_unlocked_by_support_and_need_the_module() -> None:
    """CS-3"""
    unlock = UnlockOwnShops("acme", NOW)
    given(DEALER_DECIDER).when(unlock).refused(ModuleMissingError, "module-missing")
    given(DEALER_DECIDER, ORDERED).when(unlock).then(UNLOCKED)
    given(DEALER_DECIDER, ORDERED, UNLOCKED).when(unlock).then()
    with pytest.raises(OwnShopsLockedError, match="E-Commerce-Support") as caught:
        check_own_shops(after(ORDERED))
    assert caught.value.code == "own-shops-locked"
    check_own_shops(after(ORDERED, UNLOCKED))


def test_what_was_unlocked_can_be_locked() -> None:
    """CS-3"""
    lock = LockOwnShops("acme", LATER)
    given(DEALER_DECIDER, ORDERED).when(lock).then()
    given(DEALER_DECIDER, ORDERED, UNLOCKED).when(lock).then(OwnShopsLocked("acme", LATER))
    assert not after(ORDERED, UNLOCKED, OwnShopsLocked("acme", LATER)).own_shops


def test_without_the_module_nothing_of_the_dealers_own_is_shown() -> None:
    """CS-1: ordered again, what was unlocked is unlocked."""
    cancelled = MarketingModuleCancelled("acme", LATER)
    dealer = after(ORDERED, UNLOCKED, cancelled)
    assert not dealer.own_shops
    with pytest.raises(ModuleMissingError):
        check_own_shops(dealer)
    assert after(ORDERED, UNLOCKED, cancelled, ORDERED).own_shops


def test_own_gifts_end_with_the_module() -> None:
    """CS-1, GA-5: nobody chose others in their place."""
    cancel = CancelModule("acme", LATER)
    given(DEALER_DECIDER).when(cancel).then()
    given(DEALER_DECIDER, ORDERED).when(cancel).then(
        MarketingModuleCancelled("acme", LATER), GiftSourceChosen("acme", "none", "", LATER)
    )


@pytest.mark.parametrize("source", ["central", "none"])
def test_other_gifts_stay_when_the_module_is_cancelled(source: GiftSource) -> None:
    """GA-4: they belong to the standard package."""
    ordered = MarketingModuleOrdered("acme", source, "", NOW)
    given(DEALER_DECIDER, ordered).when(CancelModule("acme", LATER)).then(
        MarketingModuleCancelled("acme", LATER)
    )


@pytest.mark.parametrize(
    ("source", "group"), [("central", ""), ("group", "group.bueroring"), ("none", "")]
)
def test_gifts_of_others_and_none_need_no_module(source: GiftSource, group: str) -> None:
    """GA-4, GA-5"""
    choose = ChooseGiftSource("acme", source, group, NOW)
    chosen = GiftSourceChosen("acme", source, group, NOW)
    given(DEALER_DECIDER).when(choose).then(chosen)
    given(DEALER_DECIDER, chosen).when(choose).then()


def test_own_gifts_need_the_module() -> None:
    """CS-1, GA-5, GA-6"""
    choose = ChooseGiftSource("acme", "own", "", LATER)
    given(DEALER_DECIDER).when(choose).refused(ModuleMissingError, "module-missing")
    without = MarketingModuleOrdered("acme", "none", "", NOW)
    given(DEALER_DECIDER, without).when(choose).then(GiftSourceChosen("acme", "own", "", LATER))


def test_before_the_first_choice_there_are_no_gifts() -> None:
    """GA-5: each dealer decides."""
    assert Dealer().gift_source == "none"
    assert last_begun(Dealer().sources, NOW) is None


def test_a_choice_for_the_past_leaves_the_present_one() -> None:
    """X-40"""
    earlier = NOW - timedelta(days=365)
    choose = ChooseGiftSource("acme", "central", "", earlier)
    chosen = GiftSourceChosen("acme", "central", "", earlier)
    given(DEALER_DECIDER, ORDERED).when(choose).then(chosen)
    dealer = after(ORDERED, chosen)
    assert dealer.gift_source == "own"
    [first] = [last_begun(dealer.sources, at) for at in [NOW - timedelta(days=1)]]
    assert first is not None
    assert first.gift_source == "central"


@pytest.mark.parametrize(
    ("source", "group", "code"),
    [
        ("group", "", "group-missing"),
        ("group", "bueroring", "group-missing"),
        ("central", "group.bueroring", "group-not-wanted"),
    ],
)
def test_a_group_goes_with_gifts_of_a_group(source: GiftSource, group: str, code: str) -> None:
    """GA-4"""
    choose = ChooseGiftSource("acme", source, group, NOW)
    given(DEALER_DECIDER).when(choose).refused(InvalidError, code)
    order = OrderModule("acme", source, group, NOW)
    given(DEALER_DECIDER).when(order).refused(InvalidError, code)


@pytest.mark.parametrize("tenant", ["central", "group.bueroring"])
def test_only_dealers_have_modules(tenant: str) -> None:
    """CS-1"""
    order = OrderModule(tenant, "central", "", NOW)
    given(DEALER_DECIDER).when(order).refused(InvalidError, "not-a-dealer")


def test_a_dealer_is_named_once() -> None:
    """BO-41"""
    named = DealerNamed("acme", "Bürohaus Müller")
    command = NameDealer("acme", "Bürohaus Müller")
    given(DEALER_DECIDER).when(command).then(named)
    given(DEALER_DECIDER, named).when(command).then()
    other = NameDealer("acme", "Büro Müller")
    given(DEALER_DECIDER, named).when(other).then(DealerNamed("acme", "Büro Müller"))


def test_a_choice_for_the_past_leaves_the_one_that_is_in_force() -> None:
    """GA-5, X-40: choices count by the instant from which they are in force, told in any order."""
    past = GiftSourceChosen("acme", "own", "", NOW - timedelta(days=9))
    before = GiftSourceChosen("acme", "group", "group.nord", NOW - timedelta(days=5))
    present = GiftSourceChosen("acme", "central", "", LATER)
    for told in ((past, before, present), (present, past, before), (before, present, past)):
        dealer = after(ORDERED, *told)
        assert (dealer.gift_source, dealer.group) == ("central", "")
        assert [one.gift_source for one in dealer.sources] == ["own", "group", "own", "central"]
    again = ChooseGiftSource("acme", "group", "group.nord", NOW - timedelta(days=2))
    given(DEALER_DECIDER, ORDERED, past, present, before).when(again).then()
