"""What can be wrong with a partner's onboarding, in words for people."""

from zugabe_events.domain.errors import InvalidError, NotFoundError, RefusedError


class PartnerNotFoundError(NotFoundError):
    code = "partner-not-found"

    def __init__(self) -> None:
        super().__init__("Diesen Partner gibt es nicht.")


class PartnerExistsError(RefusedError):
    """Another onboarding bears this id."""

    code = "partner-exists"

    def __init__(self) -> None:
        super().__init__("Unter dieser Kennung gibt es bereits ein Onboarding.")


class PartnerReservedError(InvalidError):
    """It is the tenant of what belongs to no partner."""

    code = "partner-reserved"

    def __init__(self) -> None:
        super().__init__("Diese Kennung ist reserviert.")


class OnboardingPausedError(RefusedError):
    """Nothing moves until it is resumed."""

    code = "onboarding-paused"

    def __init__(self) -> None:
        super().__init__("Das Onboarding ist unterbrochen. Bitte setzen Sie es zuerst fort.")


class OnboardingClosedError(RefusedError):
    """It ended, for good."""

    code = "onboarding-closed"

    def __init__(self) -> None:
        super().__init__("Das Onboarding ist beendet.")


class NotWelcomedError(RefusedError):
    """The onboarding is prepared, and has not started officially (ON-2)."""

    code = "partner-not-welcomed"

    def __init__(self) -> None:
        super().__init__("Das Onboarding hat noch nicht begonnen.")


class ManagerMissingError(RefusedError):
    """Nobody is there for the partner's questions (ON-12)."""

    code = "manager-missing"

    def __init__(self) -> None:
        super().__init__("Dem Partner ist noch kein Customer Success Manager zugeordnet.")


class NoBrandError(RefusedError):
    """Phases run per brand: without one there is nothing to start (Q15)."""

    code = "brand-missing"

    def __init__(self) -> None:
        super().__init__("Der Partner hat noch keine Marke.")


class BrandExistsError(RefusedError):
    """Another brand of the partner bears this id."""

    code = "brand-exists"

    def __init__(self, name: str) -> None:
        super().__init__(f"Unter dieser Kennung hat der Partner bereits die Marke „{name}“.")


class TooManyBrandsError(RefusedError):
    code = "too-many-brands"

    def __init__(self, most: int) -> None:
        super().__init__(f"Ein Partner kann höchstens {most} Marken haben.", most=most)
