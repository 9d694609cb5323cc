"""The running parts of a service: its store, its consumers, its timers and mails."""

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
from fastapi import APIRouter
from faststream.kafka import KafkaBroker
from pymongo.errors import PyMongoError

from zugabe_events.consumer.consumer import Consumer
from zugabe_events.consumer.effect import AnyEffect
from zugabe_events.consumer.kafka_source import KafkaSource
from zugabe_events.consumer.redrive import RedriveWorker, redriving
from zugabe_events.consumer.subscription_watch import SubscriptionWatch
from zugabe_events.domain.projection import AnyReadModel, ReadModel
from zugabe_events.encryption.personal_data import People
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.http.authorization import Access
from zugabe_events.http.log_api import ask_heads, ask_owner
from zugabe_events.http.oidc import SigningKeys, TokenVerifier
from zugabe_events.http.principal import Verify
from zugabe_events.http.service_token import ServiceToken
from zugabe_events.messaging.kafka_broker import ConsumerBroker
from zugabe_events.mongo.client import Database, connect, database, identity
from zugabe_events.mongo.work_watch import WorkWatch
from zugabe_events.privacy.erasure import ErasureEffect, erasure_timer
from zugabe_events.privacy.subject_export import Export
from zugabe_events.projections.builds import build_of, family_of
from zugabe_events.projections.delay import Delay
from zugabe_events.projections.mongo_views import MongoViews, ProjectionEffect
from zugabe_events.projections.read_your_writes import Heads, PolicyProgress, ReadYourWrites
from zugabe_events.projections.stamps import MongoStamps
from zugabe_events.projections.switch import Switch, switching
from zugabe_events.reactions.mail_failures import MailFailures
from zugabe_events.reactions.outbox import OutboxWorker, outbox_effect
from zugabe_events.reactions.policies import PolicyEffect
from zugabe_events.reactions.smtp import SmtpRelay
from zugabe_events.reactions.timers import TimerWorker, timer_effect
from zugabe_events.runtime.crash_marker import began, ended
from zugabe_events.runtime.encryption_wiring import people_of
from zugabe_events.runtime.metrics_collectors import (
    Collector,
    Collectors,
    Lag,
    dead_letters,
    outbox,
    own_log,
    timers,
)
from zugabe_events.runtime.service import Service, ServiceSettings, now
from zugabe_events.runtime.setting_types import claims_of, is_protected

log = logging.getLogger(__name__)

TIMERS_GATHER_SECONDS = 1.0
KAFKA_START_TIMEOUT_SECONDS = 15.0
"""After this time the service starts without Kafka, and consumes once Kafka is there."""


