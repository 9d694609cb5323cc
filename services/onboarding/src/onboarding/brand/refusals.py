"""What can be wrong with steps of a brand, in words for people."""

from collections.abc import Mapping, Sequence

from onboarding.labels import (
    NO_LABELS,
    PHASES,
    REQUIREMENTS,
    enumerated,
    number,
    platform_label,
    requirement_line,
)
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
    """The phase is not complete: `missing` names each requirement, who owes it, and its label.

    `product_types` are labels by id.
    """

    code = "gate-closed"

    def __init__(
        self, phase: Phase, missing: Sequence[Missing], product_types: Mapping[str, str]
    ) -> None:
        points = "Ein Punkt fehlt" if len(missing) == 1 else f"{number(len(missing))} Punkte fehlen"
        super().__init__(
            f"Die Phase {PHASES[phase]} kann noch nicht abgeschlossen werden: {points}.",
            phase=phase,
        )
        self.missing = missing
        self.lists = {"missing": [described(lacking, product_types) for lacking in missing]}


def described(missing: Missing, product_types: Mapping[str, str] = NO_LABELS) -> dict[str, str]:
    return {
        "requirement": missing.requirement,
        "owner": missing.owner,
        "subject": missing.subject,
        "count": str(missing.count),
        "detail": requirement_line(missing.requirement, [missing], product_types),
    }


class NotWaivableError(RefusedError):
    """Without this no phase is completed."""

    code = "not-waivable"

    def __init__(self, requirement: str) -> None:
        label = REQUIREMENTS.get(requirement)
        detail = f": {label}." if label else "."
        super().__init__(
            f"Auf diese Voraussetzung kann nicht verzichtet werden{detail}", requirement=requirement
        )


class NothingOwedError(RefusedError):
    """There is nothing to remind the partner of."""

    code = "nothing-owed"

    def __init__(self) -> None:
        super().__init__("Vom Partner fehlt zurzeit nichts, woran er erinnert werden könnte.")


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
    """What was asked needs a release that was requested, or one that was granted (ON-15)."""

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
    """What this platform alone demands is not there; others are not concerned (ON-20)."""

    code = "precondition-open"

    def __init__(self, platform: str, still_open: Sequence[str]) -> None:
        several = f"fehlen noch {number(len(still_open))} Voraussetzungen"
        lacking = "fehlt noch eine Voraussetzung" if len(still_open) == 1 else several
        super().__init__(
            f"Für die Livesetzung auf {platform_label(platform)} {lacking}.",
            platform=platform,
        )
        missing = [Missing(f"precondition:{one}", "partner", platform) for one in still_open]
        self.lists = {"missing": [described(lacking) for lacking in missing]}


class PreconditionUnknownError(NotFoundError):
    """The platform demands no such thing."""

    code = "precondition-unknown"

    def __init__(self, platform: str) -> None:
        super().__init__(f"Die Plattform {platform_label(platform)} verlangt das nicht.")


class ArticlesRefusedError(RefusedError):
    """Nothing was done; `articles` names all that prevent it, each with the reason.

    `detail` is a pair: for one article, and for several, with `{}` in place of their number.
    """

    code = "articles-refused"

    def __init__(
        self, detail: tuple[str, str], refused: Sequence[tuple[str, str]], code: str
    ) -> None:
        one, several = detail
        count = len(refused)
        super().__init__(one if count == 1 else several.format(number(count)), code=code)
        reasons = [{"article": article, "detail": reason} for article, reason in refused]
        self.lists = {"articles": reasons}


class TooManyError(RefusedError):
    """A brand's history has an end: so many of a kind, and no more."""

    code = "too-many"

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"Mehr als {number(most)} {what} je Marke sind nicht möglich.", most=most)


class IdTakenError(RefusedError):
    """Something else was recorded under this id."""

    code = "id-taken"

    def __init__(self, what: str) -> None:
        super().__init__(f"Unter dieser Kennung ist bereits {what} erfasst.")


class DayNotPossibleError(InvalidError):
    code = "day-not-possible"


class LinkNotSecureError(InvalidError):
    """Reporting and data links show sales and stock: https only (ON-9)."""

    code = "link-not-https"

    def __init__(self) -> None:
        super().__init__(
            "Ein Link muss mit https:// beginnen und eine vollständige Adresse enthalten."
        )
