"""HTTP about people's data: what is stored, its erasure, and opening for other services."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

from cachetools import TTLCache
from fastapi import APIRouter, Depends, status
from fastapi.responses import StreamingResponse
from pydantic import Field, StringConstraints

from zugabe_events.domain.errors import RefusedError, ThrottledError
from zugabe_events.domain.event_store import EventStore
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.remote_opening import MAX_TEXTS
from zugabe_events.encryption.sealed_text import SEALED, WithheldReason, person_of
from zugabe_events.http.authorization import SERVICES, Access
from zugabe_events.http.fields import Body, Id, LongText, Text
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.reserved_text import TAKES_SEALED
from zugabe_events.privacy.erasure import ErasePerson
from zugabe_events.privacy.subject_export import Export

RIGHTS: Mapping[str, frozenset[str]] = {
    "open-people": frozenset(f"service:{name}" for name in SERVICES),
    "seal-people": frozenset(f"service:{name}" for name in SERVICES),
    "see-people": frozenset({"dealer-staff"}),
    # Users export their own data. Everything else takes a single right.
    "export-people": frozenset({"user"}),
    "see-restricted-people": frozenset(),
    "erase-people": frozenset(),
}

type SealedField = Literal["name", "email", "salutation"]
"""The first facts that another service may learn of a person."""

MAX_RUNNING = 10_000

SealedString = Annotated[str, StringConstraints(max_length=4_000, pattern=f"^{SEALED.pattern}$")]


class Texts(Body):
    texts: Annotated[list[SealedString], Field(max_length=MAX_TEXTS)]


class PlainTexts(Body):
    """By the name of their fields."""

    texts: Annotated[dict[SealedField, LongText], Field(min_length=1)]


class Because(Body):
    """Reason for an export or erasure of a person's data, kept on record (X-13)."""

    reason: Text


@dataclass(frozen=True, slots=True)
class OpenedText:
    """`closed` if `text` is the reason why it is not shown."""

    text: str
    closed: bool


@dataclass(frozen=True, slots=True)
class OpenedTexts:
    """Texts in the order of the request."""

    texts: list[OpenedText]


@dataclass(frozen=True, slots=True)
class SealedTexts:
    """By the name of their fields; an empty one stays empty."""

    texts: dict[str, str]


class PersonErasedError(RefusedError):
    """Nothing about the person is stored again."""

    code = "person-erased"

    def __init__(self) -> None:
        super().__init__("Die Daten dieser Person wurden gelöscht und werden nicht neu angelegt.")


@dataclass(frozen=True, slots=True)
class RequestedErasure:
    """`known` is False if nothing is stored that belongs to a person of this id: perhaps the id is
    wrong (D12)."""

    known: bool


@dataclass(frozen=True, slots=True)
class PersonView:
    """`keep_until` is the end of the last retention period of records that name the person."""

    dealer: str
    user: str
    status: Literal["unknown", "known", "restricted", "erased"]
    keep_until: datetime | None


class RunningExports:
    """The people whose data are being exported by this process, each once at a time (S9).

    One whose client was gone before it began is forgotten after `ttl_seconds`.
    """

    def __init__(self, ttl_seconds: float = 600) -> None:
        self._running: TTLCache[tuple[str, str], bool] = TTLCache(MAX_RUNNING, ttl_seconds)

    @asynccontextmanager
    async def only_one(self, tenant: str, user: str) -> AsyncGenerator[None]:
        """Raises ThrottledError."""
        if (tenant, user) in self._running:
            raise ThrottledError(
                "Eine Auskunft über diese Person wird gerade erstellt. Bitte gleich noch einmal.",
                retry_after=10,
            )
        self._running[tenant, user] = True
        try:
            yield
        finally:
            self._running.pop((tenant, user), None)


def export_api(export: Callable[[], Awaitable[Export]], access: Access) -> APIRouter:
    """Routes of every service."""
    running = RunningExports()
    router = APIRouter(prefix="/dealers/{dealer}/people/{user}", tags=["people"])

    @router.post("/export")
    async def export_person(
        dealer: Id,
        user: Id,
        body: Because,
        request: Annotated[RequestContext, Depends(access.requires("export-people"))],
    ) -> StreamingResponse:
        """Export everything stored about a person, after the request was put on record."""
        request.only(user)
        own = request.principal.is_user
        return await exported(await export(), running, dealer, user, body, request, own=own)

    return router


