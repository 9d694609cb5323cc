"""Codes: each belongs to one campaign permanently, however it is typed (VO-6, X-9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from zugabe_events.contracts.vouchers import CodeClaimed
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError, RefusedError
from zugabe_events.domain.event import Stream


def normalised(code: str) -> str:
    """The one form in which codes are compared and claimed."""
    # Folding can yield characters that fold and compose again, such as an iota subscript.
    folded = normalize("NFD", normalize("NFD", code.strip()).casefold()).casefold()
    return normalize("NFC", folded)


def presentable(code: str) -> str:
    """The form in which an own code is displayed.

    Raises InvalidError for a code that cannot be read from a mail and typed, and for one that
    begins with a digit, which is reserved for central campaigns (VO-7).
    """
    composed = normalize("NFC", code.strip())
    if not composed or not composed.isprintable() or any(map(str.isspace, composed)):
        raise InvalidError(
            "Der Gutscheincode darf keine Leer- und Steuerzeichen enthalten.",
            code="code-unreadable",
        )
    if normalize("NFKC", composed)[0].isnumeric():
        raise InvalidError(
            "Eigene Gutscheincodes beginnen nicht mit einer Ziffer.", code="code-begins-with-digit"
        )
    return composed


@dataclass(frozen=True, slots=True)
class ClaimCode:
    claimed: CodeClaimed


class CodeTakenError(RefusedError):
    """The code belongs to another campaign, current or past."""

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
            return [command.claimed]
        case Claimed(campaign_id) if campaign_id == command.claimed.campaign_id:
            return []
        case Claimed():
            raise CodeTakenError("Dieser Gutscheincode wurde bereits für eine Kampagne vergeben.")


def evolve(_: Code, event: CodeClaimed) -> Code:
    return Claimed(event.campaign_id)


CODE_DECIDER: Decider[ClaimCode, Code, CodeClaimed] = Decider("code", Free(), decide, evolve)


def code_history(dealer: str, written: str) -> History[Code, CodeClaimed]:
    stream = f"code/{dealer}/{normalised(written)}"
    return History(Stream(stream, stream), CODE_DECIDER)
