"""A service's console script: run it, deploy what it needs, rebuild or repair."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial
from uuid import uuid4

import uvicorn
import uvloop
from fastapi import APIRouter, FastAPI

from zugabe_events.cli.operator import COMMANDS, run_command
from zugabe_events.consumer.dead_letter_admin import DeadLetterAdmin
from zugabe_events.consumer.dead_letters import deploy_dead_letters
from zugabe_events.encryption.key_store import deploy_persons
from zugabe_events.eventstore.snapshots import deploy_snapshots
from zugabe_events.http.dead_letters_api import dead_letters_api
from zugabe_events.http.log_api import positions_api
from zugabe_events.http.throttling import deploy_failures
from zugabe_events.http.uvicorn_protocol import BoundedHttp
from zugabe_events.mongo.client import connect, database, deploy_log
from zugabe_events.observability import tracing
from zugabe_events.observability.logging import log_to_stderr
from zugabe_events.privacy.contacts_api import CONTACT_RIGHTS, contacts_api
from zugabe_events.privacy.people_api import RIGHTS as PEOPLE_RIGHTS
from zugabe_events.privacy.people_api import export_api, people_api
from zugabe_events.reactions.outbox import deploy_outbox
from zugabe_events.reactions.timers import deploy_timers
from zugabe_events.runtime.deploy import begin_read_model, deploy_topic, record_starts
from zugabe_events.runtime.gc_tuning import tune_gc
from zugabe_events.runtime.host import Host, hosted
from zugabe_events.runtime.metrics_api import metrics_api
from zugabe_events.runtime.service import Service, ServiceSettings
from zugabe_events.runtime.settings import settings_or_exit
from zugabe_events.runtime.settings_docs import tell_settings

USAGE = """[deploy | rebuild [--new] [MODEL]... | read-models list|switch|remove|verify ... |
  verify [MODEL]... | dead-letters list|show|redrive|skip ... |
  republish --part N --from POS | new-log | person ... | rotate-keys | config]"""

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
        app.include_router(dead_letters_api(DeadLetterAdmin(host.db, service.heard), host.access))
        for router in about_people(host):
            app.include_router(router)
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
        tune_gc()
        await uvicorn.Server(config).serve()


def about_people(host: Host) -> Sequence[APIRouter]:
    """Every service tells what it stores about dealers' people; one that looks after partners tells
    it about their contacts instead."""
    keeping, store, people = host.service.keeping, host.store, host.people
    if keeping and keeping.retire and keeping.tenant == "partner":
        access = host.access(CONTACT_RIGHTS)
        return [contacts_api(store, people, keeping.retire, host.export, access)]
    access = host.access(PEOPLE_RIGHTS)
    routers = [export_api(host.export, access)]
    if keeping and keeping.retire:
        routers.append(people_api(store, people, keeping.retire, access))
    return routers


def run(
    service: Service,
    kind: type[ServiceSettings],
    build: Callable[[Host], FastAPI],
) -> None:
    """The console script: `SERVICE` runs it, `SERVICE deploy` prepares what it needs, the others
    are for operators."""
    settings = partial(settings_or_exit, service.name, kind)
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
        case ["config", *words]:
            sys.exit(tell_settings(service.name, kind, words))
        case [name, *words] if name in COMMANDS:
            sys.exit(run_command(name, service, settings, words))
        case _:
            sys.exit(f"usage: {service.name} {USAGE}")


async def deploy(service: Service, settings: ServiceSettings) -> None:
    """Everything that must be there before the service starts. Safe to repeat."""
    client = connect(settings.mongo_url)
    try:
        db = database(client, service.name)
        log_identity = await deploy_log(db, uuid4())
        await deploy_timers(db)
        await deploy_outbox(db)
        await deploy_dead_letters(db)
        await deploy_persons(db)
        await deploy_failures(db)
        await deploy_snapshots(db)
        for model in service.read_models:
            await begin_read_model(db, settings.kafka, log_identity, model)
        await deploy_topic(settings.kafka, log_identity, settings.replication)
        begins = [(one.name, one.hears, one.start) for one in service.policies]
        begins += [(one.name, one.hears, one.start) for one in service.mails]
        for name, topics, start in begins:
            await record_starts(db, settings.kafka, name, topics, start)
    finally:
        await client.close()
