"""Checkout owns the keys of users, since it is told first who they are."""

from zugabe_events.contracts.checkout import PersonErased, PersonRestricted
from zugabe_events.privacy.erasure_stream import Retirement

KEEPING = Retirement("person", PersonRestricted, PersonErased).keeping("checkout", "dealer")
