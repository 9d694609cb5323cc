"""Where a brand may be sold: a release for each platform (ON-15), by the two forms only (ON-16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onboarding.brand.refusals import (
    PlatformInUseError,
    PlatformNotChosenError,
    PreconditionUnknownError,
    ReleaseGrantedError,
    ReleaseMissingError,
    StepMissingError,
)
from onboarding.brand.state import Brand, State, known
from zugabe_events.contracts.onboarding import (
    BrandEvent,
    PlatformsChosen,
    PreconditionMet,
    ReleaseGranted,
    ReleaseRefused,
    ReleaseRequested,
    ReleaseWithdrawn,
)


@dataclass(frozen=True, slots=True)
class ChoosePlatforms:
    platforms: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class RequestRelease:
    """`preconditions` of the platform, as they are configured now."""

    platform: str
    preconditions: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class GrantRelease:
    platform: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RefuseRelease:
    platform: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WithdrawRelease:
    """Also of a mere request."""

    platform: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MeetPrecondition:
    """`preconditions` of the platform, as they are configured now."""

    platform: str
    precondition: str
    preconditions: tuple[str, ...]
    at: datetime


type ReleaseCommand = (
    ChoosePlatforms
    | RequestRelease
    | GrantRelease
    | RefuseRelease
    | WithdrawRelease
    | MeetPrecondition
)


def decide_releases(command: ReleaseCommand, state: State) -> Sequence[BrandEvent]:
    brand = known(state)
    match command:
        case ChoosePlatforms():
            return choose(command, brand)
        case RequestRelease():
            return request(command, brand)
        case GrantRelease() | RefuseRelease() | WithdrawRelease():
            return settle(command, brand)
        case MeetPrecondition():
            return meet(command, brand)


def choose(command: ChoosePlatforms, brand: Brand) -> Sequence[BrandEvent]:
    """A platform with a release, or a request for one, is not left out silently."""
    platforms = tuple(sorted(set(command.platforms)))
    releases = brand.progress.releases
    in_use = [name for name, one in releases.items() if one.status in ("requested", "granted")]
    if lost := [name for name in in_use if name not in platforms]:
        raise PlatformInUseError(lost)
    if platforms == brand.progress.platforms:
        return []
    return [PlatformsChosen(brand.partner, brand.brand, platforms, command.at)]


def request(command: RequestRelease, brand: Brand) -> Sequence[BrandEvent]:
    progress, platform = brand.progress, command.platform
    if "releases" not in progress.steps:
        raise StepMissingError
    if platform not in progress.platforms:
        raise PlatformNotChosenError(platform)
    match status_of(brand, platform):
        case "requested" | "granted":
            return []
        case _:
            return [
                ReleaseRequested(
                    brand.partner, brand.brand, platform, command.at, command.preconditions
                )
            ]


def settle(
    command: GrantRelease | RefuseRelease | WithdrawRelease, brand: Brand
) -> Sequence[BrandEvent]:
    platform, at = command.platform, command.at
    match command, status_of(brand, platform):
        case GrantRelease(), "requested":
            return [ReleaseGranted(brand.partner, brand.brand, platform, at)]
        case RefuseRelease(reason=reason), "requested":
            return [ReleaseRefused(brand.partner, brand.brand, platform, reason, at)]
        case WithdrawRelease(reason=reason), "requested" | "granted":
            return [ReleaseWithdrawn(brand.partner, brand.brand, platform, reason, at)]
        case (
            (GrantRelease(), "granted")
            | (RefuseRelease(), "refused")
            | (WithdrawRelease(), "withdrawn")
        ):
            return []  # it is so already
        case RefuseRelease(), "granted":
            raise ReleaseGrantedError(platform)
        case _:
            raise ReleaseMissingError(platform)


def meet(command: MeetPrecondition, brand: Brand) -> Sequence[BrandEvent]:
    """Possible before the release is requested: a brand may be registered early (ON-21)."""
    platform, precondition = command.platform, command.precondition
    release = brand.progress.releases.get(platform)
    demanded = {*command.preconditions, *(release.open if release else ())}
    if precondition not in demanded:
        raise PreconditionUnknownError(platform)
    if f"{platform}/{precondition}" in brand.progress.met:
        return []
    return [PreconditionMet(brand.partner, brand.brand, platform, precondition, command.at)]


def status_of(brand: Brand, platform: str) -> str | None:
    release = brand.progress.releases.get(platform)
    return release.status if release else None