@dataclass
class Host:
    """The running parts of a service, for its `create_app`.

    A service may replace `verify`, by default for the issuer's tokens, and `people_routers`, by
    default the routes about dealers' people.
    """

    service: Service
    settings: ServiceSettings
    db: Database
    store: MongoEventStore
    read_your_writes: ReadYourWrites
    http: aiohttp.ClientSession
    bearer: Callable[[], Awaitable[str]]
    verify: Verify
    people: People
    consumers: list[Consumer] = field(default_factory=list)
    crashed: bool = False
    watch: SubscriptionWatch | None = None
    subscriptions: list[tuple[Consumer, Sequence[str]]] = field(default_factory=list)
    people_routers: Sequence[APIRouter] = ()

    def views[View](self, model: ReadModel[View]) -> MongoViews[View]:
        return MongoViews(self.db, model, self.read_your_writes)

    @property
    def mail_failures(self) -> MailFailures:
        """Findings of the outbox about addresses that mails do not reach."""
        return MailFailures(self.db)

    @property
    def stamps(self) -> MongoStamps:
        """The stamps of documents in all read models of the service."""
        return MongoStamps(self.db, self.read_your_writes, self.service.read_models)

    @property
    def policies(self) -> PolicyProgress:
        return PolicyProgress(self.read_your_writes)

    @property
    def policies_in_turn(self) -> PolicyProgress:
        """The same, with what the policies do about each other's events."""
        return PolicyProgress(self.read_your_writes, in_turn=True)

    async def export(self) -> Export:
        """An export of everything about a person, from the builds that serve."""
        models = [
            (model, build_of(model, await self.read_your_writes.registry.queried(model)))
            for model in self.service.read_models
        ]
        erasure = self.service.erasure
        tenant = erasure.tenant if erasure else "dealer"
        return Export(self.db, self.service.name, self.people, models, tenant)

    def access(self, rights: Any) -> Access:
        return Access(self.verify, rights, now=now, fresh=self.settings.fresh_sign_in)

    async def heads(self, log: str) -> Heads:
        """Raises the error of the request to the owner of another log."""
        if log == self.service.name:
            return await self.read_your_writes.heads()
        return await ask_heads(self.http, self.settings.url_of, self.bearer)(log)

    def delay(self, model: AnyReadModel, log: str, patience: float) -> Delay:
        """For how long a read model of this service lacks events of another log."""
        reached = partial(self.read_your_writes.reached, model)
        return Delay(partial(self.heads, log), reached, patience)

    def collectors(self) -> Collectors:
        """The collectors of all metrics that are read from the database."""
        db, service = self.db, self.service
        collectors: list[Collector] = [
            Lag(db, self.subscriptions, self.heads),
            own_log(db, self.store.identity.parts, now),
            dead_letters(db, now),
        ]
        if service.timers:
            collectors.append(timers(db, [rule.name for rule in service.timers], now))
        if service.mails:
            collectors.append(outbox(db, now))
        return Collectors(collectors)

    async def ready(self) -> bool:
        """MongoDB answers, and the subscription is not stuck; it may wait for Kafka."""
        await self.db.command("ping")
        return self.watch is None or not self.watch.is_stuck


@asynccontextmanager
async def hosted(service: Service, settings: ServiceSettings) -> AsyncGenerator[Host]:
    """The running parts, consumers included; stopped gracefully at the end."""
    async with AsyncExitStack() as stack:
        host = await stack.enter_async_context(connected(service, settings))
        db = host.db
        tasks = await stack.enter_async_context(background())
        host.crashed = await began(db, settings.instance, now())
        stack.push_async_callback(ended, db, settings.instance)
        broker = ConsumerBroker(settings.kafka, graceful_timeout=20)
        source, switches = await add_consumers(host, broker)
        host.read_your_writes.local = host.consumers
        stack.push_async_callback(stop_consumers, broker, source, host.consumers)
        starting = await started(broker)
        tasks.append(starting)
        if host.consumers:
            group = group_of(service)
            host.watch = SubscriptionWatch(source, settings.kafka, group, settings.instance)
            tasks.append(asyncio.create_task(host.watch.run(asyncio.shield(starting))))
        workers = [RedriveWorker(db, consumer.current, now) for consumer in host.consumers]
        works = [redriving(workers, now)]
        if switches:
            works.append(switching(switches))
        timer = service.erasure and erasure_timer(service.erasure, host.people)
        if rules := (*service.timers, timer) if timer else service.timers:
            works.append(TimerWorker(db, rules, host.store, now).work)
        if service.mails:
            smtp = SmtpRelay(
                settings.smtp_url,
                needs_tls=not settings.plain_http and not is_protected(settings.smtp_url),
            )
            kept = timedelta(days=settings.mail_days)
            sender = settings.mail_sender
            works += OutboxWorker(db, smtp, sender, now, host.people, kept).works
        tasks.append(asyncio.create_task(WorkWatch(db, works).run()))
        yield host


@asynccontextmanager
async def connected(service: Service, settings: ServiceSettings) -> AsyncGenerator[Host]:
    """The parts of a service without consumers and workers, as commands of operators need them."""
    async with connect(settings.mongo_url) as client, aiohttp.ClientSession() as http:
        db = database(client, service.name)
        log_identity = await identity(db)
        secret = settings.client_secret_file.read_text().strip()
        token = ServiceToken(settings.issuer, settings.client_id, secret, http, now)
        consumers: dict[str, Sequence[str]] = {}
        for policy in service.policies:
            for topic in policy.topics:
                consumers[topic] = (*consumers.get(topic, ()), policy.name)
        owner = ask_owner(http, settings.url_of, token.bearer)
        yield Host(
            service,
            settings,
            db,
            MongoEventStore(db, log_identity, service.own),
            ReadYourWrites(db, log_identity, consumers, owner),
            http,
            token.bearer,
            TokenVerifier(
                settings.issuer,
                settings.audience,
                SigningKeys(settings.issuer, http, now),
                now,
                claims_of(settings.claims),
            ),
            people_of(service, settings, db, http, token),
        )


