"""Mails leave the outbox at least once, and what can never leave is given up and says why."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPRecipientRefused,
    SMTPSenderRefused,
)
from kernel_tests.toy import now

from zugabe_events.domain.mail import Mail
from zugabe_events.encryption.personal_data import People
from zugabe_events.mongo.client import Database
from zugabe_events.reactions import outbox
from zugabe_events.reactions.outbox import MAX_A_DAY, OutboxWorker, about, deploy_outbox
from zugabe_events.reactions.smtp import UnknownOutcomeError
from zugabe_testing.malformed import SEALED_BY_NOBODY
from zugabe_testing.personal_data import InMemoryMaster, InMemoryPersons


class Relay:
    """An SMTP relay that may be away."""

    def __init__(self) -> None:
        self.away = False
        self.refusing: Exception | None = None
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
def people() -> People:
    async def no_service(_: str, texts: Sequence[str]) -> Mapping[str, str]:
        return {text: text for text in texts}

    return People("toy", InMemoryPersons(), InMemoryMaster(), no_service)


@pytest.fixture
async def sending(
    db: Database, people: People, relay: Relay, clock: list[datetime]
) -> OutboxWorker:
    await deploy_outbox(db)
    return OutboxWorker(db, relay, "Zugabe <shop@zugabe.example>", lambda: clock[0], people)


async def wait_in_outbox(db: Database, to: str, at: datetime, mail_id: str = "") -> None:
    mail = Mail(to, "Hallo", "Text")
    stored = {"to": to, "subject": mail.subject, "text": mail.text, "html": mail.html}
    times = {"created": at, "waiting": True, "next": at, "tries": 0}
    await db.outbox.insert_one(
        {"_id": mail_id or to, "about": sorted(about(mail)), **stored, **times}
    )


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


async def test_a_mail_that_can_be_ended_says_how(
    db: Database, sending: OutboxWorker, relay: Relay, clock: list[datetime]
) -> None:
    """X-21: and the link leaves the outbox with the mail's content."""
    await wait_in_outbox(db, "anna@acme.de", clock[0])
    url = "https://shop.example/end"
    await db.outbox.update_one({}, {"$set": {"unsubscribe": url}})
    assert await sending.send_one()
    assert [message["List-Unsubscribe"] for message in relay.sent] == [f"<{url}>"]
    clock[0] += timedelta(days=31)
    await sending.clear()
    assert "unsubscribe" not in await the_only_mail(db)


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


async def test_a_mail_with_text_that_looks_sealed_is_sent_with_it_as_it_is(
    db: Database, people: People, sending: OutboxWorker, relay: Relay, clock: list[datetime]
) -> None:
    """S7, D1: from before such text was refused, beside what is truly sealed."""
    sealed = await people.seal("acme/anna", "receipt", clock[0], email="anna@acme.de")
    assert sealed is not None
    await wait_in_outbox(db, sealed["email"], clock[0])
    typed = SEALED_BY_NOBODY.replace("acme/anna", "acme/bert")
    await db.outbox.update_one({}, {"$set": {"text": f"Grund: {typed}", "html": f"<p>{typed}</p>"}})
    assert await sending.send_one()
    [message] = relay.sent
    assert message["To"] == "anna@acme.de"
    text, page = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert page is not None
    assert typed in text.get_content().replace("=\n", "")
    assert typed in page.get_content().replace("=\n", "")


async def test_a_person_is_sent_a_few_dozen_mails_a_day(
    db: Database, sending: OutboxWorker, relay: Relay, people: People, clock: list[datetime]
) -> None:
    """S13: whatever causes them; the others wait, and people beside them are served."""
    flooded, other = [
        await people.seal(person, None, clock[0], email=f"{person[5:]}@acme.example")
        for person in ("acme/anna", "acme/bert")
    ]
    assert flooded
    assert other
    for number in range(MAX_A_DAY + 2):
        await wait_in_outbox(db, flooded["email"], clock[0], mail_id=f"m{number:03}")
    await wait_in_outbox(db, other["email"], clock[0] + timedelta(seconds=1), mail_id="other")
    clock[0] += timedelta(seconds=2)
    await sending.send()
    assert [message["To"] for message in relay.sent].count("anna@acme.example") == MAX_A_DAY
    assert relay.sent[-1]["To"] == "bert@acme.example"
    clock[0] += timedelta(days=1, seconds=1)
    await sending.send()
    assert len(relay.sent) == MAX_A_DAY + 3


