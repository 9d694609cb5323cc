"""The one use of a unique code: each used code is a stream of its own (X-5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from vouchers.limit.decider import LimitReachedError, order_of
from zugabe_events.contracts.vouchers import UniqueCodeFreed, UniqueCodeTaken
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Stream


@dataclass(frozen=True, slots=True)
class TakeCode:
    """`is_known`: the user of the new hold had an attempt of this order before."""

    taken: UniqueCodeTaken
    is_known: bool


@dataclass(frozen=True, slots=True)
class FreeCode:
    freed: UniqueCodeFreed


type Command = TakeCode | FreeCode
type CodeEvent = UniqueCodeTaken | UniqueCodeFreed


@dataclass(frozen=True, slots=True)
class Free:
    pass


@dataclass(frozen=True, slots=True)
class Taken:
    """By a hold, open or redeemed."""

    hold_id: str


type UniqueCode = Free | Taken


def code_used(order_id: str | None, code: UniqueCode) -> RefusedError | None:
    """The refusal of a code that another order has."""
    if isinstance(code, Free) or order_of(code.hold_id) == order_id:
        return None
    return LimitReachedError(
        "Dieser Gutscheincode wurde bereits verwendet.", code="code-used", remaining_uses=0
    )


def decide(command: Command, code: UniqueCode) -> Sequence[CodeEvent]:
    match command:
        case TakeCode(taken, is_known):
            if refusal := code_used(order_of(taken.hold_id) if is_known else None, code):
                raise refusal
            return [taken]
        case FreeCode(freed):
            # A newer attempt of the order may have taken the place of the one that ended.
            return [freed] if code == Taken(freed.hold_id) else []


def evolve(_: UniqueCode, event: CodeEvent) -> UniqueCode:
    match event:
        case UniqueCodeTaken(hold_id=hold_id):
            return Taken(hold_id)
        case UniqueCodeFreed():
            return Free()


UNIQUE_CODE_DECIDER: Decider[Command, UniqueCode, CodeEvent] = Decider(
    "unique-code", Free(), decide, evolve
)


def unique_code_history(
    owner: str, campaign_id: str, number: int
) -> History[UniqueCode, CodeEvent]:
    stream = f"unique-code/{owner}/{campaign_id}/{number}"
    return History(Stream(stream, stream), UNIQUE_CODE_DECIDER)
