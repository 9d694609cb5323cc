"""Routes of product groups: place, remove, and see the whole tree."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends

from catalog_shops.article.view import ArticleView
from catalog_shops.group.decider import PlaceGroup, RemoveGroup, groups_history
from catalog_shops.group.decider import decide as decide_group
from catalog_shops.group.refusals import GroupHasArticlesError
from catalog_shops.group.tree import GroupNode, tree_of
from catalog_shops.group.view import GroupsView
from catalog_shops.quotas import Quotas
from catalog_shops.tenancy import edits_own
from catalog_shops.tenants import with_central
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Id, Text
from zugabe_events.http.request_context import RequestContext


class GroupBody(Body):
    """`parent` is left out at the top."""

    name: Text
    parent: Id | None = None


def group_api(
    store: EventStore,
    groups: Views[GroupsView],
    articles: Views[ArticleView],
    access: Access,
    quotas: Quotas,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/product-groups", tags=["product group"])
    edits = access.requires("edit-articles")

    @router.put("/{group}", status_code=204)
    async def place_group(
        dealer: Id, group: Id, body: GroupBody, request: Annotated[RequestContext, Depends(edits)]
    ) -> None:
        """Add, rename or move a product group."""
        edits_own(request)
        await quotas.count("groups", request)
        command = PlaceGroup(dealer, group, body.name, body.parent or "")
        histories = [groups_history(tenant) for tenant in with_central(dealer)]
        await request.handle_reading(store, histories, partial(decide_group, command))

    @router.delete("/{group}", status_code=204)
    async def remove_group(
        dealer: Id,
        group: Id,
        request: Annotated[RequestContext, Depends(reads(edits, groups, articles))],
    ) -> None:
        """Remove a product group without articles of this tenant and without groups below it."""
        edits_own(request)
        using = await articles.page(
            {"dealer": dealer, "groups": group, "status": "listed"}, sort="number", limit=1
        )
        if using.items:
            raise GroupHasArticlesError((await tree_of(groups, dealer)).path(group)[-1])
        await request.handle(store, groups_history(dealer), RemoveGroup(dealer, group))

    @router.get("")
    async def get_tree(
        dealer: Id,
        _: Annotated[RequestContext, Depends(reads(access.requires("see-articles"), groups))],
    ) -> Sequence[GroupNode]:
        """Central groups and the dealer's own, each behind the one above it."""
        return (await tree_of(groups, dealer)).nodes()

    return router
