"""A service's console script: serve, deploy what it needs, and the commands of operators."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Sequence
from functools import partial
from uuid import uuid4

import typer
import uvicorn
import uvloop
from fastapi import APIRouter, FastAPI

from zugabe_events.cli.commands import commands
from zugabe_events.cli.config import config_commands
from zugabe_events.cli.help import Commands, Version
from zugabe_events.cli.operator import Operator
from zugabe_events.consumer.dead_letter_admin import DeadLetterAdmin
from zugabe_events.consumer.dead_letters import deploy_dead_letters
from zugabe_events.domain.mail import Mails
from zugabe_events.domain.policy import Policy
from zugabe_events.encryption.key_store import deploy_persons
from zugabe_events.eventstore.snapshots import deploy_snapshots
from zugabe_events.http.dead_letters_api import dead_letters_api
from zugabe_events.http.exposure import Exposure
from zugabe_events.http.log_api import positions_api
from zugabe_events.http.uvicorn_protocol import BoundedHttp
from zugabe_events.mongo.client import connect, database, deploy_log
from zugabe_events.observability import tracing
from zugabe_events.observability.logging import log_to_stderr
from zugabe_events.privacy.people_api import RIGHTS as PEOPLE_RIGHTS
from zugabe_events.privacy.people_api import export_api, people_api
from zugabe_events.reactions.outbox import deploy_outbox
from zugabe_events.reactions.timers import deploy_timers
from zugabe_events.runtime.deploy import begin_read_model, deploy_topic, record_starts
from zugabe_events.runtime.gc_tuning import tune_gc
from zugabe_events.runtime.host import Host, hosted
from zugabe_events.runtime.metrics_api import metrics_api
from zugabe_events.runtime.process_log import logged
from zugabe_events.runtime.service import Service, ServiceSettings
from zugabe_events.runtime.settings import settings_or_exit

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 2_000
"""Above it uvicorn answers 503 by itself; the request limits do so earlier and explain why."""

KEEP_ALIVE_TIMEOUT_SECONDS = 65
"""Longer than proxies keep idle connections, so that they are the ones to close them."""


async def serve(
    service: Service, settings: ServiceSettings, build: Callable[[Host], FastAPI]
) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: None)
    async with hosted(service, settings) as host:
        app = build(host)
        app.include_router(positions_api(host.read_your_writes, host.access))
        dead_letters = DeadLetterAdmin(host.db, service.event_types)
        app.include_router(dead_letters_api(dead_letters, host.access))
        for router in host.people_routers or dealers_people_api(host):
            app.include_router(router)
        app.include_router(metrics_api(host.collectors()))
        app.add_middleware(Exposure, routes=settings.exposure)
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            http=BoundedHttp,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            forwarded_allow_ips=settings.proxies,
            limit_concurrency=MAX_CONNECTIONS,
            timeout_keep_alive=KEEP_ALIVE_TIMEOUT_SECONDS,
            timeout_graceful_shutdown=10,
        )
        tune_gc()
        await uvicorn.Server(config).serve()


def dealers_people_api(host: Host) -> Sequence[APIRouter]:
    """Routes about the data of dealers' people, which every service may store."""
    access, erasure = host.access(PEOPLE_RIGHTS), host.service.erasure
    routers = [export_api(host.export, access)]
    if erasure and erasure.erase:
        routers.append(people_api(host.store, host.people, erasure.erase, access))
    return routers


def run(
    service: Service,
    kind: type[ServiceSettings],
    build: Callable[[Host], FastAPI],
) -> None:
    """The service's console script."""
    log_to_stderr(service.name, socket.gethostname())
    console_script(service, kind, build)(prog_name=service.name)


def console_script(
    service: Service,
    kind: type[ServiceSettings],
    build: Callable[[Host], FastAPI],
) -> typer.Typer:
    """`SERVICE` alone serves; `SERVICE COMMAND` prepares, explains, or works for an operator."""
    settings = partial(settings_or_exit, service.name, kind)
    app = Commands(pretty_exceptions_enable=False)

    @app.callback(
        invoke_without_command=True,
        help=f"Serve {service.name} until a signal ends it, or run one of the commands.",
    )
    def serve_alone(ctx: typer.Context, version: Version = False) -> None:
        ctx.obj = Operator(service, settings)
        if ctx.invoked_subcommand is None:
            serve_until_stopped(service, settings(), build)

    @app.command("deploy")
    def deploy_service() -> None:
        """Prepare everything the service needs; run it before each start of new code."""
        uvloop.run(deploy(service, settings()))

    app.add_typer(commands)
    app.add_typer(config_commands(service.name, kind), name="config")
    return app


def serve_until_stopped(
    service: Service, settings: ServiceSettings, build: Callable[[Host], FastAPI]
) -> None:
    log_to_stderr(service.name, settings.instance)
    stop_tracing = tracing.start_recording(service.name, settings.instance)
    try:
        with logged(service.name, f"{settings.host}:{settings.port}", settings):
            uvloop.run(serve(settings.configured(service), settings, build))
    finally:
        stop_tracing()


async def deploy(service: Service, settings: ServiceSettings) -> None:
    """Create everything the service needs before it starts. Safe to repeat."""
    async with connect(settings.mongo_url) as client:
        db = database(client, service.name)
        log_identity = await deploy_log(db, uuid4(), settings.log_parts)
        if log_identity.parts != settings.log_parts:
            log.info(
                "the log of %s keeps its %d parts; ZUGABE_LOG_PARTS=%d is for a new log",
                service.name,
                log_identity.parts,
                settings.log_parts,
            )
        await deploy_timers(db)
        await deploy_outbox(db)
        await deploy_dead_letters(db)
        await deploy_persons(db)
        await deploy_snapshots(db)
        for step in service.deploy_steps:
            await step(db)
        for model in service.read_models:
            await begin_read_model(db, settings.kafka, log_identity, model)
        await deploy_topic(settings.kafka, log_identity, settings.replication)
        rules: list[Policy | Mails] = [*service.policies, *service.mails]
        for rule in rules:
            await record_starts(db, settings.kafka, rule.name, rule.topics, rule.start)
