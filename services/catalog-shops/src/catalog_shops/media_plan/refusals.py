"""Refusals about the media plan."""

from zugabe_events.domain.errors import InvalidError, NotFoundError, RefusedError


class EntryNotFoundError(NotFoundError):
    code = "plan-entry-not-found"

    def __init__(self) -> None:
        super().__init__("Diesen Eintrag gibt es im Mediaplan nicht.")


class EntryPastError(RefusedError):
    """A plan is for what is to come."""

    code = "plan-entry-past"

    def __init__(self) -> None:
        super().__init__("Der Zeitraum ist schon vorbei.")


class EntryEndedError(RefusedError):
    """The past of an entry stays as it was shown."""

    code = "plan-entry-ended"

    def __init__(self) -> None:
        super().__init__(
            "Der Eintrag ist schon abgelaufen und bleibt, wie er war. Bitte legen Sie einen neuen "
            "an."
        )


class TooManyEntriesError(RefusedError):
    code = "too-many-plan-entries"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"Ein Mediaplan hat höchstens {most} Einträge. Bitte entfernen Sie alte Einträge.",
            most=most,
        )


class EntryInvalidError(InvalidError):
    """The parts of an entry contradict each other."""
