"""Present titles of campaigns, own and central."""

from collections.abc import Iterable, Mapping

from vouchers.campaign.owner import owner_of
from vouchers.campaign.view import CampaignView, key_of
from zugabe_events.domain.views import Views


async def titles_of(
    campaigns: Views[CampaignView], dealer: str, campaign_ids: Iterable[str]
) -> Mapping[str, str]:
    """By id, of those that exist."""
    keys = {key_of(owner_of(one, dealer), one): one for one in campaign_ids}
    found = await campaigns.get_many(keys)
    return {keys[key]: view.title for key, view in found.items()}
