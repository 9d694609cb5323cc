"""HTTP for bonus accounts: a user's points now and on any day, and a dealer's accounts."""

from typing import Annotated

from fastapi import APIRouter, Depends

from bonus.account.view import AccountAt, AccountView, at_instant
from zugabe_events.errors import ForbiddenError, NotFoundError
from zugabe_events.http import Access, Asked, Cursor, Id, Instant, Limit, PageOf
from zugabe_events.views import Views


def only_own(asked: Asked, user: str) -> None:
    """A points manager is a user like others until his customer's points are pooled."""
    asked.only(user)
    if asked.caller.role == "points-manager" and asked.caller.subject != user:
        raise ForbiddenError("Das gehört einem anderen Benutzer.")


def account_api(accounts: Views[AccountView], access: Access) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/accounts", tags=["account"])
    see = Depends(access.needs("see-account", accounts))
    see_all = Depends(access.needs("see-accounts", accounts))

    @router.get("/{user}")
    async def get_account(
        dealer: Id, user: Id, asked: Annotated[Asked, see], at: Instant | None = None
    ) -> AccountAt:
        """`at` tells pending points from active ones; spending is what it is now."""
        only_own(asked, user)
        view = await accounts.get(f"{dealer}/{user}")
        if view is None:
            raise NotFoundError("Für diesen Benutzer gibt es noch kein Bonuskonto.")
        return at_instant(view, at or asked.context.at)

    @router.get("")
    async def list_accounts(
        dealer: Id,
        asked: Annotated[Asked, see_all],
        customer: Id | None = None,
        after: Cursor | None = None,
        limit: Limit = 100,
    ) -> PageOf[AccountView]:
        where = {"dealer": dealer} | ({"customer": customer} if customer else {})
        return await accounts.page(where, after=after, limit=limit)

    return router
