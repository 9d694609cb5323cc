"""Refusals of terms, with everything that is wrong with them at once (X-7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zugabe_events.domain.calendar import german_date
from zugabe_events.domain.errors import InvalidError, RefusedError


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """`field` is a path such as `shipping.0.cost_cents`; `detail` is a German sentence."""

    field: str
    code: str
    detail: str


class TermsInvalidError(InvalidError):
    """All that is wrong is in `fields`."""

    code = "terms-invalid"

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        several = f"{len(problems)} Angaben stimmen nicht."
        super().__init__(problems[0].detail if len(problems) == 1 else several)
        self.lists = {
            "fields": [
                {"field": problem.field, "code": problem.code, "detail": problem.detail}
                for problem in problems
            ]
        }


class TermsOvertakenError(RefusedError):
    """A later version is in force; terms of before it cannot be set up any more."""

    code = "terms-overtaken"

    def __init__(self, since: datetime) -> None:
        day = german_date(since.date())
        super().__init__(
            f"Seit dem {day} gelten schon neuere Bedingungen.", in_force_since=since.isoformat()
        )


class TooManyApproversError(RefusedError):
    code = "too-many-approvers"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"Mehr als {most} Genehmiger je Kunde sind nicht möglich.", most_approvers=most
        )


class ApproverErasedError(RefusedError):
    """The data of the person was erased; without a name and an address they cannot be told."""

    code = "approver-erased"

    def __init__(self) -> None:
        super().__init__("Die Daten dieser Person wurden gelöscht.")
