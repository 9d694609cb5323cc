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

    def wait(self, attempt: int) -> float:
        """The wait after failed attempt number `attempt`, counted from 1."""
        doublings = min(attempt - 1, MAX_DOUBLINGS)
        return random.uniform(0.5, 1) * min(self.first * 2.0**doublings, self.maximum)
