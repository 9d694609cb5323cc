"""Events that catalog-shops publishes on the topic `catalog-shops`.

`dealer` is the tenant: a dealer, `central` for what is maintained centrally, or the id of a group
of dealers that has gifts of its own.
"""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from zugabe_events.domain.event import Event, Fact, Instant
from zugabe_events.domain.gifts import Gift, GiftMode
from zugabe_events.domain.prices import Price as Price
from zugabe_events.domain.prices import PriceStep as PriceStep

USUAL_PORT = 8102

OWN_SETTINGS = frozenset({"ZUGABE_CLAMAV", "ZUGABE_IMPORT_FOLDER", "ZUGABE_SHOP_REVIEW_DAYS"})
"""Variables that not every service reads, and all processes may be given."""

GROUP_PREFIX = "group."
"""Begins the ids of groups of dealers, which central staff maintain."""

# Dealers: the module "Vermarktung", and what E-Commerce-Support unlocks.

type GiftSource = Literal["central", "group", "own", "none"]


class MarketingModuleOrdered(Event, frozen=True):
    """The dealer has the module "Vermarktung" (CS-1), and chose where gifts come from (GA-17).

    `group` is the group of dealers for the source `group`, else "".
    """

    stored_as: ClassVar[str] = "marketing-module-ordered"

    dealer: str
    gift_source: GiftSource
    group: str
    ordered_at: Instant


class MarketingModuleCancelled(Event, frozen=True):
    """The dealer no longer has the module; what needs it is refused from now on."""

    stored_as: ClassVar[str] = "marketing-module-cancelled"

    dealer: str
    cancelled_at: Instant


class OwnShopsUnlocked(Event, frozen=True):
    """E-Commerce-Support lets the dealer create shops of their own (CS-3)."""

    stored_as: ClassVar[str] = "own-shops-unlocked"

    dealer: str
    unlocked_at: Instant


class OwnShopsLocked(Event, frozen=True):
    """The dealer may not create or change shops of their own."""

    stored_as: ClassVar[str] = "own-shops-locked"

    dealer: str
    locked_at: Instant


class GiftSourceChosen(Event, frozen=True):
    """The source of the dealer's gifts, as of `effective_at` (GA-5)."""

    stored_as: ClassVar[str] = "gift-source-chosen"

    dealer: str
    gift_source: GiftSource
    group: str
    effective_at: Instant


class DealerNamed(Event, frozen=True):
    """The name under which people know a dealer, in mails, terms and pages (BO-41)."""

    stored_as: ClassVar[str] = "dealer-named"

    dealer: str
    name: str


type DealerEvent = (
    MarketingModuleOrdered
    | MarketingModuleCancelled
    | OwnShopsUnlocked
    | OwnShopsLocked
    | GiftSourceChosen
    | DealerNamed
)

# Master data that articles refer to by id.


class ProductGroupPlaced(Event, frozen=True):
    """A product group was added, renamed or moved. `parent` is "" at the top.

    A dealer's groups may have central parents; a central group never has a dealer's parent.
    """

    stored_as: ClassVar[str] = "product-group-placed"

    dealer: str
    group: str
    name: str
    parent: str


class ProductGroupRemoved(Event, frozen=True):
    """The product group has no articles and no groups below it any more."""

    stored_as: ClassVar[str] = "product-group-removed"

    dealer: str
    group: str


type BrandOrigin = Literal["catalogue", "onboarding", "staff"]


class BrandNamed(Event, frozen=True):
    """A brand can be chosen for articles and shops, under this name.

    `origin` says how it was first heard of; a brand that went live in onboarding is central.
    """

    stored_as: ClassVar[str] = "brand-named"

    dealer: str
    brand: str
    name: str
    origin: BrandOrigin


type MasterDataEvent = ProductGroupPlaced | ProductGroupRemoved | BrandNamed

# Articles and prices. Both are in the stream of their article, and therefore in order.

type TaxClass = Literal["standard", "reduced", "zero"]
type Availability = Literal["available", "low", "out-of-stock", "discontinued"]
type ArticleUse = Literal["sale", "gift"]
type ArticleFlag = Literal["no-vouchers", "no-rewards", "no-points", "no-thresholds"]


class ArticleImage(Fact, frozen=True):
    """`file` is the hash of a stored graphic, or "" while only its `source` is known.

    `source` is what the catalogue says: a file name or an address. Nothing is loaded from it.
    """

    file: str
    source: str


