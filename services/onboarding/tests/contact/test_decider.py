"""X-15, X-19: what becomes of a contact's personal data is decided once, and follows the law."""

from datetime import UTC, datetime, timedelta

from hypothesis import given as any_of
from hypothesis import strategies as st

from onboarding.contact.decider import Retire, contact
from onboarding.contact.keeping import fate
from zugabe_events.contracts.onboarding import ContactErased, ContactRestricted
from zugabe_events.people.keeping import Erased, Restricted
from zugabe_events.policies import Heard
from zugabe_events.testing import given

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = datetime(2032, 12, 31, 23, tzinfo=UTC)
RESTRICTED = ContactRestricted("nordwind", "kim", LATER)
ERASED = ContactErased("nordwind", "kim")


def asked(keep_until: datetime | None = None, at: datetime = NOON) -> Retire:
    return Retire("nordwind", "kim", keep_until, at)


def test_what_nobody_has_to_keep_is_erased() -> None:
    given(contact).when(asked()).then(ERASED)


def test_what_must_be_kept_is_restricted_until_then() -> None:
    given(contact).when(asked(LATER)).then(RESTRICTED)
    given(contact, RESTRICTED).when(asked(LATER)).then()


def test_a_later_letter_makes_the_period_longer() -> None:
    later = LATER + timedelta(days=365)
    longer = ContactRestricted("nordwind", "kim", later)
    given(contact, RESTRICTED).when(asked(later)).then(longer)


def test_at_the_end_of_the_period_it_is_erased() -> None:
    given(contact, RESTRICTED).when(asked(LATER, at=LATER)).then(ERASED)
    given(contact, RESTRICTED).when(asked(LATER, at=LATER - timedelta(seconds=1))).then()


@any_of(st.none() | st.datetimes(timezones=st.just(UTC)))
def test_who_was_erased_stays_so(keep_until: datetime | None) -> None:
    given(contact, RESTRICTED, ERASED).when(asked(keep_until)).then()


def test_the_keys_follow_what_was_decided() -> None:
    heard = [Heard("1.0", event, "contact/nordwind/kim", NOON) for event in (RESTRICTED, ERASED)]
    assert list(map(fate, heard)) == [
        Restricted("nordwind", "kim", LATER),
        Erased("nordwind", "kim"),
    ]
