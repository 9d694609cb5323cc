"""The outbox in MongoDB: one mail per cause, sent at least once, never during a replay."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Protocol

from pymongo import ASCENDING, ReturnDocument, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import PyMongoError

from zugabe_events.consuming import ConflictError
from zugabe_events.envelope import EventTypes, derived_id
from zugabe_events.messages import Message
from zugabe_events.mongo import Database, Document
from zugabe_events.outbox import Mail, Mails, UnsendableError, message_of

log = logging.getLogger(__name__)

CLAIM = timedelta(seconds=60)
LOOK_SECONDS = 1.0
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=5)


class Smtp(Protocol):
    async def send(self, message: EmailMessage) -> None: ...


class MailEffect:
    """Mails wait in the outbox from the transaction of the position of the event they tell of."""

    def __init__(
        self, db: Database, mails: Mails, types: EventTypes, now: Callable[[], datetime]
    ) -> None:
        self._outbox = db.outbox
        self._mails = mails
        self._types = types
        self._now = now

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> object | None:
        writes: list[UpdateOne] = []
        for message in messages:
            heard = message.heard(self._types)
            mail = self._mails.render(heard) if heard else None
            if mail is not None:
                writes.append(
                    UpdateOne(
                        {"_id": derived_id("mail", self._mails.name, message.id)},
                        {
                            "$setOnInsert": {
                                "to": mail.to,
                                "subject": mail.subject,
                                "text": mail.text,
                                "html": mail.html,
                                "cause": message.id,
                                "created": self._now(),
                                "waiting": True,
                                "next": self._now(),
                                "tries": 0,
                            }
                        },
                        upsert=True,
                    )
                )
        return writes or None

    async def write(self, prepared: object, session: AsyncClientSession) -> None:
        assert isinstance(prepared, list)
        try:
            await self._outbox.bulk_write(prepared, session=session)
        except PyMongoError as error:
            if error.has_error_label("TransientTransactionError"):
                raise ConflictError(self._mails.name) from error
            raise

    def done(self, prepared: object) -> None:
        pass


async def deploy_outbox(db: Database) -> None:
    if "outbox" not in await db.list_collection_names():
        await db.create_collection("outbox")
    await db.outbox.create_index([("next", ASCENDING)], partialFilterExpression={"waiting": True})


class Sending:
    """Sends waiting mails until stopped. A mail whose sender died is sent again, with the same
    Message-ID."""

    def __init__(self, db: Database, smtp: Smtp, sender: str, now: Callable[[], datetime]) -> None:
        self._outbox = db.outbox
        self._smtp = smtp
        self._sender = sender
        self._now = now

    async def run(self) -> None:
        while True:
            try:
                while await self.send_one():
                    pass
            except Exception as error:
                log.warning("outbox: %s: %s", type(error).__name__, error)
            await asyncio.sleep(LOOK_SECONDS)

    async def send_one(self) -> bool:
        """False: nothing is to be sent now."""
        now = self._now()
        waiting: Document | None = await self._outbox.find_one_and_update(
            {"waiting": True, "next": {"$lte": now}},
            {"$set": {"next": now + CLAIM}, "$inc": {"tries": 1}},
            sort=[("next", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
        if waiting is None:
            return False
        mail = Mail(waiting["to"], waiting["subject"], waiting["text"], waiting["html"])
        try:
            await self._smtp.send(
                message_of(mail, f"{waiting['_id']}@zugabe", self._sender, waiting["created"])
            )
        except UnsendableError as error:
            await self._give_up(waiting, error)
        except Exception as error:
            if now - waiting["created"] > GIVE_UP_AFTER:
                await self._give_up(waiting, error)
                return True
            wait = min(timedelta(seconds=2 ** min(waiting["tries"], 12)), LONGEST_WAIT)
            log.warning("outbox: mail %s waits: %s", waiting["_id"], type(error).__name__)
            await self._outbox.update_one(
                {"_id": waiting["_id"]}, {"$set": {"next": self._now() + wait}}
            )
        else:
            await self._outbox.update_one(
                {"_id": waiting["_id"]}, {"$set": {"waiting": False, "sent": self._now()}}
            )
        return True

    async def _give_up(self, waiting: Document, error: Exception) -> None:
        log.error("outbox: mail %s is given up: %s", waiting["_id"], type(error).__name__)
        await self._outbox.update_one(
            {"_id": waiting["_id"]},
            {
                "$set": {
                    "waiting": False,
                    "given_up": self._now(),
                    "why": f"{type(error).__name__}: {error}",
                }
            },
        )
