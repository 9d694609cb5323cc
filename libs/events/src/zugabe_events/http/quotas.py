"""Quotas of what is kept for good, by tenant and period (S12).

Nobody needs as many as they allow; a stolen token or a program that runs wild would fill the log.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from zugabe_events.domain.errors import ThrottledError
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.throttling import Tally, Throttle

type Period = Literal["hour", "day"]

PERIODS: Mapping[Period, tuple[timedelta, str]] = {
    "hour": (timedelta(hours=1), "In einer Stunde"),
    "day": (timedelta(days=1), "An einem Tag"),
}
"""The length of each, and the beginning of a sentence about it."""

LATER = "Bitte versuchen Sie es später noch einmal."


@dataclass(frozen=True, slots=True)
class Quota:
    """`most` for a tenant in a period; `what` follows that number in a sentence."""

    most: int
    what: str
    advice: str = LATER


class Quotas[Kept: str]:
    """Counted durably and for all replicas; a repeated attempt counts once."""

    def __init__(self, tally: Tally, period: Period, quotas: Mapping[Kept, Quota]) -> None:
        window, self._begins = PERIODS[period]
        self._throttle = Throttle(tally, window, guesses=False)
        self._quotas = quotas

    async def count(self, kept: Kept, request: RequestContext) -> None:
        """Raise ThrottledError for one too many."""
        quota = self._quotas[kept]
        limits = {f"quota/{kept}/{request.context.tenant}": quota.most}
        try:
            async with self._throttle.attempt(
                str(request.attempt()), limits, request.context.at
            ) as attempt:
                await attempt.count()
        except ThrottledError as error:
            raise ThrottledError(
                f"{self._begins} können Sie nicht mehr als {thousands(quota.most)} {quota.what}. "
                f"{quota.advice}",
                retry_after=error.retry_after,
            ) from error
