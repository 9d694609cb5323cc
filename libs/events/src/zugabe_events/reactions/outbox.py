"""The outbox in MongoDB: one mail per cause, sent at least once, never during a replay.

What is personal in a mail stays sealed there; it is opened on its way out.
"""

import logging
from collections.abc import Callable
from dataclasses import astuple
from datetime import datetime, timedelta
from email.message import EmailMessage
from html import escape
from typing import Protocol

from aiosmtplib import SMTPDataError, SMTPRecipientRefused
from pymongo import ASCENDING, UpdateOne

from zugabe_events.consumer.effect import UpsertEffect
from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.event import EventTypes, derived_id
from zugabe_events.domain.mail import Mail, Mails, UnsendableError, message_id_of, message_of
from zugabe_events.encryption.master_key import KeysUnavailableError
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import WithheldReason, parsed, replaced, sealed_in
from zugabe_events.messaging.message import Message
from zugabe_events.mongo.client import Database, Document, create_missing
from zugabe_events.mongo.work_queue import WorkQueue
from zugabe_events.mongo.work_watch import Work
from zugabe_events.observability import metrics
from zugabe_events.reactions.smtp import UnknownOutcomeError

CONTENT_GONE = {"$unset": {"to": "", "subject": "", "text": "", "html": "", "unsubscribe": ""}}
"""The mail's id stays, so that it is never sent again."""

log = logging.getLogger(__name__)

CLAIM_TTL = timedelta(seconds=60)
WAITING: Document = {"waiting": True}
BACKOFF = Backoff(2.0, 3_600.0)
GIVE_UP_TIMEOUT = timedelta(days=5)

MAX_A_DAY = 50
"""Mails to a person within 24 hours; further ones wait (S13)."""
TOO_MANY_WAIT = timedelta(hours=1)


MAX_UNKNOWN_OUTCOMES = 1
UNKNOWN_OUTCOME_WAIT = timedelta(hours=1)
"""Relays that are slow today may have recovered by then."""
UNKNOWN_OUTCOME = "unknown-outcome"

OF_ACCESS = (530, 534, 535, 538)
"""Replies about the relay's own access, which the operator mends."""


class Smtp(Protocol):
    async def send(self, message: EmailMessage) -> None: ...


def outbox_effect(
    db: Database, mails: Mails, types: EventTypes, now: Callable[[], datetime]
) -> UpsertEffect:
    """Put mails into the outbox, in the transaction of the event's checkpoint."""

    def write_of(message: Message) -> UpdateOne | None:
        received = message.received(types)
        mail = mails.render(received) if received else None
        if mail is None:
            return None
        return UpdateOne(
            {"_id": derived_id("mail", mails.name, message.id)},
            {
                "$setOnInsert": {
                    "about": sorted(about(mail)),
                    "to": mail.to,
                    "subject": mail.subject,
                    "text": mail.text,
                    "html": mail.html,
                    "beside": list(mail.beside),
                    "unsubscribe": mail.unsubscribe,
                    "cause": message.id,
                    "created": now(),
                    "waiting": True,
                    "next": now(),
                    "tries": 0,
                }
            },
            upsert=True,
        )

    return UpsertEffect(db.outbox, write_of)


def about(mail: Mail) -> set[str]:
    """The people whose personal data the mail contains."""
    return {parsed(text).person for text in sealed_in(astuple(mail))}


def mail_of(stored: Document) -> Mail:
    beside = tuple(stored.get("beside", ()))
    return Mail(
        stored["to"],
        stored["subject"],
        stored["text"],
        stored["html"],
        beside,
        stored.get("unsubscribe"),
    )


async def deploy_outbox(db: Database) -> None:
    await create_missing(db, "outbox")
    await db.outbox.create_index([("next", ASCENDING)], partialFilterExpression={"waiting": True})
    await db.outbox.create_index([("about", ASCENDING)])
    # Only mails that are done and still have their content.
    old = {"waiting": False, "text": {"$exists": True}}
    await db.outbox.create_index([("next", ASCENDING)], name="old", partialFilterExpression=old)


