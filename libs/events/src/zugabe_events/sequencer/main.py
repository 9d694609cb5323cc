"""The sequencer's process: the environment, then one sequencer per log."""

import asyncio
import contextlib
import logging
import signal
import sys
from datetime import UTC, datetime

import uvloop

from zugabe_events.addresses import Logs
from zugabe_events.mongo import connect, database, identity
from zugabe_events.sequencer.relay import ContradictionError
from zugabe_events.sequencer.sequencer import Sequencer
from zugabe_events.settings import ProcessSettings, settings_or_exit
from zugabe_events.settings_told import tell_settings


class Settings(ProcessSettings):
    """What the sequencer reads from its environment. A replica with the same `instance` as before
    need not wait for its own lease."""

    logs: Logs
    """names of services, with commas between: the logs that it sequences"""


async def sequence(settings: Settings) -> None:
    client = connect(settings.mongo_url)
    async with asyncio.TaskGroup() as tasks:
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
    """The console script: `sequencer` runs it, `sequencer config` tells its settings."""
    match sys.argv[1:]:
        case []:
            run_until_told(settings_or_exit("sequencer", Settings))
        case ["config", *words]:
            sys.exit(tell_settings("sequencer", Settings, words))
        case _:
            sys.exit("usage: sequencer [config]")


def run_until_told(settings: Settings) -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    try:
        uvloop.run(until_told(settings))
    except* (ContradictionError, LookupError) as group:
        for error in group.exceptions:
            logging.getLogger(__name__).error("%s", error)
        sys.exit(1)
