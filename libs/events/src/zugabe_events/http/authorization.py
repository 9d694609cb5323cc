"""Authorization (X-16): the one place that authenticates and checks right and tenant."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Annotated
from uuid import UUID, uuid4

import msgspec
from fastapi import Depends, Request, Response

from zugabe_events.domain.errors import ForbiddenError, InvalidError, UnauthenticatedError
from zugabe_events.domain.event import Context, KeyClaim, derived_id
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Follower
from zugabe_events.http.fields import ID_PATTERN
from zugabe_events.http.fresh_sign_in import FreshSignIn
from zugabe_events.http.networks import plain_address
from zugabe_events.http.principal import ANONYMOUS, Principal, Verify, anonymous
from zugabe_events.http.principal import EVERYWHERE as EVERYWHERE
from zugabe_events.http.request_context import TOKEN_HEADER, RequestContext
from zugabe_events.observability import tracing
from zugabe_events.observability.context import (
    CLIENT_HEADER,
    CORRELATION_HEADER,
    PERSON_HEADER,
    Reader,
    current_client,
    current_person,
    current_reader,
)
from zugabe_events.schemas.publishers import publishers

PUBLIC = ("/livez", "/readyz", "/metrics", "/asyncapi.json", "/schemas/", "/schemas/{file}")
"""Routes without authorization: about the process only, or documents without data."""

SERVICES = frozenset(publishers())
"""Subjects of services' own tokens; each has only rights that are granted to it by name."""

PAGES = ("/", "/docs", "/docs/{file}", "/openapi.json")
"""Routes about the API, without authorization either."""

CALLER = "zugabe.caller"
"""Name in the scope of the principal, whether they may ask the route or not."""

AUTHORIZED = "zugabe.authorized"
"""Name in the scope of the requirement that was met, with the principal."""

CORRELATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,200}")
QUOTED_KEY = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
"""A string of structured fields (RFC 9651)."""


@dataclass(frozen=True, slots=True)
class Access:
    """`rights` has the roles by right; principals may have single rights besides."""

    verify: Verify
    rights: Mapping[str, frozenset[str]]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    new_id: Callable[[], UUID] = uuid4
    fresh: FreshSignIn | None = None
    """Demands of powerful steps on the sign-in, if any."""

    def check_sign_in(self, principal: Principal) -> None:
        """Raises SignInOutdatedError."""
        if self.fresh is not None:
            self.fresh.check(principal, self.now())

    def requires(self, *rights: str, streams: bool = False) -> "Requires":
        """A dependency for `Depends`: the request of a principal who has one of the rights here.

        `streams`: the route reads the body itself, which is no part of the request's hash.
        """
        roles = frozenset[str]().union(*(self.rights[right] for right in rights))
        return Requires(self, frozenset(rights), roles, streams)


@dataclass(frozen=True, slots=True, eq=False)
class Requires:
    """Rights as a dependency of a route, one of which is enough.

    One that `ANONYMOUS` has needs no token.
    """

    access: Access
    rights: frozenset[str]
    roles: frozenset[str]
    streams: bool = False

    @property
    def right(self) -> str:
        return " or ".join(sorted(self.rights))

    @property
    def is_open(self) -> bool:
        return ANONYMOUS in self.roles

    async def authorize(self, request: Request) -> Principal:
        """The principal, if they may ask the route here; checked once for each request.

        Reads no body. Raises UnauthenticatedError and ForbiddenError.
        """
        checked: tuple[Requires, Principal] | None = request.scope.get(AUTHORIZED)
        if checked is not None and checked[0] is self:
            return checked[1]
        path = request.path_params
        if self.is_open and "Authorization" not in request.headers:
            principal = anonymous(path)
        else:
            principal = await self.access.verify(bearer_of(request))
        request.scope[CALLER] = principal
        if principal.is_bound and not principal.belongs_to(path):
            raise ForbiddenError("Das gehört jemand anderem.")
        if name_in_rights(principal) not in self.roles and not self.rights & principal.rights:
            raise ForbiddenError("Dafür fehlt Ihnen das nötige Recht.", right=self.right)
        request.scope[AUTHORIZED] = (self, principal)
        return principal

    async def __call__(self, request: Request, response: Response) -> RequestContext:
        path = request.path_params
        principal = await self.authorize(request)
        client = client_of(request, principal)
        current_client.set(client)
        person = person_of(request, principal)
        current_person.set(person)
        route = f"{request.method} {getattr(request.scope.get('route'), 'path', '')}"
        current_reader.set(Reader(person or principal.subject, principal.role, route))
        key = idempotency_key_of(request)
        body = hash_of(request, b"" if self.streams else await request.body())
        correlation = request.scope.get("zugabe.correlation")
        context = Context(
            actor=principal.subject,
            role=principal.role,
            tenant=path.get("dealer") or path.get("partner") or CENTRAL,
            at=self.access.now(),
            correlation=correlation or valid_correlation(request) or str(self.access.new_id()),
            traceparent=tracing.current_traceparent(),
            claim=claim_of(principal, key, body),
        )
        return RequestContext(
            principal=principal,
            context=context,
            key=key,
            body=body,
            fresh=self.access.new_id(),
            client=client,
            person=person,
            token_headers=request.headers.getlist(TOKEN_HEADER),
            response=response,
            check_sign_in=partial(self.access.check_sign_in, principal),
        )


