"""The sequencer's process: the environment, then one sequencer per log."""

import asyncio
import contextlib
import logging
import signal
import sys
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial

import typer
import uvloop
from prometheus_client import start_http_server
from pydantic import Field

from zugabe_events.cli.config import config_commands
from zugabe_events.cli.help import Commands, Version
from zugabe_events.domain.backoff import Backoff
from zugabe_events.mongo.client import Database, connect, database, identity
from zugabe_events.observability import metrics
from zugabe_events.observability.logging import log_to_stderr
from zugabe_events.runtime.gc_tuning import tune_gc
from zugabe_events.runtime.process_log import logged
from zugabe_events.runtime.setting_types import Logs
from zugabe_events.runtime.settings import ProcessSettings, settings_or_exit
from zugabe_events.sequencer.publisher import ContradictionError
from zugabe_events.sequencer.sequencer import Sequencer

log = logging.getLogger(__name__)

BACKOFF = Backoff(5.0, 300.0)


class Settings(ProcessSettings):
    """The settings of the sequencer. A replica restarted with the same `instance` does not have to
    wait for its own lease."""

    logs: Logs
    """comma-separated names of the services whose logs it sequences"""
    host: str = "127.0.0.1"
    """address to serve metrics on"""
    metrics_port: int | None = Field(None, ge=1, le=65_535)
    """port to serve metrics on; without it no metrics are served"""


async def sequence(settings: Settings) -> None:
    """Raises ContradictionError when every log is contradicted by its topic, LookupError without
    any log."""
    client = connect(settings.mongo_url)
    names = [name.strip() for name in settings.logs.split(",") if name.strip()]
    if not names:
        raise LookupError("ZUGABE_LOGS names no log")
    contradicted: set[str] = set()
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        if settings.metrics_port is not None:
            server, _ = start_http_server(settings.metrics_port, settings.host, metrics.REGISTRY)
            stack.callback(server.shutdown)
        for name in names:
            db = database(client, name)
            await identity(db)
            tasks.create_task(sequence_log(db, settings, contradicted, len(set(names))))


async def sequence_log(db: Database, settings: Settings, contradicted: set[str], logs: int) -> None:
    """Sequence a log; log an error and retry with back-off while its topic contradicts it.

    Raises ContradictionError once all logs are contradicted.
    """
    attempts = 0
    while True:
        began = time.monotonic()
        sequencer = Sequencer(
            db,
            await identity(db),  # it may have got a new one
            settings.kafka,
            f"sequencer@{settings.instance}",
            lambda: datetime.now(UTC),
            partial(contradicted.discard, db.name),
        )
        try:
            await sequencer.run()
        except ContradictionError as error:
            contradicted.add(db.name)
            if len(contradicted) == logs:
                raise
            attempts = 1 if time.monotonic() - began > BACKOFF.maximum else attempts + 1
            wait = BACKOFF.wait(attempts)
            log.error("%s stands still for %.0f s: %s", db.name, wait, error)
            await asyncio.sleep(wait)


async def until_stopped(settings: Settings) -> None:
    work = asyncio.create_task(sequence(settings))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work


app = Commands(pretty_exceptions_enable=False)
app.add_typer(config_commands("sequencer", Settings), name="config")


@app.callback(invoke_without_command=True)
def sequencer(ctx: typer.Context, version: Version = False) -> None:
    """Sequence logs until a signal ends it: give events their positions, and send them to Kafka."""
    if ctx.invoked_subcommand is None:
        run_until_stopped(settings_or_exit("sequencer", Settings))


def run() -> None:
    """The console script."""
    app(prog_name="sequencer")


def run_until_stopped(settings: Settings) -> None:
    log_to_stderr("sequencer", settings.instance)
    tune_gc()
    try:
        port = settings.metrics_port
        address = f"{settings.host}:{port}" if port else "no address"
        with logged("sequencer", address, settings):
            uvloop.run(until_stopped(settings))
    except* (ContradictionError, LookupError) as group:
        for error in group.exceptions:
            log.error("%s", error)
        sys.exit(1)
