"""The visible part of a text, without zero-width and other default-ignorable characters."""

import re

JOINING = "\u180b-\u180f\ufe00-\ufe0f\U000e0000-\U000e0fff"
"""Variation selectors and tags, which belong to the character before them, such as a flag."""

IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
"""The other default-ignorable characters of Unicode, and marks of annotations."""

REORDERING = "\u202a-\u202e\u2066-\u2069"
"""They turn the direction of the text around them: people read something else than is there.
Single marks of direction stay, which names need."""

REORDERED = re.compile(f"[{REORDERING}]")

BLANK = f"\\s\x80-\x9f\u2800{IGNORABLE}"

TAGS = range(0xE_0000, 0xE_1000)

INVISIBLE = re.compile(f"[{IGNORABLE}{JOINING}]+")
BEGINNING = re.compile(f"[{BLANK}{JOINING}]*")
SPACES = "".join(filter(re.compile(f"[{BLANK}]").match, map(chr, range(0x1_D17B))))
"""Each of `BLANK`, for `rstrip`: a pattern would begin anew at every space within a text."""

AT_ENDS = frozenset(SPACES)
AT_BEGINNINGS = AT_ENDS.union(filter(INVISIBLE.match, map(chr, (*range(0x1_0000), *TAGS))))


def without_invisible(text: str) -> str:
    """For comparisons. What is stored keeps a soft hyphen, or the joiner of an emoji."""
    return text if text.isascii() else INVISIBLE.sub("", text)


def trimmed(text: str) -> str:
    """Without spaces of any kind and invisible characters around it; "" if it shows nothing."""
    if text.isascii():
        return text.strip()
    if text[0] not in AT_BEGINNINGS and text[-1] not in AT_ENDS:
        return text
    beginning = BEGINNING.match(text)
    return text[beginning.end() if beginning else 0 :].rstrip(SPACES)


def is_blank(text: str) -> bool:
    """True if nobody can see anything of it."""
    return not trimmed(text)
