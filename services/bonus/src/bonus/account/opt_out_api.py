"""Routes by which a user leaves the programme, and joins it again (BO-43 to BO-47)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends

from bonus.account.decider import account_history
from bonus.account.opt_out import AskToLeave, Leave, Rejoin
from bonus.account.state import Account, available
from bonus.programme.points import points_text
from bonus.text.api import Acceptance, customer_of
from bonus.text.rules import rules_for
from zugabe_events.contracts.bonus import AcceptedText, OptOutAsked
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.event import derived_id
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.views import Follower
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Id, Text
from zugabe_events.http.request_context import RequestContext


class Confirmed(Body):
    """The security question's result: valid once, and only for the points that it named."""

    confirmation: Text


@dataclass(frozen=True, slots=True)
class OptOutQuestion:
    """`points` will be lost, of which `active_points` could be redeemed; `text` is German."""

    text: str
    points: int
    active_points: int
    pending_points: int
    held_points: int
    confirmation: str
    expires_at: datetime


def opt_out_api(store: EventStore, policies: Follower, access: Access) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/users/{user}/participation", tags=["opt-out"])
    leaves = Depends(reads(access.requires("leave-programme"), policies))

    @router.post("/question")
    async def ask(
        dealer: Id, user: Id, request: Annotated[RequestContext, leaves]
    ) -> OptOutQuestion:
        """The security question. Nothing is lost before it is confirmed."""
        request.themselves(user)
        attempt = request.attempt()
        confirmation = derived_id("opt-out", str(attempt)).hex
        history = account_history(dealer, user)
        command = AskToLeave(
            dealer, customer_of(request), user, hashed(confirmation), request.context.at
        )
        handled = await request.handle(store, history, command, attempt=attempt)
        account = await state_of(store, history)
        asked = handled.of(OptOutAsked) or account.asked
        assert asked is not None  # a repeat finds what it asked
        return question(account, asked, confirmation, request.context.at)

    @router.post("/end", status_code=204)
    async def leave(
        dealer: Id, user: Id, body: Confirmed, request: Annotated[RequestContext, leaves]
    ) -> None:
        """Leave the programme. All points are deleted."""
        request.themselves(user)
        command = Leave(
            dealer, customer_of(request), user, hashed(body.confirmation), request.context.at
        )
        await request.handle(store, account_history(dealer, user), command)

    @router.put("", status_code=204)
    async def rejoin(
        dealer: Id, user: Id, body: Acceptance, request: Annotated[RequestContext, leaves]
    ) -> None:
        """Join again, at any time and from zero, by accepting the texts as they were shown."""
        request.themselves(user)
        customer = customer_of(request)
        texts = tuple(AcceptedText(one.kind, one.version) for one in body.texts)
        rules = await rules_for(store, dealer, customer)
        command = Rejoin(dealer, customer, user, texts, rules, request.context.at)
        await request.handle(store, account_history(dealer, user), command)

    return router


def hashed(confirmation: str) -> str:
    return hashlib.sha256(confirmation.encode()).hexdigest()


def question(
    account: Account, asked: OptOutAsked, confirmation: str, at: datetime
) -> OptOutQuestion:
    active = min(asked.points, available(account, day_of(at)))
    held = sum(hold.points for hold in account.holds.values())
    return OptOutQuestion(
        text=" ".join(sentences(asked.points, active, held, shares=shares_points(account))),
        points=asked.points,
        active_points=active,
        pending_points=asked.points - active,
        held_points=held,
        confirmation=confirmation,
        expires_at=asked.expires_at,
    )


def shares_points(account: Account) -> bool:
    """Points of the user are in the account that their company's users share (BO-33)."""
    return any(booked.away for booked in account.orders.values())


def sentences(points: int, active: int, held: int, *, shares: bool = False) -> Sequence[str]:
    said = ["Möchten Sie sich wirklich vom Bonusprogramm abmelden?"]
    if points:
        be = "wird" if points == 1 else "werden"
        said.append(f"Dabei {be} {points_text(points)} gelöscht{parts(points, active)}.")
    else:
        said.append("Sie haben zurzeit keine Punkte, die dabei gelöscht würden.")
    if held:
        said.append(
            f"{points_text(held)} {'ist' if held == 1 else 'sind'} für eine laufende Bestellung"
            f" reserviert und {'geht' if held == 1 else 'gehen'} verloren, wenn Sie diese nicht"
            " abschließen oder wenn sie storniert wird."
        )
    if shares:
        said.append("Die gemeinsamen Punkte Ihres Unternehmens bleiben diesem erhalten.")
    said.append("Punkte aus früheren Bestellungen erhalten Sie dann auch später nicht mehr.")
    said.append("Sie können sich jederzeit wieder anmelden und beginnen dann mit 0 Punkten.")
    return said


def parts(points: int, active: int) -> str:
    """The division of the points into own and shared ones, where there are both."""
    if not active or active == points:
        return ""
    return f", davon {points_text(active)} einlösbar"
