"""The graphic of a newsletter campaign, in place of the default one (VO-36, VO-37)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vouchers.campaign.decider import Active, Campaign, Draft, Unknown
from zugabe_events.contracts.vouchers import (
    VoucherGraphic,
    VoucherGraphicRemoved,
    VoucherGraphicSet,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError, NotFoundError, RefusedError
from zugabe_events.domain.event import Stream

KB = 1_024
MAX_BYTES = 200 * KB
MAX_PIXELS = 966
"""Of width and height: that of the start page's banners (BO-26)."""


@dataclass(frozen=True, slots=True)
class SetGraphic:
    """`campaign` is as it is now; `sent_bytes` is the size of what was uploaded."""

    dealer: str
    campaign_id: str
    campaign: Campaign
    graphic: VoucherGraphic
    sent_bytes: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RemoveGraphic:
    dealer: str
    campaign_id: str
    at: datetime


type Command = SetGraphic | RemoveGraphic
type GraphicEvent = VoucherGraphicSet | VoucherGraphicRemoved
type Graphic = VoucherGraphic | None
"""None: the default graphic is shown."""


class GraphicNotWantedError(RefusedError):
    """Only newsletter campaigns are advertised with a graphic."""

    code = "graphic-not-wanted"

    def __init__(self) -> None:
        super().__init__("Nur ein Gutschein für den Newsletter hat eine Gutscheingrafik.")


class GraphicTooLargeError(InvalidError):
    code = "graphic-too-large"

    def __init__(self, size_bytes: int) -> None:
        super().__init__(
            f"Eine Gutscheingrafik darf höchstens {MAX_BYTES // KB} KB groß sein; diese Grafik "
            f"hat {-(-size_bytes // KB)} KB.",
            max_bytes=MAX_BYTES,
            size_bytes=size_bytes,
        )


class GraphicSizeError(InvalidError):
    """It has too many pixels."""

    code = "graphic-size"

    def __init__(self, width: int, height: int) -> None:
        super().__init__(
            f"Eine Gutscheingrafik darf höchstens {MAX_PIXELS} Pixel breit und hoch sein; diese "
            f"Grafik ist {width} Pixel breit und {height} Pixel hoch.",
            width=width,
            height=height,
            max_width=MAX_PIXELS,
            max_height=MAX_PIXELS,
        )


def decide(command: Command, graphic: Graphic) -> Sequence[GraphicEvent]:
    match command:
        case SetGraphic(dealer, campaign_id, campaign, wanted, sent_bytes, at):
            check_newsletter(campaign)
            if sent_bytes > MAX_BYTES:
                raise GraphicTooLargeError(sent_bytes)
            if wanted.width > MAX_PIXELS or wanted.height > MAX_PIXELS:
                raise GraphicSizeError(wanted.width, wanted.height)
            if wanted == graphic:
                return []
            return [VoucherGraphicSet(dealer, campaign_id, wanted, at)]
        case RemoveGraphic(dealer, campaign_id, at):
            return [] if graphic is None else [VoucherGraphicRemoved(dealer, campaign_id, at)]


def check_newsletter(campaign: Campaign) -> None:
    """Raise NotFoundError or GraphicNotWantedError."""
    match campaign:
        case Unknown():
            raise NotFoundError("Diese Kampagne gibt es nicht.")
        case Draft(terms=terms):
            newsletter = terms.newsletter
        case Active() as active:
            newsletter = active.latest.terms.newsletter
    if not newsletter:
        raise GraphicNotWantedError


def evolve(_: Graphic, event: GraphicEvent) -> Graphic:
    match event:
        case VoucherGraphicSet():
            return event.graphic
        case VoucherGraphicRemoved():
            return None


GRAPHIC_DECIDER: Decider[Command, Graphic, GraphicEvent] = Decider(
    "voucher-graphic", None, decide, evolve
)


def graphic_history(dealer: str, campaign_id: str) -> History[Graphic, GraphicEvent]:
    stream = f"voucher-graphic/{dealer}/{campaign_id}"
    return History(Stream(stream, stream), GRAPHIC_DECIDER)
