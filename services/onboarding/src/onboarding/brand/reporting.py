"""Reporting and data links, so that the partner sees sales and stock at any time (ON-9)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onboarding.brand.articles import running
from onboarding.brand.refusals import LinkNotSecureError
from onboarding.brand.state import Brand
from zugabe_events.contracts.onboarding import Contact, ReportingSent

LINK = re.compile(
    r"https://[a-z0-9][a-z0-9.-]{0,252}(:[0-9]{1,5})?([/?#][!#-&(-;=?-\[\]-_a-~]*)?", re.I | re.A
)
"""No user before the host, no blanks, quotes or brackets."""


@dataclass(frozen=True, slots=True)
class SendReporting:
    contact: Contact
    reporting_url: str
    data_links: tuple[str, ...]
    at: datetime


def send_reporting(command: SendReporting, brand: Brand) -> Sequence[ReportingSent]:
    """The same links again say nothing new (ON-9)."""
    running(brand, "live")
    for link in (command.reporting_url, *command.data_links):
        if not is_secure(link):
            raise LinkNotSecureError
    if brand.reporting == (command.reporting_url, command.data_links):
        return []
    return [
        ReportingSent(
            brand.partner,
            brand.brand,
            brand.name,
            command.contact,
            command.reporting_url,
            command.data_links,
            command.at,
        )
    ]


def is_secure(link: str) -> bool:
    """Nothing in it that a mail program could take for something else."""
    return LINK.fullmatch(link) is not None
