"""A brand that went live in onboarding can be chosen, centrally."""

from catalog_shops.brand.decider import NameBrand, brand_history
from catalog_shops.brand.name import brand_id
from zugabe_events.contracts.onboarding import BrandWentLive
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent
from zugabe_events.domain.tenant import CENTRAL


def react(received: ReceivedEvent) -> list[Reaction]:
    match received.event:
        case BrandWentLive() as live if brand_id(live.name):
            command = NameBrand(CENTRAL, live.name, "onboarding")
            return [Reaction(brand_history(CENTRAL, brand_id(live.name)), lambda: command)]
        case _:
            return []


LIVE_BRANDS = Policy("catalog-shops.live-brands", ("onboarding",), react)
