"""Search over the articles of a dealer: numbers first, then German words; own before central.

Pages go through three stages, and a cursor names its stage. A central article is left out where the
dealer has an article of their own under its number.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from catalog_shops.article.view import ArticleView, article_key, sought
from catalog_shops.tenants import with_central
from zugabe_events.domain.cursor import invalid_cursor
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import RELEVANCE, FilterValue, OneOf, Page, StartsWith, Views, Words

type Stage = Literal["number", "own", "central"]
STAGES: Sequence[Stage] = ("number", "own", "central")

MAX_ROUNDS = 10
"""Pages that are read for one answer; where nearly everything is left out, it may be short."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`where` are further conditions, such as the brand or the numbers of a shop."""

    text: str
    where: Mapping[str, FilterValue] = field(default_factory=dict)


async def search_articles(
    articles: Views[ArticleView],
    dealer: str,
    wanted: Wanted,
    *,
    after: str | None = None,
    limit: int = 50,
) -> Page[ArticleView]:
    """Listed articles whose number begins with the text, or that have all of its words."""
    stages = stages_of(dealer, wanted)
    stage, inner = position(after, stages)
    found: list[ArticleView] = []
    for _ in range(MAX_ROUNDS):
        condition, sort = condition_of(stage, dealer, wanted)
        page = await articles.page(condition, sort=sort, after=inner, limit=limit - len(found))
        found += await those_that_count(articles, dealer, stage, wanted, page.items)
        inner = page.next
        if inner is None:
            following = stages[stages.index(stage) + 1 :]
            if not following:
                return Page(found, None)
            stage = following[0]
        if len(found) >= limit:
            break
    return Page(found, f"{stage}.{inner or ''}")


def stages_of(dealer: str, wanted: Wanted) -> Sequence[Stage]:
    numbers: Sequence[Stage] = ("number",) if sought(wanted.text) else ()
    return (*numbers, "own") if dealer == CENTRAL else (*numbers, "own", "central")


def position(after: str | None, stages: Sequence[Stage]) -> tuple[Stage, str | None]:
    """Raises InvalidError for a cursor that no search made."""
    if after is None:
        return stages[0], None
    name, dot, inner = after.partition(".")
    stage = next((one for one in stages if one == name), None)
    if stage is None or not dot:
        raise invalid_cursor()
    return stage, inner or None


def condition_of(
    stage: Stage, dealer: str, wanted: Wanted
) -> tuple[Mapping[str, FilterValue], str]:
    listed: dict[str, FilterValue] = {**wanted.where, "status": "listed"}
    match stage:
        case "number":
            tenants = OneOf(with_central(dealer))
            prefix = StartsWith(sought(wanted.text))
            return {**listed, "dealer": tenants, "sought": prefix}, "sought"
        case "own":
            return {**listed, "dealer": dealer, "words": Words(wanted.text)}, RELEVANCE
        case "central":
            return {**listed, "dealer": CENTRAL, "words": Words(wanted.text)}, RELEVANCE


async def those_that_count(
    articles: Views[ArticleView],
    dealer: str,
    stage: Stage,
    wanted: Wanted,
    found: Sequence[ArticleView],
) -> Sequence[ArticleView]:
    """Without what an earlier stage had, and without what the dealer's own articles replace."""
    number = sought(wanted.text)
    if stage != "number" and number:
        found = [one for one in found if not one.sought.startswith(number)]
    replaced = await own_numbers(articles, dealer, [one.number for one in found])
    return [one for one in found if one.dealer == dealer or one.number not in replaced]


async def own_numbers(
    articles: Views[ArticleView], dealer: str, numbers: Collection[str]
) -> Collection[str]:
    """Those of the numbers under which the dealer has an article of their own, even a delisted
    one."""
    if dealer == CENTRAL or not numbers:
        return ()
    own = await articles.get_many({article_key(dealer, number) for number in numbers})
    return {one.number for one in own.values() if one.status != "prices"}
