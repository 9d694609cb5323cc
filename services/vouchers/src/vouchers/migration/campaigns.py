"""The own campaigns behind codes of the system before."""

from dataclasses import dataclass, field

from vouchers.campaign.code import Claimed, code_history
from vouchers.campaign.decider import Active, Campaign, Unknown, campaign_history
from vouchers.campaign.terms import is_issued
from vouchers.campaign.typed_code import is_central, normalised
from vouchers.migration.rows import CODE
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.tables.table import RowError


@dataclass(slots=True)
class Campaigns:
    """Reads each campaign of a dealer once."""

    store: EventStore
    dealer: str
    known: dict[str, Campaign] = field(default_factory=dict)

    async def active(
        self, line: int, code: str, wrong: list[RowError], *, issues: bool = False
    ) -> Active | None:
        """None for a code without such a campaign, with the reason in `wrong`."""
        campaign = await self._campaign(code)
        if is_central(code):
            reason = "Dieser Code gehört zu einer zentralen Kampagne; die gab es früher nicht."
        elif isinstance(campaign, Unknown):
            reason = "Diesen Gutscheincode gibt es nicht. Bitte legen Sie zuerst die Kampagne an."
        elif not isinstance(campaign, Active):
            reason = "Diese Kampagne ist noch ein Entwurf. Bitte aktivieren Sie sie zuerst."
        elif issues and not is_issued(campaign.latest.terms):
            reason = "Diese Kampagne stellt keine Gutscheine aus: Der Code gilt für alle."
        else:
            return campaign
        wrong.append(RowError(line, CODE, reason))
        return None

    async def _campaign(self, code: str) -> Campaign:
        name = normalised(code)
        if name not in self.known:
            claimed = await state_of(self.store, code_history(self.dealer, code))
            if isinstance(claimed, Claimed):
                history = campaign_history(self.dealer, claimed.campaign_id)
                self.known[name] = await state_of(self.store, history)
            else:
                self.known[name] = Unknown()
        return self.known[name]
