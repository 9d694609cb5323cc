"""Commands that pause, resume and close an onboarding; repeats change nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onboarding.partner.state import (
    Closed,
    OnboardingClosedError,
    Open,
    Partner,
    Paused,
    onboarding_of,
)
from zugabe_events.contracts.onboarding import (
    OnboardingClosed,
    OnboardingPaused,
    OnboardingResumed,
    PartnerEvent,
)


@dataclass(frozen=True, slots=True)
class Pause:
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Resume:
    at: datetime


@dataclass(frozen=True, slots=True)
class Close:
    reason: str
    at: datetime


def decide_lifecycle(command: Pause | Resume | Close, partner: Partner) -> Sequence[PartnerEvent]:
    its = onboarding_of(partner)
    match command, partner:
        case Pause(reason, at), Open():
            return [OnboardingPaused(its.partner, its.brand_ids, reason, at)]
        case Resume(at), Paused():
            return [OnboardingResumed(its.partner, its.brand_ids, at)]
        case Close(reason, at), Open() | Paused():
            return [OnboardingClosed(its.partner, its.brand_ids, reason, at)]
        case Pause() | Resume(), Closed():
            raise OnboardingClosedError
        case _:
            return []
