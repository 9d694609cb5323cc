"""Codes: each belongs to one campaign, and for good once that was activated (VO-6, X-9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from zugabe_events.contracts.vouchers import CodeClaimed, CodeReleased
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError, RefusedError
from zugabe_events.domain.event import Stream


def normalised(code: str) -> str:
    """The one form in which codes are compared and claimed."""
    # Folding can yield characters that fold and compose again, such as an iota subscript.
    folded = normalize("NFD", normalize("NFD", code.strip()).casefold()).casefold()
    return normalize("NFC", folded)


def is_central(code: str) -> bool:
    """Codes of central campaigns begin with a digit, those of dealers never do (VO-7)."""
    return normalize("NFKC", code.strip())[:1].isnumeric()


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
    if is_central(composed):
        raise InvalidError(
            "Eigene Gutscheincodes beginnen nicht mit einer Ziffer.", code="code-begins-with-digit"
        )
    return composed


@dataclass(frozen=True, slots=True)
class ClaimCode:
    claimed: CodeClaimed


@dataclass(frozen=True, slots=True)
class ReleaseCode:
    """A draft that nobody could use is deleted, or has another code."""

    campaign_id: str


type Command = ClaimCode | ReleaseCode
type CodeEvent = CodeClaimed | CodeReleased


class CodeTakenError(RefusedError):
    """The code belongs to another campaign, current or past."""

    code = "code-taken"


@dataclass(frozen=True, slots=True)
class Free:
    pass


@dataclass(frozen=True, slots=True)
class Claimed:
    dealer: str
    code: str
    campaign_id: str


type Code = Free | Claimed


def decide(command: Command, code: Code) -> Sequence[CodeEvent]:
    match command, code:
        case ClaimCode(claimed), Free():
            return [claimed]
        case ClaimCode(claimed), Claimed(campaign_id=owner) if owner == claimed.campaign_id:
            return []
        case ClaimCode(), Claimed():
            raise CodeTakenError("Dieser Gutscheincode wurde bereits für eine Kampagne vergeben.")
        case ReleaseCode(campaign_id), Claimed(dealer, written, owner) if owner == campaign_id:
            return [CodeReleased(dealer, written, owner)]
        case _:
            return []


def evolve(_: Code, event: CodeEvent) -> Code:
    match event:
        case CodeClaimed():
            return Claimed(event.dealer, event.code, event.campaign_id)
        case CodeReleased():
            return Free()


CODE_DECIDER: Decider[Command, Code, CodeEvent] = Decider("code", Free(), decide, evolve)


def code_history(dealer: str, written: str) -> History[Code, CodeEvent]:
    stream = f"code/{dealer}/{normalised(written)}"
    return History(Stream(stream, stream), CODE_DECIDER)
