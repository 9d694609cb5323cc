"""Quotas of what is kept for good, by tenant and period (S12).

Nobody needs as many as they allow; a stolen token or a program that runs wild would fill the log.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from zugabe_events.domain.errors import ThrottledError
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.throttling import Tally, Throttle, hashed

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

        def sentence(_: int) -> str:
            most = thousands(quota.most)
            return f"{self._begins} können Sie nicht mehr als {most} {quota.what}. {quota.advice}"

        await spend(self._throttle, str(request.attempt()), limits, request.context.at, sentence)


async def spend(
    throttle: Throttle,
    what: str,
    limits: Mapping[str, int],
    at: datetime,
    sentence: Callable[[int], str],
    *,
    one_in: int = 1,
) -> None:
    """Count one of `one_in` attempts, chosen by chance.

    Raises ThrottledError for one too many, with the German `sentence` about the seconds to wait.
    """
    try:
        async with throttle.attempt(what, limits, at) as attempt:
            if int(hashed(what), 16) % one_in == 0:
                await attempt.count()
    except ThrottledError as error:
        told = sentence(error.retry_after)
        raise ThrottledError(told, retry_after=error.retry_after) from error
