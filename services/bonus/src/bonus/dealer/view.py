"""Dealers: who may run a bonus programme, by the module "Vermarktung" (CS-1), and their names."""

from collections.abc import Sequence
from dataclasses import replace

from zugabe_events.contracts.catalog_shops import (
    DealerNamed,
    MarketingModuleCancelled,
    MarketingModuleOrdered,
)
from zugabe_events.domain.event import Event
from zugabe_events.domain.marketing_module import ModuleView
from zugabe_events.domain.projection import ReadModel


def keys(event: Event) -> Sequence[str]:
    match event:
        case MarketingModuleOrdered() | MarketingModuleCancelled() | DealerNamed():
            return [event.dealer]
        case _:
            return []


def project(view: ModuleView | None, event: Event) -> ModuleView | None:
    match event:
        case MarketingModuleOrdered():
            return replace(known(view, event.dealer), has_module=True)
        case MarketingModuleCancelled():
            return replace(known(view, event.dealer), has_module=False)
        case DealerNamed(name=name):
            return replace(known(view, event.dealer), name=name)
        case _:
            return view


def known(view: ModuleView | None, dealer: str) -> ModuleView:
    return view or ModuleView(dealer, has_module=False)


DEALERS = ReadModel(
    name="bonus.dealers",
    version=2,
    topics=("catalog-shops",),
    view=ModuleView,
    keys=keys,
    project=project,
)