def group_of(service: Service) -> str:
    """The Kafka consumer group of a service's processes.

    It stands for the versions of all read models: processes of old and new code must not share
    partitions, since each would keep only its own versions up to date there.
    """
    if not service.read_models:
        return service.name
    families = "\n".join(sorted(map(family_of, service.read_models)))
    return f"{service.name}.{hashlib.sha256(families.encode()).hexdigest()[:8]}"


async def add_consumers(host: Host, broker: KafkaBroker) -> tuple[KafkaSource, list[Switch]]:
    """Subscribe a consumer for each policy, timer, mail and read model of the service."""
    service, db, types = host.service, host.db, host.service.event_types
    source = KafkaSource(host.settings.kafka)
    switches: list[Switch] = []

    def subscribe(
        name: str,
        checkpoints: str,
        effect: AnyEffect,
        topics: Sequence[str],
        *,
        gathers: float = 0.0,
    ) -> Consumer:
        awaited = isinstance(effect, PolicyEffect)
        consumer = Consumer(
            db, name, effect, checkpoints, awaited=awaited, careful=host.crashed, now=now
        )
        consumer.reread = source.add(consumer, topics, gathers=gathers)
        host.consumers.append(consumer)
        host.subscriptions.append((consumer, topics))
        return consumer

    for policy in service.policies:
        effect = PolicyEffect(host.store, policy, types, now)
        subscribe(policy.name, policy.name, effect, policy.topics)
    for rule in service.timers:
        subscribe(
            rule.name,
            rule.name,
            timer_effect(db, rule, types),
            rule.topics,
            gathers=TIMERS_GATHER_SECONDS,
        )
    if erasure := service.erasure:
        timer = erasure_timer(erasure, host.people)
        timers = timer_effect(db, timer, types) if timer else None
        erasing = ErasureEffect(db, erasure, types, host.people, now, timers)
        subscribe(erasure.name, erasure.name, erasing, erasure.topics)
    for mails in service.mails:
        subscribe(mails.name, mails.name, outbox_effect(db, mails, types, now), mails.topics)
    for model in service.read_models:
        generation = await host.read_your_writes.registry.projected(model)
        projection = ProjectionEffect(db, model, generation, types)
        build = build_of(model, generation)
        consumer = subscribe(model.name, build, projection, model.topics, gathers=model.gathers)
        registry = host.read_your_writes.registry
        switches.append(Switch(registry, db, types, host.heads, model, consumer, generation))
    instance, session_ms = host.settings.instance, host.settings.session_ms
    if host.consumers:
        source.subscribe(broker, group_of(service), instance=instance, session_ms=session_ms)
    return source, switches


@asynccontextmanager
async def background() -> AsyncGenerator[list[asyncio.Task[None]]]:
    tasks: list[asyncio.Task[None]] = []
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def started(broker: KafkaBroker) -> asyncio.Task[None]:
    """Start the consumers; the task keeps trying without Kafka, which commands do not need."""
    starting = asyncio.create_task(broker.start())
    done, _ = await asyncio.wait([starting], timeout=KAFKA_START_TIMEOUT_SECONDS)
    for task in done:
        task.result()
    starting.add_done_callback(log_failure)
    return starting


def log_failure(starting: asyncio.Task[None]) -> None:
    if not starting.cancelled() and (error := starting.exception()):
        log.error("the consumers do not start", exc_info=error)


async def stop_consumers(
    broker: KafkaBroker, source: KafkaSource, consumers: Sequence[Consumer]
) -> None:
    """Finish what is being written; messages that wait for a retry will be read again."""
    for consumer in consumers:
        consumer.stopping.set()
    await broker.stop()
    await source.stop()
    with contextlib.suppress(PyMongoError):
        await source.lazy_flush.flush()
