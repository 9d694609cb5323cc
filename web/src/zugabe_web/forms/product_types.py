"""Product types that have a data model, to choose from (ON-26)."""

from collections.abc import Sequence

import msgspec

from zugabe_web.forms.lists import whole_list
from zugabe_web.partner.answers import Page
from zugabe_web.site import Visit


class ProductType(msgspec.Struct, frozen=True):
    product_type: str
    label: str
    group: str | None = None


async def product_types(visit: Visit) -> Sequence[ProductType]:
    """Those with a data model. Raise RefusedError and UnreachableError."""
    return await whole_list(visit, "/product-types", Page[ProductType], {"sort": "label"})
