"""A newsletter is asked for, confirmed and ended; a mail address has each voucher once."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from vouchers.mail_link.refusals import LinkOutdatedError
from vouchers.newsletter.address import ADDRESS_DECIDER, GiveVoucher
from vouchers.newsletter.decider import (
    CONFIRMATION_TTL,
    NEWSLETTER_DECIDER,
    RESEND_AFTER,
    ConfirmSubscription,
    EndSubscription,
    RequestSubscription,
)
from zugabe_events.contracts.checkout import Person
from zugabe_events.contracts.vouchers import (
    NewsletterSubscribed,
    NewsletterSubscriptionRequested,
    NewsletterUnsubscribed,
    NewsletterVoucherGiven,
)
from zugabe_testing.deciders import given

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ASKED = NewsletterSubscriptionRequested(
    "acme", "c1", "anna", 1, Person("", ""), "f1", 1, "Ja", NOON
)
LATER = NOON + timedelta(hours=1)
SUBSCRIBED = NewsletterSubscribed(
    "acme", "c1", "anna", 1, Person("", ""), 1, "Ja", NOON, confirmed_at=LATER
)
ENDED = NewsletterUnsubscribed("acme", "anna", LATER)
CONFIRM = ConfirmSubscription(1, LATER)
END = EndSubscription("acme", "anna", LATER)


def test_requests_are_counted() -> None:
    """X-21: a link confirms the request that it was sent for."""
    wanted = RequestSubscription(replace(ASKED, number=0))
    given(NEWSLETTER_DECIDER).when(wanted).then(ASKED)
    again = replace(ASKED, number=0, requested_at=NOON + RESEND_AFTER)
    given(NEWSLETTER_DECIDER, ASKED).when(RequestSubscription(again)).then(replace(again, number=2))


def test_a_repeated_request_is_no_second_one() -> None:
    soon = replace(ASKED, requested_at=NOON + RESEND_AFTER - timedelta(seconds=1))
    given(NEWSLETTER_DECIDER, ASKED).when(RequestSubscription(soon)).then()
    other = replace(soon, fingerprint="f2")
    given(NEWSLETTER_DECIDER, ASKED).when(RequestSubscription(other)).then(replace(other, number=2))


def test_a_subscriber_needs_no_second_confirmation() -> None:
    wanted = RequestSubscription(replace(ASKED, requested_at=NOON + timedelta(days=9)))
    given(NEWSLETTER_DECIDER, ASKED, SUBSCRIBED).when(wanted).then()


def test_a_request_is_confirmed_once() -> None:
    """X-21: with the proof of the consent."""
    given(NEWSLETTER_DECIDER, ASKED).when(CONFIRM).then(SUBSCRIBED)
    given(NEWSLETTER_DECIDER, ASKED, SUBSCRIBED).when(CONFIRM).then()


def test_a_request_can_be_confirmed_for_thirty_days() -> None:
    """X-21"""
    last = NOON + CONFIRMATION_TTL - timedelta(milliseconds=1)
    given(NEWSLETTER_DECIDER, ASKED).when(ConfirmSubscription(1, last)).then(
        replace(SUBSCRIBED, confirmed_at=last)
    )
    over = ConfirmSubscription(1, NOON + CONFIRMATION_TTL)
    given(NEWSLETTER_DECIDER, ASKED).when(over).refused(LinkOutdatedError, "link-outdated")


def test_what_was_never_asked_for_or_was_ended_is_not_confirmed() -> None:
    """X-21"""
    given(NEWSLETTER_DECIDER).when(CONFIRM).refused(LinkOutdatedError)
    newer = replace(ASKED, number=2)
    given(NEWSLETTER_DECIDER, ASKED, newer).when(CONFIRM).refused(LinkOutdatedError)
    given(NEWSLETTER_DECIDER, ASKED, ENDED).when(CONFIRM).refused(LinkOutdatedError)
    given(NEWSLETTER_DECIDER, ASKED, SUBSCRIBED, ENDED).when(CONFIRM).refused(LinkOutdatedError)


def test_a_newsletter_is_ended_once() -> None:
    given(NEWSLETTER_DECIDER).when(END).then()
    given(NEWSLETTER_DECIDER, ASKED).when(END).then(ENDED)
    given(NEWSLETTER_DECIDER, ASKED, SUBSCRIBED).when(END).then(ENDED)
    given(NEWSLETTER_DECIDER, ASKED, SUBSCRIBED, ENDED).when(END).then()


def test_an_address_has_each_voucher_once() -> None:
    """X-21"""
    had = NewsletterVoucherGiven("acme", "f1", "letter", NOON)
    given(ADDRESS_DECIDER).when(GiveVoucher("acme", "f1", "letter", NOON)).then(had)
    given(ADDRESS_DECIDER, had).when(GiveVoucher("acme", "f1", "letter", LATER)).then()
    other = replace(had, campaign_id="other")
    given(ADDRESS_DECIDER, had).when(GiveVoucher("acme", "f1", "other", NOON)).then(other)
