"""Quotas of what people ask for, by person and hour, and a budget of each dealer (S12).

Nobody needs so many; a stolen token or a program that runs wild would fill the log, or keep
everybody else from being served.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from checkout.access import BUYING_FOR_THEMSELVES
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.http.principal import Principal
from zugabe_events.http.quotas import spend
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.throttling import Tally, Throttle

WINDOW = timedelta(hours=1)

type Asked = Literal["orders", "carts", "approvals", "quotes", "returns"]

PEOPLE = BUYING_FOR_THEMSELVES | {"dealer-staff"}
OF_SYSTEMS = frozenset({"set-prices", "import-orders"})
"""Single rights of a dealer's own system, which speaks for all of its users."""


@dataclass(frozen=True, slots=True)
class Quota:
    """`each` person and `all` people of a dealer may ask so often within `WINDOW`.

    One of `counted` requests is written down, chosen by chance, so that limits of what costs little
    cost little, and are about right. That of a dealer is counted as coarsely as 1 in `sampled`.
    """

    name: str
    each: int
    all: int
    counted: int = 1
    sampled: int = 16


QUOTAS: Mapping[Asked, Quota] = {
    "orders": Quota("Bestellungen", 200, 20_000),
    "carts": Quota("Änderungen an Warenkörben", 3_200, 320_000, counted=16, sampled=160),
    "approvals": Quota("Entscheidungen über Freigaben", 500, 20_000),
    "quotes": Quota("Preisanfragen", 3_200, 320_000, counted=16, sampled=160),
    "returns": Quota("Stornierungen und Retouren", 200, 20_000),
}


class Quotas:
    """Counted durably and for all replicas. A repeat counts, since what was refused begins anew."""

    def __init__(self, tally: Tally) -> None:
        self._throttle = Throttle(tally, WINDOW, guesses=False)

    async def count(self, asked: Asked, request: RequestContext) -> None:
        """Count a request of a person; raise ThrottledError for one too many."""
        if not counts(request.principal):
            return
        quota, dealer = QUOTAS[asked], f"quota/{asked}/{request.context.tenant}"
        person = f"{dealer}/{request.principal.subject}"
        await self._count(quota.each, quota.counted, person, quota, "Von Ihnen", request)
        await self._count(quota.all, quota.sampled, dealer, quota, "Bei diesem Händler", request)

    async def _count(
        self, most: int, one_in: int, who: str, quota: Quota, whose: str, request: RequestContext
    ) -> None:
        def sentence(seconds: int) -> str:
            minutes = -(-(seconds - 1) // 60)
            wait = "einer Minute" if minutes == 1 else f"{minutes} Minuten"
            return (
                f"{whose} sind in einer Stunde höchstens {thousands(most)} {quota.name} möglich. "
                f"Bitte versuchen Sie es in {wait} noch einmal."
            )

        what, limits = str(request.fresh), {who: most // one_in}
        await spend(self._throttle, what, limits, request.context.at, sentence, one_in=one_in)


def counts(principal: Principal) -> bool:
    """True for people; a dealer's own system is not hindered, nor are its imports (X-30)."""
    return principal.role in PEOPLE and not OF_SYSTEMS & principal.rights
