"""Routes that activate, deactivate and close a dealer's programme (BO-11, BO-12).

Activation needs the module "Vermarktung" (CS-1); a programme can be ended without it.
"""

from typing import Annotated

from fastapi import APIRouter, Depends

from bonus.account.view import AccountView
from bonus.programme.decider import Activate, programme_history
from bonus.programme.end import MAX_COUNTED, Close, Deactivate
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.marketing_module import ModuleView, check_module
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext


def switch_api(
    store: EventStore, accounts: Views[AccountView], dealers: Views[ModuleView], access: Access
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/programme", tags=["programme"])
    editor = access.requires("edit-bonus-settings")
    edit = Depends(reads(editor, dealers))
    end = Depends(reads(editor, accounts))

    @router.post("/activation", status_code=204)
    async def activate(dealer: Id, request: Annotated[RequestContext, edit]) -> None:
        """Also of a programme in its run-off, which then goes on as before."""
        await check_module(dealers, dealer)
        command = Activate(dealer, request.context.at)
        await request.handle(store, programme_history(dealer), command)

    @router.post("/deactivation", status_code=204)
    async def deactivate(dealer: Id, request: Annotated[RequestContext, end]) -> None:
        """Orders earn nothing from now on; points can be redeemed until the end of next year."""
        command = Deactivate(dealer, request.context.at)
        await request.handle(store, programme_history(dealer), command)

    @router.post("/closing", status_code=204)
    async def close(dealer: Id, request: Annotated[RequestContext, end]) -> None:
        """Switch a deactivated programme off permanently, before the end of its run-off.

        Refused while somebody has points.
        """
        await accounts.up_to_date()
        holders = await accounts.pick(
            {"dealer": dealer, "has_points": True}, ("user",), limit=MAX_COUNTED + 1
        )
        command = Close(dealer, len(holders), request.context.at)
        await request.handle(store, programme_history(dealer), command)

    return router
