"""Routes for central operators: list, show, redrive and skip dead letters."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from zugabe_events.consumer.dead_letter_admin import DeadLetter, DeadLetterAdmin, DeadLetterDetails
from zugabe_events.consumer.dead_letters import Operator
from zugabe_events.domain.views import Page
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Body, Cursor, Id, Limit, Text
from zugabe_events.http.request_context import RequestContext

RIGHTS = {"handle-dead-letters": frozenset({"central"})}


class Reason(Body):
    """Reason of an operator, kept in the audit trail."""

    reason: Text


class RedriveAll(Reason):
    """Without `consumer`: the dead letters of all consumers."""

    consumer: Id | None = None


class RedriveResult(BaseModel):
    """The number of keys whose letters will be handled again."""

    keys: int


def dead_letters_api(admin: DeadLetterAdmin, access_of: Callable[[Any], Access]) -> APIRouter:
    router = APIRouter(prefix="/dead-letters", tags=["dead letters"])
    access = access_of(RIGHTS)
    operator = access.requires("handle-dead-letters")

    @router.get("")
    async def get_dead_letters(
        _: Annotated[RequestContext, Depends(operator)],
        consumer: Id | None = None,
        dealer: Id | None = None,
        after: Cursor | None = None,
        limit: Limit = 100,
    ) -> Page[DeadLetter]:
        """Dead letters, oldest first."""
        return await admin.page(consumer=consumer, dealer=dealer, after=after, limit=limit)

    @router.post("/redrive", status_code=202)
    async def redrive_all(
        body: RedriveAll, request: Annotated[RequestContext, Depends(operator)]
    ) -> RedriveResult:
        """Have the running service handle all letters again, those of each key in order."""
        who = operator_of(request, body.reason)
        return RedriveResult(keys=await admin.redrive_all(who, body.consumer))

    @router.get("/{letter}")
    async def get_dead_letter(
        letter: UUID, _: Annotated[RequestContext, Depends(operator)]
    ) -> DeadLetterDetails:
        """A dead letter with its error, its steps so far, and the event without personal data."""
        return await admin.show(letter)

    @router.post("/{letter}/redrive", status_code=202)
    async def redrive(
        letter: UUID, body: Reason, request: Annotated[RequestContext, Depends(operator)]
    ) -> RedriveResult:
        """Have the running service handle the letters of this one's key again, in order, until one
        fails or none is left."""
        return RedriveResult(keys=await admin.redrive(letter, operator_of(request, body.reason)))

    @router.post("/{letter}/skip", status_code=204)
    async def skip(
        letter: UUID, body: Reason, request: Annotated[RequestContext, Depends(operator)]
    ) -> None:
        """Drop the letter without handling it; the log keeps the event."""
        request.check_sign_in()
        await admin.skip(letter, operator_of(request, body.reason))

    return router


def operator_of(request: RequestContext, reason: str) -> Operator:
    """The operator of a step; without an Idempotency-Key each request is a new step."""
    context = request.context
    step = request.attempt()
    return Operator(context.actor, context.role, reason, context.at, step, request.body)