@pytest.mark.parametrize(
    ("refusal", "is_final"),
    [
        (SMTPRecipientRefused(550, "no such user", "anna@acme.de"), True),
        (SMTPRecipientRefused(554, "no", "anna@acme.de"), True),
        (SMTPDataError(554, "not wanted"), True),
        (SMTPRecipientRefused(450, "greylisted", "anna@acme.de"), False),
        (SMTPRecipientRefused(530, "authenticate first", "anna@acme.de"), False),
        (SMTPDataError(452, "no room"), False),
        (SMTPSenderRefused(550, "not yours", "shop@zugabe.example"), False),
        (SMTPAuthenticationError(535, "wrong password"), False),
    ],
)
async def test_a_final_refusal_is_given_up_at_once(
    db: Database,
    sending: OutboxWorker,
    relay: Relay,
    clock: list[datetime],
    refusal: Exception,
    is_final: bool,
) -> None:
    """M4: what is about the recipient or the mail; the operator's access and sender wait"""
    await wait_in_outbox(db, "anna@acme.de", clock[0])
    relay.refusing = refusal
    assert await sending.send_one()
    mail = await the_only_mail(db)
    assert (not mail["waiting"], "given_up" in mail) == (is_final, is_final)


async def test_a_mail_that_a_relay_may_have_is_sent_once_more_and_then_left(
    db: Database, sending: OutboxWorker, relay: Relay, clock: list[datetime]
) -> None:
    """M1: an hour later, not with the next tries of a relay that is away"""
    await wait_in_outbox(db, "anna@acme.de", clock[0])
    relay.refusing = UnknownOutcomeError()
    assert await sending.send_one()
    clock[0] += timedelta(minutes=59)
    assert not await sending.send_one()
    clock[0] += timedelta(minutes=1)
    assert await sending.send_one()
    mail = await the_only_mail(db)
    assert (mail["waiting"], mail["why"], mail["tries"]) == (False, "unknown-outcome", 2)


async def test_a_repeated_mail_has_the_same_id_at_the_senders_domain(
    db: Database, sending: OutboxWorker, relay: Relay, clock: list[datetime]
) -> None:
    """M2"""
    await wait_in_outbox(db, "anna@acme.de", clock[0], mail_id="m-1")
    assert await sending.send_one()
    await db.outbox.update_one({}, {"$set": {"waiting": True, "next": clock[0]}})
    assert await sending.send_one()
    assert [message["Message-ID"] for message in relay.sent] == ["<m-1@zugabe.example>"] * 2


async def test_one_of_two_replicas_sends_however_slow_the_relay_is(
    db: Database, people: People, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M1: the claim is renewed while a mail is on its way"""
    monkeypatch.setattr(outbox, "CLAIM_TTL", timedelta(seconds=0.3))
    await deploy_outbox(db)
    answered, hears = asyncio.Event(), asyncio.Event()

    class Slow(Relay):
        async def send(self, message: EmailMessage) -> None:
            hears.set()
            await answered.wait()
            await super().send(message)

    def real_now() -> datetime:
        return datetime.now(UTC)

    slow = Slow()
    one, other = (
        OutboxWorker(db, smtp, "Zugabe <shop@zugabe.example>", real_now, people)
        for smtp in (slow, relay)
    )
    await wait_in_outbox(db, "anna@acme.de", real_now())
    claimed = datetime.now(UTC)
    sending = asyncio.create_task(one.send_one())
    await hears.wait()
    while datetime.now(UTC) - claimed < timedelta(seconds=1):
        assert not await other.send_one()
        await asyncio.sleep(0.02)
    answered.set()
    assert await sending
    assert (len(slow.sent), relay.sent) == (1, [])
