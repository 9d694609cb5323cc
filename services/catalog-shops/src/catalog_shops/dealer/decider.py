"""A dealer: the module "Vermarktung", shops of their own, and where their gifts come from.

Central shops and central gifts belong to the standard package and need no module (CS-2, GA-4).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from catalog_shops.tenants import is_dealer
from zugabe_events.contracts.catalog_shops import (
    GROUP_PREFIX,
    DealerEvent,
    DealerNamed,
    GiftSource,
    GiftSourceChosen,
    MarketingModuleCancelled,
    MarketingModuleOrdered,
    OwnShopsLocked,
    OwnShopsUnlocked,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError, RefusedError
from zugabe_events.domain.event import Stream
from zugabe_events.domain.marketing_module import ModuleMissingError
from zugabe_events.domain.versions import last_begun


@dataclass(frozen=True, slots=True)
class OrderModule:
    """The order asks where gifts come from (GA-17). `group` is "" unless the source is `group`."""

    dealer: str
    gift_source: GiftSource
    group: str
    now: datetime


@dataclass(frozen=True, slots=True)
class CancelModule:
    dealer: str
    now: datetime


@dataclass(frozen=True, slots=True)
class UnlockOwnShops:
    dealer: str
    now: datetime


@dataclass(frozen=True, slots=True)
class LockOwnShops:
    dealer: str
    now: datetime


@dataclass(frozen=True, slots=True)
class ChooseGiftSource:
    """`effective_at` may be in the past for history that is set up (X-40)."""

    dealer: str
    gift_source: GiftSource
    group: str
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class NameDealer:
    dealer: str
    name: str


type Command = (
    OrderModule | CancelModule | UnlockOwnShops | LockOwnShops | ChooseGiftSource | NameDealer
)


class ModuleOrderedError(RefusedError):
    """The dealer has the module, and another source of gifts than this order says."""

    code = "module-already-ordered"

    def __init__(self) -> None:
        super().__init__(
            "Das Modul „Vermarktung“ ist bereits beauftragt. Woher die Gratis-Artikel kommen, wird "
            "gesondert eingestellt."
        )


class OwnShopsLockedError(RefusedError):
    """E-Commerce-Support has not unlocked shops of the dealer's own (CS-3)."""

    code = "own-shops-locked"

    def __init__(self) -> None:
        super().__init__(
            "Eigene Marken- und Themenshops sind noch nicht freigeschaltet. "
            "Das übernimmt der E-Commerce-Support."
        )


@dataclass(frozen=True, slots=True)
class ChosenSource:
    gift_source: GiftSource
    group: str
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class Dealer:
    """`sources` ascend by the instant from which they are in force; before the first, none is."""

    has_module: bool = False
    is_unlocked: bool = False
    name: str = ""
    sources: tuple[ChosenSource, ...] = ()

    @property
    def own_shops(self) -> bool:
        return self.has_module and self.is_unlocked

    @property
    def gift_source(self) -> GiftSource:
        """The choice that is in force last."""
        return self.sources[-1].gift_source if self.sources else "none"

    @property
    def group(self) -> str:
        return self.sources[-1].group if self.sources else ""


def decide(command: Command, dealer: Dealer) -> Sequence[DealerEvent]:
    check_is_dealer(command.dealer)
    match command:
        case OrderModule():
            return order(command, dealer)
        case CancelModule():
            return cancel(command, dealer)
        case UnlockOwnShops():
            check_module(dealer)
            unlocked = OwnShopsUnlocked(command.dealer, command.now)
            return [] if dealer.is_unlocked else [unlocked]
        case LockOwnShops():
            return [OwnShopsLocked(command.dealer, command.now)] if dealer.is_unlocked else []
        case ChooseGiftSource():
            return choose(command, dealer)
        case NameDealer(name=name):
            return [] if name == dealer.name else [DealerNamed(command.dealer, name)]


