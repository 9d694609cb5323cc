"""Mails leave the outbox at least once, and what can never leave is given up and says why."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtplib import SMTPRecipientRefused
from kernel_tests.toy import now

from zugabe_events.mongo.client import Database
from zugabe_events.reactions.outbox import OutboxWorker, deploy_outbox
from zugabe_testing.personal_data import in_memory_people


class Relay:
    """An SMTP relay that may be away."""

    def __init__(self) -> None:
        self.away = False
        self.refusing: SMTPRecipientRefused | None = None
        self.sent: list[EmailMessage] = []

    async def send(self, message: EmailMessage) -> None:
        if self.refusing:
            raise self.refusing
        if self.away:
            raise ConnectionRefusedError
        self.sent.append(message)


@pytest.fixture
def relay() -> Relay:
    return Relay()


@pytest.fixture
def clock() -> list[datetime]:
    return [now()]


@pytest.fixture
async def sending(db: Database, relay: Relay, clock: list[datetime]) -> OutboxWorker:
    await deploy_outbox(db)
    people = in_memory_people("toy")
    return OutboxWorker(db, relay, "Zugabe <shop@zugabe.example>", lambda: clock[0], people)


async def wait_in_outbox(db: Database, to: str, at: datetime) -> None:
    mail = {"to": to, "subject": "Hallo", "text": "Text", "html": None}
    times = {"created": at, "waiting": True, "next": at, "tries": 0}
    await db.outbox.insert_one({"_id": to, **mail, **times})


async def the_only_mail(db: Database) -> Any:
    [mail] = await db.outbox.find({}).to_list()
    return mail


async def test_a_mail_is_sent_once_and_stays_on_record(
    db: Database, sending: OutboxWorker, relay: Relay, clock: list[datetime]
) -> None:
    await wait_in_outbox(db, "anna@acme.de", clock[0])
    assert await sending.send_one()
    assert not await sending.send_one()
    assert [message["To"] for message in relay.sent] == ["anna@acme.de"]
    mail = await the_only_mail(db)
    assert (mail["waiting"], "sent" in mail) == (False, True)


async def test_a_mail_to_no_address_is_given_up_at_once(
    db: Database, sending: OutboxWorker, relay: Relay, clock: list[datetime]
) -> None:
    await wait_in_outbox(db, "no address", clock[0])
    assert await sending.send_one()
    clock[0] += timedelta(days=1)
    assert not await sending.send_one()
    mail = await the_only_mail(db)
    assert (mail["waiting"], mail["tries"], relay.sent) == (False, 1, [])
    assert mail["why"].startswith("UnsendableError")


async def test_a_mail_waits_for_a_relay_that_is_away(
    db: Database, sending: OutboxWorker, relay: Relay, clock: list[datetime]
) -> None:
    await wait_in_outbox(db, "anna@acme.de", clock[0])
    relay.away = True
    assert await sending.send_one()
    assert not await sending.send_one()
    relay.away = False
    clock[0] += timedelta(minutes=1)
    assert await sending.send_one()
    assert len(relay.sent) == 1


async def test_a_mail_that_no_relay_takes_for_days_is_given_up(
    db: Database, sending: OutboxWorker, relay: Relay, clock: list[datetime]
) -> None:
    await wait_in_outbox(db, "anna@acme.de", clock[0])
    relay.away = True
    for _ in range(130):
        clock[0] += timedelta(hours=1)
        await sending.send_one()
    mail = await the_only_mail(db)
    assert not mail["waiting"]
    assert mail["given_up"] - mail["created"] < timedelta(days=6)


async def test_an_address_that_a_relay_repeats_is_neither_logged_nor_kept(
    db: Database,
    sending: OutboxWorker,
    relay: Relay,
    clock: list[datetime],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """N-8"""
    await wait_in_outbox(db, "anna@acme.de", clock[0])
    await db.outbox.update_one({}, {"$set": {"created": clock[0] - timedelta(days=6)}})
    relay.refusing = SMTPRecipientRefused(550, "no such user <anna@acme.de>", "anna@acme.de")
    assert await sending.send_one()
    assert (await the_only_mail(db))["why"] == "SMTPRecipientRefused 550"
    assert "is given up: SMTPRecipientRefused 550" in caplog.text
    assert "no such user" not in caplog.text