class OutboxWorker:
    """Sends waiting mails. A mail whose worker died is sent again, with the same
    Message-ID."""

    def __init__(
        self,
        db: Database,
        smtp: Smtp,
        sender: str,
        now: Callable[[], datetime],
        people: People,
        content_ttl: timedelta = timedelta(days=30),
    ) -> None:
        """`content_ttl`: how long after its last attempt the content of a mail is kept."""
        self._outbox = db.outbox
        self._queue = WorkQueue(db.outbox, "next", CLAIM_TTL)
        self._smtp = smtp
        self._sender = sender
        self._now = now
        self._people = people
        self._content_ttl = content_ttl

    @property
    def works(self) -> list[Work]:
        return [
            Work("outbox", "outbox", lambda: self._queue.due(self._now(), WAITING), self.send),
            Work("outbox, old mails", "outbox", self._old, self.clear),
        ]

    async def send(self) -> None:
        """Until no mail is due."""
        while await self.send_one():
            pass

    async def clear(self) -> None:
        """Remove the content of old mails that were sent or given up; their ids stay."""
        await self._outbox.update_many(self._old(), CONTENT_GONE)

    def _old(self) -> Document:
        before = self._now() - self._content_ttl
        return {"waiting": False, "text": {"$exists": True}, "next": {"$lt": before}}

    async def send_one(self) -> bool:
        """False: no mail is due."""
        now = self._now()
        waiting = await self._queue.claim(now, WAITING, {"$inc": {"tries": 1}})
        if waiting is None:
            return False
        mail = mail_of(waiting)
        if await self._has_enough(mail, now):
            await self._put_off(waiting)
            return True
        try:
            opened = await self._opened(mail)
            if isinstance(opened, WithheldReason):
                await self._give_up(waiting, opened.name.lower())
                return True
            message_id = message_id_of(waiting["_id"], self._sender)
            message = message_of(opened, message_id, self._sender, waiting["created"])
            async with self._queue.renewing(waiting["_id"], self._now):
                await self._smtp.send(message)
        except UnsendableError as error:
            await self._give_up(waiting, reason_of(error))
        except UnknownOutcomeError:
            await self._again_or_unknown(waiting)
        except Exception as error:
            lost_keys = isinstance(error, KeysUnavailableError)
            is_old = now - waiting["created"] > GIVE_UP_TIMEOUT
            if is_final(error) or (is_old and not lost_keys):
                await self._give_up(waiting, reason_of(error))
                return True
            wait = timedelta(seconds=BACKOFF.wait(waiting["tries"]))
            metrics.mails.labels("later").inc()
            log.warning(
                "outbox: mail %s could not be sent, retrying later: %s",
                waiting["_id"],
                type(error).__name__,
            )
            await self._outbox.update_one(
                {"_id": waiting["_id"]}, {"$set": {"next": self._now() + wait}}
            )
        else:
            metrics.mails.labels("sent").inc()
            await self._outbox.update_one(
                {"_id": waiting["_id"]}, {"$set": {"waiting": False, "sent": self._now()}}
            )
        return True

    async def _again_or_unknown(self, waiting: Document) -> None:
        """Once more, with the same Message-ID, since a mail that is missing is worse than one that
        came twice; not a third time."""
        if waiting.get("unknown", 0) >= MAX_UNKNOWN_OUTCOMES:
            await self._give_up(waiting, UNKNOWN_OUTCOME)
            return
        metrics.mails.labels("unknown").inc()
        log.warning(
            "outbox: the relay did not say whether it took mail %s, asking again later",
            waiting["_id"],
        )
        again = {"$set": {"next": self._now() + UNKNOWN_OUTCOME_WAIT}, "$inc": {"unknown": 1}}
        await self._outbox.update_one({"_id": waiting["_id"]}, again)

    async def _has_enough(self, mail: Mail, now: datetime) -> bool:
        """True if the person whom the mail is to was sent very many today."""
        person = next((parsed(text).person for text in sealed_in(mail.to)), None)
        if person is None:
            return False
        today = {"about": person, "sent": {"$gt": now - timedelta(days=1)}}
        return await self._outbox.count_documents(today, limit=MAX_A_DAY) >= MAX_A_DAY

    async def _put_off(self, waiting: Document) -> None:
        """Until there is room again, or the mail is too old."""
        now = self._now()
        if now - waiting["created"] > GIVE_UP_TIMEOUT:
            await self._give_up(waiting, "too-many")
            return
        metrics.mails.labels("put-off").inc()
        log.warning(
            "outbox: mail %s waits, since its recipient had %d today", waiting["_id"], MAX_A_DAY
        )
        await self._outbox.update_one(
            {"_id": waiting["_id"]}, {"$set": {"next": now + TOO_MANY_WAIT}}
        )

    async def _opened(self, mail: Mail) -> Mail | WithheldReason:
        """The mail with its personal data opened. Raises UnsendableError if it contains data of
        people whom the mail's rule does not name."""
        opened = await self._people.open(sealed_in(astuple(mail)))
        people = {parsed(sealed).person for sealed, plain in opened.items() if plain != sealed}
        if len(people - {*mail.beside}) > 1:
            raise UnsendableError("personal data of several people in one mail")
        for sealed, plain in opened.items():
            if isinstance(plain, WithheldReason) and parsed(sealed).person not in mail.beside:
                return plain
        to, subject, text = replaced((mail.to, mail.subject, mail.text), opened.__getitem__)
        page = replaced(mail.html, lambda sealed: escape(opened[sealed]))
        return Mail(to, subject, text, page, unsubscribe=mail.unsubscribe)

    async def _give_up(self, waiting: Document, why: str) -> None:
        metrics.mails.labels("given-up").inc()
        log.error("outbox: mail %s is given up: %s", waiting["_id"], why)
        await self._outbox.update_one(
            {"_id": waiting["_id"]},
            {"$set": {"waiting": False, "given_up": self._now(), "why": why}},
        )


def reason_of(error: Exception) -> str:
    """The error without its text, in which a relay may repeat the address."""
    code = getattr(error, "code", None)
    return f"{type(error).__name__} {code}" if isinstance(code, int) else type(error).__name__


def is_final(error: Exception) -> bool:
    """True for replies that the recipient or the mail is refused for good (5yz); what is about the
    sender or the access waits for the operator."""
    match error:
        case SMTPRecipientRefused(code=code) | SMTPDataError(code=code):
            return 500 <= code < 600 and code not in OF_ACCESS
        case _:
            return False
