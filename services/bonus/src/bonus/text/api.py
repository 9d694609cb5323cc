"""Routes of the programme's texts: publish, read, and accept them (BO-29, BO-41, BO-50, X-23)."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field, StringConstraints

from bonus.account.decider import account_history
from bonus.programme.decider import programme_history
from bonus.programme.versions import Draft
from bonus.quotas import Quotas
from bonus.text.accepting import AcceptTexts
from bonus.text.decider import KINDS, PublishText, texts_history
from bonus.text.rules import rules_for
from bonus.text.template import TITLES, USUAL, filled
from bonus.text.view import TextView, key_of
from zugabe_events.contracts.bonus import AcceptedText, TextKind
from zugabe_events.domain.errors import ForbiddenError, NotFoundError
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.marketing_module import ModuleView, check_module
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Id, Trimmed, at_most
from zugabe_events.http.request_context import RequestContext

MAX_BODY = 100_000

LegalText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=MAX_BODY,
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$",
    ),
    Trimmed,
]


class NewText(Body):
    """`body` may have the placeholders {Händler}, {Punkte}, {Punktwert} and {Tage} (BO-41).

    If `is_material`, users accept it before they collect further points (X-23).
    """

    body: LegalText
    is_material: bool = True


class Shown(Body):
    kind: TextKind
    version: Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


class Acceptance(Body):
    """All texts, in the versions that the user was shown."""

    texts: Annotated[tuple[Shown, ...], Field(max_length=len(KINDS)), at_most(len(KINDS))]


@dataclass(frozen=True, slots=True)
class ProgrammeText:
    """`text` is filled in for the dealer; version 0 is the product's own."""

    kind: TextKind
    version: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class UsersTexts:
    """`must_accept`: the user collects points only once they have accepted the texts."""

    must_accept: bool
    texts: tuple[ProgrammeText, ...]


def text_api(
    store: EventStore,
    texts: Views[TextView],
    dealers: Views[ModuleView],
    access: Access,
    quotas: Quotas,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}", tags=["text"])
    edits = Depends(reads(access.requires("edit-bonus-settings"), dealers))
    sees = Depends(reads(access.requires("see-bonus-page"), texts))
    accepts = Depends(reads(access.requires("accept-texts"), texts))

    async def shown(dealer: str) -> tuple[ProgrammeText, ...]:
        """Raises NotFoundError while there is no programme whose texts they could be."""
        programme = (await state_of(store, programme_history(dealer))).present
        if isinstance(programme, Draft) or programme.terms is None:
            raise NotFoundError("Hier gibt es kein Bonusprogramm.")
        published = await texts.get_many([key_of(dealer, kind) for kind in KINDS])
        view = await dealers.get(dealer)
        name = view.name if view and view.name else "Ihr Händler"
        found = []
        for kind in KINDS:
            text = published.get(key_of(dealer, kind))
            body, version = (text.body, text.version) if text else (USUAL[kind], 0)
            written = filled(body, name, programme.terms)
            found.append(ProgrammeText(kind, version, TITLES[kind], written))
        return tuple(found)

    @router.put("/programme/texts/{kind}", status_code=204)
    async def publish(
        dealer: Id, kind: TextKind, body: NewText, request: Annotated[RequestContext, edits]
    ) -> None:
        """Publish a new version of a text of the programme."""
        await check_module(dealers, dealer)
        await quotas.count("texts", request)
        command = PublishText(dealer, kind, body.body, body.is_material, request.context.at)
        await request.handle(store, texts_history(dealer), command)

    @router.get("/programme/texts")
    async def get_texts(
        dealer: Id, request: Annotated[RequestContext, sees]
    ) -> tuple[ProgrammeText, ...]:
        """For everybody, as they are in force (BO-40)."""
        return await shown(dealer)

    @router.get("/users/{user}/programme-texts")
    async def get_users_texts(
        dealer: Id, user: Id, request: Annotated[RequestContext, accepts]
    ) -> UsersTexts:
        """The texts that the user has accepted, or has to accept to collect points."""
        request.themselves(user)
        at = request.context.at
        rules = await rules_for(store, dealer, customer_of(request))
        account = await state_of(store, account_history(dealer, user))
        takes_part = rules.membership.collects(at) and rules.asks(at) and not account.has_left
        must = takes_part and not rules.has_accepted(at, account.accepted)
        return UsersTexts(must, await shown(dealer))

    @router.post("/users/{user}/acceptances", status_code=204)
    async def accept(
        dealer: Id, user: Id, body: Acceptance, request: Annotated[RequestContext, accepts]
    ) -> None:
        """Accept the texts. Refused when others are in force than the user was shown."""
        request.themselves(user)
        customer = customer_of(request)
        command = AcceptTexts(
            dealer,
            customer,
            user,
            tuple(AcceptedText(one.kind, one.version) for one in body.texts),
            await rules_for(store, dealer, customer),
            request.context.at,
        )
        await request.handle(store, account_history(dealer, user), command)

    return router


def customer_of(request: RequestContext) -> str:
    """A user accepts for themselves: nobody else can."""
    if request.principal.customer is None:
        raise ForbiddenError("Dafür fehlt die Angabe des Kunden.")
    return request.principal.customer
