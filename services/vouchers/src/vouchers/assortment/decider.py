"""Lists of article numbers that campaigns can be restricted to (VO-22).

A list is named by what it holds, so it never changes, and campaigns that name the same articles
share it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from zugabe_events.contracts.vouchers import ArticleNumbersListed
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.event import Stream
from zugabe_events.domain.german_numbers import thousands

MAX_ARTICLES = 100_000
MAX_BYTES = 3_500_000
"""Of all numbers of a list, as stored: a list is one commit."""

MAX_PART_BYTES = 500_000
BYTES_OF_QUOTES = 3


type Parts = tuple[tuple[str, ...], ...]
"""Sorted article numbers; empty: there is no such list."""


@dataclass(frozen=True, slots=True)
class ListArticles:
    """`parts` are those of the whole list, which is not empty."""

    owner: str
    list_id: str
    parts: Parts


class ArticleListTooLongError(InvalidError):
    code = "article-list-too-long"

    def __init__(self) -> None:
        super().__init__(
            f"Eine Liste kann höchstens {thousands(MAX_ARTICLES)} Artikel haben, bei langen "
            "Nummern weniger.",
            most=MAX_ARTICLES,
        )


def list_id(numbers: Iterable[str]) -> str:
    """The id of the list of these numbers, which are sorted and distinct."""
    return blake2b("\n".join(numbers).encode(), digest_size=16).hexdigest()


def listing(owner: str, numbers: Iterable[str]) -> ListArticles:
    """The command to list numbers that are normalised. Raises ArticleListTooLongError."""
    in_order = sorted(set(numbers))
    return ListArticles(owner, list_id(in_order), parts_of(in_order))


def parts_of(numbers: Iterable[str]) -> Parts:
    """Sorted numbers in parts that an event can take. Raises ArticleListTooLongError."""
    parts: list[list[str]] = []
    count = whole = size = 0
    for number in numbers:
        added = len(number.encode()) + BYTES_OF_QUOTES + number.count('"') + number.count("\\")
        if not parts or size + added > MAX_PART_BYTES:
            parts.append([])
            size = 0
        parts[-1].append(number)
        count, whole, size = count + 1, whole + added, size + added
        if count > MAX_ARTICLES or whole > MAX_BYTES:
            raise ArticleListTooLongError
    return tuple(map(tuple, parts))


def decide(command: ListArticles, count: int) -> Sequence[ArticleNumbersListed]:
    """All parts at once, or nothing for a list that is there."""
    if count:
        return []
    return [
        ArticleNumbersListed(command.owner, command.list_id, number, part)
        for number, part in enumerate(command.parts, start=1)
    ]


def count_of(count: int, event: ArticleNumbersListed) -> int:
    return count + len(event.numbers)


def with_part(parts: Parts, event: ArticleNumbersListed) -> Parts:
    return (*parts, event.numbers)


ARTICLE_LIST_DECIDER: Decider[ListArticles, int, ArticleNumbersListed] = Decider(
    "article-list", 0, decide, count_of
)
"""Its state is the number of articles."""

CONTENT_DECIDER: Decider[None, Parts, ArticleNumbersListed] = Decider(
    "article-list-content", (), lambda *_: [], with_part, is_cached=False
)


def stream_of(owner: str, list_: str) -> Stream:
    stream = f"article-list/{owner}/{list_}"
    return Stream(stream, stream)


def article_list_history(owner: str, list_: str) -> History[int, ArticleNumbersListed]:
    return History(stream_of(owner, list_), ARTICLE_LIST_DECIDER)


def content_history(owner: str, list_: str) -> History[Parts, ArticleNumbersListed]:
    return History(stream_of(owner, list_), CONTENT_DECIDER)
