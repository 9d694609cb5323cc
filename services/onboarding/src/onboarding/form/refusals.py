"""Refusals about forms."""

from collections.abc import Sequence
from dataclasses import dataclass

from zugabe_events.domain.errors import InvalidError, NotFoundError, RefusedError

MAX_MISTAKES = 50
MAX_PLACE_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Mistake:
    """`where` is a question, such as `answers.marke` or `tables.ansprechpartner.r1.email`."""

    where: str
    detail: str


class MistakesError(InvalidError):
    """Everything that is wrong, at once; the first ones of very many."""

    def __init__(self, detail: str, mistakes: Sequence[Mistake]) -> None:
        super().__init__(detail, mistakes=len(mistakes))
        self.lists = {
            "errors": [
                {"where": mistake.where[:MAX_PLACE_LENGTH], "detail": mistake.detail}
                for mistake in mistakes[:MAX_MISTAKES]
            ]
        }


class AnswersInvalidError(MistakesError):
    code = "answers-invalid"

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("Einige Angaben fehlen oder sind nicht richtig.", mistakes)


class DefinitionInvalidError(MistakesError):
    code = "definition-invalid"

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("Das Formular ist nicht richtig aufgebaut.", mistakes)


class FormNotFoundError(NotFoundError):
    code = "form-not-found"

    def __init__(self, detail: str = "Dieses Formular gibt es nicht.") -> None:
        super().__init__(detail)


class FormChangedError(RefusedError):
    """Somebody else was first; their change is not overwritten."""

    code = "form-changed"

    def __init__(self, revision: int) -> None:
        super().__init__(
            "Das Formular wurde inzwischen geändert. Bitte sehen Sie sich den neuen Stand an.",
            revision=revision,
        )


class FormStatusError(RefusedError):
    """The form is not where this can be done with it."""

    def __init__(self, detail: str, code: str) -> None:
        super().__init__(detail, code=code)


class VersionUnknownError(InvalidError):
    code = "version-unknown"

    def __init__(self, newest: int) -> None:
        super().__init__(
            "In dieser Fassung kann das Formular nicht ausgefüllt werden.", newest=newest
        )


class FormNotReviewedError(NotFoundError):
    code = "form-not-reviewed"

    def __init__(self) -> None:
        super().__init__("Dieses Formular wurde noch nicht geprüft.")
