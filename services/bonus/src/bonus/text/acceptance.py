"""Acceptance by a user of the texts that were in force at the order (BO-29, BO-50, X-23)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bonus.customer.decider import Membership
from bonus.programme.versions import Active, Versions
from bonus.text.decider import Texts


@dataclass(frozen=True, slots=True)
class Rules:
    """All that says whether orders of a customer's users earn points."""

    programme: Versions
    membership: Membership
    texts: Texts

    def collects(self, at: datetime, accepted: Sequence[datetime]) -> bool:
        """Orders of the instant earn points for a user who accepted the texts at `accepted`."""
        if not self.membership.collects(at):
            return False
        return not self.asks(at) or self.has_accepted(at, accepted)

    def asks(self, at: datetime) -> bool:
        """Users collect only after they have accepted the texts."""
        programme = self.programme.at(at)
        return isinstance(programme, Active) and programme.terms.needs_acceptance

    def has_accepted(self, at: datetime, accepted: Sequence[datetime]) -> bool:
        since = self.required_since(at)
        return since is not None and any(since <= one <= at for one in accepted)

    def required_since(self, at: datetime) -> datetime | None:
        """The start of acceptances that cover what is in force at `at`; None: no acceptance does.

        Enabling the customer resets it (BO-29), and so does what has become worse or material.
        """
        enabled = self.membership.enabled_at(at)
        if enabled is None:
            return None
        changed = (self.programme.worse_since(at), self.texts.material_since(at))
        return max([enabled, *(since for since in changed if since is not None)])
