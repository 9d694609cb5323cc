"""A graphic of a tenant: stored once under the hash of its bytes, for good.

Other streams that show it check in their own transaction that it is there and fits: they load
`graphic_history` with their own and ask `fitting`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog_shops.graphic.rules import GraphicUse, check_graphic
from zugabe_events.contracts.catalog_shops import GraphicPurpose, GraphicStored
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.event import Stream


class GraphicNotFoundError(NotFoundError):
    code = "graphic-not-found"

    def __init__(self) -> None:
        super().__init__("Diese Grafik gibt es nicht.")


@dataclass(frozen=True, slots=True)
class StoreGraphic:
    """`stored` is what will be said of it, `sent_bytes` the size of what was uploaded.

    `use` is what it was uploaded for, by default its purpose.
    """

    stored: GraphicStored
    sent_bytes: int
    use: GraphicUse | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Stored:
    event: GraphicStored


type Graphic = Unknown | Stored


def decide(command: StoreGraphic, graphic: Graphic) -> Sequence[GraphicStored]:
    stored = command.stored
    check_graphic(command.use or stored.purpose, stored.width, stored.height, command.sent_bytes)
    match graphic:
        case Unknown():
            return [stored]
        case Stored():
            return []


def evolve(_: Graphic, event: GraphicStored) -> Graphic:
    return Stored(event)


def stored_graphic(graphic: Graphic) -> GraphicStored:
    """Raise GraphicNotFoundError."""
    match graphic:
        case Stored(event):
            return event
        case Unknown():
            raise GraphicNotFoundError


def fitting(graphic: Graphic, purpose: GraphicPurpose) -> GraphicStored:
    """The graphic, if it can be used for this, whatever it was uploaded for.

    Raise GraphicNotFoundError and what `check_graphic` raises.
    """
    stored = stored_graphic(graphic)
    check_graphic(purpose, stored.width, stored.height, stored.size_bytes)
    return stored


GRAPHIC_DECIDER: Decider[StoreGraphic, Graphic, GraphicStored] = Decider(
    "graphic", Unknown(), decide, evolve
)


def graphic_history(dealer: str, file: str) -> History[Graphic, GraphicStored]:
    return History(Stream(f"graphic/{dealer}/{file}", dealer), GRAPHIC_DECIDER)
