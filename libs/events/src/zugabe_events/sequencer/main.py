"""The sequencer's process: the environment, then one sequencer per log."""

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from datetime import UTC, datetime

import uvloop
from pydantic_settings import BaseSettings, SettingsConfigDict

from zugabe_events.mongo import connect, database, identity
from zugabe_events.sequencer.relay import ContradictionError
from zugabe_events.sequencer.sequencer import Sequencer


class Settings(BaseSettings):
    """`logs` is a list of service names; `instance` names this replica, and stays the same over
    restarts so that it need not wait for its own lease."""

    model_config = SettingsConfigDict(env_prefix="ZUGABE_")

    mongo_url: str
    kafka: str
    logs: str
    instance: str = socket.gethostname()


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


async def until_told() -> None:
    work = asyncio.create_task(sequence(Settings()))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work


def run() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    try:
        uvloop.run(until_told())
    except* (ContradictionError, LookupError) as group:
        for error in group.exceptions:
            logging.getLogger(__name__).error("%s", error)
        sys.exit(1)
