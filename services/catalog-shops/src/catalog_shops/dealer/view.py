"""Dealers as central staff see them: what they ordered, and what is unlocked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from zugabe_events.contracts.catalog_shops import (
    DealerNamed,
    GiftSource,
    GiftSourceChosen,
    MarketingModuleCancelled,
    MarketingModuleOrdered,
    OwnShopsLocked,
    OwnShopsUnlocked,
)
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ListOptions, ReadModel
from zugabe_events.domain.tenant import CENTRAL


@dataclass(frozen=True, slots=True)
class SourceView:
    gift_source: GiftSource
    group: str
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class DealerView:
    """`dealer` is always `central`, to whom the list belongs; `name` is the dealer's id, and
    `title` the name for people, or "".

    `sources` are choices of where gifts come from, as decided one after the other.
    """

    dealer: str
    name: str
    has_module: bool = False
    is_unlocked: bool = False
    own_shops: bool = False
    gift_source: GiftSource = "none"
    group: str = ""
    ordered_at: datetime | None = None
    cancelled_at: datetime | None = None
    sources: tuple[SourceView, ...] = ()
    title: str = ""


def keys(event: Event) -> Sequence[str]:
    match event:
        case (
            MarketingModuleOrdered()
            | MarketingModuleCancelled()
            | OwnShopsUnlocked()
            | OwnShopsLocked()
            | GiftSourceChosen()
            | DealerNamed()
        ):
            return [event.dealer]
        case _:
            return []


def project(view: DealerView | None, event: Event) -> DealerView | None:
    match event:
        case MarketingModuleOrdered():
            ordered = replace(
                known(view, event.dealer),
                has_module=True,
                ordered_at=event.ordered_at,
                cancelled_at=None,
            )
            source = SourceView(event.gift_source, event.group, event.ordered_at)
            return unlocking(with_source(ordered, source))
        case MarketingModuleCancelled():
            before = known(view, event.dealer)
            cancelled = replace(before, has_module=False, cancelled_at=event.cancelled_at)
            return unlocking(cancelled)
        case OwnShopsUnlocked():
            return unlocking(replace(known(view, event.dealer), is_unlocked=True))
        case OwnShopsLocked():
            return unlocking(replace(known(view, event.dealer), is_unlocked=False))
        case GiftSourceChosen():
            source = SourceView(event.gift_source, event.group, event.effective_at)
            return with_source(known(view, event.dealer), source)
        case DealerNamed(name=title):
            return replace(known(view, event.dealer), title=title)
        case _:
            return view


def known(view: DealerView | None, dealer: str) -> DealerView:
    return view or DealerView(CENTRAL, dealer)


def unlocking(view: DealerView) -> DealerView:
    return replace(view, own_shops=view.has_module and view.is_unlocked)


def with_source(view: DealerView, source: SourceView) -> DealerView:
    sources = tuple(sorted((*view.sources, source), key=lambda one: one.effective_at))
    last = sources[-1]
    return replace(view, sources=sources, gift_source=last.gift_source, group=last.group)


DEALERS = ReadModel(
    name="catalog-shops.dealers",
    version=2,
    topics=("catalog-shops",),
    view=DealerView,
    keys=keys,
    project=project,
    lists=ListOptions(("has_module", "own_shops", "gift_source"), ("name",)),
)
