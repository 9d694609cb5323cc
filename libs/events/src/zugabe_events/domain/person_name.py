"""Names of people, which go into mails to addresses that nobody may have confirmed (S13)."""

import re

LINK = re.compile(
    r"://|\bwww\.|@|\w\.(?:de|com|net|org|info|biz|eu|at|ch|io|co|me|to|ly|cc|ru|cn|shop|store|"
    r"online|xyz|top|site|app|club|link|click|live|vip|website)\b",
    re.IGNORECASE,
)


def has_link(name: str) -> bool:
    """True for a name that mail programs make a link of, or that says where to go."""
    return LINK.search(name) is not None
