"""Filters, sort and place of the board's list, from the address of a page."""

from collections.abc import Mapping
from typing import Annotated, Self
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, ConfigDict

SORTS: Mapping[str, str] = {
    "partner": "Partner",
    "-waiting_since": "zuletzt angefangen zu warten",
    "waiting_since": "am längsten wartend (nach denen, die nicht warten)",
    "since": "am längsten in ihrer Phase",
    "-since": "am kürzesten in ihrer Phase",
}
PAGE_SIZE = "50"


class BoardFilters(BaseModel):
    """Values are checked by the service; empty ones, which forms send, count as left out."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    partner: str = ""
    phase: str = ""
    status: str = ""
    manager: str = ""
    waits_for: str = ""
    overdue: str = ""
    sort: str = "partner"
    after: str = ""

    def asked(self) -> dict[str, str]:
        return {name: value for name, value in self.model_dump().items() if value}

    def page(self) -> dict[str, str]:
        return self.asked() | {"limit": PAGE_SIZE}

    def export(self) -> str:
        """The query of the whole list, "" for none."""
        return urlencode({name: value for name, value in self.asked().items() if name != "after"})

    def following(self, after: str) -> str:
        return urlencode(self.asked() | {"after": after})

    @property
    def narrowed(self) -> bool:
        return bool(self.asked().keys() - {"sort", "after"})

    @classmethod
    def none(cls) -> Self:
        return cls()


Filters = Annotated[BoardFilters, Query()]
