"""Several vouchers in one cart: which combine, in which order, and what each takes off (X-31)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vouchers.budget.decider import used_up
from vouchers.campaign.discount import Discount, discount_of, less
from vouchers.campaign.typed_code import normalised
from vouchers.limit.decider import LimitReachedError
from vouchers.wallet.refusals import OverError, Use, about, not_combinable, nothing_to_pay
from zugabe_events.contracts.vouchers import DiscountType
from zugabe_events.domain.errors import RefusedError

APPLICATION: Mapping[DiscountType, int] = {"percent": 0, "fixed": 1, "free-shipping": 2}
"""The order in which kinds of discount are applied that have the same rank (X-8)."""


RELIEVED = (LimitReachedError, OverError)
"""Refusals that uses which come back may lift."""


@dataclass(frozen=True, slots=True)
class Applied:
    use: Use
    discount: Discount


@dataclass(frozen=True, slots=True)
class Combination:
    """`refusals` name their codes; `applied` are the vouchers that none of them is about."""

    refusals: tuple[RefusedError, ...]
    applied: tuple[Applied, ...]

    @property
    def reaches_limit(self) -> bool:
        """A limit is reached, or the campaign over, unless a use was given back meanwhile."""
        return any(isinstance(refusal, RELIEVED) for refusal in self.refusals)


def combine(
    uses: Sequence[Use],
    objections: Sequence[Sequence[RefusedError]],
    budgets: Mapping[str, int],
) -> Combination:
    """Apply those of `uses` that nothing is against; `objections` has what is against each alone.

    `budgets` are the cents that are left, by campaign: a discount has to fit as a whole. Without
    one that does not fit, the others are decided again.
    """
    against = [list(each) for each in objections]
    while True:
        found = combine_without_budgets(uses, against)
        refused = [
            (applied.use, about(applied.use.voucher_code, refusal))
            for applied in found.applied
            if applied.use.campaign_id in budgets
            and (
                refusal := used_up(
                    applied.discount.discount_cents, budgets[applied.use.campaign_id]
                )
            )
        ]
        if not refused:
            return found
        for use, refusal in refused:
            against[uses.index(use)].append(refusal)


def combine_without_budgets(
    uses: Sequence[Use], objections: Sequence[Sequence[RefusedError]]
) -> Combination:
    """Combine as `combine` does.

    Of vouchers that do not combine, the one entered first is kept. Without the first that is
    refused, the others are decided in the same way.
    """
    kept: list[Use] = []
    for use, against in zip(uses, objections, strict=True):
        if not against and rival_of(use, kept) is None:
            kept.append(use)
    refusals = [refusal for against in objections for refusal in against]
    refusals += [
        about(use.voucher_code, not_combinable(use.terms.code, rival.terms.code))
        for use in uses
        if (rival := rival_of(use, kept))
    ]
    applied: list[Applied] = []
    lines = uses[0].lines if uses else ()
    for use in sorted(kept, key=in_application_order):
        discount = discount_of(use.terms, lines, use.restriction)
        before = discount_of(use.terms, use.lines, use.restriction)
        has_base = before.base_cents if discount.free_shipping else discount.base_cents
        if has_base:
            lines = less(lines, discount.shares)
            applied.append(Applied(use, discount))
        else:
            refusals.append(about(use.voucher_code, nothing_to_pay()))
    return Combination(tuple(refusals), tuple(applied))


def rival_of(use: Use, kept: Sequence[Use]) -> Use | None:
    """The first voucher with which this one cannot be used."""
    return next(
        (
            other
            for other in kept
            if other is not use and not (use.terms.combines and other.terms.combines)
        ),
        None,
    )


def in_application_order(use: Use) -> tuple[int, int, str]:
    """The highest rank first, then by the kind of discount, then by code (X-8)."""
    terms = use.terms
    return -terms.rank, APPLICATION[terms.discount_type], normalised(terms.code)