class Article(Fact, frozen=True):
    """Master data of an article.

    `text` is in the canonical form of BB codes. `brand` and `groups` are ids, "" and () if there is
    none; `media` are advertising media, such as a catalogue or a flyer. `order_unit` is a UN/ECE
    code or free text. `catalogue_flag` is 1 for gifts (GA-11). `flags` exclude the article from
    vouchers, rewards, points and thresholds (X-24). `catalogue` names the imported catalogue that
    the article came with, so that its next issue delists what it lacks and nothing else.
    """

    name: str
    text: str = ""
    manufacturer: str = ""
    manufacturer_number: str = ""
    brand: str = ""
    groups: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    images: tuple[ArticleImage, ...] = ()
    gtin: str = ""
    keywords: tuple[str, ...] = ()
    order_unit: str = ""
    tax: TaxClass = "standard"
    availability: Availability = "available"
    use: ArticleUse = "sale"
    catalogue_flag: int = 0
    flags: tuple[ArticleFlag, ...] = ()
    catalogue: str = ""


class ArticleListed(Event, frozen=True):
    """The article is part of the assortment, for the first time or again."""

    stored_as: ClassVar[str] = "article-listed"

    dealer: str
    number: str
    article: Article
    listed_at: Instant


class ArticleChanged(Event, frozen=True):
    """The master data of a listed article, whole."""

    stored_as: ClassVar[str] = "article-changed"

    dealer: str
    number: str
    article: Article
    changed_at: Instant


class ArticleDelisted(Event, frozen=True):
    """The article can no longer be ordered; its number stays its own."""

    stored_as: ClassVar[str] = "article-delisted"

    dealer: str
    number: str
    delisted_at: Instant


class PriceSet(Event, frozen=True):
    """All prices of an article at this tenant for everybody, in force from `effective_at` on.

    A dealer's prices for a central article replace the central ones. Without prices (empty) the
    tenant has none from then on. Of prices that overlap, the one that begins last counts.
    """

    stored_as: ClassVar[str] = "price-set"

    dealer: str
    number: str
    version: int
    prices: tuple[Price, ...]
    effective_at: Instant


class CustomerPriceSet(Event, frozen=True):
    """All prices of an article that are agreed with one customer; empty if none is any more."""

    stored_as: ClassVar[str] = "customer-price-set"

    dealer: str
    number: str
    customer: str
    version: int
    prices: tuple[Price, ...]
    effective_at: Instant


type ArticleEvent = ArticleListed | ArticleChanged | ArticleDelisted | PriceSet
type CustomerPriceEvent = CustomerPriceSet

type Benefit = Literal["gifts", "vouchers", "rewards", "points"]


class CustomerExclusionsSet(Event, frozen=True):
    """The exclusions of a customer (X-25), in force from `effective_at` on.

    `contract_priced`: lines at agreed prices are left out of vouchers, rewards and points as well.
    """

    stored_as: ClassVar[str] = "customer-exclusions-set"

    dealer: str
    customer: str
    version: int
    excluded: tuple[Benefit, ...]
    contract_priced: bool
    effective_at: Instant


type CustomerEvent = CustomerExclusionsSet

# Imports of catalogues, in the background.

type ImportFormat = Literal["bmecat", "xlsx", "xls", "ods", "csv"]
type ImportScope = Literal["whole-catalogue", "some-articles", "prices", "gifts"]


