"""Codes: each belongs to one campaign, and for good once that was activated (VO-6, X-9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from vouchers.campaign.typed_code import normalised
from zugabe_events.contracts.vouchers import CodeClaimed, CodeReleased
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Stream


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
