"""For services that own people's keys: a stream per person decides what becomes of his data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Context, Event, Stream
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.eventstore.command_handler import Handled, handle
from zugabe_events.http.principal import Tenant
from zugabe_events.privacy.erasure import Erased, Fate, Keeping, Restricted


@dataclass(frozen=True, slots=True)
class Retire:
    """`keep_until`: when the last retention period ends; None: nothing has to be kept."""

    tenant: str
    person: str
    keep_until: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Retirement:
    """Restricted while the law keeps it, erased, once (X-15, X-19).

    `kind` is literal and never changes: it begins the streams' ids. The events of the service have
    tenant and person, and `restricted` an instant after them.
    """

    kind: str
    restricted: type[Any]
    erased: type[Any]

    def decide(self, command: Retire, state: Fate | None) -> Sequence[Event]:
        until = command.keep_until
        if isinstance(state, Erased):
            return []
        if until is None or until <= command.at:
            return [self.erased(command.tenant, command.person)]
        if isinstance(state, Restricted) and state.until == until:
            return []
        return [self.restricted(command.tenant, command.person, until)]

    def fate(self, event: Event) -> Fate | None:
        """What an event says; None: nothing about a person's data."""
        values = [getattr(event, name) for name in event.__struct_fields__]
        if isinstance(event, self.restricted):
            return Restricted(*values)
        if isinstance(event, self.erased):
            return Erased(*values)
        return None

    @property
    def decider(self) -> Decider[Retire, Fate | None, Any]:
        return Decider(self.kind, None, self.decide, lambda _, event: self.fate(event))

    def history(self, tenant: str, person: str) -> History[Fate | None, Any]:
        key = f"{tenant}/{person}"
        return History(Stream(f"{self.kind}/{key}", key), self.decider)

    async def retire(
        self,
        store: EventStore,
        dealer: str,
        user: str,
        keep_until: datetime | None,
        context: Context,
        *,
        attempt: UUID,
        body: str = "",
    ) -> Handled:
        command = Retire(dealer, user, keep_until, context.at)
        history = self.history(dealer, user)
        return await handle(store, history, command, context, attempt=attempt, body=body)

    def keeping(self, service: str, tenant: Tenant) -> Keeping:
        """Of the service that decides it."""

        def fate(heard: ReceivedEvent) -> Fate | None:
            return self.fate(heard.event)

        events = (self.restricted, self.erased)
        return Keeping(f"{service}.people", (service,), events, fate, self.retire, tenant)
