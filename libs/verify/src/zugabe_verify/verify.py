"""The audit: logs, topics and read models as they lie there, by code that nobody else runs."""

import tempfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from aiokafka import AIOKafkaConsumer

from zugabe_verify.business.scope import Scope
from zugabe_verify.business_audit import SERVICES as BUSINESS
from zugabe_verify.business_audit import BusinessAudit
from zugabe_verify.findings import Finding, Findings
from zugabe_verify.history import History
from zugabe_verify.log import Database, Log, connect, database, identify
from zugabe_verify.progress import Progress
from zugabe_verify.rules import Rules
from zugabe_verify.service_audit import ServiceAudit
from zugabe_verify.told import Told

SERVICES = ("onboarding", "catalog-shops", *BUSINESS)

type Reached = dict[tuple[str, str], dict[int, int]]


async def verify(
    mongo_url: str,
    kafka: str | None = None,
    *,
    services: Sequence[str] = SERVICES,
    business: bool = False,
    history: Path | None = None,
    prefix: str = "",
    now: datetime | None = None,
    progress: Progress | None = None,
) -> list[Finding]:
    """What is wrong with the logs of `services`; empty when nothing is.

    Databases and topics are named like the service, behind `prefix` (of a restored copy, say).
    Without `kafka` no topic is read. `business` and `history` always read vouchers, bonus and
    checkout. On a live system it looks up to the heads that it found, and demands only effects
    that consumers had passed by then. Everything is read, nothing is written.
    """
    telling = progress or Progress()
    findings = Findings()
    whole = business or history is not None
    wanted = [name for name in services if not (whole and name in BUSINESS)]
    wanted += BUSINESS if whole else ()  # last, and in their own order
    client = connect(mongo_url)
    try:
        databases = {name: database(client, prefix + name) for name in wanted}
        with tempfile.TemporaryDirectory(prefix="zugabe-verify-") as folder:
            async with consumer_of(kafka) as consumer:
                audit = Audit(databases, consumer, Path(folder), findings, telling)
                await audit.run(now or datetime.now(UTC), history, business=business)
    finally:
        await client.close()
    return findings.all()


@asynccontextmanager
async def consumer_of(kafka: str | None) -> AsyncGenerator[AIOKafkaConsumer | None]:
    if kafka is None:
        yield None
        return
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka,
        enable_auto_commit=False,
        fetch_max_bytes=16 * 1024 * 1024,
        max_partition_fetch_bytes=8 * 1024 * 1024,
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


class Audit:
    def __init__(
        self,
        databases: Mapping[str, Database],
        consumer: AIOKafkaConsumer | None,
        folder: Path,
        findings: Findings,
        progress: Progress,
    ) -> None:
        self._databases = databases
        self._consumer = consumer
        self._folder = folder
        self._findings = findings
        self._progress = progress

    async def run(self, now: datetime, history: Path | None, *, business: bool) -> None:
        reached = await self._reached()
        told = History(self._folder, self._findings) if history else None
        scope = Scope(self._findings, Rules(), now, reached)
        whole = BusinessAudit(scope, self._folder, self._progress) if business else None
        if whole:
            await whole.read_documents(self._databases)

        def take(event: Told) -> None:
            if whole:
                whole.take(event)
            if told and event.log == "checkout":
                told.take(event)

        logs: dict[str, Log] = {}
        for service, db in self._databases.items():
            heard = take if service in BUSINESS and (whole or told) else None
            one = ServiceAudit(
                service, db, self._consumer, self._folder, self._findings, self._progress, heard
            )
            if log := await one.run():
                logs[service] = log
        self._check_positions(reached, logs)
        if whole:
            whole.check()
        if told and history:
            told.read(history, self._progress)
            told.check()

    async def _reached(self) -> Reached:
        """How far each consumer is in each log, in the history that the log has now."""
        ids = {
            name: known[0]
            for name, db in self._databases.items()
            if (known := await identify(db)) is not None
        }
        reached: Reached = {}
        for db in self._databases.values():
            async for one in db.positions.find({}):
                if ids.get(one["log"]) == one["log_id"]:
                    reached.setdefault((one["consumer"], one["log"]), {})[one["part"]] = one["pos"]
        return reached

    def _check_positions(self, reached: Reached, logs: Mapping[str, Log]) -> None:
        for (consumer, name), places in reached.items():
            log = logs.get(name)
            if log is None:
                continue
            for part, pos in places.items():
                if pos > log.heads[part]:
                    what = f"{consumer} is at position {pos}, and the log ends at {log.heads[part]}"
                    where = f"part {part}, consumer {consumer}"
                    self._findings.add("position-ahead", name, where, what)
            behind = sum(max(0, head - places.get(part, 0)) for part, head in log.heads.items())
            if behind:
                self._progress.note(f"{consumer} is {behind:,} events behind {name}.")
