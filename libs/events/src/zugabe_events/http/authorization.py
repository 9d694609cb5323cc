"""Who may do what (X-16): the one visible place that authenticates, checks right and tenant."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from ipaddress import ip_address
from typing import Any
from uuid import UUID, uuid4

import msgspec
from fastapi import Request, Response

from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.errors import ForbiddenError, InvalidError, UnauthenticatedError
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.views import Views
from zugabe_events.eventstore.command_handler import Handled
from zugabe_events.http.principal import CENTRAL, Principal, Verify
from zugabe_events.observability import tracing
from zugabe_events.observability.context import CLIENT_HEADER, CORRELATION_HEADER, current_client

EVERYWHERE = frozenset({"central", "service"})
"""Roles that are not bound to one tenant: a dealer, or a partner."""

PUBLIC = ("/livez", "/readyz", "/metrics", "/asyncapi.json", "/schemas/", "/schemas/{file}")
"""For everybody: what is about the process only, and documents that know shapes and no data."""

SERVICES = frozenset({"onboarding", "catalog-shops", "vouchers", "bonus", "checkout"})
"""Clients of the issuer that are our own; each may do only what the others let it by its name."""

TOKEN_HEADER = "Zugabe-Token"
MOST_TOKENS = 20

CORRELATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,200}")


@dataclass(frozen=True, slots=True)
class RequestContext:
    """A request that passed: who asks, on whose behalf, and how it is told from its repeats.

    `body` is a hash of everything that was asked: method, path, query and body.
    """

    caller: Principal
    context: Context
    key: str | None
    body: str
    fresh: UUID
    client: str | None = None
    """The address of the person's own device, as far as it is known."""

    def only(self, user: str) -> None:
        """A user may see and do only what is his own."""
        if self.caller.role == "user" and self.caller.subject != user:
            raise ForbiddenError("Das gehört einem anderen Benutzer.")

    def attempt(self, *natural: str) -> UUID:
        """The id of the commits of this request; the same for its repeats (X-12).

        `natural` names what a command on an id of the client's choice does. Without a key, the
        same words asked again by the same caller are a repeat; other words are decided anew.
        """
        who = (self.context.dealer, self.context.actor)
        if self.key is not None:
            return derived_id("key", *who, self.key)
        if natural:
            return derived_id("natural", *who, *natural, self.body)
        return self.fresh

    def answer(self, response: Response, handled: Handled) -> None:
        """Tell the client what to wait for when he wants to see what he did."""
        if handled.token is not None:
            response.headers[TOKEN_HEADER] = str(handled.token)


@dataclass(frozen=True, slots=True)
class Access:
    """`rights` says which roles have a right; a caller may have single rights besides."""

    verify: Verify
    rights: Mapping[str, frozenset[str]]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    new_id: Callable[[], UUID] = uuid4

    def requires(self, right: str, *views: Views[Any]) -> "Requires":
        """For `Depends`; what the views show includes what the request's tokens stand for."""
        return Requires(self, right, self.rights[right], views)


@dataclass(frozen=True, slots=True, eq=False)
class Requires:
    """A right as a dependency of a route."""

    access: Access
    right: str
    roles: frozenset[str]
    views: Sequence[Views[Any]]

    async def __call__(self, request: Request) -> RequestContext:
        caller = await self.access.verify(bearer_of(request))
        path = request.path_params
        client = client_of(request, caller)
        current_client.set(client)
        if caller.role not in EVERYWHERE and not caller.belongs_to(path):
            raise ForbiddenError("Das gehört jemand anderem.")
        if known_as(caller) not in self.roles and self.right not in caller.rights:
            raise ForbiddenError(f"Dafür fehlt das Recht „{self.right}“.", right=self.right)
        key = idempotency_key_of(request)
        if self.views and (tokens := tokens_of(request)):
            for views in self.views:
                await views.caught_up(tokens)
        correlation = request.scope.get("zugabe.correlation")
        context = Context(
            actor=caller.subject,
            role=caller.role,
            dealer=path.get("dealer") or path.get("partner") or CENTRAL,
            at=self.access.now(),
            correlation=correlation or sane_correlation(request) or str(self.access.new_id()),
            traceparent=tracing.here(),
        )
        return RequestContext(
            caller, context, key, await hash_of(request), self.access.new_id(), client
        )


def known_as(caller: Principal) -> str:
    """What tables of rights call him: `service:checkout` for one of ours, else his role."""
    ours = caller.role == "service" and caller.subject in SERVICES
    return f"service:{caller.subject}" if ours else caller.role


def client_of(request: Request, caller: Principal) -> str | None:
    """A service asks for others, and may say for whom: its own address says nothing. Nor does that
    of a process on this machine."""
    connected = request.client.host if request.client else ""
    said = request.headers.get(CLIENT_HEADER, "") if caller.role == "service" else connected
    try:
        address = ip_address(said)
    except ValueError:
        return None
    plain = getattr(address, "ipv4_mapped", None) or address
    return None if plain.is_loopback else str(plain)


def bearer_of(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.isascii() or not 1 <= len(token) <= 8192:
        raise UnauthenticatedError("Die Anfrage trägt kein Token (Authorization: Bearer …).")
    return token


def idempotency_key_of(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None or IDEMPOTENCY_KEY.fullmatch(key):
        return key
    raise InvalidError(
        "Ein Idempotency-Key hat 1 bis 200 sichtbare ASCII-Zeichen.", code="idempotency-key-invalid"
    )


def tokens_of(request: Request) -> list[Token]:
    """What earlier answers of ours gave the client, separated by commas."""
    texts = [
        text for one in request.headers.getlist(TOKEN_HEADER) for text in one.split(",") if text
    ]
    if len(texts) > MOST_TOKENS:
        raise InvalidError(f"Höchstens {MOST_TOKENS} Token sind möglich.", code="token-invalid")
    return [Token.parse(text) for text in texts]


def sane_correlation(request: Request) -> str | None:
    said = request.headers.get(CORRELATION_HEADER, "")
    return said if CORRELATION.fullmatch(said) else None


async def hash_of(request: Request) -> str:
    """The path counts: one key must not stand for two commands that have no body."""
    scope = request.scope
    said = sha256(f"{scope['method']} {scope['path']}?".encode("utf-8", "surrogateescape"))
    said.update(scope["query_string"])
    said.update(b"\n")
    said.update(meaning_of(await request.body()))
    return said.hexdigest()


def meaning_of(body: bytes) -> bytes:
    """The same JSON in other spacing or another order of fields is the same request (X-12)."""
    try:
        return msgspec.json.encode(msgspec.json.decode(body), order="sorted")
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return body
