"""A service's console script: run it, deploy what it needs, rebuild or repair."""

import asyncio
import logging
import signal
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from functools import partial
from uuid import uuid4

import uvicorn
import uvloop
from fastapi import FastAPI

from zugabe_events.dead_letters import deploy_dead_letters
from zugabe_events.deploying import deploy_topic, record_starts
from zugabe_events.hosting import Host, hosted
from zugabe_events.http.dead_letters import dead_letters_api
from zugabe_events.http.positions import positions_api
from zugabe_events.http.protocol import BoundedHttp
from zugabe_events.letter_office import LetterOffice
from zugabe_events.letters_command import dead_letters, parse
from zugabe_events.mailing import deploy_outbox
from zugabe_events.mongo import connect, database, deploy_log, identity
from zugabe_events.mongo_views import deploy_views
from zugabe_events.rebuild_command import rebuild
from zugabe_events.repair_command import begin_new_log, parse_republish, send_again
from zugabe_events.ringing import deploy_timers
from zugabe_events.service import Service, ServiceSettings, now
from zugabe_events.serving import builds
from zugabe_events.settings import settings_or_exit
from zugabe_events.settings_told import tell_settings

USAGE = """[deploy | rebuild [MODEL]... | dead-letters list|show|redrive|skip ... |
  republish --part N --from POS | new-log | config]"""


async def serve(
    service: Service, settings: ServiceSettings, build: Callable[[Host], FastAPI]
) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: None)
    async with hosted(service, settings) as host:
        app = build(host)
        app.include_router(positions_api(host.serving, host.access))
        app.include_router(dead_letters_api(LetterOffice(host.db, service.heard), host.access))
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            http=BoundedHttp,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=10,
        )
        await uvicorn.Server(config).serve()


def run(
    service: Service,
    kind: type[ServiceSettings],
    build: Callable[[Host], FastAPI],
) -> None:
    """The console script: `SERVICE` runs it, `SERVICE deploy` prepares what it needs, the others
    are for operators."""
    settings = partial(settings_or_exit, service.name, kind)
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
        case ["config", *words]:
            sys.exit(tell_settings(service.name, kind, words))
        case ["dead-letters", *words]:
            asked = parse(service.name, words)
            sys.exit(0 if uvloop.run(letters(service, settings(), asked)) else 1)
        case ["republish", *words]:
            asked = parse_republish(service.name, words)
            sys.exit(0 if uvloop.run(repair(service, settings(), asked)) else 1)
        case ["new-log"]:
            sys.exit(0 if uvloop.run(repair(service, settings(), None)) else 1)
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


async def letters(service: Service, settings: ServiceSettings, asked: Namespace) -> bool:
    client = connect(settings.mongo_url)
    try:
        office = LetterOffice(database(client, service.name), service.heard)
        return await dead_letters(office, asked, now())
    finally:
        await client.close()


async def repair(service: Service, settings: ServiceSettings, asked: Namespace | None) -> bool:
    """Sends again what is asked for, or begins a new log."""
    client = connect(settings.mongo_url)
    try:
        db = database(client, service.name)
        log_identity = await identity(db)
        if asked is None:
            return await begin_new_log(db, log_identity, settings.kafka, now())
        return await send_again(db, log_identity, settings.kafka, asked)
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
