"""An authorised request, and the commands and queries made for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import UUID

import msgspec
from fastapi import Response

from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import ForbiddenError, InvalidError
from zugabe_events.domain.event import Context, Event, derived_id
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.views import Follower
from zugabe_events.eventstore import command_handler
from zugabe_events.eventstore.command_handler import CommandResult
from zugabe_events.http.principal import Principal


def accepted() -> None:
    """No sign-in is too old where nothing is asked of it."""


TOKEN_HEADER = "Zugabe-Token"
MAX_TOKENS = 20


@dataclass(frozen=True, slots=True)
class RequestContext:
    """An authorised request: the principal, the context of its events, and what identifies repeats.

    `body` is a hash of method, path, query and body; `key` is the Idempotency-Key, `fresh` the id
    of a request that cannot be repeated. `client` is the address of the person's own device, and
    `person` their id, also behind one of our services; both if they are known.
    """

    principal: Principal
    context: Context
    key: str | None
    body: str
    fresh: UUID
    client: str | None = None
    person: str | None = None
    token_headers: Sequence[str] = ()
    response: Response = field(default_factory=Response)
    check_sign_in: Callable[[], None] = accepted
    """For powerful steps: raises SignInOutdatedError, unless the person signed in lately (S23)."""
    written: dict[int, Token] = field(default_factory=dict)
    """The latest token of this request by part of the log."""

    def only(self, user: str) -> None:
        """Raise ForbiddenError for a user who is not `user`; other roles pass."""
        if self.principal.is_user and self.principal.subject != user:
            raise ForbiddenError("Das gehört einem anderen Benutzer.")

    def only_for(self, customer: str, user: str) -> None:
        """Raise ForbiddenError for a user who is not `user` of the customer; other roles pass."""
        self.only(user)
        if self.principal.is_user and self.principal.customer != customer:
            raise ForbiddenError("Das gehört einem anderen Kunden.")

    def themselves(self, user: str) -> None:
        """Raise ForbiddenError for everybody but `user`, also for staff who have the right."""
        if not self.principal.is_user or self.principal.subject != user:
            raise ForbiddenError("Das kann nur der Benutzer selbst.")

    def attempt(self, *natural: str) -> UUID:
        """The id of the commits of this request, the same for its repeats (X-12).

        `natural` names a command on an id that the client chose: without an Idempotency-Key, an
        equal request of the same principal is its repeat.
        """
        scope = (self.context.tenant, self.context.actor)
        if self.key is not None:
            return derived_id("key", *scope, self.key)
        if natural:
            return derived_id("natural", *scope, *natural, self.body)
        return self.fresh

    async def handle[Command, State, E: Event](
        self,
        store: EventStore,
        history: History[State, E],
        command: Command,
        *,
        attempt: UUID | None = None,
        new: bool = False,
    ) -> CommandResult:
        """`command_handler.handle` for this request; its token goes into the response.

        `attempt` is `self.attempt()` by default.
        """
        return self.add_token(
            await command_handler.handle(
                store,
                history,
                command,
                self.context,
                attempt=attempt or self.attempt(),
                body=self.body,
                new=new,
            )
        )

    async def handle_together(
        self,
        store: EventStore,
        histories: Sequence[History[Any, Any]],
        decide: Callable[[Sequence[Any]], Sequence[Sequence[Event]]],
        *,
        attempt: UUID | None = None,
        new: bool = False,
    ) -> CommandResult:
        """`command_handler.handle_together` for this request; its token goes into the response.

        `attempt` is `self.attempt()` by default.
        """
        return self.add_token(
            await command_handler.handle_together(
                store,
                histories,
                decide,
                self.context,
                attempt=attempt or self.attempt(),
                body=self.body,
                new=new,
            )
        )

    async def handle_reading(
        self,
        store: EventStore,
        histories: Sequence[History[Any, Any]],
        decide: Callable[..., Sequence[Event]],
    ) -> CommandResult:
        """`handle_together` for a decision about the first history that depends on the others.

        `decide` takes the states one by one, and returns the events of the first.
        """
        return await self.handle_together(
            store, histories, lambda states: [decide(*states), *([] for _ in states[1:])]
        )

    def answer(self, body: object, status: int = HTTPStatus.OK) -> Response:
        """An answer for a busy route, encoded at once: its type is right, so no model checks it.

        The route names its `response_model` for the description. Headers are those set so far, and
        so is the status, if one is.
        """
        return Response(
            msgspec.json.encode(body),
            self.response.status_code or status,
            headers=dict(self.response.headers),
            media_type="application/json",
        )

    async def catch_up(self, *followers: Follower) -> None:
        """Wait until all include the events of all tokens that the request carries."""
        if tokens := tokens_of(self.token_headers):
            for follower in followers:
                await follower.caught_up(tokens)

    def add_token(self, handled: CommandResult) -> CommandResult:
        """Add the token of `handled` to the response: a query that brings it includes these events.

        Several commands of one request have one token for each part of the log.
        """
        if (token := handled.token) is not None:
            self.written[token.part] = max(self.written.get(token.part, token), token)
            self.response.headers[TOKEN_HEADER] = ",".join(map(str, self.written.values()))
        return handled


def tokens_of(headers: Sequence[str]) -> list[Token]:
    """Tokens of earlier answers, separated by commas."""
    texts = [text for header in headers for text in header.split(",") if text]
    if len(texts) > MAX_TOKENS:
        raise InvalidError(f"Höchstens {MAX_TOKENS} Token sind möglich.", code="token-invalid")
    return [Token.parse(text) for text in texts]
