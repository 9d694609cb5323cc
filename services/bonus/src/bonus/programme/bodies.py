"""Bodies of requests about a programme."""

from typing import Annotated, Literal

from pydantic import Field

from bonus.programme.labels import sorted_labels
from zugabe_events.contracts.bonus import ProgrammeTerms, PromotionAdded, RewardAdded
from zugabe_events.domain.money import FULL
from zugabe_events.http.fields import Body, Cents, Day, LongText, Text, at_most

MAX_LABELS = 500

Rate = Annotated[int, Field(strict=True, ge=1, le=1_000)]
"""Whole numbers from 1 (BO-15, BO-51)."""

Labels = Annotated[tuple[Text, ...], Field(max_length=MAX_LABELS), at_most(MAX_LABELS)]
"""Ids of brands or product groups of the catalogue; their names, at prices of a caller."""

BasisPoints = Annotated[int, Field(strict=True, ge=1, le=FULL)]
"""1,000 are 10 %."""


class Terms(Body):
    """By default one point per full euro, worth one cent (BO-2).

    Rewards pay for at most `max_share_basis_points` of an order. Points expire
    `expires_after_months` after they became available. `claw_back` says where points are taken from
    that were spent already: `negative`, all of them; `balance`, as far as the balance goes;
    `pending`, only from those that are not available yet.
    """

    points_per_euro: Rate = 1
    point_value_cents: Rate = 1
    count_after_discounts: bool = False
    pending_days: Annotated[int, Field(strict=True, ge=0, le=3_650)]
    excluded_groups: Labels = ()
    starts_on: Day
    max_share_basis_points: BasisPoints | None = None
    expires_after_months: Annotated[int, Field(strict=True, ge=1, le=120)] | None = None
    claw_back: Literal["negative", "pending", "balance"] = "negative"
    needs_acceptance: bool = True

    def terms(self) -> ProgrammeTerms:
        return ProgrammeTerms(
            points_per_euro=self.points_per_euro,
            point_value_cents=self.point_value_cents,
            count_after_discounts=self.count_after_discounts,
            pending_days=self.pending_days,
            excluded_groups=sorted_labels(self.excluded_groups),
            starts_on=self.starts_on,
            max_share_basis_points=self.max_share_basis_points,
            expires_after_months=self.expires_after_months,
            claw_back=self.claw_back,
            needs_acceptance=self.needs_acceptance,
        )


class Reward(Body):
    """Gives `discount_cents`, or `percent_basis_points` of what it may be used for.

    Goods are worth `minimum_cents` at least. Both days of its validity are inclusive. Rewards with
    a `position` come first, in its order; the others at the end (BO-19). The shop shows all texts.
    """

    title: Text
    short_text: Text | None = None
    description: LongText = ""
    points: Annotated[int, Field(strict=True, ge=1, le=10**9)]
    discount_cents: Annotated[int, Field(strict=True, ge=1, le=10**9)] | None = None
    percent_basis_points: BasisPoints | None = None
    minimum_cents: Cents = 0
    valid_from: Day | None = None
    valid_until: Day | None = None
    position: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = None

    def reward(self, dealer: str, reward_id: str) -> RewardAdded:
        """Without version and instant, which the decision sets."""
        return RewardAdded(
            dealer=dealer,
            version=0,
            reward_id=reward_id,
            title=self.title,
            points=self.points,
            discount_cents=self.discount_cents or 0,
            short_text=self.short_text or "",
            description=self.description,
            percent_basis_points=self.percent_basis_points,
            minimum_cents=self.minimum_cents,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            position=self.position,
        )


class Promotion(Body):
    """Articles of the `brands` and `product_groups` earn `factor` times their points (BO-20)."""

    title: Text
    text: LongText = ""
    factor: Annotated[int, Field(strict=True, ge=2, le=10)]
    brands: Labels = ()
    product_groups: Labels = ()
    valid_from: Day | None = None
    valid_until: Day | None = None

    def promotion(self, dealer: str, promotion_id: str) -> PromotionAdded:
        """Without version and instant, which the decision sets."""
        return PromotionAdded(
            dealer=dealer,
            version=0,
            promotion_id=promotion_id,
            title=self.title,
            factor=self.factor,
            brands=sorted_labels(self.brands),
            product_groups=sorted_labels(self.product_groups),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            text=self.text,
        )
