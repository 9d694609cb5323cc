"""Exclusions of a line, by flags of its article and rules of the customer (X-24, X-25).

Decided once, when an order is priced, and recorded in its lines: `vouchers` and `bonus` obey it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from zugabe_events.contracts.catalog_shops import ArticleFlag, Benefit
from zugabe_events.contracts.checkout import Exclusion, LinePriceSource

BY_FLAG: Mapping[ArticleFlag, Exclusion] = {
    "no-vouchers": "vouchers",
    "no-rewards": "rewards",
    "no-points": "points",
    "no-thresholds": "thresholds",
}

BY_CONTRACT: frozenset[Exclusion] = frozenset({"vouchers", "rewards", "points"})
"""Benefits that lines at agreed prices can be left out of."""

IN_ORDER: tuple[Exclusion, ...] = ("vouchers", "rewards", "points", "gifts", "thresholds")


@dataclass(frozen=True, slots=True)
class CustomerExclusions:
    """Exclusions of a customer; `contract_priced` leaves out their lines at agreed prices
    as well."""

    benefits: frozenset[Benefit] = frozenset()
    contract_priced: bool = False


NOT_EXCLUDED = CustomerExclusions()


def excluded_from(
    flags: Collection[ArticleFlag], source: LinePriceSource, customer: CustomerExclusions
) -> tuple[Exclusion, ...]:
    """The exclusions of one line, each once, in a fixed order."""
    found: set[Exclusion] = {BY_FLAG[flag] for flag in flags}
    found |= customer.benefits
    if customer.contract_priced and source == "agreed":
        found |= BY_CONTRACT
    return tuple(one for one in IN_ORDER if one in found) if found else ()
