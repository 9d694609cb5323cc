"""A dealer's sender in mails: the name in the catalogue, and the imprint of advertising."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from zugabe_events.contracts.catalog_shops import DealerNamed
from zugabe_events.contracts.vouchers import MailSender, MailSenderNamed
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


@dataclass(frozen=True, slots=True)
class NameSender:
    """Set the given parts; None leaves one as it is."""

    dealer: str
    at: datetime
    name: str | None = None
    imprint: str | None = None


type Sender = MailSender | None


def decide(command: NameSender, sender: Sender) -> Sequence[MailSenderNamed]:
    before = sender or MailSender("")
    name = before.name if command.name is None else command.name
    imprint = before.imprint if command.imprint is None else command.imprint
    after = replace(before, name=name, imprint=imprint)
    return [] if after == before else [MailSenderNamed(command.dealer, after, command.at)]


def evolve(_: Sender, event: MailSenderNamed) -> Sender:
    return event.sender


SENDER_DECIDER: Decider[NameSender, Sender, MailSenderNamed] = Decider(
    "mail-sender", None, decide, evolve
)


def sender_history(dealer: str) -> History[Sender, MailSenderNamed]:
    stream = f"mail-sender/{dealer}"
    return History(Stream(stream, stream), SENDER_DECIDER)


def react(received: ReceivedEvent) -> Sequence[Reaction]:
    match received.event:
        case DealerNamed(dealer, name):
            command = NameSender(dealer, received.recorded_at, name=name)
            return [Reaction(sender_history(dealer), lambda: command)]
        case _:
            return []


SENDERS = Policy(name="vouchers.senders", topics=("catalog-shops",), react=react)
