"""Routes of pooled points: switch it on and off, appoint managers, see the points (BO-5, BO-33)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from bonus.account.api import OF_USER, MovementQuery
from bonus.account.movements import Movement
from bonus.account.refusals import not_manager
from bonus.account.shared import pool_of
from bonus.account.view import AccountAt, AccountView, at_instant
from bonus.customer.decider import customer_history
from bonus.pool.decider import (
    AppointManager,
    DismissManager,
    PoolPoints,
    UnpoolPoints,
    pool_history,
)
from bonus.pool.view import POOLS, PoolView, key_of
from zugabe_events.domain.errors import ForbiddenError
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.marketing_module import ModuleView, check_module
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.export.table import Column, Table
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id, Instant
from zugabe_events.http.list_query import ListQuery
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext


class PoolQuery(ListQuery):
    """`frozen`: pooled points that nobody can redeem, since the last manager has left (Q12)."""

    pooled: bool | None = None
    frozen: bool | None = None
    sort: Literal["customer", "-customer"] = "customer"


TABLE = Table(
    "bonuspunkte-verwalter",
    POOLS,
    (
        Column("Kunde", lambda view: view.customer),
        Column("Gemeinsame Punkte", lambda view: "ja" if view.pooled else "nein"),
        Column("Seit", lambda view: view.since, "instant"),
        Column("Bonuspunkte-Verwalter", lambda view: ", ".join(view.managers)),
        Column("Einlösung", lambda view: "eingefroren" if view.frozen else "möglich"),
    ),
)


def pool_api(  # noqa: C901
    store: EventStore,
    pools: Views[PoolView],
    accounts: Views[AccountView],
    movements: Views[Movement],
    dealers: Views[ModuleView],
    access: Access,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}", tags=["pool"])
    edits = Depends(reads(access.requires("edit-bonus-settings"), dealers))
    sees_points = Depends(reads(access.requires("see-pool"), accounts))
    sees = access.requires("see-bonus-customers")

    @router.put("/customers/{customer}/pooling", status_code=204)
    async def pool(dealer: Id, customer: Id, request: Annotated[RequestContext, edits]) -> None:
        """The users' points become the company's, which only its managers redeem."""
        await check_module(dealers, dealer)
        membership = await state_of(store, customer_history(dealer, customer))
        command = PoolPoints(dealer, customer, membership, request.context.at)
        await request.handle(store, pool_history(dealer, customer), command)

    @router.delete("/customers/{customer}/pooling", status_code=204)
    async def unpool(dealer: Id, customer: Id, request: Annotated[RequestContext, edits]) -> None:
        """Each user has back what is left of their own points."""
        command = UnpoolPoints(dealer, customer, request.context.at)
        await request.handle(store, pool_history(dealer, customer), command)

    @router.put("/customers/{customer}/points-managers/{user}", status_code=204)
    async def appoint(
        dealer: Id, customer: Id, user: Id, request: Annotated[RequestContext, edits]
    ) -> None:
        """Takes effect only while points are pooled (BO-35)."""
        await check_module(dealers, dealer)
        command = AppointManager(dealer, customer, user, request.context.at)
        await request.handle(store, pool_history(dealer, customer), command)

    @router.delete("/customers/{customer}/points-managers/{user}", status_code=204)
    async def dismiss(
        dealer: Id, customer: Id, user: Id, request: Annotated[RequestContext, edits]
    ) -> None:
        """Without any manager, nobody can redeem pooled points until another is appointed."""
        command = DismissManager(dealer, customer, user, request.context.at)
        await request.handle(store, pool_history(dealer, customer), command)

    @router.get("/customers/{customer}/pooling")
    async def get_pool(
        dealer: Id, customer: Id, request: Annotated[RequestContext, Depends(reads(sees, pools))]
    ) -> PoolView:
        """The shared points of a customer: if there are any, and their managers (BO-33, BO-34)."""
        return await pools.get(key_of(dealer, customer)) or PoolView(dealer, customer)

    @router.get("/customers/{customer}/points")
    async def get_points(
        dealer: Id,
        customer: Id,
        request: Annotated[RequestContext, sees_points],
        at: Instant | None = None,
    ) -> AccountAt:
        """The points that the customer's users share: for its managers and the dealer."""
        await check_manager(dealer, customer, request)
        holder = pool_of(customer)
        found = await accounts.get(f"{dealer}/{holder}")
        view = found or AccountView(dealer=dealer, customer=customer, user=holder)
        return at_instant(view, at or request.context.at)

    async def check_manager(dealer: str, customer: str, request: RequestContext) -> None:
        principal = request.principal
        if principal.role == "dealer-staff":
            return
        if principal.customer != customer:
            raise ForbiddenError("Das gehört einem anderen Kunden.")
        pool = await state_of(store, pool_history(dealer, customer))
        if not pool.is_pooled or principal.subject not in pool.managers:
            raise ForbiddenError(not_manager(pool).detail)

    @list_routes(router, "/customers/{customer}/points/movements", movements, OF_USER, exports)
    async def list_movements(
        dealer: Id,
        customer: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-pool"))],
        query: Annotated[MovementQuery, Query()],
    ) -> Selection[Movement]:
        """Movements of the points that the customer's users share, the latest first."""
        await check_manager(dealer, customer, request)
        return Selection({**query.where(), "dealer": dealer, "user": pool_of(customer)})

    @list_routes(router, "/pools", pools, TABLE, exports)
    async def list_pools(
        dealer: Id,
        request: Annotated[RequestContext, Depends(sees)],
        query: Annotated[PoolQuery, Query()],
    ) -> Selection[PoolView]:
        """Customers with shared points."""
        return Selection({**query.where(), "dealer": dealer})

    return router
