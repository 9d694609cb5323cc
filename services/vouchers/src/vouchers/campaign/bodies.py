"""Bodies of requests about campaigns."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from vouchers.assortment.restriction import label
from vouchers.campaign.terms import Kind
from vouchers.campaign.typed_code import presentable
from zugabe_events.contracts.vouchers import Assortment, CampaignTerms, DiscountType
from zugabe_events.http.fields import Body, Cents, Day, Id, LongText, Text, at_most

Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]

# A limit remembers the order behind each of its uses; more of them would make its state too large.
MaxShared = Annotated[int, Field(strict=True, ge=1, le=100_000)]

Days = Annotated[int, Field(strict=True, ge=1, le=3_650)]

MAX_IDS = 500
"""Brands or product groups of one campaign."""


def in_order(ids: tuple[str, ...]) -> tuple[str, ...]:
    """One spelling for one set, so that a repeated request changes nothing."""
    return tuple(sorted({*ids}))


Label = Annotated[Text, AfterValidator(label)]
"""An id of the catalogue; at prices of a caller, a name. Media have no other id."""

Labels = Annotated[
    tuple[Label, ...], Field(max_length=MAX_IDS), at_most(MAX_IDS), AfterValidator(in_order)
]


class NewAssortment(Body):
    """Ids of what the voucher applies to (VO-19); nothing is the whole assortment (VO-43)."""

    brands: Labels = ()
    medium: Label | None = None
    groups: Labels = ()
    article_list: Id | None = None

    def assortment(self) -> Assortment | None:
        given = Assortment(self.brands, self.medium, self.groups, self.article_list)
        return None if given == Assortment() else given


class NewCampaign(Body):
    """Fields without a default are mandatory (Q22); free shipping has no `value` (VO-9)."""

    kind: Kind = "own"
    title: Text
    description: LongText = ""
    code: Code
    discount_type: DiscountType
    value: Cents = 0
    valid_from: Day
    valid_until: Day
    minimum_cents: Cents
    max_uses: MaxShared | None = None
    max_per_customer: MaxShared | None = None
    max_per_user: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = 1
    budget_cents: Annotated[int, Field(strict=True, ge=1, le=10**12)] | None = None
    combines: bool = False
    rank: Annotated[int, Field(strict=True, ge=0, le=1_000)] = 0
    assortment: NewAssortment = NewAssortment()
    unique_codes: bool = False
    earning_minimum_cents: Cents = 0
    valid_days: Days | None = None
    outlasts_cancellation: bool = False
    gives_back: bool = True
    grace_days: Annotated[int, Field(strict=True, ge=0, le=365)] = 14
    usual_free_shipping_from_cents: Cents | None = None

    def terms(self, tenant: str) -> CampaignTerms:
        """Raises InvalidError for a code that a campaign of this tenant cannot have."""
        return CampaignTerms(
            kind="second-purchase" if self.kind == "second-purchase" else "own",
            title=self.title,
            description=self.description,
            code=presentable(self.code, tenant),
            discount_type=self.discount_type,
            value=self.value,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            minimum_cents=self.minimum_cents,
            max_uses=self.max_uses,
            max_per_customer=self.max_per_customer,
            max_per_user=self.max_per_user,
            combines=self.combines,
            earning_minimum_cents=self.earning_minimum_cents,
            budget_cents=self.budget_cents,
            rank=self.rank,
            assortment=self.assortment.assortment(),
            unique_codes=self.unique_codes,
            newsletter=self.kind == "newsletter",
            valid_days=self.valid_days,
            outlasts_cancellation=self.outlasts_cancellation,
            gives_back=self.gives_back,
            grace_days=self.grace_days,
        )


Version = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]


class ChangedCampaign(NewCampaign):
    """All terms, also those that stay; `version` is the one that was edited."""

    version: Version


class Activation(Body):
    """With the `version` of the draft that was read, one that was edited since is not activated."""

    version: Version | None = None


class Because(Body):
    reason: LongText = ""


class NewCopy(Body):
    """The copy has its own id and code; all other terms are those of the original."""

    campaign_id: Id
    code: Code
