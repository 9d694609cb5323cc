"""Parts of the board and the overview."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from zugabe_events.contracts.onboarding import Phase, Side

type Status = Literal["prepared", "running", "paused", "closed", "live"]


@dataclass(frozen=True, slots=True)
class PhaseTimes:
    """`completed_at` of None: it runs."""

    phase: Phase
    started_at: datetime
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnmetRequirement:
    """An unmet requirement of a phase and its owner, with a count where subjects are not named.

    The contract's `Missing`, in the shape of HTTP answers.
    """

    requirement: str
    owner: Side
    subject: str
    count: int