async def exported(
    export: Export,
    running: RunningExports,
    tenant: str,
    user: str,
    body: Because,
    request: RequestContext,
    *,
    own: bool,
) -> StreamingResponse:
    """Stream an export; `own` if the person asks for it: they need no fresh sign-in, since the law
    gives them the answer whatever their shop's sign-in says.

    Raises ThrottledError and SignInOutdatedError."""
    if not own:
        request.check_sign_in()
    restricted = own or "see-restricted-people" in request.principal.rights
    context = replace(request.context, reason=body.reason)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running.only_one(tenant, user))
        await export.disclose(user, context, even_restricted=restricted)
        until_sent = stack.pop_all()

    async def parts() -> AsyncGenerator[bytes]:
        async with until_sent:
            async for part in export.of(tenant, user, even_restricted=restricted):
                yield part

    return StreamingResponse(
        parts(),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="auskunft.json"'},
    )


def opening_api(people: People, access: Access) -> APIRouter:
    """Routes of a service that owns people's keys."""
    router = APIRouter(tags=["people"])

    @router.post("/people/opened", dependencies=[Depends(TAKES_SEALED)])
    async def open_texts(
        body: Texts, _: Annotated[RequestContext, Depends(access.requires("open-people"))]
    ) -> OpenedTexts:
        """Open texts that this service sealed: plain texts, or reasons why they are not shown."""
        opened = await people.open_own(body.texts)
        return OpenedTexts(
            [
                OpenedText(opened[text], isinstance(opened[text], WithheldReason))
                for text in body.texts
            ]
        )

    return router


def people_api(store: EventStore, people: People, erase: ErasePerson, access: Access) -> APIRouter:
    """Routes of a service that owns the keys of dealers' people."""
    router = opening_api(people, access)

    @router.get("/dealers/{dealer}/people/{user}")
    async def get_person(
        dealer: Id, user: Id, _: Annotated[RequestContext, Depends(access.requires("see-people"))]
    ) -> PersonView:
        return await person_view(people, dealer, user)

    @router.post("/dealers/{dealer}/people/{user}/sealed")
    async def seal_texts(
        dealer: Id,
        user: Id,
        body: PlainTexts,
        request: Annotated[RequestContext, Depends(access.requires("seal-people"))],
    ) -> SealedTexts:
        """Seal texts about a person, which another service learns first. No law keeps them."""
        person = person_of(dealer, user)
        sealed = await people.seal(person, None, request.context.at, **body.texts)
        if sealed is None:
            raise PersonErasedError
        return SealedTexts(dict(sealed))

    @router.post("/dealers/{dealer}/people/{user}/erasure", status_code=status.HTTP_202_ACCEPTED)
    async def erase_person(
        dealer: Id,
        user: Id,
        body: Because,
        request: Annotated[RequestContext, Depends(access.requires("erase-people"))],
    ) -> RequestedErasure:
        """Erase a person's data, or restrict it while it must be kept."""
        return await request_erasure(store, people, erase, dealer, user, body, request)

    return router


async def request_erasure(
    store: EventStore,
    people: People,
    erase: ErasePerson,
    tenant: str,
    user: str,
    body: Because,
    request: RequestContext,
) -> RequestedErasure:
    """Also of somebody who is not known yet, so that nothing is stored about them later."""
    request.check_sign_in()
    known = await people.stored(person_of(tenant, user)) is not None
    until = await people.keep_until(person_of(tenant, user))
    handled = await erase(
        store,
        tenant,
        user,
        until,
        replace(request.context, reason=body.reason),
        attempt=request.attempt("erase-person", user),
        body=request.body,
    )
    request.add_token(handled)
    return RequestedErasure(known)


async def person_view(people: People, dealer: str, user: str) -> PersonView:
    person = person_of(dealer, user)
    match await people.stored(person):
        case None:
            return PersonView(dealer, user, "unknown", None)
        case stored if stored.wrapped is None:
            return PersonView(dealer, user, "erased", None)
        case stored:
            until = await people.keep_until(person)
            return PersonView(dealer, user, "restricted" if stored.restricted else "known", until)
