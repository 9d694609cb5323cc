"""Rules for the terms of a campaign, and their consequences."""

from collections.abc import Mapping
from typing import Literal

from vouchers.assortment.restriction import check_assortment
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.money import FULL

type Kind = Literal["own", "second-purchase", "newsletter"]
"""The ways to the voucher: for everybody who knows the code, or for those it is issued to."""

MIN_UNLIMITED = 1_000
"""A limit of this many uses per user, or more, means unlimited (VO-14, Q27)."""


def check(terms: CampaignTerms) -> None:
    """Raise InvalidError when fields contradict each other (VO-8 to VO-10, VO-43)."""
    if terms.assortment is not None:
        check_assortment(terms.assortment)
    if terms.valid_until < terms.valid_from:
        raise InvalidError("Die Gültigkeit endet, bevor sie beginnt.", code="validity-reversed")
    check_issuing(terms)
    if terms.budget_cents is not None and terms.discount_type == "free-shipping":
        raise InvalidError(
            "Ein Budget begrenzt Rabatte; kostenloser Versand gibt keinen.",
            code="budget-not-wanted",
        )
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


def kind_of(terms: CampaignTerms) -> Kind:
    return "newsletter" if terms.newsletter else terms.kind


def is_issued(terms: CampaignTerms) -> bool:
    """Only those can use the voucher to whom it was issued."""
    return terms.kind == "second-purchase" or terms.newsletter


def check_issuing(terms: CampaignTerms) -> None:
    """Raise InvalidError for terms of issued vouchers in a campaign that issues none."""
    if terms.newsletter and terms.kind == "second-purchase":
        raise InvalidError(
            "Ein Gutschein gilt entweder für den zweiten Kauf oder für den Newsletter.",
            code="kind-contradictory",
        )
    if terms.earning_minimum_cents and terms.kind != "second-purchase":
        raise InvalidError(
            "Nur ein Gutschein für den zweiten Kauf wird durch einen Einkauf verdient.",
            code="earning-minimum-not-wanted",
        )
    if terms.outlasts_cancellation and terms.kind != "second-purchase":
        raise InvalidError(
            "Nur ein Gutschein für den zweiten Kauf kann eine stornierte Bestellung überdauern.",
            code="outlasting-not-wanted",
        )
    if terms.valid_days is not None and not is_issued(terms):
        raise InvalidError(
            "Eine Gültigkeit ab der Ausstellung haben nur ausgestellte Gutscheine.",
            code="valid-days-not-wanted",
        )


def limits_in(terms: CampaignTerms) -> Mapping[str, bool]:
    """The kinds of limit by their German names, and whether the terms have each."""
    return {
        "Einlösungen insgesamt": terms.max_uses is not None,
        "Max. Anzahl pro Kunde": terms.max_per_customer is not None,
        "Max. Anzahl pro Benutzer": uses_per_user(terms) is not None,
        "Budget": terms.budget_cents is not None,
    }


def uses_per_user(terms: CampaignTerms) -> int | None:
    """The limit per user; None is unlimited."""
    limit = terms.max_per_user
    return None if limit is None or limit >= MIN_UNLIMITED else limit