class ImportCounts(Fact, frozen=True):
    """Articles by what the import did with them; `wrong` rows were left out.

    `partly` are those of `new`, `changed` and `unchanged` in which something was wrong and left
    out, such as prices in francs.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    delisted: int = 0
    wrong: int = 0
    partly: int = 0


class CatalogueImportStarted(Event, frozen=True):
    """A catalogue was uploaded and recognised; it is read in the background.

    `file` is the hash of the stored file, `catalogue` what `Article.catalogue` will say. A dry run
    tells what would happen, and changes nothing. `confirm_delisting`: a whole catalogue may delist
    more than half of the articles that came with it before.
    """

    stored_as: ClassVar[str] = "catalogue-import-started"

    dealer: str
    import_id: str
    file: str
    file_name: str
    size_bytes: int
    format: ImportFormat
    scope: ImportScope
    dry_run: bool
    started_at: Instant
    catalogue: str = ""
    confirm_delisting: bool = False


class CatalogueImportProgressed(Event, frozen=True):
    """The number of articles done; an import that is interrupted continues from there.

    `total` is the number of articles in the file, or None while it is not known. `missing` articles
    of the catalogue are not in the file, and are delisted last.
    """

    stored_as: ClassVar[str] = "catalogue-import-progressed"

    dealer: str
    import_id: str
    done: int
    counts: ImportCounts
    progressed_at: Instant
    total: int | None = None
    missing: int | None = None


class CatalogueImportCancelled(Event, frozen=True):
    """Somebody asked to end the import; what is done stays."""

    stored_as: ClassVar[str] = "catalogue-import-cancelled"

    dealer: str
    import_id: str
    cancelled_at: Instant


type ImportOutcome = Literal["completed", "damaged", "cancelled", "failed"]


class CatalogueImportEnded(Event, frozen=True):
    """The import is over. `problem` is a German sentence if not all was done.

    `damaged`: the file could not be read to its end; what comes before is imported, and nothing is
    delisted. `failed`: an internal error came back whenever the import was tried again.
    """

    stored_as: ClassVar[str] = "catalogue-import-ended"

    dealer: str
    import_id: str
    counts: ImportCounts
    problem: str
    ended_at: Instant
    outcome: ImportOutcome = "completed"
    done: int = 0


type ImportEvent = (
    CatalogueImportStarted
    | CatalogueImportProgressed
    | CatalogueImportCancelled
    | CatalogueImportEnded
)

# Graphics: banners, logos and images of articles.

type GraphicPurpose = Literal["banner", "logo", "article"]


class GraphicStored(Event, frozen=True):
    """A graphic can be used; `file` is the hash of its bytes."""

    stored_as: ClassVar[str] = "graphic-stored"

    dealer: str
    file: str
    purpose: GraphicPurpose
    media_type: str
    width: int
    height: int
    size_bytes: int
    stored_at: Instant


type GraphicEvent = GraphicStored

# Brand and theme shops. Overviews of all shops of a kind are maintained like shops.

type ShopKind = Literal["brand", "theme"]
type GraphicPlace = Literal["logo", "header-banner", "content-banner", "list-banner"]

OVERVIEW = "overview"
"""The id under which the overview of all shops of a kind is maintained."""


class ShopHead(Fact, frozen=True):
    """Main data of a shop. `brand` is "" for an assortment that is uploaded (CS-17, CS-18).

    `text` is in the canonical form of BB codes (CS-20).
    """

    name: str
    url_name: str
    brand: str = ""
    text: str = ""


class ShopCreated(Event, frozen=True):
    """A shop was created; it is not shown before it is activated.

    `origin`: a brand that went live in onboarding proposes a brand shop.
    """

    stored_as: ClassVar[str] = "shop-created"

    dealer: str
    kind: ShopKind
    shop: str
    head: ShopHead
    origin: Literal["staff", "onboarding"]
    created_at: Instant


class ShopHeadChanged(Event, frozen=True):
    """The main data of a shop, whole."""

    stored_as: ClassVar[str] = "shop-head-changed"

    dealer: str
    kind: ShopKind
    shop: str
    head: ShopHead
    changed_at: Instant


class ShopDeleted(Event, frozen=True):
    """The shop is gone; its URL name is free."""

    stored_as: ClassVar[str] = "shop-deleted"

    dealer: str
    kind: ShopKind
    shop: str
    deleted_at: Instant


class AssortmentImported(Event, frozen=True):
    """The assortment of a shop, whole, in the order of the file (CS-22, CS-27)."""

    stored_as: ClassVar[str] = "assortment-imported"

    dealer: str
    kind: ShopKind
    shop: str
    file_name: str
    articles: tuple[str, ...]
    imported_at: Instant


class TopArticle(Fact, frozen=True):
    """`strike_price` in euro net per price unit, crossed out within its period (CS-25, Q13)."""

    number: str
    strike_price: Decimal | None = None
    strike_from: date | None = None
    strike_until: date | None = None


class TopArticlesSet(Event, frozen=True):
    """The top articles of a shop or an overview, in their order; three are shown, or none."""

    stored_as: ClassVar[str] = "top-articles-set"

    dealer: str
    kind: ShopKind
    shop: str
    articles: tuple[TopArticle, ...]
    changed_at: Instant


class ShopGraphicSet(Event, frozen=True):
    """A graphic has its place in a shop or an overview; `file` is "" if it was taken away."""

    stored_as: ClassVar[str] = "shop-graphic-set"

    dealer: str
    kind: ShopKind
    shop: str
    place: GraphicPlace
    file: str
    width: int
    height: int
    changed_at: Instant


class OverviewTextSet(Event, frozen=True):
    """The text above all shops of a kind (CS-33, CS-43)."""

    stored_as: ClassVar[str] = "overview-text-set"

    dealer: str
    kind: ShopKind
    text: str
    changed_at: Instant


type ShopEvent = ShopCreated | ShopHeadChanged | ShopDeleted | TopArticlesSet | ShopGraphicSet
type AssortmentEvent = AssortmentImported


class UrlNameClaimed(Event, frozen=True):
    """A shop of this tenant has the URL name."""

    stored_as: ClassVar[str] = "url-name-claimed"

    dealer: str
    url_name: str
    kind: ShopKind
    shop: str


class UrlNameReleased(Event, frozen=True):
    """No shop of this tenant has the URL name any more."""

    stored_as: ClassVar[str] = "url-name-released"

    dealer: str
    url_name: str


type UrlNameEvent = UrlNameClaimed | UrlNameReleased


class ShopRef(Fact, frozen=True):
    """A shop of a kind: `dealer` is the tenant that maintains it."""

    dealer: str
    shop: str


class CentralShopsAdopted(Event, frozen=True):
    """The dealer shows central shops of this kind as central arranges them (CS-12).

    Own shops are not shown meanwhile; those that were active are active again once it is left.
    """

    stored_as: ClassVar[str] = "central-shops-adopted"

    dealer: str
    kind: ShopKind
    version: int
    adopted_at: Instant
    by: str


class CentralShopsLeft(Event, frozen=True):
    """All central shops of this kind are inactive at the dealer (CS-14, CS-38)."""

    stored_as: ClassVar[str] = "central-shops-left"

    dealer: str
    kind: ShopKind
    version: int
    left_at: Instant
    by: str


class ShopsArranged(Event, frozen=True):
    """The active shops of a kind, in their order, saved as a whole (CS-15).

    `version` counts all changes of a placement; an arrangement names the one it is based on.
    `activated` are places in `active`, from 0, of shops that were not active before, and
    `deactivated` those that are not any more: whoever tells when a shop was unlocked (CS-44) need
    not know the arrangement before. `by` is the subject of who did it.
    """

    stored_as: ClassVar[str] = "shops-arranged"

    dealer: str
    kind: ShopKind
    version: int
    active: tuple[ShopRef, ...]
    activated: tuple[int, ...]
    deactivated: tuple[ShopRef, ...]
    arranged_at: Instant
    by: str


class ShopActivated(Event, frozen=True):
    """A shop is shown behind all others of its kind (CS-14, CS-21)."""

    stored_as: ClassVar[str] = "shop-activated"

    dealer: str
    kind: ShopKind
    version: int
    shop: ShopRef
    activated_at: Instant
    by: str


class ShopDeactivated(Event, frozen=True):
    """A shop is not shown any more (CS-21); the order of the others stays."""

    stored_as: ClassVar[str] = "shop-deactivated"

    dealer: str
    kind: ShopKind
    version: int
    shop: ShopRef
    deactivated_at: Instant
    by: str


type PlacementEvent = (
    CentralShopsAdopted | CentralShopsLeft | ShopsArranged | ShopActivated | ShopDeactivated
)

type BannerPage = Literal["start", "brand-overview", "theme-overview", "no-result", "shop", "all"]
type LinkKind = Literal["shop", "article", "overview", "none"]


class BannerLink(Fact, frozen=True):
    """The target of a click: a shop, an article, the overview of a kind, or none."""

    to: LinkKind = "none"
    kind: ShopKind | None = None
    shop: ShopRef | None = None
    number: str = ""


class Banner(Fact, frozen=True):
    """A clickable banner or teaser of a page (CS-7, CS-30); `shop` for those of one shop.

    `title` is what screen readers say. Days are inclusive in Berlin; None is open.
    """

    page: BannerPage
    file: str
    title: str
    link: BannerLink
    kind: ShopKind | None = None
    shop: ShopRef | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    active: bool = True


class BannerSet(Event, frozen=True):
    """A banner was added or changed."""

    stored_as: ClassVar[str] = "banner-set"

    dealer: str
    banner_id: str
    banner: Banner
    width: int
    height: int


class BannerRemoved(Event, frozen=True):
    """The banner is not shown any more."""

    stored_as: ClassVar[str] = "banner-removed"

    dealer: str
    banner_id: str


type BannerEvent = BannerSet | BannerRemoved

# The media plan of a calendar year (CS-44, N-12).


class PlannedShop(Fact, frozen=True):
    """A shop that is active while an entry runs, at this position (from 1), or behind the others.

    `replaces`: the shop takes the place of that one.
    """

    kind: ShopKind
    shop: ShopRef
    position: int | None = None
    replaces: ShopRef | None = None


class PlannedStrike(Fact, frozen=True):
    """A strike price of a shop's top article while an entry runs."""

    kind: ShopKind
    shop: ShopRef
    number: str
    strike_price: Decimal


