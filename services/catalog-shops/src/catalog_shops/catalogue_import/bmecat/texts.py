"""Texts of a catalogue: the language that buyers read, without markup, in canonical form."""

import re
from collections.abc import Sequence
from html import unescape

from catalog_shops.catalogue_import.bmecat.element import Element
from catalog_shops.texts import BOLD, BOLD_END, BREAK, CODE, canonical_text
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.reserved_text import broken_up
from zugabe_events.domain.visible_text import REORDERING

GERMAN = ("deu", "ger", "de")

TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,15})(?:\s[^<>]{0,2000})?/?>|<!--[^<>]{0,2000}-->")
NAMED = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
BREAKING = frozenset(
    {"br", "p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
)
BOLDING = frozenset({"b", "strong"})
SPACE = re.compile(rf"[ \t\xa0\x00-\x08\x0b\x0c\x0e-\x1f\x7f{REORDERING}]+")
AROUND_BREAK = re.compile(r"\s*\n\s*")


def is_german(language: str) -> bool:
    return language.lower().partition("-")[0] in GERMAN


def preferred(found: Sequence[Element], language: str) -> Sequence[Element]:
    """Those in German, else without a language, else in that of the first; `language` is the
    default of the file."""
    if len(found) < 2:
        return found
    languages = [element.attributes.get("lang", "") for element in found]
    wanted = next((lang for lang in languages if is_german(lang or language)), None)
    if wanted is None:
        wanted = "" if "" in languages else languages[0]
    return [element for element, lang in zip(found, languages, strict=True) if lang == wanted]


def preferred_text(element: Element, tag: str, language: str) -> str:
    """The text of a field in the preferred language, or ""."""
    chosen = preferred(element.all(tag), language)
    return chosen[0].text() if chosen else ""


def decoded(text: str) -> str:
    """Entities that were encoded twice, such as `&amp;micro;` in the file, decoded once more."""
    return NAMED.sub(lambda found: unescape(found[0]), text) if "&" in text else text


def one_line(text: str) -> str:
    """A text without markup and line breaks."""
    return broken_up(" ".join(plain(decoded(text)).split()))


def plain(text: str) -> str:
    return SPACE.sub(" ", TAG.sub(" ", text) if "<" in text else text)


def canonical_of(text: str) -> str:
    """The canonical form of a long text, whose markup may be HTML or BB codes."""
    text = decoded(text)
    if "<" in text and TAG.search(text):
        text = TAG.sub(code_of, " ".join(text.split()))
    text = SPACE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = AROUND_BREAK.sub("\n", text).strip()
    try:
        return canonical_text(text)
    except InvalidError:
        return canonical_text(CODE.sub(without_bold, text).strip())


def code_of(tag: re.Match[str]) -> str:
    name = (tag[2] or "").lower()
    if name in BREAKING:
        return "\n"
    if name in BOLDING:
        return BOLD_END if tag[1] else BOLD
    return " "


def without_bold(code: re.Match[str]) -> str:
    return BREAK if code[1].lower() == "br" else ""
