"""A code belongs to one campaign for ever, however people write it (VO-6, X-9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from zugabe_events.contracts.vouchers import CodeClaimed
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError, RefusedError
from zugabe_events.domain.event import Stream


def normalised(code: str) -> str:
    """The one form in which codes are compared and claimed."""
    # Folding can bring forth what folds and composes again, such as an iota below a letter.
    folded = normalize("NFD", normalize("NFD", code.strip()).casefold()).casefold()
    return normalize("NFC", folded)


def presentable(code: str) -> str:
    """The form in which an own code is shown.

    Raises InvalidError for a code that nobody could read off a mail and type, and for one that
    begins with a digit: those are the codes of central campaigns (VO-7).
    """
    shown = normalize("NFC", code.strip())
    if not shown or not shown.isprintable() or any(sign.isspace() for sign in shown):
        raise InvalidError(
            "Der Gutscheincode darf keine Leer- und Steuerzeichen enthalten.",
            code="code-unreadable",
        )
    if normalize("NFKC", shown)[0].isnumeric():
        raise InvalidError(
            "Eigene Gutscheincodes beginnen nicht mit einer Ziffer.", code="code-begins-with-digit"
        )
    return shown


@dataclass(frozen=True, slots=True)
class ClaimCode:
    dealer: str
    code: str
    campaign_id: str


class CodeTakenError(RefusedError):
    """The code was given to another campaign, now or long ago."""

    code = "code-taken"


@dataclass(frozen=True, slots=True)
class Free:
    pass


@dataclass(frozen=True, slots=True)
class Claimed:
    campaign_id: str


type Code = Free | Claimed


def decide(command: ClaimCode, code: Code) -> Sequence[CodeClaimed]:
    match code:
        case Free():
            return [CodeClaimed(command.dealer, command.code, command.campaign_id)]
        case Claimed(campaign_id) if campaign_id == command.campaign_id:
            return []
        case Claimed():
            raise CodeTakenError("Dieser Gutscheincode wurde bereits für eine Kampagne vergeben.")


def evolve(_: Code, event: CodeClaimed) -> Code:
    return Claimed(event.campaign_id)


CODE_DECIDER: Decider[ClaimCode, Code, CodeClaimed] = Decider("code", Free(), decide, evolve)


def code_history(dealer: str, written: str) -> History[Code, CodeClaimed]:
    stream = f"code/{dealer}/{normalised(written)}"
    return History(Stream(stream, stream), CODE_DECIDER)
