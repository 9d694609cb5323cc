"""The sequencer's process: the environment, then one sequencer per log."""

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import uvloop
from prometheus_client import start_http_server
from pydantic_settings import BaseSettings, SettingsConfigDict

from zugabe_events.mongo import connect, database, identity
from zugabe_events.sequencer.relay import ContradictionError
from zugabe_events.sequencer.sequencer import Sequencer
from zugabe_events.watching import metrics
from zugabe_events.watching.logs import log_to_stderr


class Settings(BaseSettings):
    """`logs` is a list of service names; `instance` names this replica, and stays the same over
    restarts so that it need not wait for its own lease. It shows metrics on its
    `metrics_port`, if it is given one."""

    model_config = SettingsConfigDict(env_prefix="ZUGABE_")

    mongo_url: str
    kafka: str
    logs: str
    instance: str = socket.gethostname()
    host: str = "127.0.0.1"
    metrics_port: int | None = None


async def sequence(settings: Settings) -> None:
    client = connect(settings.mongo_url)
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        if settings.metrics_port is not None:
            server, _ = start_http_server(settings.metrics_port, settings.host, metrics.REGISTRY)
            stack.callback(server.shutdown)
        for name in settings.logs.split(","):
            db = database(client, name.strip())
            sequencer = Sequencer(
                db,
                await identity(db),
                settings.kafka,
                f"sequencer@{settings.instance}",
                lambda: datetime.now(UTC),
            )
            tasks.create_task(sequencer.run())


async def until_told(settings: Settings) -> None:
    work = asyncio.create_task(sequence(settings))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work


def run() -> None:
    log_to_stderr("sequencer", socket.gethostname())
    settings = Settings()
    log_to_stderr("sequencer", settings.instance)
    try:
        uvloop.run(until_told(settings))
    except* (ContradictionError, LookupError) as group:
        for error in group.exceptions:
            logging.getLogger(__name__).error("%s", error)
        sys.exit(1)
