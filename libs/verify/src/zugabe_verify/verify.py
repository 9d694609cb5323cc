"""The audit of logs, topics and read models as they are stored, by independent code."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from aiokafka import AIOKafkaConsumer

from zugabe_verify.business.scope import Scope
from zugabe_verify.business_audit import SERVICES as BUSINESS
from zugabe_verify.business_audit import BusinessAudit
from zugabe_verify.checkpoint import Checkpoint, CheckpointFile
from zugabe_verify.findings import Finding, Findings
from zugabe_verify.history import History
from zugabe_verify.kafka_timeout import bounded
from zugabe_verify.log import Database, connect, database, identify
from zugabe_verify.progress import Progress
from zugabe_verify.records import LoggedEvent
from zugabe_verify.rules import Rules
from zugabe_verify.service_audit import ServiceAudit

SERVICES = ("onboarding", "catalog-shops", *BUSINESS)

STOP_TIMEOUT_SECONDS = 5.0

type Positions = dict[tuple[str, str], dict[int, int]]


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
    resume: Path | None = None,
) -> list[Finding]:
    """Return the faults in the logs of `services`; none when all is well.

    Databases and topics are named like the service, behind `prefix` (of a restored copy, say).
    Without `kafka` no topic is read. `business` and `history` always read vouchers, bonus and
    checkout. On a live system it looks up to the heads that it found, and demands only effects
    that consumers had passed by then. Everything is read, nothing is written.

    In the folder `resume` it keeps what it knows after each part, and goes on with what it finds
    there. Raises KafkaAwayError, and OtherAuditError for what another audit has left there.
    """
    progress = progress or Progress()
    whole = business or history is not None
    wanted = [name for name in services if not (whole and name in BUSINESS)]
    wanted += BUSINESS if whole else ()  # last, and in their own order
    client = connect(mongo_url)
    try:
        databases = {name: database(client, prefix + name) for name in wanted}
        with tempfile.TemporaryDirectory(prefix="zugabe-verify-") as folder:
            async with consumer_of(kafka) as consumer:
                living = {"consumer": consumer, "progress": progress, **databases}
                file = CheckpointFile(resume or Path(folder), living)
                audit = Audit(databases, consumer, file, progress, at=now or datetime.now(UTC))
                asked = (*wanted, business, str(history), prefix, kafka is not None)
                findings = await audit.run(asked, history, business=business)
                file.remove()
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
    try:
        async with bounded(kafka):
            await consumer.start()
        yield consumer
    finally:
        await stop(consumer)


async def stop(consumer: AIOKafkaConsumer) -> None:
    """Keep the findings even if a request times out meanwhile."""
    try:
        async with asyncio.timeout(STOP_TIMEOUT_SECONDS):
            await consumer.stop()
    except TimeoutError:
        pass
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task and task.cancelling():
            raise


class Audit:
    def __init__(
        self,
        databases: Mapping[str, Database],
        consumer: AIOKafkaConsumer | None,
        file: CheckpointFile,
        progress: Progress,
        at: datetime,
    ) -> None:
        self._databases = databases
        self._consumer = consumer
        self._file = file
        self._progress = progress
        self._at = at

    async def run(
        self, asked: tuple[object, ...], history: Path | None, *, business: bool
    ) -> Findings:
        checkpoint = self._file.load(asked)
        if checkpoint is None:
            checkpoint = await self._begin(asked, history, business=business)
        else:
            self._progress.note(f"Resuming the audit that began at {checkpoint.scope.now:%c}.")
        for service, db in self._databases.items():
            if service not in checkpoint.logs and service not in checkpoint.missing:
                await self._read(service, db, checkpoint)
        self._check_positions(checkpoint)
        if checkpoint.whole:
            checkpoint.whole.check()
        if checkpoint.client_history and history:
            checkpoint.client_history.read(history, self._progress)
            checkpoint.client_history.check()
        return checkpoint.scope.findings

    async def _begin(
        self, asked: tuple[object, ...], history: Path | None, *, business: bool
    ) -> Checkpoint:
        findings, folder = Findings(), self._file.folder
        reached = await self._reached()
        client_history = History(folder, findings) if history else None
        scope = Scope(findings, Rules(), self._at, reached)
        whole = BusinessAudit(scope, folder, self._progress) if business else None
        if whole:
            await whole.read_documents(self._databases)
        return Checkpoint(asked, scope, whole, client_history)

    async def _read(self, service: str, db: Database, checkpoint: Checkpoint) -> None:
        def take(event: LoggedEvent) -> None:
            if checkpoint.whole:
                checkpoint.whole.take(event)
            if checkpoint.client_history and event.log == "checkout":
                checkpoint.client_history.take(event)

        listener = (
            take
            if service in BUSINESS and (checkpoint.whole or checkpoint.client_history)
            else None
        )
        findings = checkpoint.scope.findings
        audit = ServiceAudit(service, db, self._consumer, findings, self._progress, listener)
        if checkpoint.log_audit is None:
            checkpoint.log_audit = await audit.begin(self._file.folder)
        log_audit = checkpoint.log_audit
        if log_audit is None:
            checkpoint.missing.add(service)
            return
        await audit.run(log_audit, lambda: self._file.save(checkpoint))
        checkpoint.logs[service], checkpoint.log_audit = log_audit.log, None
        self._file.save(checkpoint)
        log_audit.structure.remove()

    async def _reached(self) -> Positions:
        """The position of each consumer in each log, under the id that the log has now."""
        ids = {
            name: identity[0]
            for name, db in self._databases.items()
            if (identity := await identify(db)) is not None
        }
        reached: Positions = {}
        for db in self._databases.values():
            async for lane in db.positions.find({}):
                if ids.get(lane["log"]) == lane["log_id"]:
                    positions = reached.setdefault((lane["consumer"], lane["log"]), {})
                    positions[lane["part"]] = lane["pos"]
        return reached

    def _check_positions(self, checkpoint: Checkpoint) -> None:
        for (consumer, name), places in checkpoint.scope.reached.items():
            log = checkpoint.logs.get(name)
            if log is None:
                continue
            for part, pos in places.items():
                if pos > log.heads[part]:
                    what = f"{consumer} is at position {pos}, and the log ends at {log.heads[part]}"
                    where = f"part {part}, consumer {consumer}"
                    checkpoint.scope.findings.add("position-ahead", name, where, what)
            behind = sum(max(0, head - places.get(part, 0)) for part, head in log.heads.items())
            if behind:
                self._progress.note(f"{consumer} is {behind:,} events behind {name}.")
