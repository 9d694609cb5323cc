"""Mails that never reached a person: what the outbox knows about their address."""

from zugabe_events.domain.mail import MailFailure
from zugabe_events.encryption.sealed_text import is_sealed, parsed
from zugabe_events.mongo.client import Database
from zugabe_events.reactions.outbox import UNKNOWN_OUTCOME

MAX_MAILS = 20
"""Mails about a person that are looked at: some go to others, such as their manager."""

OTHER_REASONS = ("erased", "restricted", "hidden", "too-many", UNKNOWN_OUTCOME)
"""Reasons that are not about the address: the person's data, their number of mails, the relay."""

REFUSALS = ("SMTPRecipient", "SMTPData", "UnsendableError")
"""The beginnings of reasons that waiting changes nothing about."""


class MailFailures:
    def __init__(self, db: Database) -> None:
        self._outbox = db.outbox

    async def last(self, person: str) -> MailFailure | None:
        """The failure of the last mail to a person; None if that one was sent, or none is known."""
        done = {"about": person, "waiting": False, "to": {"$exists": True}}
        found = self._outbox.find(done).sort("created", -1).limit(MAX_MAILS)
        async for mail in found:
            if not is_sealed(mail["to"]) or parsed(mail["to"]).person != person:
                continue
            if "given_up" not in mail or mail["why"] in OTHER_REASONS:
                return None
            refused = str(mail["why"]).startswith(REFUSALS)
            return MailFailure(mail["to"], mail["given_up"], refused)
        return None
