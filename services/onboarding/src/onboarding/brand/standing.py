"""How the release of a brand on one platform stands (ON-15)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from zugabe_events.contracts.onboarding import (
    PreconditionMet,
    ReleaseGranted,
    ReleaseRefused,
    ReleaseRequested,
    ReleaseWithdrawn,
)

type ReleaseStatus = Literal["requested", "granted", "refused", "withdrawn"]
type ReleaseEvent = (
    ReleaseRequested | ReleaseGranted | ReleaseRefused | ReleaseWithdrawn | PreconditionMet
)


@dataclass(frozen=True, slots=True)
class Release:
    """`open`: preconditions of the platform that are not met yet; they block only it (ON-20)."""

    status: ReleaseStatus
    open: tuple[str, ...] = ()


def after(release: Release | None, event: ReleaseEvent, met: Collection[str]) -> Release | None:
    """`met` are preconditions as `platform/precondition`; they may be met before a request."""
    platform = event.platform
    if isinstance(event, ReleaseRequested):
        return Release("requested", unmet(platform, event.preconditions, met))
    if release is None:
        return None
    match event:
        case ReleaseGranted():
            return replace(release, status="granted")
        case ReleaseRefused():
            return replace(release, status="refused")
        case ReleaseWithdrawn():
            return replace(release, status="withdrawn")
        case PreconditionMet():
            return replace(release, open=unmet(platform, release.open, met))


def unmet(platform: str, demanded: Collection[str], met: Collection[str]) -> tuple[str, ...]:
    return tuple(one for one in demanded if f"{platform}/{one}" not in met)