class PlanEntry(Fact, frozen=True):
    """Shops, banners and strike prices that switch together, on inclusive days in Berlin.

    `shops_off` are shops that are hidden meanwhile; `banners` are ids of banners that are shown
    only while the entry runs. `until` None is open.
    """

    title: str
    first_day: date
    last_day: date | None
    shops: tuple[PlannedShop, ...] = ()
    shops_off: tuple[PlannedShop, ...] = ()
    banners: tuple[str, ...] = ()
    strikes: tuple[PlannedStrike, ...] = ()


class PlanEntrySet(Event, frozen=True):
    """An entry of the media plan was added or changed."""

    stored_as: ClassVar[str] = "plan-entry-set"

    dealer: str
    entry_id: str
    version: int
    entry: PlanEntry
    set_at: Instant


class PlanEntryRemoved(Event, frozen=True):
    """The entry is no longer part of the media plan."""

    stored_as: ClassVar[str] = "plan-entry-removed"

    dealer: str
    entry_id: str
    version: int
    removed_at: Instant


class PlanEntryBegan(Event, frozen=True):
    """The shops of an entry were unlocked as planned.

    `began_at` is the first moment of its first day, or when it was set if that was later, however
    late a timer told of it.
    """

    stored_as: ClassVar[str] = "plan-entry-began"

    dealer: str
    entry_id: str
    version: int
    entry: PlanEntry
    began_at: Instant


