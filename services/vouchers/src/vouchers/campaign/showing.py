"""Campaigns as they are shown: with their status, their uses, and what can be done with them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from vouchers.assortment.restrictions import Restrictions
from vouchers.campaign.uses import NO_USES, CampaignUses
from vouchers.campaign.view import Action, CampaignStatus, CampaignView, key_of
from zugabe_events.domain.views import Views

ACTIONS: Mapping[CampaignStatus, tuple[Action, ...]] = {
    "draft": ("edit", "activate", "delete", "copy"),
    "active": ("edit", "pause", "end", "copy"),
    "paused": ("edit", "resume", "end", "copy"),
    "ended": ("copy",),
    "expired": ("edit", "end", "copy"),
    "deleted": (),
}


async def shown(
    views: Sequence[CampaignView],
    uses: Views[CampaignUses],
    restrictions: Restrictions,
    dealer: str,
    now: datetime,
) -> Sequence[CampaignView]:
    """Campaigns to a tenant, who sees the uses of their own users, and what is left for all."""
    names = {(tenant, view.campaign_id) for view in views for tenant in (dealer, view.dealer)}
    counted = await uses.get_many([key_of(*name) for name in names])
    described = await restrictions.described([(view.dealer, view.assortment) for view in views])
    return [
        with_uses(
            replace(view, applies_to=applies_to),
            counted.get(key_of(dealer, view.campaign_id), NO_USES),
            counted.get(key_of(view.dealer, view.campaign_id), NO_USES),
            dealer,
            now,
        )
        for view, applies_to in zip(views, described, strict=True)
    ]


def with_uses(
    view: CampaignView, own: CampaignUses, in_all: CampaignUses, dealer: str, now: datetime
) -> CampaignView:
    status = status_at(view, now)
    return replace(
        view,
        status=status,
        uses=own.uses,
        spent_cents=own.spent_cents,
        remaining_uses=left(view.max_uses, in_all.counted),
        remaining_budget_cents=left(view.budget_cents, in_all.reserved_cents),
        actions=ACTIONS[status] if view.dealer == dealer else as_participant(view, status),
    )


def left(limit: int | None, taken: int) -> int | None:
    """None is unlimited. A limit may have been lowered below what is taken."""
    return None if limit is None else max(limit - taken, 0)


def as_participant(view: CampaignView, status: CampaignStatus) -> tuple[Action, ...]:
    """The actions of a dealer on a central campaign (VO-27 to VO-29)."""
    if view.participation is not None and view.participation.status == "joined":
        return ("change-minimum", "leave")
    return ("join",) if status in ("active", "paused") else ()


def status_at(view: CampaignView, now: datetime) -> CampaignStatus:
    is_over = view.status == "active" and view.ends_at <= now
    return "expired" if is_over else view.status
