"""Commands about a partner's link: a new one, the same once more, or none at all (S17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from onboarding.partner.state import (
    Closed,
    NotWelcomedError,
    OnboardingClosedError,
    Open,
    Partner,
    Unknown,
    onboarding_of,
)
from zugabe_events.contracts.onboarding import (
    Contact,
    ContactReplaced,
    LinkSent,
    LinksRevoked,
    PartnerEvent,
)
from zugabe_events.domain.event import Personal

REQUEST_INTERVAL = timedelta(minutes=10)
"""Whoever asks more often gets no more mails than that."""


@dataclass(frozen=True, slots=True)
class SendLink:
    """To the contact, or to another one who takes their place. `new_address`: mails went
    elsewhere before."""

    contact: Contact
    link: Personal
    at: datetime
    new_address: bool = False


@dataclass(frozen=True, slots=True)
class RequestLink:
    """Somebody who may be the contact asks for a link; `link` is sent if the latest one, which is
    valid for `valid`, has expired."""

    contact_id: str
    link: Personal
    valid: timedelta
    at: datetime


@dataclass(frozen=True, slots=True)
class RevokeLinks:
    at: datetime


type LinkCommand = SendLink | RequestLink | RevokeLinks


def decide_links(command: LinkCommand, partner: Partner) -> Sequence[PartnerEvent]:
    match command:
        case SendLink():
            return send_link(command, welcomed_once(partner))
        case RequestLink():
            return requested(command, partner)
        case RevokeLinks(at):
            its = onboarding_of(partner)
            if its.link_issued_at is None:
                return []
            return [LinksRevoked(its.partner, at)]


def send_link(command: SendLink, its: Open) -> Sequence[PartnerEvent]:
    """The address before is told when mails go to another one."""
    contact, at = command.contact, command.at
    sent = LinkSent(its.partner, contact, command.link, at, command.new_address, at)
    if not command.new_address:
        return [sent]
    return [sent, ContactReplaced(its.partner, its.name, its.contact, contact, at)]


def welcomed_once(partner: Partner) -> Open:
    """Also while the onboarding is paused: a lost link is replaced at once."""
    if isinstance(partner, Closed):
        raise OnboardingClosedError
    its = onboarding_of(partner)
    if its.welcomed_at is None:
        raise NotWelcomedError
    return its


def requested(command: RequestLink, partner: Partner) -> Sequence[PartnerEvent]:
    """Nothing is refused, since an answer would tell strangers something. Revoked links come back
    by central only. The latest link is sent once more while it is valid, so that asking ends
    nobody's session."""
    if isinstance(partner, Unknown | Closed):
        return []
    its, at = onboarding_of(partner), command.at
    if its.link_issued_at is None or its.contact.contact_id != command.contact_id:
        return []
    if its.link_sent_at is not None and at < its.link_sent_at + REQUEST_INTERVAL:
        return []
    if its.contact.link and at < its.link_issued_at + command.valid - timedelta(days=1):
        latest, issued_at = its.contact.link, its.link_issued_at
        return [LinkSent(its.partner, its.contact, latest, issued_at, sent_at=at)]
    return [LinkSent(its.partner, its.contact, command.link, at, sent_at=at)]
