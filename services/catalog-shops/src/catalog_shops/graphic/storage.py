"""Storing of graphics: the bytes first, then the event, then the bytes are claimed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from catalog_shops.graphic.decider import (
    GRAPHIC_DECIDER,
    GraphicNotFoundError,
    Stored,
    StoreGraphic,
    graphic_history,
    stored_graphic,
)
from catalog_shops.graphic.rules import GraphicUse, purpose_of
from zugabe_events.contracts.catalog_shops import GraphicStored
from zugabe_events.domain.event_store import EventStore, lasting_state_of, state_of
from zugabe_events.files.inspection import Inspection
from zugabe_events.files.scanner import Scanner
from zugabe_events.files.store import Files
from zugabe_events.files.sweeper import IsWanted
from zugabe_events.http.request_context import RequestContext

BUCKET = "graphics"


@dataclass(frozen=True, slots=True)
class GraphicStorage:
    store: EventStore
    files: Files
    inspection: Inspection
    scanner: Scanner

    async def keep(
        self, dealer: str, use: GraphicUse, content: bytes, request: RequestContext
    ) -> GraphicStored:
        """Raise what `decide` raises, FileRefusedError, ScannerAwayError."""
        picture = await self.inspection.picture(content)
        file = picture.file
        event = GraphicStored(
            dealer=dealer,
            file=file.sha256,
            purpose=purpose_of(use),
            media_type=file.media_type,
            width=picture.width,
            height=picture.height,
            size_bytes=len(file.content),
            stored_at=request.context.at,
        )
        command = StoreGraphic(event, sent_bytes=len(content), use=use)
        history = graphic_history(dealer, event.file)
        name = name_of(dealer, event.file)
        if GRAPHIC_DECIDER.decide(command, await state_of(self.store, history)):
            await self.scanner.check(file.content)
            await self.files.put(name, file.content)
        attempt = request.attempt("store-graphic", event.file, use)
        handled = await request.handle(self.store, history, command, attempt=attempt)
        await self.files.keep(name)
        return handled.of(GraphicStored) or await self.find(dealer, event.file)

    async def find(self, dealer: str, file: str) -> GraphicStored:
        """Raise GraphicNotFoundError."""
        history = graphic_history(dealer, file)
        return stored_graphic(await lasting_state_of(self.store, history, Stored))

    async def read(self, found: GraphicStored) -> AsyncIterator[bytes]:
        """Raise GraphicNotFoundError if the bytes were lost."""
        chunks = await self.files.read(name_of(found.dealer, found.file))
        if chunks is None:
            raise GraphicNotFoundError
        return chunks


def name_of(dealer: str, file: str) -> str:
    """None of them has a slash."""
    return f"{dealer}/{file}"


def is_graphic(store: EventStore) -> IsWanted:
    """True for the file name of a graphic that was stored. It then stays, used or not."""

    async def is_wanted(name: str) -> bool:
        dealer, file = name.split("/")
        state = await state_of(store, graphic_history(dealer, file))
        return isinstance(state, Stored)

    return is_wanted
