"""Dealers who may run a bonus programme: they have the module "Vermarktung" (CS-1)."""

from collections.abc import Sequence

from zugabe_events.contracts.catalog_shops import MarketingModuleCancelled, MarketingModuleOrdered
from zugabe_events.domain.event import Event
from zugabe_events.domain.marketing_module import ModuleView
from zugabe_events.domain.projection import ReadModel


def keys(event: Event) -> Sequence[str]:
    match event:
        case MarketingModuleOrdered() | MarketingModuleCancelled():
            return [event.dealer]
        case _:
            return []


def project(view: ModuleView | None, event: Event) -> ModuleView | None:
    match event:
        case MarketingModuleOrdered():
            return ModuleView(event.dealer, has_module=True)
        case MarketingModuleCancelled():
            return ModuleView(event.dealer, has_module=False)
        case _:
            return view


DEALERS = ReadModel(
    name="bonus.dealers",
    version=1,
    topics=("catalog-shops",),
    view=ModuleView,
    keys=keys,
    project=project,
)
