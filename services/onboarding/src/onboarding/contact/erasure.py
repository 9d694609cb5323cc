"""Onboarding owns the keys of partners' contacts, and of the managers who look after them: these
are contacts of the tenant `central`."""

from zugabe_events.contracts.onboarding import ContactErased, ContactRestricted
from zugabe_events.privacy.erasure_stream import ErasureStream

ERASURE = ErasureStream("contact", ContactRestricted, ContactErased).rules("onboarding", "partner")
