"""Refusals to price: of lines, each with its reasons, and of all while prices are not current."""

from collections.abc import Sequence
from dataclasses import dataclass

from zugabe_events.domain.errors import RefusedError, UnavailableError


@dataclass(frozen=True, slots=True)
class LineReason:
    """The obstacle to ordering a line. `code` is stable; `number` counts lines from 1."""

    number: int
    article: str
    code: str
    detail: str


class LinesRefusedError(RefusedError):
    """Lines that cannot be ordered, with all reasons of all lines at once (X-7)."""

    code = "lines-refused"

    def __init__(self, reasons: Sequence[LineReason]) -> None:
        numbers = {reason.number for reason in reasons}
        if len(reasons) == 1:
            detail = reasons[0].detail
        elif len(numbers) == 1:
            detail = "Eine Position kann aus mehreren Gründen nicht bestellt werden."
        else:
            detail = f"{len(numbers)} Positionen können nicht bestellt werden."
        super().__init__(detail, refused_lines=len(numbers))
        self.lists = {
            "lines": [
                {
                    "line": str(reason.number),
                    "article": reason.article,
                    "code": reason.code,
                    "detail": reason.detail,
                }
                for reason in reasons
            ]
        }


class PricesUpdatingError(UnavailableError):
    """The catalogue is too far behind to price from it (Q34)."""

    code = "prices-updating"

    def __init__(self) -> None:
        super().__init__(
            "Die Preise werden gerade aktualisiert. Bitte versuchen Sie es in Kürze erneut.",
            retry_after=10,
        )
