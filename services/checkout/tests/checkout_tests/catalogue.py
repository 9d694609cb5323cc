"""What other services say, in short: articles, prices, and the rules of a sale."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from checkout.catalogue.documents import CatalogueView
from zugabe_events.contracts.catalog_shops import (
    Article,
    ArticleListed,
    Benefit,
    BrandNamed,
    CustomerExclusionsSet,
    CustomerPriceSet,
    GiftModeSet,
    GiftOffered,
    GiftSource,
    GiftSourceChosen,
    PriceSet,
    ProductGroupPlaced,
)
from zugabe_events.contracts.checkout import (
    ApprovalRule,
    CustomerTermsSet,
    SalesTerms,
    SalesTermsSet,
)
from zugabe_events.contracts.vouchers import (
    CampaignActivated,
    CampaignEnded,
    CampaignJoined,
    CampaignKind,
    CampaignLeft,
    CampaignPaused,
    CampaignResumed,
    CampaignTerms,
    CampaignTermsChanged,
)
from zugabe_events.domain.gifts import Gift, GiftMode
from zugabe_events.domain.prices import Price, PriceStep
from zugabe_testing.views import InMemoryViews

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FIRST_DAY = date(2020, 1, 1)
CENTRAL = "central"

type Documents = InMemoryViews[CatalogueView]


def price(*steps: tuple[int, str], unit: int = 1, **validity: date) -> Price:
    found = tuple(PriceStep(quantity, Decimal(amount)) for quantity, amount in steps)
    return Price(found, unit, validity.get("valid_from"), validity.get("valid_until"))


def each(amount: str, unit: int = 1) -> Price:
    """A price without steps and without end."""
    return price((1, amount), unit=unit)


class Told:
    """Tells a read model what others publish; versions count by themselves."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._versions: dict[tuple[str, ...], int] = {}

    def listed(self, number: str, name: str = "", tenant: str = CENTRAL, **more: Any) -> None:
        article = Article(name or f"Artikel {number}", **more)
        self._documents.fold(ArticleListed(tenant, number, article, LONG_AGO))

    def priced(
        self, number: str, *prices: Price, tenant: str = CENTRAL, since: datetime = LONG_AGO
    ) -> None:
        version = self._next(tenant, number)
        self._documents.fold(PriceSet(tenant, number, version, prices, since))

    def agreed(
        self,
        number: str,
        *prices: Price,
        customer: str = "c1",
        dealer: str = "d1",
        since: datetime = LONG_AGO,
    ) -> None:
        version = self._next(dealer, customer, number)
        self._documents.fold(CustomerPriceSet(dealer, number, customer, version, prices, since))

    def sold(self, number: str, amount: str, name: str = "", **more: Any) -> None:
        """A central article at a price for everybody."""
        self.listed(number, name, **more)
        self.priced(number, each(amount))

    def grouped(self, group: str, name: str, parent: str = "", tenant: str = CENTRAL) -> None:
        self._documents.fold(ProductGroupPlaced(tenant, group, name, parent))

    def branded(self, brand: str, name: str, tenant: str = CENTRAL) -> None:
        self._documents.fold(BrandNamed(tenant, brand, name, "staff"))

    def terms(
        self, terms: SalesTerms | None = None, *, dealer: str = "d1", since: datetime = LONG_AGO
    ) -> None:
        """A dealer's terms of sale; by default those that every dealer has."""
        version = self._next("terms", dealer)
        self._documents.fold(SalesTermsSet(dealer, version, terms or SalesTerms(), since))

    def approval(
        self,
        rule: ApprovalRule,
        above_cents: int = 0,
        *,
        customer: str = "c1",
        dealer: str = "d1",
        since: datetime = LONG_AGO,
    ) -> None:
        version = self._next("approval", dealer, customer)
        self._documents.fold(CustomerTermsSet(dealer, customer, version, rule, above_cents, since))

    def excluded(
        self,
        *benefits: Benefit,
        contract_priced: bool = False,
        customer: str = "c1",
        dealer: str = "d1",
        since: datetime = LONG_AGO,
    ) -> None:
        version = self._next("excluded", dealer, customer)
        self._documents.fold(
            CustomerExclusionsSet(dealer, customer, version, benefits, contract_priced, since)
        )

    def gift_source(
        self,
        source: GiftSource,
        group: str = "",
        *,
        dealer: str = "d1",
        since: datetime = LONG_AGO,
    ) -> None:
        self._documents.fold(GiftSourceChosen(dealer, source, group, since))

    def gift_mode(
        self, mode: GiftMode, *, tenant: str = CENTRAL, since: datetime = LONG_AGO
    ) -> None:
        self._documents.fold(GiftModeSet(tenant, self._next("gifts", tenant), mode, since))

    def gift(
        self,
        gift: str,
        limit_cents: int,
        *,
        name: str = "",
        tenant: str = CENTRAL,
        since: datetime = LONG_AGO,
        valid_from: date = FIRST_DAY,
        valid_until: date | None = None,
        **more: Any,
    ) -> None:
        """A gift with an article of its own, whose number is the gift's id; `more` is of that."""
        self.listed(gift, name or f"Geschenk {gift}", tenant, use="gift", **more)
        offer = Gift(gift, gift, name or gift, limit_cents, valid_from, valid_until)
        self._documents.fold(GiftOffered(tenant, self._next("gifts", tenant), offer, since))

    def campaign(
        self,
        campaign: str,
        valid_from: date,
        valid_until: date,
        *,
        kind: CampaignKind = "own",
        dealer: str = "d1",
        valid_days: int | None = None,
        changed_at: datetime | None = None,
    ) -> None:
        """Activate a campaign, or change one that runs."""
        terms = CampaignTerms(
            kind=kind,
            title=campaign,
            description="",
            code=campaign,
            discount_type="percent",
            value=1_000,
            valid_from=valid_from,
            valid_until=valid_until,
            minimum_cents=0,
            max_uses=None,
            max_per_customer=None,
            max_per_user=None,
            valid_days=valid_days,
        )
        version = self._next("campaign", dealer, campaign)
        if changed_at is None:
            self._documents.fold(CampaignActivated(campaign, dealer, version, terms))
        else:
            changed = CampaignTermsChanged(campaign, dealer, version, terms, changed_at)
            self._documents.fold(changed)

    def joined(self, campaign: str, at: datetime, *, dealer: str = "d1") -> None:
        version = self._next("participation", dealer, campaign)
        self._documents.fold(CampaignJoined(campaign, dealer, version, None, at))

    def left(self, campaign: str, at: datetime) -> None:
        version = self._next("participation", "d1", campaign)
        self._documents.fold(CampaignLeft(campaign, "d1", version, at))

    def paused(self, campaign: str, at: datetime) -> None:
        self._documents.fold(CampaignPaused(campaign, "d1", at))

    def resumed(self, campaign: str, at: datetime) -> None:
        self._documents.fold(CampaignResumed(campaign, "d1", at))

    def ended(self, campaign: str, at: datetime) -> None:
        self._documents.fold(CampaignEnded(campaign, "d1", at))

    def _next(self, *whose: str) -> int:
        self._versions[whose] = self._versions.get(whose, 0) + 1
        return self._versions[whose]
