"""A service's process: its deploy step, its consumers, timers and mails, and its HTTP."""

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import uvicorn
import uvloop
from fastapi import FastAPI
from faststream.kafka import KafkaBroker
from pydantic_settings import BaseSettings, SettingsConfigDict
from pymongo.errors import PyMongoError

from zugabe_events.consuming import Consuming, Effect
from zugabe_events.deploying import deploy_topic, record_starts
from zugabe_events.envelope import EventTypes
from zugabe_events.http import Access
from zugabe_events.http.positions import ask_owner, positions_api
from zugabe_events.mailing import MailEffect, Sending, deploy_outbox
from zugabe_events.mongo import Database, LogIdentity, connect, database, deploy_log, identity
from zugabe_events.mongo_store import MongoEventStore
from zugabe_events.mongo_views import MongoViews, ProjectionEffect, deploy_views
from zugabe_events.outbox import Mails
from zugabe_events.peers import ServiceToken
from zugabe_events.policies import Policy
from zugabe_events.reactions import PolicyEffect
from zugabe_events.readmodels import AnyReadModel, ReadModel
from zugabe_events.rebuild_command import rebuild
from zugabe_events.ringing import Ringing, TimerEffect, deploy_timers
from zugabe_events.serving import Serving, build_of, builds
from zugabe_events.signing import SigningKeys, TokenVerifier
from zugabe_events.smtp import SmtpRelay
from zugabe_events.subscribing import subscribe
from zugabe_events.timers import TimerRule

log = logging.getLogger(__name__)

SWITCH_SECONDS = 0.5


@dataclass(frozen=True)
class Service:
    """What a service consists of, besides its HTTP. `own` are the events of its streams,
    `heard` those of every topic that it hears."""

    name: str
    own: EventTypes
    heard: EventTypes
    policies: Sequence[Policy] = ()
    read_models: Sequence[AnyReadModel] = ()
    timers: Sequence[TimerRule] = ()
    mails: Sequence[Mails] = ()


class ServiceSettings(BaseSettings):
    """What every service reads from its environment, prefixed with ZUGABE_.

    `instance` names this replica and stays the same over restarts. `session_ms`: after so long a
    silence its Kafka partitions go to others.
    """

    model_config = SettingsConfigDict(env_prefix="ZUGABE_")

    mongo_url: str
    kafka: str
    issuer: str
    client_secret_file: Path
    client_id: str
    port: int
    audience: str = "zugabe"
    host: str = "127.0.0.1"
    instance: str = socket.gethostname()
    session_ms: int = 45_000
    replication: int = 1
    smtp_url: str = "smtp://127.0.0.1:25"
    mail_sender: str = "Zugabe <noreply@zugabe.invalid>"
    onboarding_url: str = "http://127.0.0.1:8101"
    catalog_shops_url: str = "http://127.0.0.1:8102"
    vouchers_url: str = "http://127.0.0.1:8103"
    bonus_url: str = "http://127.0.0.1:8104"
    checkout_url: str = "http://127.0.0.1:8105"

    def url_of(self, service: str) -> str:
        """Base URL of a service by its name."""
        url: str = getattr(self, f"{service.replace('-', '_')}_url")
        return url


