"""Product types that have a data model, to choose from (ON-26)."""

from collections.abc import Sequence

import msgspec

from zugabe_web.partner.answers import Page
from zugabe_web.site import Visit

MAX_PAGES = 10


class ProductType(msgspec.Struct, frozen=True):
    product_type: str
    label: str
    group: str | None = None


async def product_types(visit: Visit) -> Sequence[ProductType]:
    """Those with a data model. Raise RefusedError and UnreachableError."""
    found: list[ProductType] = []
    params = {"sort": "label", "limit": "100"}
    for _ in range(MAX_PAGES):
        page = await visit.onboarding.get(f"{visit.root}/product-types", Page[ProductType], params)
        found += page.items
        if page.next is None:
            break
        params = {**params, "after": page.next}
    return found
