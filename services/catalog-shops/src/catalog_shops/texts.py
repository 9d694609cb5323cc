"""Texts for buyers: two BB codes, and safe HTML (CS-20, Q5); and letters for ids and URLs."""

import re
from collections.abc import Mapping
from html import escape
from unicodedata import category, combining, normalize

from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.reserved_text import looks_sealed, without_mark

CODE = re.compile(r"\[(br|b|\\b|/b)\]", re.IGNORECASE)
BOLD, BOLD_END, BREAK = "[b]", "[\\b]", "[br]"


def canonical_text(text: str) -> str:
    """The stored form: lower-case codes, bold closed by a backslash, line breaks as `[br]`.

    Raises InvalidError for a bold part that is not closed, closed twice, or opened within another.
    """
    bold = False
    parts: list[str] = []
    for index, part in enumerate(CODE.split(text.replace("\r\n", "\n"))):
        if index % 2 == 0:
            parts.append(part.replace("\n", BREAK))
            continue
        match part.lower():
            case "br":
                parts.append(BREAK)
            case "b":
                if bold:
                    raise invalid_bold("Fetter Text wird zweimal begonnen, bevor er endet.")
                bold = True
                parts.append(BOLD)
            case _:
                if not bold:
                    raise invalid_bold("Fetter Text endet, ohne begonnen zu haben.")
                bold = False
                parts.append(BOLD_END)
    if bold:
        raise invalid_bold(r"Fetter Text wird nicht mit [\b] beendet.")
    canonical = "".join(parts)
    return without_mark(canonical) if looks_sealed(plain(canonical)) else canonical


def invalid_bold(detail: str) -> InvalidError:
    return InvalidError(detail, code="text-bold-unbalanced")


def html_of(text: str) -> str:
    """A canonical text as HTML that has `<br>` and `<b>`, and no other markup."""
    html = escape(text, quote=True)
    return html.replace(BREAK, "<br>").replace(BOLD, "<b>").replace(BOLD_END, "</b>")


def plain(text: str) -> str:
    """A canonical text without its codes, as search and lists use it."""
    return text.replace(BREAK, " ").replace(BOLD, "").replace(BOLD_END, "")


def visible(text: str) -> str:
    """Without control characters and without what nobody can see, such as a zero-width space."""
    return "".join(one for one in text if one.isspace() or category(one)[0] != "C")


def plain_letters(text: str, spelling: Mapping[int, str]) -> str:
    """Case-folded text without accents, after some letters were spelled out, such as ä as ae."""
    folded = normalize("NFC", normalize("NFKC", text).casefold()).translate(spelling)
    return "".join(sign for sign in normalize("NFKD", folded) if not combining(sign))
