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
class Lacking:
    """What the phase still needs, from whom, and how many when they are not named; the contract's
    `Missing`, as answers over HTTP may have it."""

    requirement: str
    owner: Side
    subject: str
    count: int
