"""One brand of the partner who has come in, for pages about it."""

from dataclasses import dataclass

from zugabe_web.errors import NoSuchPageError
from zugabe_web.partner.answers import BrandLine
from zugabe_web.partner.client import arrived
from zugabe_web.site import Visit


@dataclass(frozen=True, slots=True)
class BrandVisit:
    visit: Visit
    line: BrandLine

    @property
    def root(self) -> str:
        """The beginning of its paths at onboarding."""
        return f"{self.visit.root}/brands/{self.line.brand}"


async def brand_visit(visit: Visit, brand: str) -> BrandVisit:
    """Raise NoSuchPageError for a brand of others, RefusedError and UnreachableError."""
    _, summary = await arrived(visit)
    for line in summary.brands:
        if line.brand == brand:
            return BrandVisit(visit, line)
    raise NoSuchPageError
