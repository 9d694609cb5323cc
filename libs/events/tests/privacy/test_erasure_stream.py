"""X-15, X-19: what becomes of a person's data is decided once, and follows the law."""

from datetime import UTC, datetime, timedelta

from hypothesis import given as any_of
from hypothesis import strategies as st

from zugabe_events.contracts.checkout import PersonErased, PersonRestricted
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.privacy.erasure import Erased, Restricted
from zugabe_events.privacy.erasure_stream import ErasureStream, RequestErasure
from zugabe_testing.deciders import given

PERSON = ErasureStream("person", PersonRestricted, PersonErased)
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = datetime(2034, 12, 31, 23, tzinfo=UTC)
RESTRICTED = PersonRestricted("d1", "anna", LATER)
ERASED = PersonErased("d1", "anna")

person = PERSON.decider


def asked(keep_until: datetime | None = None, at: datetime = NOON) -> RequestErasure:
    return RequestErasure("d1", "anna", keep_until, at)


def test_what_nobody_has_to_keep_is_erased() -> None:
    given(person).when(asked()).then(ERASED)


def test_what_must_be_kept_is_restricted_until_then() -> None:
    given(person).when(asked(LATER)).then(RESTRICTED)
    given(person, RESTRICTED).when(asked(LATER)).then()


def test_a_later_record_makes_the_period_longer() -> None:
    later = LATER + timedelta(days=365)
    given(person, RESTRICTED).when(asked(later)).then(PersonRestricted("d1", "anna", later))


def test_at_the_end_of_the_period_it_is_erased() -> None:
    given(person, RESTRICTED).when(asked(LATER, at=LATER)).then(ERASED)
    given(person, RESTRICTED).when(asked(LATER, at=LATER - timedelta(seconds=1))).then()


@any_of(st.none() | st.datetimes(timezones=st.just(UTC)))
def test_who_was_erased_stays_so(keep_until: datetime | None) -> None:
    given(person, RESTRICTED, ERASED).when(asked(keep_until)).then()


def test_the_keys_follow_what_was_decided() -> None:
    erasure = PERSON.rules("checkout", "dealer")
    events = (RESTRICTED, ERASED)
    received = [ReceivedEvent("1.0", event, "person/d1/anna", NOON) for event in events]
    assert list(map(erasure.status, received)) == [
        Restricted("d1", "anna", LATER),
        Erased("d1", "anna"),
    ]
    assert (erasure.name, erasure.topics) == ("checkout.people", ("checkout",))
    assert PERSON.history("d1", "anna").stream.id == "person/d1/anna"
