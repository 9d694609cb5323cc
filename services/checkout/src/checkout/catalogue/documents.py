"""Documents of the read model `checkout.catalogue`, and their keys.

One collection, so that one query finds what a cart needs. The kind begins a document's key.
"""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import field

from zugabe_events.contracts.catalog_shops import (
    ArticleFlag,
    ArticleUse,
    Availability,
    Benefit,
    GiftSource,
    TaxClass,
)
from zugabe_events.contracts.checkout import ApprovalRule, SalesTerms
from zugabe_events.contracts.vouchers import CampaignKind
from zugabe_events.domain.article_number import key_of
from zugabe_events.domain.event import Fact, Instant
from zugabe_events.domain.gift_rules import GiftRules
from zugabe_events.domain.prices import PriceVersion


class ArticleEntry(Fact, frozen=True):
    """Master data of an article, as far as it says whether and how the article can be bought."""

    name: str
    is_listed: bool
    brand: str
    groups: tuple[str, ...]
    media: tuple[str, ...]
    tax: TaxClass
    availability: Availability
    use: ArticleUse
    flags: tuple[ArticleFlag, ...]


class GroupEntry(Fact, frozen=True):
    """A product group; `parent` is "" at the top."""

    name: str
    parent: str


class RuleVersion(Fact, frozen=True):
    """A version of a rule, in force from `effective_at` to the next one."""

    version: int
    effective_at: Instant


class ExclusionVersion(RuleVersion, frozen=True):
    """Exclusions of a customer."""

    excluded: tuple[Benefit, ...]
    contract_priced: bool


class TermsVersion(RuleVersion, frozen=True):
    terms: SalesTerms


class ApprovalVersion(RuleVersion, frozen=True):
    """The orders of a customer that need approval; `above_cents` counts for the rule `above`."""

    approval: ApprovalRule
    above_cents: int


class ChosenSource(Fact, frozen=True):
    """The source of a dealer's gifts, from `effective_at` to the next choice."""

    gift_source: GiftSource
    group: str
    effective_at: Instant


class CampaignEntry(Fact, frozen=True):
    """An activated campaign by its latest terms; days are inclusive in Berlin.

    Vouchers that were issued last may be used until `usable_until`. It is paused or ended from
    `stopped_at` on. `rank` is the last day that it was activated with, which never changes.
    """

    version: int
    kind: CampaignKind
    valid_from: date
    valid_until: date
    usable_until: date
    rank: date
    stopped_at: Instant | None = None

    def runs_at(self, at: datetime) -> bool:
        return self.stopped_at is None or at < self.stopped_at


class JoinedCampaign(Fact, frozen=True):
    """A dealer's latest participation in a central campaign."""

    joined_at: Instant
    left_at: Instant | None = None

    def takes_part_at(self, at: datetime) -> bool:
        return self.joined_at <= at and (self.left_at is None or at < self.left_at)


class CatalogueView(Fact, frozen=True):
    """One document; each kind fills its own fields.

    An article at its tenant: `article` and `prices`, or `prices` alone for a dealer's prices of a
    central article. Prices agreed with a customer: `prices`. What a tenant calls things: `groups`
    and names of `brands`, by id. A customer: `exclusions` or `approval`. A dealer: `terms`, the
    `sources` of gifts, or their `campaigns` and the central ones that they `joined`, by id. The
    gifts that a tenant maintains: `gifts`.
    """

    article: ArticleEntry | None = None
    prices: tuple[PriceVersion, ...] = ()
    groups: Mapping[str, GroupEntry] = field(default_factory=dict)
    brands: Mapping[str, str] = field(default_factory=dict)
    exclusions: tuple[ExclusionVersion, ...] = ()
    approval: tuple[ApprovalVersion, ...] = ()
    terms: tuple[TermsVersion, ...] = ()
    sources: tuple[ChosenSource, ...] = ()
    campaigns: Mapping[str, CampaignEntry] = field(default_factory=dict)
    joined: Mapping[str, JoinedCampaign] = field(default_factory=dict)
    gifts: GiftRules = GiftRules()


EMPTY = CatalogueView()

type Documents = Mapping[str, CatalogueView]


def article_id(tenant: str, number: str) -> str:
    return f"article/{tenant}/{key_of(number)}"


def agreed_id(dealer: str, customer: str, number: str) -> str:
    return f"agreed/{dealer}/{customer}/{key_of(number)}"


def labels_id(tenant: str) -> str:
    """The product groups and brands of a tenant."""
    return f"labels/{tenant}"


def customer_id(dealer: str, customer: str) -> str:
    """The exclusions of a customer."""
    return f"customer/{dealer}/{customer}"


def approval_id(dealer: str, customer: str) -> str:
    return f"approval/{dealer}/{customer}"


def terms_id(dealer: str) -> str:
    return f"terms/{dealer}"


def choices_id(dealer: str) -> str:
    """The source of a dealer's gifts."""
    return f"choices/{dealer}"


def gifts_id(tenant: str) -> str:
    """The gifts that a tenant maintains."""
    return f"gifts/{tenant}"


def campaigns_id(dealer: str) -> str:
    return f"campaigns/{dealer}"
