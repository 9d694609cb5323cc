"""Codes as people type them: the one form in which they are compared, and rules for new ones (X-9).

A code of a campaign is printed, read and typed, so it has only characters that a keyboard of one
script has, and none that could be taken for those of another.
"""

import re
from unicodedata import category, name, normalize

from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.tenant import CENTRAL

_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]"
)
"""Default_Ignorable_Code_Point of the Unicode database, without control and format characters."""

_MINUS = "\u2212\u2043\u02d7"
"""Hyphens that Unicode does not count among its dashes."""

_TYPED = re.compile(r"[\w!-/:-@\[-`{-~€§]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u017f\u1e9e]")
_SCRIPTS = {"LATIN": "lateinische", "GREEK": "griechische", "CYRILLIC": "kyrillische"}
_LIKE_LATIN = {
    "GREEK": "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαινορυϲϳϹ",
    "CYRILLIC": "АВЕЅІЈКМНОРСТУХҮҺԌԚԜавеѕіјкморстухһԁԛԝӏӀг",
}
"""Letters that look like Latin ones or digits."""
_LIKE_OTHERS = "ıĸ"
"""Latin letters that look like other ones."""


def normalised(code: str) -> str:
    """The one form in which codes are compared and claimed.

    Compatible characters are one (NFKC), invisible ones are left out, all hyphens are `-`, and case
    does not matter.
    """
    while (form := _folded(code)) != code:
        code = form
    return form


def _folded(code: str) -> str:
    if code.isascii() and code.isprintable():
        return code.strip().lower()
    shown = "".join(map(_form, normalize("NFKC", code))).strip()
    # Folding can yield characters that fold and compose again, such as an iota subscript.
    return normalize("NFKC", normalize("NFKD", shown.casefold()).casefold())


def _form(char: str) -> str:
    """A character as it is compared: an ordinary hyphen for each, and nothing for what is unseen.

    Blanks stay, to be cut off at the ends.
    """
    kind = category(char)
    if kind == "Pd" or char in _MINUS:
        return "-"
    is_unseen = (kind in ("Cc", "Cf") and not char.isspace()) or _INVISIBLE.match(char)
    return "" if is_unseen else char


def is_central(code: str) -> bool:
    """Codes of central campaigns begin with a digit, and no others do (VO-7)."""
    return normalised(code)[:1].isnumeric()


def presentable(written: str, tenant: str) -> str:
    """The form in which the code of a tenant's campaign is displayed.

    Raises InvalidError for a code that cannot be read from a mail and typed, and for one that
    begins as those of other tenants do.
    """
    code = normalize("NFC", written.strip())
    if not code or not code.isprintable() or any(map(str.isspace, code)):
        raise InvalidError(
            "Der Gutscheincode darf keine Leer- und Steuerzeichen enthalten.",
            code="code-unreadable",
        )
    if tenant == CENTRAL and not is_central(code):
        raise InvalidError(
            "Gutscheincodes zentraler Kampagnen beginnen mit einer Ziffer.",
            code="code-begins-without-digit",
        )
    if tenant != CENTRAL and is_central(code):
        raise InvalidError(
            "Eigene Gutscheincodes beginnen nicht mit einer Ziffer.", code="code-begins-with-digit"
        )
    code = "".join(map(_form, code))
    check_typed(code)
    check_scripts(code)
    return code


def check_typed(code: str) -> None:
    """Raise InvalidError for characters that keyboards lack, such as those of full width."""
    odd = [
        char
        for char in code
        if normalize("NFKC", char) != char
        or not _TYPED.fullmatch(char)
        or (char.isnumeric() and not char.isascii())
    ]
    if odd:
        raise InvalidError(
            f"Das Zeichen „{odd[0]}“ lässt sich auf üblichen Tastaturen nicht eingeben.",
            code="code-not-typable",
            character=odd[0],
        )


def check_scripts(code: str) -> None:
    """Raise InvalidError for letters of several scripts, and for those taken for Latin ones."""
    letters = {char: name(char, "").split(" ")[0] for char in code if char.isalpha()}
    scripts = sorted({*letters.values()})
    if unknown := [char for char, script in letters.items() if script not in _SCRIPTS]:
        raise InvalidError(
            f"Das Zeichen „{unknown[0]}“ lässt sich auf üblichen Tastaturen nicht eingeben.",
            code="code-not-typable",
            character=unknown[0],
        )
    if len(scripts) > 1:
        mixed = " und ".join(_SCRIPTS[script] for script in scripts)
        raise InvalidError(
            f"Der Gutscheincode mischt {mixed} Buchstaben, die sich zum Verwechseln ähnlich sehen.",
            code="code-mixes-scripts",
        )
    [script] = scripts or ["LATIN"]
    if script == "LATIN":
        alike = [char for char in letters if char in _LIKE_OTHERS or not _LATIN.match(char)]
    else:
        like_latin = _LIKE_LATIN[script]
        alike = list(letters) if all(char in like_latin for char in letters) else []
    if alike:
        raise InvalidError(
            f"Das Zeichen „{alike[0]}“ sieht einem anderen zum Verwechseln ähnlich.",
            code="code-look-alike",
            character=alike[0],
        )
