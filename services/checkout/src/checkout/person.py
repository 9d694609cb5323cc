"""Erasure of people, whose keys checkout owns since it is the first to learn of them."""

from zugabe_events.contracts.checkout import PersonErased, PersonRestricted
from zugabe_events.privacy.erasure_stream import ErasureStream

ERASURE = ErasureStream("person", PersonRestricted, PersonErased).rules("checkout", "dealer")
