"""Forms of one partner, asked for and filled in over onboarding's HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zugabe_web.forms.definition import FilledForm
from zugabe_web.site import Visit


@dataclass(frozen=True, slots=True)
class FormKey:
    """`brand` is "" for a form that counts for all brands."""

    brand: str
    form: str

    @property
    def page(self) -> str:
        return f"{page_of(self.brand)}/formulare/{self.form}"


def page_of(brand: str) -> str:
    """The beginning of the paths of a brand's pages."""
    return f"/marken/{brand}" if brand else ""


@dataclass(frozen=True, slots=True)
class FormClient:
    """Its methods raise RefusedError and UnreachableError."""

    visit: Visit
    key: FormKey

    @property
    def path(self) -> str:
        brand = f"/brands/{self.key.brand}" if self.key.brand else ""
        return f"{self.visit.root}{brand}/forms/{self.key.form}"

    async def filled(self) -> FilledForm:
        return await self.visit.onboarding.get(self.path, FilledForm)

    async def save(self, body: Mapping[str, Any]) -> int:
        """The revision that it has now."""
        answer = await self.visit.onboarding.send("PUT", f"{self.path}/draft", body)
        return int(answer["revision"])

    async def submit(self, body: Mapping[str, Any]) -> int:
        answer = await self.visit.onboarding.send("PUT", f"{self.path}/submission", body)
        return int(answer["revision"])
