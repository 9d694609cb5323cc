"""Read model of unique codes that are used: by which order, and since when."""

from collections.abc import Sequence
from datetime import datetime

from zugabe_events.contracts.vouchers import OfUniqueCode, UniqueCodeFreed, UniqueCodeTaken
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ReadModel


class CodeUse(Fact, frozen=True):
    """`dealer` is the owner of the campaign; without an `order_id` the code is free again."""

    dealer: str
    campaign_id: str
    number: int
    at_dealer: str = ""
    order_id: str | None = None
    user: str = ""
    taken_at: datetime | None = None


def key_of(owner: str, campaign_id: str, number: int) -> str:
    return f"{owner}/{campaign_id}/{number}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case OfUniqueCode():
            return [key_of(event.dealer, event.campaign_id, event.number)]
        case _:
            return []


def project(view: CodeUse | None, event: Event) -> CodeUse | None:
    match event:
        case UniqueCodeTaken():
            return CodeUse(
                dealer=event.dealer,
                campaign_id=event.campaign_id,
                number=event.number,
                at_dealer=event.at_dealer,
                order_id=event.order_id,
                user=event.user,
                taken_at=event.taken_at,
            )
        case UniqueCodeFreed():
            return CodeUse(event.dealer, event.campaign_id, event.number)
        case _:
            return view


CODE_USES = ReadModel(
    name="vouchers.unique-code-uses",
    version=1,
    topics=("vouchers",),
    view=CodeUse,
    keys=keys,
    project=project,
)
