"""A stream per person that decides on erasure, for services that own people's keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Context, Event, Stream
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.eventstore.command_handler import CommandResult, handle
from zugabe_events.http.principal import Tenant
from zugabe_events.privacy.erasure import Erased, ErasureRules, ErasureStatus, Restricted


@dataclass(frozen=True, slots=True)
class RequestErasure:
    """`keep_until` is the end of the last retention period; None if nothing has to be kept."""

    tenant: str
    person: str
    keep_until: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ErasureStream:
    """Decides whether a person's data is restricted or erased (X-15, X-19).

    `kind` is literal and never changes: it is the prefix of stream ids. Fields of the service's
    events are tenant and person, followed by an instant in `restricted`.
    """

    kind: str
    restricted: type[Any]
    erased: type[Any]

    def decide(self, command: RequestErasure, state: ErasureStatus | None) -> Sequence[Event]:
        until = command.keep_until
        if isinstance(state, Erased):
            return []
        if until is None or until <= command.at:
            return [self.erased(command.tenant, command.person)]
        if isinstance(state, Restricted) and state.until == until:
            return []
        return [self.restricted(command.tenant, command.person, until)]

    def status(self, event: Event) -> ErasureStatus | None:
        """The status that an event gives a person's data; None for other events."""
        values = [getattr(event, name) for name in event.__struct_fields__]
        if isinstance(event, self.restricted):
            return Restricted(*values)
        if isinstance(event, self.erased):
            return Erased(*values)
        return None

    @property
    def decider(self) -> Decider[RequestErasure, ErasureStatus | None, Any]:
        return Decider(self.kind, None, self.decide, lambda _, event: self.status(event))

    def history(self, tenant: str, person: str) -> History[ErasureStatus | None, Any]:
        key = f"{tenant}/{person}"
        return History(Stream(f"{self.kind}/{key}", key), self.decider)

    async def erase(
        self,
        store: EventStore,
        tenant: str,
        user: str,
        keep_until: datetime | None,
        context: Context,
        *,
        attempt: UUID,
        body: str = "",
    ) -> CommandResult:
        command = RequestErasure(tenant, user, keep_until, context.at)
        history = self.history(tenant, user)
        return await handle(store, history, command, context, attempt=attempt, body=body)

    def rules(self, service: str, tenant: Tenant) -> ErasureRules:
        """The erasure rules of the service that owns these streams."""

        def status(received: ReceivedEvent) -> ErasureStatus | None:
            return self.status(received.event)

        events = (self.restricted, self.erased)
        return ErasureRules(f"{service}.people", (service,), events, status, self.erase, tenant)
