"""A service's console script: run it, deploy what it needs, or rebuild its read models."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from uuid import uuid4

import uvicorn
import uvloop
from fastapi import FastAPI

from zugabe_events.deploying import deploy_topic, record_starts
from zugabe_events.hosting import Host, hosted
from zugabe_events.http.metrics import metrics_api
from zugabe_events.http.positions import positions_api
from zugabe_events.http.protocol import BoundedHttp
from zugabe_events.mailing import deploy_outbox
from zugabe_events.mongo import connect, database, deploy_log, identity
from zugabe_events.mongo_views import deploy_views
from zugabe_events.rebuild_command import rebuild
from zugabe_events.ringing import deploy_timers
from zugabe_events.service import Service, ServiceSettings
from zugabe_events.serving import builds
from zugabe_events.throttling import deploy_failures
from zugabe_events.watching import tracing
from zugabe_events.watching.logs import log_to_stderr

MOST_CONNECTIONS = 2_000
"""Beyond them uvicorn answers 503 by itself; `Guard` tells more, and sooner."""

KEEP_ALIVE_SECONDS = 65
"""Longer than proxies in front keep idle connections: they should be the ones to close."""


async def serve(
    service: Service, settings: ServiceSettings, build: Callable[[Host], FastAPI]
) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: None)
    async with hosted(service, settings) as host:
        app = build(host)
        app.include_router(positions_api(host.serving, host.access))
        app.include_router(metrics_api(host.watched()))
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
            limit_concurrency=MOST_CONNECTIONS,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
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
    log_to_stderr(service.name, socket.gethostname())
    match sys.argv[1:]:
        case []:
            given = settings()
            log_to_stderr(service.name, given.instance)
            stop = tracing.record(service.name, given.instance)
            try:
                uvloop.run(serve(service, given, build))
            finally:
                stop()
        case ["deploy"]:
            uvloop.run(deploy(service, settings()))
        case ["rebuild", *names]:
            try:
                sys.exit(0 if uvloop.run(rebuild_models(service, settings(), names)) else 1)
            except LookupError as error:
                sys.exit(f"{service.name}: {error}")
        case _:
            sys.exit(f"usage: {service.name} [deploy | rebuild [MODEL]...]")


async def deploy(service: Service, settings: ServiceSettings) -> None:
    """Everything that must be there before the service starts. Safe to repeat."""
    client = connect(settings.mongo_url)
    try:
        db = database(client, service.name)
        log_identity = await deploy_log(db, uuid4())
        await deploy_timers(db)
        await deploy_outbox(db)
        await deploy_failures(db)
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
