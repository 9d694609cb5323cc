"""One article of a BMEcat file as a record. Availability is nothing that BMEcat can say."""

from catalog_shops.article.master_data import (
    MAX_IMAGES,
    MAX_KEYWORDS,
    MAX_LINE,
    MAX_SOURCE,
    MAX_TEXT,
)
from catalog_shops.catalogue_import.bmecat.element import Element
from catalog_shops.catalogue_import.bmecat.groups import Groups, classes_of
from catalog_shops.catalogue_import.bmecat.header import Header
from catalog_shops.catalogue_import.bmecat.prices import prices_of
from catalog_shops.catalogue_import.bmecat.texts import (
    canonical_of,
    one_line,
    preferred,
    preferred_text,
)
from catalog_shops.catalogue_import.records import (
    CatalogueArticle,
    Record,
    WrongArticleError,
    WrongRecord,
    unique,
    valid_gtin,
)
from zugabe_events.domain.article_number import normalised

NAMES = {
    "PRODUCT": "ARTICLE",
    "SUPPLIER_PID": "SUPPLIER_AID",
    "PRODUCT_DETAILS": "ARTICLE_DETAILS",
    "MANUFACTURER_PID": "MANUFACTURER_AID",
    "PRODUCT_FEATURES": "ARTICLE_FEATURES",
    "PRODUCT_ORDER_DETAILS": "ARTICLE_ORDER_DETAILS",
    "PRODUCT_PRICE_DETAILS": "ARTICLE_PRICE_DETAILS",
    "PRODUCT_PRICE": "ARTICLE_PRICE",
    "PRODUCT_TO_CATALOGGROUP_MAP": "ARTICLE_TO_CATALOGGROUP_MAP",
    "PROD_ID": "ART_ID",
}
"""Tags of BMEcat 2005 by those of 1.2."""

UNREAD = frozenset({"FEATURE", "FEATURE_GROUP", "USER_DEFINED_EXTENSIONS", "ARTICLE_REFERENCE"})
"""Parts of an article that are long and not taken over."""

GTIN_TYPES = ("gtin", "ean", "gtin13", "ean13")
NO_PHOTOS = ("thumbnail", "logo", "data_sheet")
PHOTO_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff", ".bmp")


def record_of(article: Element, header: Header, groups: Groups) -> Record:
    """The article, or what is wrong with it."""
    number = article.text_of("SUPPLIER_AID")
    try:
        if not number:
            raise WrongArticleError("Die Artikelnummer fehlt.")
        if article.too_large:
            raise WrongArticleError("Der Artikel ist zu groß.")
        try:
            number = normalised(number)
        except ValueError as error:
            raise WrongArticleError(str(error)) from None
        return checked(article, number, header, groups)
    except WrongArticleError as error:
        return WrongRecord(article.line, number[:200], str(error))


def checked(article: Element, number: str, header: Header, groups: Groups) -> CatalogueArticle:
    """Raises WrongArticleError."""
    prices_only = article.within == "T_UPDATE_PRICES"
    if article.attributes.get("mode", "").lower() == "delete" and not prices_only:
        return CatalogueArticle(article.line, number, "delist")
    prices, tax, notices = None, None, []
    try:
        if (found := prices_of(article, header)) is not None:
            prices, tax = found
        elif prices_only:
            raise WrongArticleError("Der Preis fehlt.")
    except WrongArticleError as error:
        if prices_only:
            raise
        notices.append(str(error))
    if prices_only:
        return CatalogueArticle(article.line, number, "set-prices", tax=tax, prices=prices)
    details = article.first("ARTICLE_DETAILS") or article
    name = one_line(preferred_text(details, "DESCRIPTION_SHORT", header.language))
    text = canonical_of(preferred_text(details, "DESCRIPTION_LONG", header.language))
    if not name:
        raise WrongArticleError("Die Bezeichnung fehlt.")
    if len(name) > MAX_LINE:
        raise WrongArticleError(f"Die Bezeichnung hat mehr als {MAX_LINE} Zeichen.")
    if len(text) > MAX_TEXT:
        raise WrongArticleError(f"Der Langtext hat mehr als {MAX_TEXT} Zeichen.")
    gtin = gtin_of(details, notices)
    manufacturer = one_line(details.text_of("MANUFACTURER_NAME"))[:MAX_LINE]
    ordering = article.first("ARTICLE_ORDER_DETAILS")
    return CatalogueArticle(
        article.line,
        number,
        "put",
        name,
        text,
        manufacturer,
        one_line(details.text_of("MANUFACTURER_AID"))[:MAX_LINE],
        brand=manufacturer,
        groups=groups.paths_of(article.text_of("SUPPLIER_AID"), classes_of(article)) or None,
        images=images_of(article, header, notices),
        gtin=gtin,
        keywords=keywords_of(details, header),
        order_unit=one_line(ordering.text_of("ORDER_UNIT"))[:40] if ordering is not None else None,
        tax=tax,
        prices=prices,
        notices=tuple(notices),
    )


def gtin_of(details: Element, notices: list[str]) -> str | None:
    """The first one that is right; None if all are wrong, "" if there is none."""
    named = [
        number.text()
        for number in details.all("INTERNATIONAL_PID")
        if number.attributes.get("type", "").lower() in GTIN_TYPES
    ]
    written = [number for number in (*named, details.text_of("EAN")) if number]
    for number in written:
        if valid_gtin(number):
            return number
    if not written:
        return ""
    notices.append(
        f"Die GTIN „{one_line(written[0])[:40]}“ ist falsch: Ihre Prüfziffer passt nicht."
    )
    return None


def keywords_of(details: Element, header: Header) -> tuple[str, ...]:
    words = preferred(details.all("KEYWORD"), header.language)
    return unique([one_line(word.text())[:MAX_LINE] for word in words], MAX_KEYWORDS)


def images_of(article: Element, header: Header, notices: list[str]) -> tuple[str, ...] | None:
    """Sources of photos, the main one first; None if the article has no list of files."""
    info = article.first("MIME_INFO")
    if info is None:
        return None
    photos = sorted(filter(is_photo, info.all("MIME")), key=rank_of)
    names = [one_line(preferred_text(photo, "MIME_SOURCE", header.language)) for photo in photos]
    sources = [header.source(name) if len(name) <= MAX_SOURCE else None for name in names if name]
    if None in sources:
        notices.append("Ein Bild hat weder einen Dateinamen noch eine Web-Adresse.")
    return unique([source for source in sources if source], MAX_IMAGES)


def is_photo(mime: Element) -> bool:
    if mime.text_of("MIME_PURPOSE").lower() in NO_PHOTOS:
        return False
    kind = mime.text_of("MIME_TYPE").lower()
    if kind:
        return kind.startswith("image/") or kind in ("jpg", "jpeg", "png", "gif")
    return mime.text_of("MIME_SOURCE").lower().endswith(PHOTO_ENDINGS)


def rank_of(mime: Element) -> int:
    """Photos of purpose `normal` come first."""
    return 0 if mime.text_of("MIME_PURPOSE").lower() in ("", "normal") else 1
