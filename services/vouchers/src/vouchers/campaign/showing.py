"""Campaigns as they are shown: with their status, their uses, and what can be done with them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from vouchers.campaign.uses import NO_USES, CampaignUses
from vouchers.campaign.view import Action, CampaignView, Status, key_of
from zugabe_events.domain.views import Views

ACTIONS: Mapping[Status, tuple[Action, ...]] = {
    "draft": ("edit", "activate", "delete", "copy"),
    "active": ("edit", "pause", "end", "copy"),
    "paused": ("edit", "resume", "end", "copy"),
    "ended": ("copy",),
    "expired": ("edit", "end", "copy"),
    "deleted": (),
}


async def shown(
    views: Sequence[CampaignView], uses: Views[CampaignUses], now: datetime
) -> Sequence[CampaignView]:
    keys = [key_of(view.dealer, view.campaign_id) for view in views]
    counted = await uses.get_many(keys)
    return [
        with_uses(view, counted.get(key, NO_USES), now)
        for view, key in zip(views, keys, strict=True)
    ]


def with_uses(view: CampaignView, used: CampaignUses, now: datetime) -> CampaignView:
    status = status_at(view, now)
    most = view.max_uses
    return replace(
        view,
        status=status,
        uses=used.uses,
        spent_cents=used.spent_cents,
        remaining_uses=None if most is None else max(most - used.counted, 0),
        actions=ACTIONS[status],
    )


def status_at(view: CampaignView, now: datetime) -> Status:
    is_over = view.status == "active" and view.ends_at <= now
    return "expired" if is_over else view.status
