"""Parts of the board and the overview."""

from datetime import datetime
from typing import Literal

from zugabe_events.contracts.onboarding import Phase, Side
from zugabe_events.domain.event import Fact

type Status = Literal["prepared", "running", "paused", "closed", "live"]


class PhaseTimes(Fact, frozen=True):
    """`completed_at` of None: it runs."""

    phase: Phase
    started_at: datetime
    completed_at: datetime | None = None


class UnmetRequirement(Fact, frozen=True):
    """An unmet requirement of a phase and its owner, with a count where subjects are not named.

    The contract's `Missing`, in the shape of HTTP answers.
    """

    requirement: str
    owner: Side
    subject: str
    count: int
