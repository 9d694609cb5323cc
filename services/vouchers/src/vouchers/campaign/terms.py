"""What the terms of a campaign must fulfil, and what follows from them."""

from collections.abc import Mapping

from vouchers.assortment.restriction import check_assortment
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.money import FULL

MIN_UNLIMITED = 1_000
"""A limit of this many uses per user, or more, means unlimited (VO-14, Q27)."""

LIMIT_FIELDS: Mapping[str, str] = {
    "max_uses": "Einlösungen insgesamt",
    "max_per_customer": "Max. Anzahl pro Kunde",
    "budget_cents": "Budget",
}
"""Limits that several users share, with their names in German."""


def check(terms: CampaignTerms) -> None:
    """Raise InvalidError when fields contradict each other (VO-8 to VO-10, VO-43)."""
    if terms.assortment is not None:
        check_assortment(terms.assortment)
    if terms.valid_until < terms.valid_from:
        raise InvalidError("Die Gültigkeit endet, bevor sie beginnt.", code="validity-reversed")
    if terms.earning_minimum_cents and terms.kind != "second-purchase":
        raise InvalidError(
            "Nur ein Gutschein für den zweiten Kauf wird durch einen Einkauf verdient.",
            code="earning-minimum-not-wanted",
        )
    check_issuing(terms)
    match terms.discount_type:
        case "fixed" if terms.value < 1:
            raise InvalidError("Der Festwert fehlt.", code="value-missing")
        case "percent" if not 1 <= terms.value <= FULL:
            raise InvalidError(
                "Der Prozentwert liegt nicht zwischen 0,01 % und 100 %.", code="value-out-of-range"
            )
        case "free-shipping" if terms.value:
            raise InvalidError(
                "Kostenloser Versand hat keinen Rabattwert.", code="value-not-wanted"
            )
        case "fixed" | "percent" | "free-shipping":
            return


def check_issuing(terms: CampaignTerms) -> None:
    """Raise InvalidError for rules about issued vouchers where none are issued."""
    if terms.kind == "own" and not terms.newsletter and terms.valid_days is not None:
        raise InvalidError(
            "Nur Gutscheine, die an einzelne Benutzer ausgegeben werden, gelten ab ihrer Ausgabe.",
            code="valid-days-not-wanted",
        )
    if terms.kind != "second-purchase" and terms.outlasts_cancellation:
        raise InvalidError(
            "Nur ein Gutschein für den zweiten Kauf wird durch eine Bestellung verdient, die "
            "storniert werden kann.",
            code="outlasting-not-wanted",
        )


def uses_per_user(terms: CampaignTerms) -> int | None:
    """The limit per user; None is unlimited."""
    limit = terms.max_per_user
    return None if limit is None or limit >= MIN_UNLIMITED else limit
