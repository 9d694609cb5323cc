"""Bytes of graphics: stored first, then named by the log, then claimed. Unnamed ones are swept."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from vouchers.campaign.decider import campaign_history
from vouchers.graphic.decider import (
    GRAPHIC_DECIDER,
    Graphic,
    RemoveGraphic,
    SetGraphic,
    graphic_history,
)
from zugabe_events.contracts.vouchers import VoucherGraphic
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore, state_of, states_of
from zugabe_events.files.inspection import Inspection
from zugabe_events.files.scanner import Scanner
from zugabe_events.files.store import Files
from zugabe_events.files.sweeper import IsWanted
from zugabe_events.http.request_context import RequestContext

BUCKET = "graphics"


class GraphicNotFoundError(NotFoundError):
    code = "graphic-not-found"

    def __init__(self) -> None:
        super().__init__("Diese Grafik gibt es nicht.")


@dataclass(frozen=True, slots=True)
class GraphicStorage:
    store: EventStore
    files: Files
    inspection: Inspection
    scanner: Scanner

    async def keep(
        self, dealer: str, campaign_id: str, content: bytes, request: RequestContext
    ) -> VoucherGraphic:
        """Raise what `decide` raises, FileRefusedError, ScannerAwayError."""
        picture = await self.inspection.picture(content)
        file = picture.file
        graphic = VoucherGraphic(
            file.sha256, file.media_type, picture.width, picture.height, len(file.content)
        )

        def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
            before, campaign = states
            at = request.context.at
            command = SetGraphic(dealer, campaign_id, campaign, graphic, len(content), at)
            return [GRAPHIC_DECIDER.decide(command, before), ()]

        histories: list[History[Any, Any]] = [
            graphic_history(dealer, campaign_id),
            campaign_history(dealer, campaign_id),
        ]
        states = await states_of(self.store, histories)
        name = name_of(dealer, campaign_id, graphic.file)
        if decide(states)[0]:
            await self.scanner.check(file.content)
            await self.files.put(name, file.content)
        await request.handle_together(self.store, histories, decide)
        await self.files.keep(name)
        if states[0] != graphic:
            await self._let_go(dealer, campaign_id, states[0])
        return graphic

    async def remove(self, dealer: str, campaign_id: str, request: RequestContext) -> None:
        history = graphic_history(dealer, campaign_id)
        before = await state_of(self.store, history)
        command = RemoveGraphic(dealer, campaign_id, request.context.at)
        await request.handle(self.store, history, command)
        await self._let_go(dealer, campaign_id, before)

    async def read(self, dealer: str, campaign_id: str, file: str) -> AsyncIterator[bytes]:
        """Raise GraphicNotFoundError if the bytes were lost."""
        chunks = await self.files.read(name_of(dealer, campaign_id, file))
        if chunks is None:
            raise GraphicNotFoundError
        return chunks

    async def _let_go(self, dealer: str, campaign_id: str, before: Graphic) -> None:
        """Leave a graphic to the sweeper, which asks the log again."""
        if before is not None:
            await self.files.loosen(name_of(dealer, campaign_id, before.file))


def name_of(dealer: str, campaign_id: str, file: str) -> str:
    """None of them has a slash."""
    return f"{dealer}/{campaign_id}/{file}"


def is_graphic(store: EventStore) -> IsWanted:
    """True for the file name of the campaign's graphic."""

    async def is_wanted(name: str) -> bool:
        dealer, campaign_id, file = name.split("/")
        graphic = await state_of(store, graphic_history(dealer, campaign_id))
        return graphic is not None and graphic.file == file

    return is_wanted
