"""What the outbox knows about an address that mails do not reach."""

from datetime import timedelta

import pytest
from kernel_tests.toy import now

from zugabe_events.encryption.personal_data import People
from zugabe_events.mongo.client import Database
from zugabe_events.reactions.mail_failures import MailFailures
from zugabe_testing.personal_data import in_memory_people

pytestmark = pytest.mark.integration
KIM, MAXI = "nordwind/kim", "central/maxi"


async def address(people: People, person: str) -> str:
    sealed = await people.seal(person, "letter", now(), email="x@nordwind.example")
    assert sealed is not None
    return sealed["email"]


async def test_the_last_mail_to_a_person_says_whether_their_address_works(db: Database) -> None:
    """ON-13: mails that only name them, and those to others, tell nothing."""
    people, failures, at = in_memory_people("toy"), MailFailures(db), now()
    to_kim, to_maxi = await address(people, KIM), await address(people, MAXI)
    about = {"about": [KIM, MAXI], "waiting": False}
    given_up = {"given_up": at, "why": "SMTPRecipientRefused 550"}
    assert await failures.last(KIM) is None
    await db.outbox.insert_one({"_id": 1, **about, "to": to_maxi, "created": at, **given_up})
    assert await failures.last(KIM) is None
    later = at + timedelta(minutes=1)
    await db.outbox.insert_one({"_id": 2, **about, "to": to_kim, "created": later, **given_up})
    found = await failures.last(KIM)
    assert found is not None
    assert (found.to, found.refused) == (to_kim, True)
    erased = {**given_up, "why": "erased", "created": later + timedelta(minutes=1)}
    await db.outbox.insert_one({"_id": 3, **about, "to": to_kim, **erased})
    assert await failures.last(KIM) is None
    late = {**given_up, "why": "ConnectionRefusedError", "created": later + timedelta(minutes=2)}
    await db.outbox.insert_one({"_id": 4, **about, "to": to_kim, **late})
    found = await failures.last(KIM)
    assert found is not None
    assert not found.refused
    sent = {"sent": at, "created": later + timedelta(minutes=3)}
    await db.outbox.insert_one({"_id": 5, **about, "to": to_kim, **sent})
    assert await failures.last(KIM) is None
