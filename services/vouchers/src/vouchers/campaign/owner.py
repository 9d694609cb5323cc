"""Owners of campaigns: a dealer, or central marketing, whose campaigns dealers join (VO-24)."""

from zugabe_events.contracts.vouchers import CENTRAL_CAMPAIGN
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.tenant import CENTRAL


def is_central(campaign_id: str) -> bool:
    return campaign_id.startswith(CENTRAL_CAMPAIGN)


def owner_of(campaign_id: str, dealer: str) -> str:
    """The tenant of a campaign that the dealer's users use: of its history, its total and budget.

    Limits per customer and wallets are always the dealer's.
    """
    return CENTRAL if is_central(campaign_id) else dealer


def shared_id(order_or_hold: str, dealer: str, owner: str) -> str:
    """The id of a dealer's order or hold where all dealers' uses count.

    Ids of orders are unique within a dealer only.
    """
    return order_or_hold if owner == dealer else f"{dealer}:{order_or_hold}"


def check_id(tenant: str, campaign_id: str) -> None:
    """Raise InvalidError for an id by which the campaign could be taken for another's."""
    if is_central(campaign_id) and tenant != CENTRAL:
        raise InvalidError(
            f"Die Kennung eigener Kampagnen beginnt nicht mit „{CENTRAL_CAMPAIGN}“.",
            code="campaign-id-central",
        )
    if tenant == CENTRAL and not is_central(campaign_id):
        raise InvalidError(
            f"Die Kennung zentraler Kampagnen beginnt mit „{CENTRAL_CAMPAIGN}“.",
            code="campaign-id-not-central",
        )
