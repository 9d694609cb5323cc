"""catalog-shops over in-memory parts: HTTP in, policies run by hand, views out."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import httpx
from fastapi import FastAPI

from catalog_shops.access import RIGHTS
from catalog_shops.app import ReadModels, create_app, read_models_of
from catalog_shops.catalogue_import.ports import ImportParts, ImportStorage
from catalog_shops.catalogue_import.reading import read_in_thread, recognise_in_thread
from catalog_shops.catalogue_import.worker import ImportWorker
from catalog_shops.front.sources import FrontProcess, front_process
from catalog_shops.quotas import quotas_by
from catalog_shops.subscriptions import POLICIES
from catalog_shops_tests.import_storage import in_memory_storage
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.projection import ReadModel
from zugabe_events.files.scanner import NoScanner, Scanner
from zugabe_events.files.store import Files
from zugabe_events.http.authorization import Access
from zugabe_events.http.throttling import InMemoryTally
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.examples import DEALER, bearer, verify
from zugabe_testing.files import InMemoryFiles
from zugabe_testing.policies import react
from zugabe_testing.shared_app import SharedApp
from zugabe_testing.views import InMemoryStamps, InMemoryViews

NOON = datetime(2026, 5, 4, 10, tzinfo=UTC)
"""A Monday; noon in Berlin."""

SUPPORT = "central+unlock-dealers"
EDITOR = "dealer-staff+edit-shops"

MOST_FOLLOWS = 200


def over_stand_ins(shared: "SharedApp[InMemoryService]") -> FastAPI:
    return create_app(
        shared.part(lambda service: service.store),
        ReadModels(**{name: shared.part(partial(view_of, name)) for name in ReadModels.__slots__}),
        Access(verify, RIGHTS, now=lambda: shared.parts.now),
        shared.part(lambda service: service.quotas),
        shared.part(lambda service: service.graphics),
        shared.part(lambda service: service.scanner),
        ImportStorage(
            shared.part(lambda service: service.import_storage.files),
            shared.part(lambda service: service.import_storage.queue),
            shared.part(lambda service: service.import_storage.errors),
            Path(gettempdir()),
            read_in_thread,
            recognise_in_thread,
        ),
        shared.part(lambda service: service.front),
    )


def app_over(
    store: EventStore,
    files: Files,
    imports: ImportStorage | None = None,
    now: Callable[[], datetime] = lambda: NOON,
) -> FastAPI:
    """The service over a log and files of a test's own; everything else is in memory."""
    memory = InMemoryService()
    return create_app(
        store,
        memory.shown,
        Access(verify, RIGHTS, now),
        memory.quotas,
        files,
        NoScanner(),
        imports or in_memory_storage(),
        memory.front,
    )


def view_of(name: str, service: "InMemoryService") -> Any:
    return getattr(service.shown, name)


SHARED = SharedApp(over_stand_ins)


class InMemoryService:
    """`now` is the clock's time. Callers are roles, and single rights behind a plus sign."""

    def __init__(self) -> None:
        self.now = NOON
        self.store = InMemoryEventStore("catalog-shops", lambda: self.now)
        self.graphics = InMemoryFiles(lambda: self.now)
        self.quotas = quotas_by(InMemoryTally())
        self.scanner: Scanner = NoScanner()
        self.import_storage = in_memory_storage()
        self.delivered = 0
        self.app = SHARED.over(self)
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://catalog-shops"
        )

    @cached_property
    def shown(self) -> ReadModels:
        return read_models_of(self.views)

    @cached_property
    def front(self) -> FrontProcess:
        views = (getattr(self.shown, name) for name in ReadModels.__slots__)
        return front_process(InMemoryStamps(*views))

    def views[View](self, model: ReadModel[View]) -> InMemoryViews[View]:
        return InMemoryViews(model, [self.store])

    async def ask(
        self, who: str, method: str, path: str, body: Any = None, *, dealer: str = DEALER
    ) -> httpx.Response:
        """`path` goes on behind the dealer's."""
        url = f"/dealers/{dealer}{path}"
        return await self.http.request(method, url, json=body, headers=bearer(who))

    async def must(
        self, who: str, method: str, path: str, body: Any = None, *, dealer: str = DEALER
    ) -> Any:
        """The body of an answer that must be a success."""
        answer = await self.ask(who, method, path, body, dealer=dealer)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        return answer.json() if answer.content else None

    async def upload_catalogue(
        self,
        content: bytes,
        who: str = "central",
        *,
        dealer: str = "central",
        key: str | None = None,
        **about: str,
    ) -> httpx.Response:
        """Upload a catalogue."""
        keyed = {} if key is None else {b"Idempotency-Key": key.encode()}
        return await self.http.post(
            f"/dealers/{dealer}/catalogue-imports",
            content=content,
            params={"file_name": "katalog.xml", **about},
            headers={**bearer(who), **keyed, b"Content-Type": b"application/octet-stream"},
        )

    async def import_waiting(self) -> None:
        """Carry out the imports that wait."""
        parts = ImportParts(self.store, self.shown.articles, self.import_storage, lambda: self.now)
        await ImportWorker(parts).run_due()

    async def order_module(self, dealer: str = DEALER, gift_source: str = "central") -> None:
        source = {"gift_source": gift_source}
        await self.must(SUPPORT, "PUT", "/marketing-module", source, dealer=dealer)

    async def unlock_own_shops(self, dealer: str = DEALER) -> None:
        """With the module, which it needs."""
        await self.order_module(dealer)
        await self.must(SUPPORT, "POST", "/own-shops/unlocking", dealer=dealer)

    async def deliver(self, topic: str, event: Event, cause: str) -> None:
        """One event comes to every policy that listens to its topic."""
        received = ReceivedEvent(cause, event, "stream", self.now)
        for policy in POLICIES:
            if topic in policy.topics:
                await react(self.store, policy, received)

    async def deliver_own(self) -> None:
        """Deliver the service's own events to its policies until no more follow."""
        most = len(self.store.commits) + MOST_FOLLOWS
        while self.delivered < len(self.store.commits):
            assert self.delivered < most, "policies answer their own events endlessly"
            commit, _ = self.store.commits[self.delivered]
            self.delivered += 1
            for index, event in enumerate(commit.events):
                await self.deliver("catalog-shops", event, f"{commit.id}.{index}")

    def said[E: Event](self, kind: type[E]) -> list[E]:
        events = (event for commit, _ in self.store.commits for event in commit.events)
        return [event for event in events if isinstance(event, kind)]
