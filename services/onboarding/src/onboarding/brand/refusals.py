"""What can be wrong with steps of a brand, in words for people."""

from collections.abc import Iterable, Sequence

from onboarding.labels import PHASES, line
from zugabe_events.contracts.onboarding import Missing, Phase
from zugabe_events.domain.errors import InvalidError, NotFoundError, RefusedError, UnavailableError


class BrandNotFoundError(NotFoundError):
    code = "brand-not-found"

    def __init__(self) -> None:
        super().__init__("Diese Marke gibt es nicht.")


class PhaseNotStartedError(RefusedError):
    """Phases come one after the other (ON-1)."""

    code = "phase-not-started"

    def __init__(self, phase: Phase) -> None:
        super().__init__(f"Die Phase {PHASES[phase]} hat noch nicht begonnen.", phase=phase)


class GateClosedError(RefusedError):
    """The phase is not complete: `missing` names everything, who owes it, and in words."""

    code = "gate-closed"

    def __init__(self, phase: Phase, missing: Sequence[Missing]) -> None:
        super().__init__(
            f"Die Phase {PHASES[phase]} ist noch nicht abgeschlossen; {len(missing)} "
            f"{'Punkt fehlt' if len(missing) == 1 else 'Punkte fehlen'}.",
            phase=phase,
        )
        self.missing = missing
        self.lists = {"missing": [told(one) for one in missing]}


def told(one: Missing) -> dict[str, str]:
    return {
        "requirement": one.requirement,
        "owner": one.owner,
        "subject": one.subject,
        "count": str(one.count),
        "detail": line(one.requirement, [one]),
    }


class NotWaivableError(RefusedError):
    """Without this no phase is completed."""

    code = "not-waivable"

    def __init__(self, requirement: str) -> None:
        super().__init__("Darauf kann nicht verzichtet werden.", requirement=requirement)


class NothingOwedError(RefusedError):
    """There is nothing to remind the partner of."""

    code = "nothing-owed"

    def __init__(self) -> None:
        super().__init__("Der Partner ist nichts schuldig; es gibt nichts zu erinnern.")


class WarehouseChangedError(UnavailableError):
    """Another warehouse was chosen just now; the same request may succeed."""

    code = "warehouse-changed"

    def __init__(self) -> None:
        super().__init__("Das Lager wurde gerade geändert. Bitte versuchen Sie es erneut.")


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
            f"Die Plattform {platform} gehört nicht zur Auswahl der Marke.", platform=platform
        )


class PlatformInUseError(RefusedError):
    """A release of it was requested or granted; it has to be withdrawn first."""

    code = "platform-in-use"

    def __init__(self, platforms: Iterable[str]) -> None:
        names = ", ".join(platforms)
        super().__init__(
            f"Für diese Plattformen ist eine Freigabe beantragt oder erteilt: {names}. "
            "Bitte ziehen Sie sie zuerst zurück.",
            platforms=names,
        )


class ReleaseMissingError(RefusedError):
    """What was asked needs a release that was requested, or one that was granted (ON-15)."""

    code = "release-missing"

    def __init__(self, platform: str) -> None:
        super().__init__(
            f"Für die Plattform {platform} liegt die nötige Freigabe nicht vor.", platform=platform
        )


class ReleaseGrantedError(RefusedError):
    """A granted release is withdrawn, not refused."""

    code = "release-granted"

    def __init__(self, platform: str) -> None:
        super().__init__(
            f"Die Freigabe für {platform} ist erteilt; sie kann nur zurückgezogen werden.",
            platform=platform,
        )


class PreconditionOpenError(RefusedError):
    """What this platform alone demands is not there; others are not concerned (ON-20)."""

    code = "precondition-open"

    def __init__(self, platform: str, still_open: Sequence[str]) -> None:
        super().__init__(
            f"Für die Livesetzung auf {platform} fehlen noch Voraussetzungen.",
            platform=platform,
        )
        missing = [Missing(f"precondition:{one}", "partner", platform) for one in still_open]
        self.lists = {"missing": [told(one) for one in missing]}


class PreconditionUnknownError(NotFoundError):
    """The platform demands no such thing."""

    code = "precondition-unknown"

    def __init__(self) -> None:
        super().__init__("Diese Voraussetzung hat die Plattform nicht.")


class ArticlesRefusedError(RefusedError):
    """Some of the articles cannot be what they were asked to be; nothing was done. All are named,
    each with the reason why."""

    code = "articles-refused"

    def __init__(self, detail: str, refused: Iterable[tuple[str, str]], code: str) -> None:
        super().__init__(detail, code=code)
        named = [{"article": article, "detail": why} for article, why in refused]
        self.lists = {"articles": named}


class TooManyError(RefusedError):
    """A brand's history has an end: so many of a kind, and no more."""

    code = "too-many"

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"Mehr als {most} {what} je Marke sind nicht möglich.", most=most)


class IdTakenError(RefusedError):
    """Something else was recorded under this id."""

    code = "id-taken"

    def __init__(self) -> None:
        super().__init__("Unter dieser Kennung ist bereits etwas anderes verzeichnet.")


class DayNotPossibleError(InvalidError):
    code = "day-not-possible"


class LinkNotSecureError(InvalidError):
    """Reporting and data links show sales and stock: https only (ON-9)."""

    code = "link-not-https"

    def __init__(self) -> None:
        super().__init__("Ein Link muss mit https:// beginnen und einen Rechner nennen.")
