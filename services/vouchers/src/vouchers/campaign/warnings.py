"""Warnings about terms of a campaign that are allowed but hardly intended."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from zugabe_events.contracts.checkout import ShippingTerms
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.calendar import day_of, german_date
from zugabe_events.domain.german_countries import way_to
from zugabe_events.domain.money import euros

LONG_VALIDITY = timedelta(days=5 * 366)

NO_USE = "Der Gutschein brächte keinen Vorteil."


def warnings_about(
    terms: CampaignTerms,
    shipping: Sequence[ShippingTerms] | None,
    now: datetime,
    usual_free_shipping_from_cents: int | None = None,
) -> list[str]:
    """In German; for `shipping` and the usual limit see `of_shipping`."""
    return [
        *of_validity(terms, day_of(now)),
        *of_budget(terms),
        *of_shipping(terms, shipping, usual_free_shipping_from_cents),
    ]


def of_validity(terms: CampaignTerms, today: date) -> list[str]:
    if terms.valid_until < today:
        return [f"Die Gültigkeit ist seit dem {german_date(terms.valid_until)} vorbei."]
    if terms.valid_until - terms.valid_from > LONG_VALIDITY:
        return ["Die Kampagne gilt länger als fünf Jahre."]
    return []


def of_budget(terms: CampaignTerms) -> list[str]:
    budget = terms.budget_cents
    if budget is None or terms.discount_type != "fixed" or terms.value <= budget:
        return []
    return [
        f"Das Budget von {euros(budget)} ist kleiner als der Rabatt von {euros(terms.value)}: "
        "Der Gutschein wird kaum einmal eingelöst werden können."
    ]


def of_shipping(
    terms: CampaignTerms,
    shipping: Sequence[ShippingTerms] | None,
    usual_free_shipping_from_cents: int | None,
) -> list[str]:
    """Warnings where free shipping begins no later than without the voucher (VO-17).

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
