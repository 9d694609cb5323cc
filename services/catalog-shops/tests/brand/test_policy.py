"""Brands of onboarding become brands of the catalogue."""

from catalog_shops_tests.service import NOON, InMemoryService

from zugabe_events.contracts.catalog_shops import BrandNamed
from zugabe_events.contracts.onboarding import BrandWentLive, Contact


def live(name: str) -> BrandWentLive:
    contact = Contact("c1", "sealed", "sealed")
    return BrandWentLive("p1", "b1", name, contact, ("amazon",), 12, NOON)


async def test_a_brand_that_went_live_can_be_chosen_by_all_dealers() -> None:
    """CS-17: as often as the message comes."""
    service = InMemoryService()
    await service.deliver("onboarding", live("Müller"), "e1")
    await service.deliver("onboarding", live("Müller"), "e1")
    assert service.said(BrandNamed) == [BrandNamed("central", "mueller", "Müller", "onboarding")]


async def test_a_name_without_letters_is_passed_over() -> None:
    service = InMemoryService()
    await service.deliver("onboarding", live("—"), "e1")
    assert service.said(BrandNamed) == []
