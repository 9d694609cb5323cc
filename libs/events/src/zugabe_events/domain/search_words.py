"""Words of a search: folded, without inflection, and without words that say nothing."""

import re
from unicodedata import combining, normalize

MAX_WORDS = 12

STOP_WORDS = frozenset(
    {
        *("als", "am", "an", "auf", "aus", "bei", "bis", "das", "dem", "den", "der", "des", "die"),
        *("ein", "eine", "einem", "einen", "einer", "eines", "für", "im", "in", "ist", "mit"),
        *("nach", "oder", "ohne", "über", "um", "und", "unter", "vom", "von", "vor", "zu"),
        *("zum", "zur"),
    }
)

WORD = re.compile(r"[^\W_]+")
ENDING = re.compile(r"(?<=.{4})(?:ern|en|er|es|em|e|n|s)$")
SHARP_S = re.compile(r"ss|ß")


def words_of(text: str) -> list[str]:
    """The distinct words of a text that can be searched for, in lower case, at most MAX_WORDS."""
    words = dict.fromkeys(WORD.findall(normalize("NFKC", text).lower()))
    return [word for word in words if word not in STOP_WORDS][:MAX_WORDS]


def folded(text: str) -> str:
    """Lower case without diacritics: „Bücher" becomes `bucher`."""
    decomposed = normalize("NFKD", normalize("NFKC", text).lower())
    return "".join(character for character in decomposed if not combining(character))


def root(word: str) -> str:
    """A word without diacritics and inflection: what its forms have in common."""
    return ENDING.sub("", folded(word))


def common_part(word: str) -> str:
    """The beginning of a word that every text with one of its forms contains, ß or ss."""
    return SHARP_S.split(root(word))[0]
