"""A service with a catalogue, and dealers who may have shops of their own."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from catalog_shops.article.decider import ARTICLE_DECIDER, PutArticle, article_history
from catalog_shops_tests.service import EDITOR, InMemoryService
from zugabe_events.contracts.catalog_shops import Article, ArticleUse, BrandNamed, ShopKind
from zugabe_events.domain.event import Context, Event, Stream
from zugabe_events.domain.event_store import Commit, state_of
from zugabe_testing.examples import DEALER, bearer
from zugabe_testing.pictures import png

CENTRAL_EDITOR = "central"


class Shops(InMemoryService):
    """Articles and brands come straight into the log."""

    async def append(self, stream: Stream, events: Sequence[Event]) -> None:
        version = 1 + sum(
            len(commit.events) for commit, _ in self.store.commits if commit.stream.id == stream.id
        )
        context = Context("importer", "service", "central", self.now, "correlation")
        await self.store.append([Commit(uuid4(), stream, version, tuple(events), context)])

    async def list_articles(
        self, *numbers: str, dealer: str = DEALER, brand: str = "", use: ArticleUse = "sale"
    ) -> None:
        for number in numbers:
            article = Article(
                f"Artikel {number}", brand=brand, use=use, catalogue_flag=int(use == "gift")
            )
            history = article_history(dealer, number)
            command = PutArticle(dealer, number, article, self.now)
            state = await state_of(self.store, history)
            await self.append(history.stream, ARTICLE_DECIDER.decide(command, state))

    async def name_brand(self, brand: str, name: str, dealer: str = "central") -> None:
        stream = f"brand/{dealer}/{brand}"
        await self.append(Stream(stream, stream), [BrandNamed(dealer, brand, name, "staff")])

    async def upload(
        self, width: int = 690, *, purpose: str = "banner", dealer: str = DEALER, who: str = EDITOR
    ) -> str:
        """The file of a graphic of this width."""
        answer = await self.http.post(
            f"/dealers/{dealer}/graphics?purpose={purpose}",
            content=png(width, 2),
            headers={**bearer(who), b"Content-Type": b"application/octet-stream"},
        )
        assert answer.is_success, answer.text
        file: str = answer.json()["file"]
        return file

    async def allow_own(self, *kinds: ShopKind, dealer: str = DEALER) -> None:
        """The module, own shops unlocked, and no central shops adopted."""
        await self.unlock_own_shops(dealer)
        for kind in kinds:
            await self.must(EDITOR, "DELETE", f"/{kind}-shop-placement/adoption", dealer=dealer)

    async def save(self, kind: ShopKind, shop: str, *, dealer: str = DEALER, **changes: Any) -> Any:
        body = {"name": shop.title(), "url_name": shop, "text": "Text", **changes}
        who = CENTRAL_EDITOR if dealer == "central" else EDITOR
        return await self.must(who, "PUT", f"/{kind}-shops/{shop}", body, dealer=dealer)
