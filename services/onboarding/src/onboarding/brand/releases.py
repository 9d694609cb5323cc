"""Releases of a brand for single platforms (ON-15), by the two forms only (ON-16)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from onboarding.brand.state import Brand, Progress, Release, State, brand_of, with_all
from onboarding.labels import described, enumerated, platform_label
from zugabe_events.contracts.onboarding import (
    BrandEvent,
    Missing,
    PlatformsChosen,
    PreconditionMet,
    ReleaseGranted,
    ReleaseRefused,
    ReleaseRequested,
    ReleaseWithdrawn,
)
from zugabe_events.domain.errors import NotFoundError, RefusedError
from zugabe_events.domain.german_numbers import thousands


@dataclass(frozen=True, slots=True)
class ChoosePlatforms:
    """Choose the platforms that the accepted form names; nothing else chooses any (ON-16)."""

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


class StepMissingError(RefusedError):
    """Releases are requested by the two forms only (ON-16)."""

    code = "release-forms-missing"

    def __init__(self) -> None:
        super().__init__(
            "Freigaben können erst beantragt werden, wenn die beiden Formulare zur "
            "Plattformfreigabe angenommen sind."
        )


class PlatformNotChosenError(RefusedError):
    """The partner does not intend to go live there (ON-4)."""

    code = "platform-not-chosen"

    def __init__(self, platform: str) -> None:
        super().__init__(
            f"Die Plattform {platform_label(platform)} gehört nicht zur Auswahl der Marke.",
            platform=platform,
        )


class PlatformInUseError(RefusedError):
    """A release of it was requested or granted; it has to be withdrawn first."""

    code = "platform-in-use"

    def __init__(self, platforms: Sequence[str]) -> None:
        labels = enumerated([platform_label(platform) for platform in platforms])
        super().__init__(
            f"Für die Plattform {labels} ist eine Freigabe beantragt oder erteilt. "
            "Bitte ziehen Sie sie zuerst zurück."
            if len(platforms) == 1
            else f"Für diese Plattformen sind Freigaben beantragt oder erteilt: {labels}. "
            "Bitte ziehen Sie sie zuerst zurück.",
            platforms=", ".join(platforms),
        )


class ReleaseMissingError(RefusedError):
    """The command needs a requested or a granted release (ON-15)."""

    code = "release-missing"

    def __init__(self, platform: str) -> None:
        super().__init__(
            f"Für die Plattform {platform_label(platform)} liegt die nötige Freigabe nicht vor.",
            platform=platform,
        )


class ReleaseGrantedError(RefusedError):
    """A granted release is withdrawn, not refused."""

    code = "release-granted"

    def __init__(self, platform: str) -> None:
        super().__init__(
            f"Die Freigabe für {platform_label(platform)} ist bereits erteilt und kann nur noch "
            "zurückgezogen werden.",
            platform=platform,
        )


class PreconditionOpenError(RefusedError):
    """Preconditions of this platform are not met; other platforms are not concerned (ON-20)."""

    code = "precondition-open"

    def __init__(self, platform: str, still_open: Sequence[str]) -> None:
        several = f"fehlen noch {thousands(len(still_open))} Voraussetzungen"
        lacking = "fehlt noch eine Voraussetzung" if len(still_open) == 1 else several
        super().__init__(
            f"Für die Livesetzung auf {platform_label(platform)} {lacking}.",
            platform=platform,
        )
        missing = [
            Missing(f"precondition:{precondition}", "partner", platform)
            for precondition in still_open
        ]
        self.lists = {"missing": [described(lacking) for lacking in missing]}


class PreconditionUnknownError(NotFoundError):
    """The platform demands no such thing."""

    code = "precondition-unknown"

    def __init__(self, platform: str) -> None:
        super().__init__(f"Die Plattform {platform_label(platform)} verlangt das nicht.")


def decide_releases(command: ReleaseCommand, state: State) -> Sequence[BrandEvent]:
    brand = brand_of(state)
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
    in_use = [
        name for name, release in releases.items() if release.status in ("requested", "granted")
    ]
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


def require_release(brand: Brand, platform: str) -> None:
    """Raise unless the release is granted and its preconditions are met (ON-15, ON-20)."""
    release = brand.progress.releases.get(platform)
    if release is None or release.status != "granted":
        raise ReleaseMissingError(platform)
    if release.open:
        raise PreconditionOpenError(platform, release.open)


type ReleaseEvent = (
    ReleaseRequested | ReleaseGranted | ReleaseRefused | ReleaseWithdrawn | PreconditionMet
)


def noted_release(progress: Progress, event: ReleaseEvent) -> Progress:
    """Nothing is live on a platform any more once its release is withdrawn."""
    platform, met, live = event.platform, progress.met, progress.live
    if isinstance(event, PreconditionMet):
        met = with_all(met, f"{platform}/{event.precondition}")
    if isinstance(event, ReleaseWithdrawn):
        live = {name: count for name, count in live.items() if name != platform}
    release = after(progress.releases.get(platform), event, met)
    changed = {platform: release} if release else {}
    releases = dict(sorted({**progress.releases, **changed}.items()))
    return replace(progress, releases=releases, live=live, met=met)


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
    return tuple(
        precondition for precondition in demanded if f"{platform}/{precondition}" not in met
    )
