"""The newsletter's needs besides the log: links, sealing, and a limit of its mails."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from vouchers.mail_link.links import Links
from zugabe_events.encryption.remote_sealing import Sealing
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.throttling import SHARED, Throttle, network_of

MAILS_WINDOW = timedelta(days=1)
MAX_BY_USER = 5
MAX_BY_ADDRESS = 3
MAX_BY_CLIENT = 50
"""Mails to addresses that nobody has confirmed, in `MAILS_WINDOW` (S13)."""


@dataclass(frozen=True, slots=True)
class NewsletterParts:
    links: Links
    sealing: Sealing
    mails: Throttle


def mail_limits(request: RequestContext, user: str, fingerprint: str) -> Mapping[str, int]:
    """Whoever asks, the address gets no more than a few."""
    limits = {
        f"newsletter/{request.context.tenant}/{user}": MAX_BY_USER,
        f"newsletter-address/{fingerprint}": MAX_BY_ADDRESS,
    }
    if request.client is not None and request.client not in SHARED:
        limits[f"newsletter-{network_of(request.client)}"] = MAX_BY_CLIENT
    return limits