def reads(requires: Requires, *followers: Follower) -> Callable[..., Awaitable[RequestContext]]:
    """`requires` for a route whose read models or policies must have caught up.

    They include the events of the request's tokens before the route begins.
    """

    async def caught_up(request: Annotated[RequestContext, Depends(requires)]) -> RequestContext:
        await request.catch_up(*followers)
        return request

    return caught_up


def name_in_rights(principal: Principal) -> str:
    """Name in tables of rights: `service:checkout` for one of `SERVICES`, else the role."""
    is_known = principal.role == "service" and principal.subject in SERVICES
    return f"service:{principal.subject}" if is_known else principal.role


def client_of(request: Request, principal: Principal) -> str | None:
    """Address of the person's device. A service may pass it on; its own address, like that of a
    process on this machine, is not one."""
    connected = request.client.host if request.client else ""
    passed_on = request.headers.get(CLIENT_HEADER, "")
    address = plain_address(passed_on if principal.role == "service" else connected)
    return None if address is None or address.is_loopback else str(address)


def person_of(request: Request, principal: Principal) -> str | None:
    """The person who asks, also if one of our services passes the request on."""
    if principal.role == ANONYMOUS:
        return None
    if principal.role != "service":
        return principal.subject
    passed_on = request.headers.get(PERSON_HEADER, "")
    is_known = principal.subject in SERVICES and re.fullmatch(ID_PATTERN, passed_on)
    return passed_on if is_known else None


def bearer_of(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.isascii() or not 1 <= len(token) <= 8192:
        raise UnauthenticatedError("Die Anfrage trägt kein Token (Authorization: Bearer …).")
    return token


def idempotency_key_of(request: Request) -> str | None:
    """The key, which the draft standard writes in quotes: `"k1"` and `k1` are the same one."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and (quoted := QUOTED_KEY.fullmatch(key)):
        key = re.sub(r"\\([\"\\])", r"\1", quoted[1])
    if key is None or IDEMPOTENCY_KEY.fullmatch(key):
        return key
    raise InvalidError(
        "Ein Idempotency-Key hat 1 bis 200 sichtbare ASCII-Zeichen.", code="idempotency-key-invalid"
    )


def claim_of(principal: Principal, key: str | None, request: str) -> KeyClaim | None:
    """The claim of a request with a key. Anonymous callers make none: they share one subject."""
    if key is None or principal.role == ANONYMOUS:
        return None
    return KeyClaim(derived_id("claim", principal.role, principal.subject, key), request)


def valid_correlation(request: Request) -> str | None:
    header = request.headers.get(CORRELATION_HEADER, "")
    return header if CORRELATION.fullmatch(header) else None


def hash_of(request: Request, body: bytes) -> str:
    """Hash of method, path, query and body; commands without a body differ by their path."""
    scope = request.scope
    digest = sha256(f"{scope['method']} {scope['path']}?".encode("utf-8", "surrogateescape"))
    digest.update(scope["query_string"])
    digest.update(b"\n")
    digest.update(canonical_body(body))
    return digest.hexdigest()


def canonical_body(body: bytes) -> bytes:
    """JSON without regard to spacing and order of fields (X-12); any other body as it is."""
    try:
        return msgspec.json.encode(msgspec.json.decode(body), order="sorted")
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return body
