"""Routes that generate and list the unique codes of a campaign (X-5).

Whoever has a code can use it, so they are shown to those only who may edit the campaign.
"""

import math
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from secrets import token_bytes
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from vouchers.campaign.decider import campaign_history
from vouchers.tenancy import edits_own
from vouchers.unique_code.batch_queue import BatchQueue, QueuedBatch
from vouchers.unique_code.decider import (
    BATCH_DECIDER,
    MAX_CODES,
    Batches,
    RequestCodes,
    batch_history,
)
from vouchers.unique_code.listing import TABLE, UniqueCodeList, UniqueCodeQuery, UniqueCodeView
from vouchers.unique_code.spelling import strength_bits
from vouchers.unique_code.worker import CodeWorker
from zugabe_events.contracts.vouchers import UniqueCodesRequested
from zugabe_events.domain.errors import NotFoundError, RefusedError
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.marketing_module import ModuleView, check_module
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Body, Id
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext

MAX_OPEN = 20
"""Batches of an owner that wait or are generated at the same time, so that others get theirs."""


class TooManyBatchesError(RefusedError):
    code = "batches-too-many"

    def __init__(self) -> None:
        super().__init__(
            f"Es werden schon Codes für {MAX_OPEN} Aufträge erzeugt. Sobald einer fertig ist, kann "
            "der nächste beginnen.",
            most=MAX_OPEN,
        )


class NewBatch(Body):
    count: Annotated[int, Field(strict=True, ge=1, le=MAX_CODES)]


class BatchView(Fact, frozen=True):
    """`generated` of `count` codes can be used and listed, and all if it is `complete`.

    Their numbers begin with `first`. Of 2^`strength_bits` guesses about one finds a code of the
    campaign.
    """

    batch_id: str
    first: int
    count: int
    generated: int
    complete: bool
    strength_bits: int
    requested_at: datetime


class BatchList(Fact, frozen=True):
    items: Sequence[BatchView]


def unique_code_api(
    store: EventStore,
    queue: BatchQueue,
    codes: UniqueCodeList,
    worker: CodeWorker,
    dealers: Views[ModuleView],
    access: Access,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/campaigns/{campaign_id}", tags=["unique-code"])
    requires = access.requires("edit-campaigns")
    edits = Depends(edits_own(requires, dealers))

    @router.put("/unique-code-batches/{batch_id}", status_code=HTTPStatus.ACCEPTED)
    async def request_codes(
        dealer: Id,
        campaign_id: Id,
        batch_id: Id,
        body: NewBatch,
        request: Annotated[RequestContext, edits],
    ) -> BatchView:
        """Generate codes in the background; once, however often it is asked."""
        if dealer != CENTRAL:
            await check_module(dealers, dealer)
        campaign = await state_of(store, campaign_history(dealer, campaign_id))
        command = RequestCodes(campaign, batch_id, body.count, request.context.at)
        known = await state_of(store, batch_history(dealer, campaign_id))
        if known.of(batch_id) is None and await queue.open_of(dealer) >= MAX_OPEN:
            raise TooManyBatchesError

        def decide(states: Sequence[Batches]) -> Sequence[Sequence[Event]]:
            return [BATCH_DECIDER.decide(command, states[0])]

        await request.handle_together(store, [batch_history(dealer, campaign_id)], decide)
        batches = await state_of(store, batch_history(dealer, campaign_id))
        batch = batches.of(batch_id)
        if batch is None:
            raise NotFoundError("Diese Codes gibt es nicht.")
        await queue.put(queued(batch, request.context.at))
        worker.rounds.wake()
        return view_of(batch, batches, await queue.done_of(dealer, campaign_id))

    @router.get("/unique-code-batches")
    async def list_batches(
        dealer: Id, campaign_id: Id, request: Annotated[RequestContext, edits]
    ) -> BatchList:
        """In the order in which they were requested, with progress."""
        batches = await state_of(store, batch_history(dealer, campaign_id))
        done = await queue.done_of(dealer, campaign_id)
        for batch in batches.requested:
            if batch.batch_id not in done:  # the process that took the request died meanwhile
                await queue.put(queued(batch, request.context.at))
        return BatchList([view_of(batch, batches, done) for batch in batches.requested])

    @list_routes(router, "/unique-codes", codes, TABLE, exports)
    async def list_codes(
        dealer: Id,
        campaign_id: Id,
        request: Annotated[RequestContext, Depends(edits_own(requires))],
        query: Annotated[UniqueCodeQuery, Query()],
    ) -> Selection[UniqueCodeView]:
        """As they are written, and which of them are used."""
        return Selection({**query.where(), "dealer": dealer, "campaign_id": campaign_id})

    return router


def queued(batch: UniqueCodesRequested, now: datetime) -> QueuedBatch:
    return QueuedBatch(
        owner=batch.dealer,
        campaign_id=batch.campaign_id,
        batch_id=batch.batch_id,
        campaign_code=batch.campaign_code,
        first=batch.first,
        count=batch.count,
        letters=batch.letters,
        due=now,
        secret=token_bytes(32),
    )


def view_of(batch: UniqueCodesRequested, batches: Batches, done: dict[str, int]) -> BatchView:
    complete = batch.batch_id in batches.generated
    return BatchView(
        batch_id=batch.batch_id,
        first=batch.first,
        count=batch.count,
        generated=batch.count if complete else done.get(batch.batch_id, 0),
        complete=complete,
        strength_bits=math.floor(strength_bits(batch.letters, batches.count)),
        requested_at=batch.requested_at,
    )
