"""All pages of a list of onboarding."""

from collections.abc import Mapping, Sequence

from zugabe_web.partner.answers import Page
from zugabe_web.site import Visit

MAX_PAGES = 20


async def whole_list[Line](
    visit: Visit, path: str, kind: type[Page[Line]], params: Mapping[str, str]
) -> Sequence[Line]:
    """`path` is below the partner's. Raise RefusedError and UnreachableError."""
    found: list[Line] = []
    params = {"limit": "100", **params}
    for _ in range(MAX_PAGES):
        page = await visit.onboarding.get(visit.root + path, kind, params)
        found += page.items
        if page.next is None:
            break
        params = {**params, "after": page.next}
    return found
