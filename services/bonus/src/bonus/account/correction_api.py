"""Routes by which a dealer's staff correct an account by hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from bonus.account.correction import ConsentToCorrection, Correct, RejectCorrection
from bonus.account.decider import ACCOUNT_DECIDER, account_history, pool_account_history
from bonus.account.expiry import last_day
from bonus.account.state import Account, AccountEvent
from bonus.account.view import AccountView
from bonus.pool.decider import Pool, pool_history
from bonus.programme.decider import programme_history
from zugabe_events.contracts.bonus import CorrectionProposed
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Id, Text
from zugabe_events.http.request_context import RequestContext


def not_zero(points: int) -> int:
    if points == 0:
        raise PydanticCustomError("zero", "Eine Korrektur um 0 Punkte gibt es nicht.")
    return points


Points = Annotated[int, Field(strict=True, ge=-(10**9), le=10**9), AfterValidator(not_zero)]


class Correction(Body):
    """`points` above 0 are credited, those below 0 debited."""

    customer: Id
    points: Points
    reason: Text


@dataclass(frozen=True, slots=True)
class CorrectionAnswer:
    """Booked, or proposed until a second person consents."""

    booked: bool


def correction_api(store: EventStore, accounts: Views[AccountView], access: Access) -> APIRouter:
    path = "/dealers/{dealer}/accounts/{user}/corrections/{correction_id}"
    router = APIRouter(prefix=path, tags=["correction"])
    corrects = Depends(reads(access.requires("correct-points"), accounts))

    async def expires(dealer: str, at: datetime) -> date | None:
        """The last day of points that are credited now, by the terms in force."""
        terms = (await state_of(store, programme_history(dealer))).at(at).terms
        return last_day(day_of(at), terms.expires_after_months) if terms else None

    @router.put("")
    async def correct(
        dealer: Id,
        user: Id,
        correction_id: Id,
        body: Correction,
        request: Annotated[RequestContext, corrects],
    ) -> CorrectionAnswer:
        """Credit or debit points. Many need the consent of a second person."""
        at = request.context.at
        command = Correct(
            correction_id,
            dealer,
            body.customer,
            user,
            body.points,
            body.reason,
            request.context.actor,
            at,
            await expires(dealer, at),
        )
        history = account_history(dealer, user)
        attempt = request.attempt("correction", user, correction_id)
        reads = (pool_history(dealer, body.customer), pool_account_history(dealer, body.customer))
        handled = await request.handle_together(
            store, [history, *reads], with_shared(command, body.customer), attempt=attempt
        )
        if handled.of(CorrectionProposed):
            return CorrectionAnswer(booked=False)
        return CorrectionAnswer(correction_id not in (await state_of(store, history)).proposed)

    @router.post("/consent", status_code=204)
    async def consent(
        dealer: Id, user: Id, correction_id: Id, request: Annotated[RequestContext, corrects]
    ) -> None:
        """The second person agrees, and the correction is booked."""
        at = request.context.at
        command = ConsentToCorrection(
            correction_id, request.context.actor, at, await expires(dealer, at)
        )
        history = account_history(dealer, user)
        proposed = (await state_of(store, history)).proposed.get(correction_id)
        if proposed is None:
            await request.handle(store, history, command)
            return
        of_customer = (
            pool_history(dealer, proposed.customer),
            pool_account_history(dealer, proposed.customer),
        )
        await request.handle_together(
            store, [history, *of_customer], with_shared(command, proposed.customer)
        )

    @router.delete("", status_code=204)
    async def reject(
        dealer: Id, user: Id, correction_id: Id, request: Annotated[RequestContext, corrects]
    ) -> None:
        """A proposed correction is withdrawn or rejected."""
        command = RejectCorrection(correction_id, request.context.actor, request.context.at)
        await request.handle(store, account_history(dealer, user), command)

    return router


def with_shared(
    command: Correct | ConsentToCorrection, customer: str
) -> Callable[[Sequence[Any]], Sequence[Sequence[AccountEvent]]]:
    """The decision over the user's account, whether points are shared, and those that are.

    `customer` is whose users share them: points of a user of another one are not among them.
    """

    def decide(states: Sequence[Any]) -> Sequence[Sequence[AccountEvent]]:
        account: Account = states[0]
        pool: Pool = states[1]
        is_theirs = pool.is_pooled and account.customer in ("", customer)
        shared: Account | None = states[2] if is_theirs else None
        return [ACCOUNT_DECIDER.decide(replace(command, shared=shared), account), (), ()]

    return decide
