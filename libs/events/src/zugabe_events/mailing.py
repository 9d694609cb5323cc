"""The outbox in MongoDB: one mail per cause, sent at least once, never during a replay."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Protocol

from pymongo import ASCENDING, ReturnDocument, UpdateOne

from zugabe_events.envelope import EventTypes, derived_id
from zugabe_events.messages import Message
from zugabe_events.mongo import Database, Document, create_missing
from zugabe_events.outbox import Mail, Mails, UnsendableError, message_of
from zugabe_events.upserts import Upserts
from zugabe_events.watching import metrics

log = logging.getLogger(__name__)

CLAIM = timedelta(seconds=60)
LOOK_SECONDS = 1.0
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=5)


class Smtp(Protocol):
    async def send(self, message: EmailMessage) -> None: ...


def outbox_effect(
    db: Database, mails: Mails, types: EventTypes, now: Callable[[], datetime]
) -> Upserts:
    """Mails wait in the outbox from the transaction of the position of the event they tell of."""

    def waiting(message: Message) -> UpdateOne | None:
        heard = message.heard(types)
        mail = mails.render(heard) if heard else None
        if mail is None:
            return None
        return UpdateOne(
            {"_id": derived_id("mail", mails.name, message.id)},
            {
                "$setOnInsert": {
                    "to": mail.to,
                    "subject": mail.subject,
                    "text": mail.text,
                    "html": mail.html,
                    "cause": message.id,
                    "created": now(),
                    "waiting": True,
                    "next": now(),
                    "tries": 0,
                }
            },
            upsert=True,
        )

    return Upserts(db.outbox, waiting)


async def deploy_outbox(db: Database) -> None:
    await create_missing(db, "outbox")
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
            metrics.mails.labels("later").inc()
            log.warning("outbox: mail %s waits: %s", waiting["_id"], type(error).__name__)
            await self._outbox.update_one(
                {"_id": waiting["_id"]}, {"$set": {"next": self._now() + wait}}
            )
        else:
            metrics.mails.labels("sent").inc()
            await self._outbox.update_one(
                {"_id": waiting["_id"]}, {"$set": {"waiting": False, "sent": self._now()}}
            )
        return True

    async def _give_up(self, waiting: Document, error: Exception) -> None:
        metrics.mails.labels("given-up").inc()
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
