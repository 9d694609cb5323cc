"""Read model of the uses of campaigns, by dealer; of central campaigns also over all dealers."""

from collections.abc import Sequence

from msgspec.structs import replace

from vouchers.campaign.owner import is_central
from vouchers.campaign.view import key_of
from zugabe_events.contracts.vouchers import (
    BudgetReserved,
    BudgetReturned,
    SharedPastUsesImported,
    UseCounted,
    UseReturned,
    VoucherRedeemed,
    VoucherReturned,
    VoucherUseLost,
)
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ReadModel
from zugabe_events.domain.tenant import CENTRAL


class CampaignUses(Fact, frozen=True):
    """`uses` were redeemed and not given back, with the discounts `spent_cents`, as far as those of
    the system before are not among them (X-30).

    `counted` are those that the limit of all uses counts, and `reserved_cents` are the discounts
    that the budget counts, held ones included.
    """

    uses: int = 0
    spent_cents: int = 0
    counted: int = 0
    reserved_cents: int = 0


NO_USES = CampaignUses()


def keys(event: Event) -> Sequence[str]:
    match event:
        case (
            UseCounted(limit="campaign")
            | UseReturned(limit="campaign")
            | SharedPastUsesImported(limit="campaign")
        ):
            return [key_of(event.dealer, event.campaign_id)]
        case BudgetReserved() | BudgetReturned():
            return [key_of(event.dealer, event.campaign_id)]
        case VoucherRedeemed() | VoucherReturned() | VoucherUseLost():
            own = key_of(event.dealer, event.campaign_id)
            if is_central(event.campaign_id):
                return [own, key_of(CENTRAL, event.campaign_id)]
            return [own]
        case _:
            return []


def project(view: CampaignUses | None, event: Event) -> CampaignUses | None:
    """Adds up, so that the order in which lanes arrive does not matter."""
    known = view or NO_USES
    match event:
        case UseCounted():
            return replace(known, counted=known.counted + 1)
        case UseReturned():
            return replace(known, counted=known.counted - 1)
        case SharedPastUsesImported(uses=past):
            return replace(known, uses=known.uses + past, counted=known.counted + past)
        case BudgetReserved(discount_cents=off):
            return replace(known, reserved_cents=known.reserved_cents + off)
        case BudgetReturned(discount_cents=off):
            return replace(known, reserved_cents=known.reserved_cents - off)
        case VoucherRedeemed(discount_cents=off):
            return replace(known, uses=known.uses + 1, spent_cents=known.spent_cents + off)
        case VoucherReturned(discount_cents=off):
            return replace(known, uses=known.uses - 1, spent_cents=known.spent_cents - off)
        case VoucherUseLost(discount_cents=off):
            return replace(known, spent_cents=known.spent_cents - off)
        case _:
            return view


CAMPAIGN_USES = ReadModel(
    name="vouchers.campaign-uses",
    version=3,
    topics=("vouchers",),
    view=CampaignUses,
    keys=keys,
    project=project,
    gathers=1.0,
)
