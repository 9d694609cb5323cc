"""Read model of all that prices a cart: articles, prices, customers, terms, gifts, campaigns."""

from collections.abc import Sequence

from msgspec.structs import replace

from checkout.catalogue.documents import (
    EMPTY,
    ArticleEntry,
    CatalogueView,
    GroupEntry,
    agreed_id,
    approval_id,
    article_id,
    campaigns_id,
    choices_id,
    customer_id,
    gifts_id,
    labels_id,
    terms_id,
)
from checkout.catalogue.rules import (
    with_campaign,
    with_gift,
    with_participation,
    with_rule,
    with_source,
)
from zugabe_events.contracts.catalog_shops import (
    Article,
    ArticleChanged,
    ArticleDelisted,
    ArticleListed,
    BrandNamed,
    CustomerExclusionsSet,
    CustomerPriceSet,
    GiftModeSet,
    GiftOffered,
    GiftSourceChosen,
    GiftWithdrawn,
    MarketingModuleOrdered,
    PriceSet,
    ProductGroupPlaced,
    ProductGroupRemoved,
)
from zugabe_events.contracts.checkout import CustomerTermsSet, SalesTermsSet
from zugabe_events.contracts.vouchers import (
    CampaignActivated,
    CampaignEnded,
    CampaignJoined,
    CampaignLeft,
    CampaignPaused,
    CampaignResumed,
    CampaignTermsChanged,
)
from zugabe_events.domain.event import Event
from zugabe_events.domain.prices import PriceVersion, with_version
from zugabe_events.domain.projection import ReadModel


def keys(event: Event) -> Sequence[str]:
    match event:
        case ArticleListed() | ArticleChanged() | ArticleDelisted() | PriceSet():
            return [article_id(event.dealer, event.number)]
        case CustomerPriceSet():
            return [agreed_id(event.dealer, event.customer, event.number)]
        case ProductGroupPlaced() | ProductGroupRemoved() | BrandNamed():
            return [labels_id(event.dealer)]
        case CustomerExclusionsSet():
            return [customer_id(event.dealer, event.customer)]
        case CustomerTermsSet():
            return [approval_id(event.dealer, event.customer)]
        case SalesTermsSet():
            return [terms_id(event.dealer)]
        case MarketingModuleOrdered() | GiftSourceChosen():
            return [choices_id(event.dealer)]
        case GiftModeSet() | GiftOffered() | GiftWithdrawn():
            return [gifts_id(event.dealer)]
        case (
            CampaignActivated()
            | CampaignTermsChanged()
            | CampaignPaused()
            | CampaignResumed()
            | CampaignEnded()
            | CampaignJoined()
            | CampaignLeft()
        ):
            return [campaigns_id(event.dealer)]
        case _:
            return []


def project(view: CatalogueView | None, event: Event) -> CatalogueView | None:
    known = view or EMPTY
    match event:
        case SalesTermsSet() | CustomerTermsSet() | CustomerExclusionsSet():
            return with_rule(known, event)
        case MarketingModuleOrdered():
            return with_source(known, event.gift_source, event.group, event.ordered_at)
        case GiftSourceChosen():
            return with_source(known, event.gift_source, event.group, event.effective_at)
        case GiftModeSet() | GiftOffered() | GiftWithdrawn():
            return with_gift(known, event)
        case (
            CampaignActivated()
            | CampaignTermsChanged()
            | CampaignPaused()
            | CampaignResumed()
            | CampaignEnded()
        ):
            return with_campaign(known, event)
        case CampaignJoined() | CampaignLeft():
            return with_participation(known, event)
        case _:
            return with_goods(view, event)


def with_goods(view: CatalogueView | None, event: Event) -> CatalogueView | None:
    """An article's events share a lane; those of a tenant's groups and brands touch other fields,
    and so may come in any order."""
    known = view or EMPTY
    match event:
        case ArticleListed(article=article):
            return replace(known, article=entry_of(article, is_listed=True))
        case ArticleChanged(article=article):
            is_listed = known.article is None or known.article.is_listed
            return replace(known, article=entry_of(article, is_listed=is_listed))
        case ArticleDelisted() if known.article:
            return replace(known, article=replace(known.article, is_listed=False))
        case PriceSet() | CustomerPriceSet():
            added = PriceVersion(event.version, event.effective_at, event.prices)
            return replace(known, prices=with_version(known.prices, added))
        case ProductGroupPlaced(group=group, name=name, parent=parent):
            return replace(known, groups={**known.groups, group: GroupEntry(name, parent)})
        case ProductGroupRemoved(group=removed):
            left = {group: one for group, one in known.groups.items() if group != removed}
            return replace(known, groups=left)
        case BrandNamed(brand=brand, name=name):
            return replace(known, brands={**known.brands, brand: name})
        case _:
            return view


def entry_of(article: Article, *, is_listed: bool) -> ArticleEntry:
    return ArticleEntry(
        name=article.name,
        is_listed=is_listed,
        brand=article.brand,
        groups=article.groups,
        media=article.media,
        tax=article.tax,
        availability=article.availability,
        use=article.use,
        flags=article.flags,
    )


CATALOGUE = ReadModel(
    name="checkout.catalogue",
    version=4,
    topics=("catalog-shops", "checkout", "vouchers"),
    view=CatalogueView,
    keys=keys,
    project=project,
)
