"""The dealer in mails: in the subject, and below the text."""

from collections.abc import Sequence

from zugabe_events.contracts.vouchers import MailSender


def by(sender: MailSender | None) -> str:
    return f" von {sender.name}" if sender and sender.name else ""


def signature(sender: MailSender | None) -> Sequence[str]:
    if sender is None:
        return []
    return ["\n".join(filter(None, (sender.name, sender.imprint)))]
