"""How mails name a dealer, with the imprint that advertising has to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zugabe_events.contracts.vouchers import MailSender, MailSenderNamed
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream


@dataclass(frozen=True, slots=True)
class NameSender:
    dealer: str
    sender: MailSender
    at: datetime


type Sender = MailSender | None


def decide(command: NameSender, sender: Sender) -> Sequence[MailSenderNamed]:
    if command.sender == sender:
        return []
    return [MailSenderNamed(command.dealer, command.sender, command.at)]


def evolve(_: Sender, event: MailSenderNamed) -> Sender:
    return event.sender


SENDER_DECIDER: Decider[NameSender, Sender, MailSenderNamed] = Decider(
    "mail-sender", None, decide, evolve
)


def sender_history(dealer: str) -> History[Sender, MailSenderNamed]:
    stream = f"mail-sender/{dealer}"
    return History(Stream(stream, stream), SENDER_DECIDER)
