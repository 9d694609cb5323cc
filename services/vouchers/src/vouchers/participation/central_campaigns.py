"""Central campaigns as a dealer sees them, with their participation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from vouchers.campaign.view import CampaignView, OwnParticipation, key_of
from vouchers.participation.view import ParticipationView, participation_key
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import FilterValue, Page, Views

MAX_READ = 500
"""Participations that are read at once."""


def row_of(campaign: CampaignView, participation: ParticipationView | None) -> CampaignView:
    """A central campaign by the dealer's minimum order value, which need not be its own."""
    if participation is None:
        return campaign
    own = participation.minimum_cents
    return replace(
        campaign,
        minimum_cents=campaign.minimum_cents if own is None else own,
        participation=OwnParticipation(
            status=participation.status,
            version=participation.version,
            minimum_cents=own,
            central_minimum_cents=campaign.minimum_cents,
            joined_at=participation.joined_at,
            left_at=participation.left_at,
        ),
    )


class CentralCampaigns:
    """Central campaigns as a dealer sees them."""

    def __init__(
        self, campaigns: Views[CampaignView], participations: Views[ParticipationView]
    ) -> None:
        self.campaigns = campaigns
        self.participations = participations

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        await self.campaigns.caught_up(tokens)
        await self.participations.caught_up(tokens)

    async def get(self, dealer: str, campaign_id: str) -> CampaignView | None:
        """A campaign that was activated; drafts are central marketing's own matter."""
        campaign = await self.campaigns.get(key_of(CENTRAL, campaign_id))
        if campaign is None or campaign.status in ("draft", "deleted"):
            return None
        key = participation_key(dealer, campaign_id)
        return row_of(campaign, await self.participations.get(key))

    async def joined(self, dealer: str) -> list[CampaignView]:
        """Those that the dealer takes or took part in."""
        found: list[ParticipationView] = []
        after: str | None = None
        while True:
            page = await self.participations.page(
                {"dealer": dealer}, sort="campaign_id", after=after, limit=MAX_READ
            )
            found += page.items
            after = page.next
            if after is None:
                break
        if not found:
            return []
        campaigns = await self.campaigns.get_many(
            [key_of(CENTRAL, own.campaign_id) for own in found]
        )
        return [
            row_of(campaign, own)
            for own in found
            if (campaign := campaigns.get(key_of(CENTRAL, own.campaign_id)))
        ]


@dataclass(frozen=True, slots=True)
class OfferedCampaigns:
    """Pages of the tab "Zentrale Kampagnen": those that the dealer does not take part in (VO-25).

    Those that they have left are offered again (Q21).
    """

    central: CentralCampaigns

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        await self.central.caught_up(tokens)

    async def page(
        self,
        where: Mapping[str, FilterValue],
        *,
        sort: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[CampaignView]:
        """As `Views.page`; `dealer` is who asks."""
        dealer = str(where["dealer"])
        joined = {row.campaign_id: row for row in await self.central.joined(dealer)}
        rows: list[CampaignView] = []
        while True:
            page = await self.central.campaigns.page(
                {**where, "dealer": CENTRAL}, sort=sort, after=after, limit=limit - len(rows)
            )
            candidates = [joined.get(view.campaign_id, view) for view in page.items]
            rows += [row for row in candidates if is_offered(row)]
            after = page.next
            if after is None or len(rows) >= limit:
                return Page(rows, after)


def is_offered(row: CampaignView) -> bool:
    return row.participation is None or row.participation.status == "left"
