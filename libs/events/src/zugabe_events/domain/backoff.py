"""Exponential back-off with jitter."""

import random
from dataclasses import dataclass

MAX_DOUBLINGS = 60


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits in seconds: `first` after the first failed attempt, then doubled up to `maximum`.

    Jitter takes off up to half of each wait, so that callers that failed together do not retry
    together.
    """

    first: float
    maximum: float

    def longest(self, attempt: int) -> float:
        """The wait after failed attempt number `attempt`, counted from 1, without jitter."""
        return min(self.first * 2.0 ** min(attempt - 1, MAX_DOUBLINGS), self.maximum)

    def wait(self, attempt: int) -> float:
        return random.uniform(0.5, 1) * self.longest(attempt)
