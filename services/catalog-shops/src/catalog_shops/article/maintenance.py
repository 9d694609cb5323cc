"""Commands about articles over the streams that they depend on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog_shops.article.decider import (
    NO_ARTICLE,
    ArticleState,
    Command,
    PutArticle,
    article_history,
    decide,
)
from catalog_shops.brand.decider import Brand, Named, brand_history
from catalog_shops.group.decider import Groups, groups_history
from catalog_shops.tenants import with_central
from zugabe_events.contracts.catalog_shops import Article
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore
from zugabe_events.eventstore.command_handler import CommandResult
from zugabe_events.http.request_context import RequestContext


@dataclass(frozen=True, slots=True)
class ArticleMaintenance:
    store: EventStore

    async def execute(self, command: Command, request: RequestContext) -> CommandResult:
        """Decide beside the central article of the same number. Raises what `decide` raises, and
        InvalidError for a brand or a product group that does not exist."""
        tenants = with_central(command.dealer)
        articles = [article_history(tenant, command.number) for tenant in tenants]
        groups: list[History[Any, Any]] = []
        brands: list[History[Any, Any]] = []
        if isinstance(command, PutArticle) and command.article.groups:
            groups = [groups_history(tenant) for tenant in tenants]
        if isinstance(command, PutArticle) and command.article.brand:
            brands = [brand_history(tenant, command.article.brand) for tenant in tenants]
        histories = [*articles, *groups, *brands]

        def decided(*states: Any) -> Sequence[Event]:
            own: ArticleState = states[0]
            central: ArticleState = states[1] if len(tenants) > 1 else NO_ARTICLE
            known = states[len(articles) :]
            if isinstance(command, PutArticle):
                check_groups(command.article, known[: len(groups)])
                check_brand(command.article, known[len(groups) :])
            return decide(command, own, central)

        return await request.handle_reading(self.store, histories, decided)


def check_groups(article: Article, known: Sequence[Groups]) -> None:
    for group in article.groups:
        if not any(group in groups.by_id for groups in known):
            raise InvalidError(
                f"Die Warengruppe {group} gibt es nicht.", code="product-group-unknown", group=group
            )


def check_brand(article: Article, known: Sequence[Brand]) -> None:
    if article.brand and not any(isinstance(brand, Named) for brand in known):
        raise InvalidError(
            f"Die Marke {article.brand} gibt es nicht. Legen Sie sie zuerst an.",
            code="brand-unknown",
            brand=article.brand,
        )
