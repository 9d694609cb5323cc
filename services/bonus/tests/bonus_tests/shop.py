"""A dealer's bonus programme over in-memory parts: staff, users, and checkout's words to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx

from bonus.subscriptions import POLICIES
from bonus_tests.samples import APRIL_1, DEALER, MARCH_1, USER
from bonus_tests.service import InMemoryService
from zugabe_events.domain.event import Context, Event, derived_id
from zugabe_events.domain.event_store import states_of
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.http.principal import Principal
from zugabe_testing.callers import known, signed_in

ANNA = Principal(USER, "user", DEALER, "c1")
BERT = Principal("u2", "user", DEALER, "c1")
MANAGER = Principal("u3", "points-manager", DEALER, "c1")
EDITS = frozenset({"edit-bonus-settings"})
STAFF = Principal("staff", "dealer-staff", DEALER, rights=EDITS)
STRANGER = Principal("stranger", "dealer-staff", "d2", rights=EDITS)
CORRECTS = frozenset({"correct-points"})
CHEF = Principal("chef", "dealer-staff", DEALER, rights=CORRECTS)
SECOND = Principal("second", "dealer-staff", DEALER, rights=CORRECTS)
CENTRAL = Principal("central", "central")
CHECKOUT = Principal("checkout", "service")

PROGRAMME = f"/dealers/{DEALER}/programme"
TERMS = {
    "pending_days": 14,
    "starts_on": "2026-01-01",
    "excluded_groups": ["Kleben & Versenden"],
    "needs_acceptance": False,
}
REWARD = {"title": "5 € Rabatt", "points": 50, "discount_cents": 500}
PAPER = {"number": 1, "groups": ["Papier"], "brand": "Soennecken", "net_cents": 9_000}


class Bonus(InMemoryService):
    """The service, and checkout's words to it."""

    def __init__(self, *others: Principal) -> None:
        super().__init__(
            known(ANNA, BERT, MANAGER, STAFF, STRANGER, CHEF, SECOND, CENTRAL, CHECKOUT, *others)
        )
        self.heard = 0

    async def ask(
        self,
        caller: Principal,
        method: str,
        path: str,
        body: object = None,
        *,
        tokens: str = "",
        **query: str,
    ) -> httpx.Response:
        headers = signed_in(caller) | {"Zugabe-Token": tokens}
        return await self.http.request(method, path, json=body, params=query, headers=headers)

    async def deliver(self, event: Event, name: str) -> None:
        """As the kernel runs policies: once per event, policy and stream."""
        for policy in POLICIES:
            for reaction in policy.react(ReceivedEvent(name, event, "order", self.now)):
                states = await states_of(self.store, reaction.reads)
                await handle(
                    self.store,
                    reaction.target,
                    reaction.command(*states),
                    Context(policy.name, "policy", DEALER, self.now, "correlation"),
                    attempt=derived_id(name, policy.name, reaction.target.stream.id),
                )

    async def carry(self) -> None:
        """Hear the service's own events, until they cause nothing more."""
        while self.heard < len(self.store.commits):
            commit, _ = self.store.commits[self.heard]
            self.heard += 1
            for number, event in enumerate(commit.events):
                await self.deliver(event, f"{commit.id}.{number}")

    async def set_up(self) -> None:
        """Before any order."""
        today, self.now = self.now, MARCH_1 - timedelta(days=1)
        for method, path, body in (
            ("PUT", PROGRAMME, TERMS),
            ("PUT", f"{PROGRAMME}/rewards/five", REWARD),
            ("POST", f"{PROGRAMME}/activation", None),
            ("PUT", f"/dealers/{DEALER}/customers/c1/programme", None),
            ("PUT", f"/dealers/{DEALER}/customers/c2/programme", None),
        ):
            answer = await self.ask(STAFF, method, path, body)
            assert answer.status_code == 204, answer.text
        self.now = today

    async def hold(
        self,
        order_id: str,
        attempt: int = 1,
        lines: Sequence[Mapping[str, object]] = (PAPER,),
        tokens: str = "",
        at: datetime = APRIL_1,
        user: str = USER,
    ) -> httpx.Response:
        body = {
            "reward_id": "five",
            "customer": "c1",
            "user": user,
            "placed_at": at.isoformat(),
            "deadline": (at + timedelta(minutes=15)).isoformat(),
            "lines": lines,
        }
        path = f"/dealers/{DEALER}/holds/{order_id}/{attempt}"
        return await self.ask(CHECKOUT, "PUT", path, body, tokens=tokens)

    async def account(self, at: datetime = APRIL_1) -> Any:
        path = f"/dealers/{DEALER}/accounts/{USER}"
        return (await self.ask(ANNA, "GET", path, at=at.isoformat())).json()

    def said[E: Event](self, kind: type[E]) -> list[E]:
        """The events of a kind that the service appended."""
        events = (event for commit, _ in self.store.commits for event in commit.events)
        return [event for event in events if isinstance(event, kind)]
