"""Warnings about terms of a campaign that are allowed but hardly intended (VO-17)."""

from collections.abc import Sequence

from zugabe_events.contracts.checkout import ShippingTerms
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.german_countries import way_to
from zugabe_events.domain.money import euros

NO_USE = "Der Gutschein brächte keinen Vorteil."


def warnings_about(
    terms: CampaignTerms,
    shipping: Sequence[ShippingTerms] | None,
    usual_free_shipping_from_cents: int | None = None,
) -> list[str]:
    """Where free shipping begins no later than without the voucher, in German.

    `shipping` are the dealer's terms of sale; without any, the limit that the caller names counts.
    """
    if terms.discount_type != "free-shipping":
        return []
    if shipping is None:
        usual = usual_free_shipping_from_cents
        is_useless = usual is not None and terms.minimum_cents >= usual
        return [too_high(terms, usual, "")] if is_useless and usual is not None else []
    if not shipping:
        return [f"Der Versand ist immer kostenlos: {NO_USE}"]
    return [warning for country in shipping if (warning := warning_for(terms, country)) is not None]


def warning_for(terms: CampaignTerms, shipping: ShippingTerms) -> str | None:
    way, usual = way_to(shipping.country), shipping.free_from_cents
    if shipping.cost_cents == 0:
        return f"Der Versand {way} ist immer kostenlos: {NO_USE}"
    if usual is None or terms.minimum_cents < usual:
        return None
    return too_high(terms, usual, f" für den Versand {way}")


def too_high(terms: CampaignTerms, usual: int, where: str) -> str:
    return (
        f"Der Mindestbestellwert {euros(terms.minimum_cents)} netto ist nicht niedriger als die "
        f"übliche Versandkostenfreigrenze {euros(usual)}{where}: {NO_USE}"
    )
