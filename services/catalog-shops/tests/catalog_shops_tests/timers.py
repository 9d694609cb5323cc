"""Timers over the log in memory: scheduled by events, fired when they are due, late or twice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from catalog_shops_tests.service import InMemoryService
from zugabe_events.domain.event import Context
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.timer import Cancel, Schedule, TimerRule


class Timers:
    """As in MongoDB, a timer of a key is scheduled once, and one that was cancelled stays so."""

    def __init__(self, service: InMemoryService, rules: Sequence[TimerRule]) -> None:
        self.service = service
        self.rules = rules
        self.open: dict[tuple[str, str], tuple[datetime, bool]] = {}
        self.read = 0

    def schedule(self) -> None:
        for commit, appended in self.service.store.commits[self.read :]:
            for event in commit.events:
                received = ReceivedEvent("id", event, commit.stream.id, appended.recorded_at)
                for rule in self.rules:
                    self._take(rule, rule.due(received))
        self.read = len(self.service.store.commits)

    def _take(self, rule: TimerRule, due: Schedule | Cancel | None) -> None:
        match due:
            case Schedule(key, at):
                self.open.setdefault((rule.name, key), (at, True))
            case Cancel(key) if (rule.name, key) in self.open:
                at, _ = self.open[rule.name, key]
                self.open[rule.name, key] = (at, False)

    async def fire(self, *, times: int = 1, newest_first: bool = False) -> int:
        """Fire what is due at the service's time; return how many timers that were."""
        self.schedule()
        due = sorted(
            (at, name, key)
            for (name, key), (at, is_open) in self.open.items()
            if is_open and at <= self.service.now
        )
        by_name: dict[str, Any] = {rule.name: rule for rule in self.rules}
        context = Context("timer", "timer", "acme", self.service.now, "correlation")
        for at, name, key in reversed(due) if newest_first else due:
            for _ in range(times):
                await by_name[name].fire(self.service.store, key, context)
            self.open[name, key] = (at, False)
        return len(due)