class PlanEntryEnded(Event, frozen=True):
    """The shops of an entry were removed from view, as planned or because the entry changed."""

    stored_as: ClassVar[str] = "plan-entry-ended"

    dealer: str
    entry_id: str
    version: int
    entry: PlanEntry
    ended_at: Instant


type MediaPlanEvent = PlanEntrySet | PlanEntryRemoved | PlanEntryBegan | PlanEntryEnded


class ShopReviewDue(Event, frozen=True):
    """A shop has been unchanged for long: banners, texts and strike prices need a look (CS-45)."""

    stored_as: ClassVar[str] = "shop-review-due"

    dealer: str
    kind: ShopKind
    shop: str
    due_at: Instant


class ShopReviewed(Event, frozen=True):
    """Somebody looked through the shop, and all of it still fits."""

    stored_as: ClassVar[str] = "shop-reviewed"

    dealer: str
    kind: ShopKind
    shop: str
    reviewed_at: Instant
    by: str


type ReviewEvent = ShopReviewDue | ShopReviewed

# Who sees a dealer's front.

type FrontVisibility = Literal["public", "customers"]


class FrontVisibilitySet(Event, frozen=True):
    """Everybody sees the pages of the dealer's front, or only who has a token of the dealer."""

    stored_as: ClassVar[str] = "front-visibility-set"

    dealer: str
    visibility: FrontVisibility
    set_at: Instant


class BusinessOnlyDeclared(Event, frozen=True):
    """The dealer sells to businesses only, or to consumers as well.

    Who sells to consumers shows the lowest price of 30 days beside a strike price (Q13).
    """

    stored_as: ClassVar[str] = "business-only-declared"

    dealer: str
    business_only: bool
    declared_at: Instant


type AudienceEvent = FrontVisibilitySet | BusinessOnlyDeclared

# Gifts with an order (GA-1 to GA-17); `checkout` applies them.


class GiftModeSet(Event, frozen=True):
    """The mode in which gifts are granted, in force from `effective_at` on (GA-13)."""

    stored_as: ClassVar[str] = "gift-mode-set"

    dealer: str
    version: int
    mode: GiftMode
    effective_at: Instant


class GiftOffered(Event, frozen=True):
    """An article can be chosen as a gift, in force from `effective_at` on (GA-12).

    `offer` replaces one of the same id; its `name` is the article's at this moment. It is a part of
    its own so that readers keep it as it is (`domain.gift_rules`).
    """

    stored_as: ClassVar[str] = "gift-offered"

    dealer: str
    version: int
    offer: Gift
    effective_at: Instant


class GiftWithdrawn(Event, frozen=True):
    """The gift cannot be chosen any more, from `effective_at` on."""

    stored_as: ClassVar[str] = "gift-withdrawn"

    dealer: str
    version: int
    gift: str
    effective_at: Instant


type GiftEvent = GiftModeSet | GiftOffered | GiftWithdrawn

type CatalogShopsEvent = (
    DealerEvent
    | MasterDataEvent
    | ArticleEvent
    | CustomerPriceEvent
    | CustomerEvent
    | ImportEvent
    | GraphicEvent
    | ShopEvent
    | AssortmentEvent
    | OverviewTextSet
    | UrlNameEvent
    | PlacementEvent
    | BannerEvent
    | MediaPlanEvent
    | ReviewEvent
    | AudienceEvent
    | GiftEvent
)
