"""Quotas of what is kept for good, by tenant and day (S12).

Nobody needs so many; a stolen token or a program that runs wild would fill the log.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from zugabe_events.domain.errors import ThrottledError
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.throttling import Throttle

WINDOW = timedelta(days=1)

type Kept = Literal["campaigns", "changes", "article-lists"]

MOST: Mapping[Kept, int] = {"campaigns": 500, "changes": 2_000, "article-lists": 200}
"""Per tenant and day; an article list has up to 100,000 numbers."""

NAMES: Mapping[Kept, str] = {
    "campaigns": "Kampagnen anlegen",
    "changes": "Änderungen an Kampagnen vornehmen",
    "article-lists": "Artikellisten anlegen",
}


class Quotas:
    """Counted durably and for all replicas; a repeated attempt counts once."""

    def __init__(self, throttle: Throttle) -> None:
        self._throttle = throttle

    async def count(self, kept: Kept, request: RequestContext) -> None:
        """Raise ThrottledError for one too many."""
        limits = {f"quota/{kept}/{request.context.tenant}": MOST[kept]}
        try:
            async with self._throttle.attempt(
                str(request.attempt()), limits, request.context.at
            ) as attempt:
                await attempt.count()
        except ThrottledError as error:
            raise ThrottledError(
                f"An einem Tag können Sie nicht mehr als {thousands(MOST[kept])} {NAMES[kept]}. "
                "Bitte versuchen Sie es später noch einmal.",
                retry_after=error.retry_after,
            ) from error
