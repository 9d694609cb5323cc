"""Routes of bonus accounts: a user's points now and on any day, and a dealer's accounts."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from bonus.account.movements import MOVEMENTS, Movement, MovementKind
from bonus.account.refusals import not_manager
from bonus.account.shared import pool_of
from bonus.account.view import ACCOUNTS, AccountAt, AccountView, at_instant, balance_of
from bonus.pool.decider import pool_history
from zugabe_events.domain.errors import ForbiddenError, NotFoundError
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.export.table import Column, Table
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id, Instant
from zugabe_events.http.list_query import ListQuery
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext


async def check_shown(store: EventStore, dealer: str, user: str, request: RequestContext) -> None:
    """Users see nothing of points that their company's managers redeem (BO-33)."""
    customer = request.principal.customer
    if customer is None or not request.principal.is_user:
        return
    pool = await state_of(store, pool_history(dealer, customer))
    if pool.hides_points_from(user):
        raise ForbiddenError(not_manager(pool).detail)


class AccountQuery(ListQuery):
    customer: Id | None = None
    sort: Literal[
        "user", "-user", "points_accrued", "-points_accrued", "points_owed", "-points_owed"
    ] = "user"


def user_of(account: AccountView) -> str:
    return "alle gemeinsam" if account.user == pool_of(account.customer) else account.user


TABLE = Table(
    "bonuskonten",
    ACCOUNTS,
    (
        Column("Kunde", lambda account: account.customer),
        Column("Benutzer", user_of),
        Column("Bestellungen mit Punkten", lambda account: account.orders_accrued),
        Column("Punkte gesammelt", lambda account: account.points_accrued),
        Column("Punkte eingelöst", lambda account: account.points_redeemed),
        Column("Punkte zurückgebucht", lambda account: account.points_reversed),
        Column("Punkte zurückgegeben", lambda account: account.points_returned),
        Column("Punkte umgebucht", lambda account: account.points_moved),
        Column("Punkte reserviert", lambda account: account.points_held),
        Column("Punkte vorgemerkt", lambda account: account.points_waiting),
        Column("Punkte gutgeschrieben", lambda account: account.points_credited),
        Column("Punkte abgezogen", lambda account: account.points_debited),
        Column("Punkte verfallen", lambda account: account.points_expired),
        Column("Punkte gelöscht", lambda account: account.points_forfeited),
        Column("Punkte erlassen", lambda account: account.points_let_off),
        Column("Punkte geschuldet", lambda account: account.points_owed),
        Column("Punktestand", balance_of),
    ),
)


class MovementQuery(ListQuery):
    kind: MovementKind | None = None
    sort: Literal["at", "-at"] = "-at"


OF_USER = Table(
    "bonuspunkte",
    MOVEMENTS,
    (
        Column("Zeitpunkt", lambda movement: movement.at, "instant"),
        Column("Vorgang", lambda movement: movement.text),
        Column("Punkte", lambda movement: movement.points),
        Column("Einlösbar ab", lambda movement: None if movement.waits else movement.active_from),
        Column("Einlösbar bis", lambda movement: movement.active_until),
    ),
)


def account_api(
    store: EventStore,
    accounts: Views[AccountView],
    movements: Views[Movement],
    access: Access,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/accounts", tags=["account"])
    see = Depends(reads(access.requires("see-account"), accounts))
    see_all = Depends(access.requires("see-accounts"))

    @router.get("/{user}")
    async def get_account(
        dealer: Id, user: Id, request: Annotated[RequestContext, see], at: Instant | None = None
    ) -> AccountAt:
        """`at` divides points into active and pending ones; all else is as of now."""
        request.only(user)
        await check_shown(store, dealer, user, request)
        view = await accounts.get(f"{dealer}/{user}")
        if view is None:
            raise NotFoundError("Für diesen Benutzer gibt es noch kein Bonuskonto.")
        return at_instant(view, at or request.context.at)

    @list_routes(router, "/{user}/movements", movements, OF_USER, exports)
    async def list_movements(
        dealer: Id,
        user: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-account"))],
        query: Annotated[MovementQuery, Query()],
    ) -> Selection[Movement]:
        """The tab „Bonuspunkte" of a user: what came and went, the latest first (BO-36)."""
        request.only(user)
        await check_shown(store, dealer, user, request)
        return Selection({**query.where(), "dealer": dealer, "user": user})

    @list_routes(router, "", accounts, TABLE, exports)
    async def list_accounts(
        dealer: Id,
        request: Annotated[RequestContext, see_all],
        query: Annotated[AccountQuery, Query()],
    ) -> Selection[AccountView]:
        """Accounts of the dealer's users, with their points."""
        return Selection({**query.where(), "dealer": dealer})

    return router
