"""A brand's articles: registration, content (ON-5), sale on platforms (ON-8), reporting (ON-9)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from immutables import Map

from onboarding.brand.releases import require_release
from onboarding.brand.state import (
    ArticleContent,
    Brand,
    Progress,
    State,
    TooManyError,
    brand_of,
    require_phase,
)
from zugabe_events.contracts.onboarding import (
    Article,
    ArticlesLeftOut,
    ArticlesRegistered,
    ArticlesWentLive,
    BrandEvent,
    Contact,
    ContentCreated,
    ReportingSent,
)
from zugabe_events.domain.errors import InvalidError, RefusedError
from zugabe_events.domain.german_numbers import thousands

MAX_ARTICLES = 5_000


@dataclass(frozen=True, slots=True)
class RegisterArticles:
    articles: tuple[Article, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class CreateContent:
    texts: tuple[str, ...]
    images: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class LetArticlesLive:
    platform: str
    articles: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class LeaveOutArticles:
    """Leave registered articles out of the onboarding."""

    articles: tuple[str, ...]
    reason: str
    at: datetime


type ArticleCommand = (
    LeaveOutArticles | RegisterArticles | CreateContent | LetArticlesLive | SendReporting
)


class ArticlesRefusedError(RefusedError):
    """Nothing was done; `articles` names all that prevent it, each with the reason.

    `detail` is a pair: for one article, and for several, with `{}` in place of their number.
    """

    code = "articles-refused"

    def __init__(
        self, detail: tuple[str, str], refused: Sequence[tuple[str, str]], code: str
    ) -> None:
        singular, plural = detail
        count = len(refused)
        super().__init__(singular if count == 1 else plural.format(thousands(count)), code=code)
        reasons = [{"article": article, "detail": reason} for article, reason in refused]
        self.lists = {"articles": reasons}


def decide_articles(command: ArticleCommand, state: State) -> Sequence[BrandEvent]:
    brand = brand_of(state)
    match command:
        case RegisterArticles():
            return register(command, brand)
        case LeaveOutArticles():
            return leave_out(command, brand)
        case CreateContent():
            return create_content(command, brand)
        case LetArticlesLive():
            return let_live(command, brand)
        case SendReporting():
            return send_reporting(command, brand)


def register(command: RegisterArticles, brand: Brand) -> Sequence[BrandEvent]:
    """Only of product types that the brand has stated (ON-24), and never of two."""
    require_phase(brand, "organisation")
    added = {
        article.article: article
        for article in command.articles
        if article.article not in brand.articles
    }
    kinds = {name: article.product_type for name, article in brand.articles.items()}
    kinds |= {name: article.product_type for name, article in added.items()}
    types, labels = brand.progress.product_types, brand.progress.labels
    refuse(
        (
            "Ein Artikel hat bereits einen anderen Produkttyp.",
            "{} Artikel haben bereits einen anderen Produkttyp.",
        ),
        "article-has-another-type",
        (
            (article.article, f"Der Produkttyp ist „{label_of(kinds[article.article], labels)}“.")
            for article in command.articles
            if kinds[article.article] != article.product_type
        ),
    )
    refuse(
        (
            "Ein Artikel hat einen Produkttyp, der für die Marke nicht angegeben ist.",
            "{} Artikel haben einen Produkttyp, der für die Marke nicht angegeben ist.",
        ),
        "product-type-not-stated",
        (
            (
                name,
                f"Der Produkttyp „{label_of(article.product_type, labels)}“ ist nicht angegeben.",
            )
            for name, article in added.items()
            if article.product_type not in types
        ),
    )
    if len(brand.articles) + len(added) > MAX_ARTICLES:
        raise TooManyError("Artikel", MAX_ARTICLES)
    if not added:
        return []
    return [ArticlesRegistered(brand.partner, brand.brand, tuple(added.values()), command.at)]


def leave_out(command: LeaveOutArticles, brand: Brand) -> Sequence[BrandEvent]:
    """Content is never waived (ON-6), but a single article need not be sold (Q32)."""
    named = tuple(dict.fromkeys(command.articles))
    leaving = tuple(name for name in named if name in brand.articles)
    known_articles(brand, (name for name in named if name not in brand.left_out))
    refuse(
        ("Ein Artikel ist bereits live.", "{} Artikel sind bereits live."),
        "article-is-live",
        (
            (name, "Dieser Artikel ist bereits live.")
            for name in leaving
            if any(name in live for live in brand.live.values())
        ),
    )
    if not leaving:
        return []
    remaining = {
        article.product_type for name, article in brand.articles.items() if name not in leaving
    }
    return [
        ArticlesLeftOut(
            brand.partner,
            brand.brand,
            leaving,
            command.reason,
            sum(brand.articles[name].text for name in leaving),
            sum(brand.articles[name].image for name in leaving),
            tuple(sorted(remaining)),
            command.at,
        )
    ]


def create_content(command: CreateContent, brand: Brand) -> Sequence[BrandEvent]:
    """Text only where the product type has its data model (ON-25)."""
    require_phase(brand, "content")
    known_articles(brand, (*command.texts, *command.images))
    available, labels = brand.progress.available, brand.progress.labels
    refuse(
        (
            "Für einen Artikel kann noch kein Text angelegt werden: Das Datenmodell fehlt.",
            "Für {} Artikel können noch keine Texte angelegt werden: Datenmodelle fehlen.",
        ),
        "data-model-missing",
        (
            (name, f"Für den Produkttyp „{label_of(product_type, labels)}“ fehlt das Datenmodell.")
            for name in dict.fromkeys(command.texts)
            if (product_type := brand.articles[name].product_type) not in available
        ),
    )
    texts = tuple(name for name in dict.fromkeys(command.texts) if not brand.articles[name].text)
    images = tuple(name for name in dict.fromkeys(command.images) if not brand.articles[name].image)
    if not texts and not images:
        return []
    return [ContentCreated(brand.partner, brand.brand, texts, images, command.at)]


def let_live(command: LetArticlesLive, brand: Brand) -> Sequence[BrandEvent]:
    """On released platforms only, and each article with complete content (ON-8)."""
    require_phase(brand, "live")
    platform = command.platform
    require_release(brand, platform)
    known_articles(brand, command.articles)
    refuse(
        (
            "Ein Artikel hat noch keinen vollständigen Content.",
            "{} Artikel haben noch keinen vollständigen Content.",
        ),
        "content-incomplete",
        (
            (name, lacking_content(brand.articles[name]))
            for name in dict.fromkeys(command.articles)
            if not brand.articles[name].complete
        ),
    )
    before = brand.live.get(platform, Map[str, bool]())
    added = tuple(name for name in dict.fromkeys(command.articles) if name not in before)
    if not added:
        return []
    return [ArticlesWentLive(brand.partner, brand.brand, platform, added, command.at)]


def known_articles(brand: Brand, articles: Iterable[str]) -> None:
    refuse(
        (
            "Ein Artikel ist für die Marke nicht registriert.",
            "{} Artikel sind für die Marke nicht registriert.",
        ),
        "article-unknown",
        (
            (name, "Dieser Artikel ist für die Marke nicht registriert.")
            for name in dict.fromkeys(articles)
            if name not in brand.articles
        ),
    )


def label_of(product_type: str, labels: Mapping[str, str]) -> str:
    """The id if the label is not known."""
    return labels.get(product_type, product_type)


def lacking_content(article: ArticleContent) -> str:
    if article.text:
        return "Die Bilder fehlen."
    return "Der Text fehlt." if article.image else "Text und Bilder fehlen."


def refuse(detail: tuple[str, str], code: str, reasons: Iterable[tuple[str, str]]) -> None:
    if refused := list(reasons):
        raise ArticlesRefusedError(detail, refused, code)


LINK = re.compile(
    r"https://[a-z0-9][a-z0-9.-]{0,252}(:[0-9]{1,5})?([/?#][!#-&(-;=?-\[\]-_a-~]*)?", re.I | re.A
)
"""No user before the host, no blanks, quotes or brackets."""


@dataclass(frozen=True, slots=True)
class SendReporting:
    """`again`: the mail is wanted once more, though nothing has changed."""

    contact: Contact
    reporting_url: str
    data_links: tuple[str, ...]
    at: datetime
    again: bool = False


class DataLinksMissingError(InvalidError):
    """The partner gets a reporting and data links (ON-9)."""

    code = "data-links-missing"

    def __init__(self) -> None:
        super().__init__("Neben dem Reporting wird mindestens ein Datenlink benötigt.")


class LinkNotSecureError(InvalidError):
    """Reporting and data links show sales and stock: https only (ON-9)."""

    code = "link-not-https"

    def __init__(self) -> None:
        super().__init__(
            "Ein Link muss mit https:// beginnen und eine vollständige Adresse enthalten."
        )


def send_reporting(command: SendReporting, brand: Brand) -> Sequence[ReportingSent]:
    """The same links again say nothing new, but to another contact, or when asked for (ON-9)."""
    require_phase(brand, "live")
    for link in (command.reporting_url, *command.data_links):
        if not is_secure(link):
            raise LinkNotSecureError
    if not command.data_links:
        raise DataLinksMissingError
    sent = (command.reporting_url, command.data_links, command.contact.contact_id)
    if brand.reporting == sent and not command.again:
        return []
    return [
        ReportingSent(
            brand.partner,
            brand.brand,
            brand.name,
            command.contact,
            command.reporting_url,
            command.data_links,
            command.at,
        )
    ]


def is_secure(link: str) -> bool:
    """Nothing in it that a mail program could take for something else."""
    return LINK.fullmatch(link) is not None


def without_articles(brand: Brand, event: ArticlesLeftOut) -> Brand:
    articles = brand.articles.mutate()
    for name in event.articles:
        del articles[name]
    left_out = brand.left_out.update(dict.fromkeys(event.articles, True))
    return msgspec.structs.replace(brand, articles=articles.finish(), left_out=left_out)


def without_left_out(progress: Progress, event: ArticlesLeftOut) -> Progress:
    return msgspec.structs.replace(
        progress,
        articles=progress.articles - len(event.articles),
        texts=progress.texts - event.texts,
        images=progress.images - event.images,
        article_types=event.product_types,
    )


def with_content(
    articles: Map[str, ArticleContent], event: ContentCreated
) -> Map[str, ArticleContent]:
    filled = articles.mutate()
    for article in event.texts:
        filled[article] = replace(filled[article], text=True)
    for article in event.images:
        filled[article] = replace(filled[article], image=True)
    return filled.finish()
