"""Objections to advertising, and how mails name a dealer."""

from datetime import UTC, datetime, timedelta

from vouchers.advertising.decider import (
    ADVERTISING_DECIDER,
    AllowAdvertising,
    ObjectToAdvertising,
)
from vouchers.advertising.sender import SENDER_DECIDER, NameSender
from zugabe_events.contracts.vouchers import (
    AdvertisingAllowed,
    AdvertisingObjected,
    MailSender,
    MailSenderNamed,
)
from zugabe_testing.deciders import given

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1)
OBJECTED = AdvertisingObjected("acme", "anna", NOON)
ALLOWED = AdvertisingAllowed("acme", "anna", LATER)


def test_an_objection_stands_until_it_is_withdrawn() -> None:
    """X-22"""
    objects = ObjectToAdvertising("acme", "anna", NOON)
    allows = AllowAdvertising("acme", "anna", LATER)
    given(ADVERTISING_DECIDER).when(allows).then()
    given(ADVERTISING_DECIDER).when(objects).then(OBJECTED)
    given(ADVERTISING_DECIDER, OBJECTED).when(objects).then()
    given(ADVERTISING_DECIDER, OBJECTED).when(allows).then(ALLOWED)
    given(ADVERTISING_DECIDER, OBJECTED, ALLOWED).when(objects).then(OBJECTED)


def test_name_and_imprint_are_kept_apart() -> None:
    named = MailSenderNamed("acme", MailSender("Musikhaus"), NOON)
    both = MailSenderNamed("acme", MailSender("Musikhaus", "Köln"), LATER)
    given(SENDER_DECIDER).when(NameSender("acme", NOON, name="Musikhaus")).then(named)
    given(SENDER_DECIDER, named).when(NameSender("acme", LATER, imprint="Köln")).then(both)
    given(SENDER_DECIDER, named, both).when(NameSender("acme", LATER, name="Musikhaus")).then()
