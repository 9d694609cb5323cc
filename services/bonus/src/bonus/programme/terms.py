"""Changes of a programme's terms, and which of them are worse for users (X-23)."""

from zugabe_events.contracts.bonus import ClawBack, ProgrammeTerms
from zugabe_events.domain.money import FULL

SEVERITY: dict[ClawBack, int] = {"pending": 0, "balance": 1, "negative": 2}


def is_worse(before: ProgrammeTerms, after: ProgrammeTerms) -> bool:
    """Users lose something by the change, even if they gain elsewhere."""
    return (
        after.points_per_euro < before.points_per_euro
        or after.point_value_cents < before.point_value_cents
        or (after.count_after_discounts and not before.count_after_discounts)
        or after.pending_days > before.pending_days
        or not set(after.excluded_groups) <= set(before.excluded_groups)
        or after.starts_on > before.starts_on
        or max_share(after) < max_share(before)
        or expires_earlier(before.expires_after_months, after.expires_after_months)
        or SEVERITY[after.claw_back] > SEVERITY[before.claw_back]
    )


def max_share(terms: ProgrammeTerms) -> int:
    """Basis points of what rewards may be used for that they may pay at most (X-33)."""
    share = terms.max_share_basis_points
    return FULL if share is None else share


def expires_earlier(before: int | None, after: int | None) -> bool:
    return after is not None and (before is None or after < before)