def order(command: OrderModule, dealer: Dealer) -> Sequence[DealerEvent]:
    """Ordered again, it changes nothing: another source is chosen by a command of its own."""
    check_group(command.gift_source, command.group)
    if dealer.has_module:
        if (command.gift_source, command.group) != (dealer.gift_source, dealer.group):
            raise ModuleOrderedError
        return []
    return [
        MarketingModuleOrdered(
            command.dealer, command.gift_source, command.group, ordered_at=command.now
        )
    ]


def cancel(command: CancelModule, dealer: Dealer) -> Sequence[DealerEvent]:
    """Own gifts end with the module. None take their place, since nobody chose others (GA-5)."""
    if not dealer.has_module:
        return []
    cancelled = MarketingModuleCancelled(command.dealer, command.now)
    if dealer.gift_source != "own":
        return [cancelled]
    return [cancelled, GiftSourceChosen(command.dealer, "none", "", effective_at=command.now)]


def choose(command: ChooseGiftSource, dealer: Dealer) -> Sequence[DealerEvent]:
    """Only own gifts need the module (GA-4 to GA-6)."""
    check_group(command.gift_source, command.group)
    if command.gift_source == "own":
        check_module(dealer)
    present = last_begun(dealer.sources, command.effective_at)
    if present and (present.gift_source, present.group) == (command.gift_source, command.group):
        return []
    return [
        GiftSourceChosen(
            command.dealer, command.gift_source, command.group, effective_at=command.effective_at
        )
    ]


def check_is_dealer(dealer: str) -> None:
    if not is_dealer(dealer):
        raise InvalidError("Das ist kein Händler.", code="not-a-dealer")


def check_group(source: GiftSource, group: str) -> None:
    if source == "group" and not group.startswith(GROUP_PREFIX):
        raise InvalidError(
            f"Die Kennung einer Händlergruppe beginnt mit „{GROUP_PREFIX}“.", code="group-missing"
        )
    if source != "group" and group:
        raise InvalidError(
            "Eine Händlergruppe passt nur zu Gratis-Artikeln einer Gruppe.", code="group-not-wanted"
        )


def check_module(dealer: Dealer) -> None:
    """Raise ModuleMissingError."""
    if not dealer.has_module:
        raise ModuleMissingError


def check_own_shops(dealer: Dealer) -> None:
    """Raise ModuleMissingError or OwnShopsLockedError (CS-1, CS-3)."""
    check_module(dealer)
    if not dealer.is_unlocked:
        raise OwnShopsLockedError


def evolve(dealer: Dealer, event: DealerEvent) -> Dealer:
    match event:
        case MarketingModuleOrdered():
            chosen = ChosenSource(event.gift_source, event.group, event.ordered_at)
            return replace(dealer, has_module=True, sources=with_source(dealer.sources, chosen))
        case MarketingModuleCancelled():
            return replace(dealer, has_module=False)
        case OwnShopsUnlocked():
            return replace(dealer, is_unlocked=True)
        case OwnShopsLocked():
            return replace(dealer, is_unlocked=False)
        case GiftSourceChosen():
            chosen = ChosenSource(event.gift_source, event.group, event.effective_at)
            return replace(dealer, sources=with_source(dealer.sources, chosen))
        case DealerNamed(name=name):
            return replace(dealer, name=name)


def with_source(
    sources: tuple[ChosenSource, ...], chosen: ChosenSource
) -> tuple[ChosenSource, ...]:
    """Of choices for the same instant, the later one counts."""
    return tuple(sorted((*sources, chosen), key=lambda one: one.effective_at))


DEALER_DECIDER: Decider[Command, Dealer, DealerEvent] = Decider("dealer", Dealer(), decide, evolve)


def dealer_history(dealer: str) -> History[Dealer, DealerEvent]:
    stream = f"dealer/{dealer}"
    return History(Stream(stream, stream), DEALER_DECIDER)
