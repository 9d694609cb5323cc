"""Codes from before long dashes, signs of full width and the like were one form (X-9).

They are claimed again under the form in which codes are looked up now, so that people can use them
and nobody else can have them (VO-6).
"""

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec

from vouchers.campaign.code import ClaimCode, CodeTakenError, code_history
from zugabe_events.contracts.vouchers import CodeClaimed, VouchersEvent
from zugabe_events.domain.event import Context, EventTypes, derived_id
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import Database, identity

MARK = "vouchers.codes-adopted"
ACTOR = "vouchers.codes"

log = logging.getLogger(__name__)


class Claim(msgspec.Struct, frozen=True):
    """The part of an event of a code that counts here."""

    dealer: str
    code: str
    campaign_id: str


async def adopt_codes(db: Database) -> None:
    """A deploy step, with an effect once only: since then each code is claimed in its one form."""
    if await db.starts.find_one({"_id": MARK}):
        return
    store = MongoEventStore(db, await identity(db), EventTypes.of(VouchersEvent))
    async for stream, claimed in claims(db):
        history = code_history(claimed.dealer, claimed.code)
        if history.stream.id == stream:
            continue
        cause = derived_id(MARK, stream, claimed.campaign_id)
        context = Context(ACTOR, "policy", claimed.dealer, datetime.now(UTC), str(cause))
        try:
            command = ClaimCode(CodeClaimed(claimed.dealer, claimed.code, claimed.campaign_id))
            await handle(store, history, command, context, attempt=cause)
        except CodeTakenError:
            log.warning(
                "the code of a campaign is not adopted: it reads like the code of another one",
                extra={"dealer": claimed.dealer, "campaign": claimed.campaign_id},
            )
    await db.starts.update_one({"_id": MARK}, {"$set": {"start": "now"}}, upsert=True)


async def claims(db: Database) -> AsyncIterator[tuple[str, Claim]]:
    """The streams of codes, each with what it says last; nothing for a code that is free."""
    latest: tuple[str, Claim | None] = ("", None)
    of_codes = {"stream": {"$regex": "^code/"}}
    fields = {"stream": 1, "events.name": 1, "events.data": 1}
    async for commit in db.commits.find(of_codes, fields).sort({"stream": 1, "version": 1}):
        stream, claimed = latest
        if commit["stream"] != stream:
            if claimed is not None:
                yield stream, claimed
            latest = (commit["stream"], None)
        for event in commit["events"]:
            is_claimed = event["name"] == CodeClaimed.stored_as
            known = msgspec.json.decode(event["data"], type=Claim) if is_claimed else None
            latest = (commit["stream"], known)
    stream, claimed = latest
    if claimed is not None:
        yield stream, claimed
