"""Articles of a catalogue that its latest file lacks."""

from collections.abc import AsyncIterator, Container, Sequence

from catalog_shops.article.view import ArticleView
from catalog_shops.catalogue_import.changes import Purpose
from catalog_shops.catalogue_import.record_reader import Numbered
from catalog_shops.catalogue_import.records import CatalogueArticle
from zugabe_events.domain.views import Views

PAGE_SIZE = 500


async def missing_numbers(
    articles: Views[ArticleView], purpose: Purpose, seen: Container[str]
) -> AsyncIterator[Sequence[str]]:
    """Numbers of listed articles that are not in the file, in pages. Gifts are of no catalogue."""
    where = {
        "dealer": purpose.dealer,
        "catalogue": purpose.catalogue,
        "status": "listed",
        "use": "sale",
    }
    after: str | None = None
    while True:
        page = await articles.page(where, sort="number", after=after, limit=PAGE_SIZE)
        yield [view.number for view in page.items if view.number not in seen]
        if page.next is None:
            return
        after = page.next


async def count_missing(
    articles: Views[ArticleView], purpose: Purpose, seen: Container[str]
) -> int:
    return sum([len(page) async for page in missing_numbers(articles, purpose, seen)])


async def delist_missing(
    articles: Views[ArticleView], purpose: Purpose, seen: Container[str]
) -> AsyncIterator[Sequence[Numbered]]:
    """Records that delist what is missing."""
    async for numbers in missing_numbers(articles, purpose, seen):
        if numbers:
            yield [Numbered(0, CatalogueArticle(0, number, "delist-missing")) for number in numbers]
