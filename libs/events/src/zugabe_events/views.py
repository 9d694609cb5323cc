"""Read models as queries see them: get one document, page through many, wait for a token."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from zugabe_events.tokens import Token

type Wanted = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Page[View]:
    """`next` continues behind the last item; None: there is no more."""

    items: Sequence[View]
    next: str | None


class Views[View](Protocol):
    async def get(self, key: str) -> View | None:
        """The document with this key (one of `ReadModel.keys`)."""
        ...

    async def page(
        self,
        where: Mapping[str, Wanted],
        *,
        sort: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[View]:
        """Documents whose fields equal `where`, by `sort` (`-field` descends), then by key.

        Raises InvalidError for a cursor that is not one of ours.
        """
        ...

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        """Return once this read model shows what the tokens stand for, waiting for it.

        Raises UnavailableError when it takes longer than a query may wait.
        """
        ...
