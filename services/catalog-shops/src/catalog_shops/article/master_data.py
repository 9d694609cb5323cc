"""Rules for master data, wherever it comes from: a request, a file or a catalogue."""

import re
from collections.abc import Iterable
from unicodedata import normalize

from msgspec.structs import replace

from catalog_shops.texts import canonical_text
from zugabe_events.contracts.catalog_shops import Article, ArticleImage
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.visible_text import REORDERING, trimmed

MAX_LINE = 200
"""Characters of a name, a manufacturer, a keyword or the source of an image."""

MAX_TEXT = 64_000
MAX_SOURCE = 500
MAX_KEYWORDS = 50
MAX_GROUPS = 20
MAX_MEDIA = 20
MAX_IMAGES = 20

GTIN = re.compile(r"\d{8}|\d{12,14}", re.ASCII)
CONTROL = re.compile(rf"[\x00-\x1f\x7f{REORDERING}]")
CONTROL_IN_TEXT = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f{REORDERING}]")

GIFT_FLAG = 1
"""The catalogue flag of gifts (GA-11)."""


def checked_article(article: Article) -> Article:
    """The one form of master data. Raises InvalidError."""
    text = trimmed(article.text)
    if len(text) > MAX_TEXT or CONTROL_IN_TEXT.search(text):
        raise InvalidError(
            f"Der Langtext ist länger als {thousands(MAX_TEXT)} Zeichen oder enthält "
            "Steuerzeichen.",
            code="article-text-invalid",
        )
    checked = replace(
        article,
        name=line("Die Bezeichnung", article.name),
        text=canonical_text(text),
        manufacturer=line("Der Hersteller", article.manufacturer),
        manufacturer_number=line("Die Herstellernummer", article.manufacturer_number),
        brand=trimmed(article.brand),
        groups=items("Warengruppen", "Eine Warengruppe", article.groups, MAX_GROUPS),
        media=items("Werbemittel", "Ein Werbemittel", article.media, MAX_MEDIA),
        images=images(article.images),
        gtin=gtin(article.gtin),
        keywords=items("Schlagwörter", "Ein Schlagwort", article.keywords, MAX_KEYWORDS),
        order_unit=line("Die Bestelleinheit", article.order_unit),
        flags=tuple(sorted(set(article.flags))),
    )
    if not checked.name:
        raise InvalidError("Die Bezeichnung des Artikels fehlt.", code="article-name-missing")
    if checked.use == "gift" and checked.catalogue_flag != GIFT_FLAG:
        raise InvalidError(
            "Bei Dankeschönartikeln muss das Katalogkennzeichen 1 sein.",
            code="catalogue-flag-wrong",
        )
    return checked


def line(what: str, text: str, most: int = MAX_LINE) -> str:
    """One line of text, composed and without space around it."""
    found = trimmed(normalize("NFC", text))
    if len(found) > most:
        raise InvalidError(f"{what} hat mehr als {most} Zeichen.", code="article-text-too-long")
    if CONTROL.search(found):
        raise InvalidError(f"{what} enthält Steuerzeichen.", code="article-text-invalid")
    return found


def items(what: str, one_of_them: str, texts: Iterable[str], most: int) -> tuple[str, ...]:
    """Distinct lines of text, in their order."""
    found = tuple(dict.fromkeys(one for text in texts if (one := line(one_of_them, text))))
    if len(found) > most:
        raise InvalidError(
            f"{what}: höchstens {most} sind möglich.", code="article-list-too-long", most=most
        )
    return found


def images(given: Iterable[ArticleImage]) -> tuple[ArticleImage, ...]:
    found = tuple(
        dict.fromkeys(
            ArticleImage(image.file.strip(), line("Das Bild", image.source, MAX_SOURCE))
            for image in given
            if image.file.strip() or image.source.strip()
        )
    )
    if len(found) > MAX_IMAGES:
        raise InvalidError(
            f"Bilder: höchstens {MAX_IMAGES} sind möglich.",
            code="article-list-too-long",
            most=MAX_IMAGES,
        )
    return found


def gtin(text: str) -> str:
    """A GTIN without spaces and hyphens; its check digit is not verified."""
    found = re.sub(r"[\s-]", "", text)
    if found and not GTIN.fullmatch(found):
        raise InvalidError(
            "Eine GTIN (EAN) hat 8, 12, 13 oder 14 Ziffern.", code="article-gtin-invalid"
        )
    return found