def now() -> datetime:
    """Milliseconds: what MongoDB keeps."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1_000 * 1_000)


@dataclass
class Host:
    """The running parts of a service, for its `create_app`."""

    service: Service
    settings: ServiceSettings
    db: Database
    store: MongoEventStore
    serving: Serving
    http: aiohttp.ClientSession
    bearer: Callable[[], Awaitable[str]]
    verifier: TokenVerifier
    consuming: list[Consuming] = field(default_factory=list)

    def views[View](self, model: ReadModel[View]) -> MongoViews[View]:
        return MongoViews(self.db, model, self.serving)

    def access(self, rights: Any) -> Access:
        return Access(self.verifier, rights, now=now)

    async def ready(self) -> bool:
        """MongoDB answers; the consumers were started before HTTP was."""
        await self.db.command("ping")
        return True


async def deploy(service: Service, settings: ServiceSettings) -> None:
    """Everything that must be there before the service starts. Safe to repeat."""
    client = connect(settings.mongo_url)
    try:
        db = database(client, service.name)
        log_identity = await deploy_log(db, uuid4())
        await deploy_timers(db)
        await deploy_outbox(db)
        for model in service.read_models:
            known = await builds(db, model)
            await deploy_views(db, model, known.get("serving", 1))
        await deploy_topic(settings.kafka, log_identity, settings.replication)
        begins = [(one.name, one.hears, one.start) for one in service.policies]
        begins += [(one.name, one.hears, one.start) for one in service.mails]
        for name, topics, start in begins:
            await record_starts(db, settings.kafka, name, topics, start)
    finally:
        await client.close()


async def rebuild_models(service: Service, settings: ServiceSettings, names: Sequence[str]) -> bool:
    """All read models of the service, or those named. Raises LookupError for an unknown one."""
    known = {model.name: model for model in service.read_models}
    if unknown := set(names) - set(known):
        message = f"no read model {', '.join(unknown)}; there are {', '.join(known)}"
        raise LookupError(message)
    client = connect(settings.mongo_url)
    try:
        db = database(client, service.name)
        chosen = [known[name] for name in names or known]
        return await rebuild(db, await identity(db), settings.kafka, chosen, service.heard)
    finally:
        await client.close()


@asynccontextmanager
async def hosted(service: Service, settings: ServiceSettings) -> AsyncGenerator[Host]:
    """The running parts, consumers included; stopped gracefully at the end."""
    async with AsyncExitStack() as stack:
        client = connect(settings.mongo_url)
        stack.push_async_callback(client.close)
        db = database(client, service.name)
        log_identity = await identity(db)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        secret = settings.client_secret_file.read_text().strip()
        token = ServiceToken(settings.issuer, settings.client_id, secret, http, now)
        host = build_host(service, settings, db, log_identity, http, token)
        tasks = await stack.enter_async_context(background())
        broker = KafkaBroker(settings.kafka, apply_types=False, graceful_timeout=20, logger=None)
        await consumers(host, broker, tasks)
        host.serving.local = host.consuming
        await broker.start()
        stack.push_async_callback(stop_consuming, broker, host)
        for rule in service.timers:
            tasks.append(asyncio.create_task(Ringing(db, rule, host.store, now).run()))
        if service.mails:
            smtp = SmtpRelay(settings.smtp_url)
            sending = Sending(db, smtp, settings.mail_sender, now)
            tasks.append(asyncio.create_task(sending.run()))
        yield host


def build_host(
    service: Service,
    settings: ServiceSettings,
    db: Database,
    log_identity: LogIdentity,
    http: aiohttp.ClientSession,
    token: ServiceToken,
) -> Host:
    store = MongoEventStore(db, log_identity, service.own)
    hearing: dict[str, list[str]] = {}
    for policy in service.policies:
        for topic in policy.hears:
            hearing.setdefault(topic, []).append(policy.name)
    owner = ask_owner(http, settings.url_of, token.bearer)
    return Host(
        service,
        settings,
        db,
        store,
        Serving(db, log_identity, {topic: tuple(names) for topic, names in hearing.items()}, owner),
        http,
        token.bearer,
        TokenVerifier(
            settings.issuer, settings.audience, SigningKeys(settings.issuer, http, now), now
        ),
    )


async def consumers(host: Host, broker: KafkaBroker, tasks: list[asyncio.Task[None]]) -> None:
    """Every policy, read model, timer and mail of the service hears its topics."""
    service, db, heard = host.service, host.db, host.service.heard

    def hear(name: str, consumer: str, effect: Effect, topics: Sequence[str]) -> Consuming:
        consuming = Consuming(db, name, effect, consumer)
        subscribed = subscribe(
            broker,
            consuming,
            topics,
            instance=host.settings.instance,
            session_ms=host.settings.session_ms,
        )
        consuming.reread = subscribed.seek_all
        host.consuming.append(consuming)
        return consuming

    for policy in service.policies:
        effect = PolicyEffect(host.store, policy, heard, now)
        hear(policy.name, policy.name, effect, policy.hears)
    for rule in service.timers:
        hear(rule.name, rule.name, TimerEffect(db, rule, heard), rule.hears)
    for mails in service.mails:
        hear(mails.name, mails.name, MailEffect(db, mails, heard, now), mails.hears)
    for model in service.read_models:
        generation = await host.serving.generation(model)
        projection = ProjectionEffect(db, model, generation, heard)
        consuming = hear(model.name, build_of(model, generation), projection, model.hears)
        tasks.append(asyncio.create_task(follow_switch(host, model, generation, consuming)))


async def follow_switch(
    host: Host, model: AnyReadModel, generation: int, consuming: Consuming
) -> None:
    """When another build begins to serve, keep that one up to date from then on."""
    while True:
        await asyncio.sleep(SWITCH_SECONDS)
        try:
            serving = await host.serving.generation(model)
            if serving != generation:
                effect = ProjectionEffect(host.db, model, serving, host.service.heard)
                await consuming.retarget(build_of(model, serving), effect)
                await consuming.reread()
                generation = serving
        except Exception as error:
            log.warning("%s: %s: %s", model.name, type(error).__name__, error)


@asynccontextmanager
async def background() -> AsyncGenerator[list[asyncio.Task[None]]]:
    tasks: list[asyncio.Task[None]] = []
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def stop_consuming(broker: KafkaBroker, host: Host) -> None:
    """What is being written is finished; what waits for a retry will come again."""
    for consuming in host.consuming:
        consuming.stopping.set()
    await broker.stop()
    for consuming in host.consuming:
        with contextlib.suppress(PyMongoError):
            await consuming.flush()


async def serve(
    service: Service, settings: ServiceSettings, build: Callable[[Host], FastAPI]
) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: None)
    async with hosted(service, settings) as host:
        app = build(host)
        app.include_router(positions_api(host.serving, host.access))
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=10,
        )
        await uvicorn.Server(config).serve()


def run(
    service: Service,
    settings: Callable[[], ServiceSettings],
    build: Callable[[Host], FastAPI],
) -> None:
    """The console script: `SERVICE` runs it, `SERVICE deploy` prepares what it needs,
    `SERVICE rebuild [MODEL]...` builds its read models anew."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    match sys.argv[1:]:
        case []:
            uvloop.run(serve(service, settings(), build))
        case ["deploy"]:
            uvloop.run(deploy(service, settings()))
        case ["rebuild", *names]:
            try:
                sys.exit(0 if uvloop.run(rebuild_models(service, settings(), names)) else 1)
            except LookupError as error:
                sys.exit(f"{service.name}: {error}")
        case _:
            sys.exit(f"usage: {service.name} [deploy | rebuild [MODEL]...]")
