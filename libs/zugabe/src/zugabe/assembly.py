"""The parts of a stack, and the order in which they start and stop."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from zugabe.child import Child, Runner
from zugabe.errors import StackError
from zugabe.home import Home
from zugabe.inside import serve_inside
from zugabe.kafka import kafka
from zugabe.launcher import Fork, Launcher
from zugabe.mongo import mongo
from zugabe.part import Part
from zugabe.ports import HOST, Ports
from zugabe.processes import Processes, together, until_http_ready
from zugabe.services import (
    SEQUENCER,
    WEB,
    console_scripts,
    environment,
    program_of,
    without_password,
)


class Assembly:
    """Belongs to one event loop; others reach it through `Stack`."""

    def __init__(
        self,
        home: Home,
        services: Sequence[str],
        commands: Mapping[str, Sequence[str]],
        env: Mapping[str, str],
        ports: Ports,
        tell: Callable[[str], None],
        own_env: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.home = home
        self.services = tuple(services)
        self.commands = commands
        self.env = env
        self.ports = ports
        self.tell = tell
        self.own_env = own_env
        self.addresses: dict[str, str] = {}
        self.processes = Processes(self.write_status)
        self.state = "starting"
        self._parts: dict[str, Part] = {}
        self._inside = AsyncExitStack()
        standard = console_scripts()
        self._programs = (*services, SEQUENCER, WEB)
        forked = [name for name in self._programs if commands.get(name) == standard[name]]
        self._launcher = Launcher(forked, home.logs / "launcher.log", env)
        self._starting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start everything; raise as soon as a process that was up ends."""
        self._starting = asyncio.current_task()
        starting = asyncio.create_task(self._start_all())
        failure = asyncio.create_task(self.processes.failed.wait())
        try:
            await asyncio.wait((starting, failure), return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                return starting.result()
            assert self.processes.failure
            raise self.processes.failure
        finally:
            starting.cancel()
            failure.cancel()
            await asyncio.gather(starting, failure, return_exceptions=True)

    async def _start_all(self) -> None:
        self.write_status()
        issuer, smtp = self.ports.of("issuer"), self.ports.of("smtp")
        if self.services:
            self.addresses[WEB] = f"http://{HOST}:{self.ports.of(WEB)}"
        portal = self.addresses.get(WEB)
        self._inside = await serve_inside(self.home, self._programs, issuer, smtp, portal)
        self.addresses |= {
            "issuer": f"http://{HOST}:{issuer}",
            "smtp": f"smtp://{HOST}:{smtp}",
            "mails": str(self.home.mails),
        }
        if self._launcher.programs and self.services:
            await self._launcher.start()
        self.tell("Starting Kafka and MongoDB")
        given = self.env.get
        port, controller = self.ports.of("kafka"), self.ports.of("kafka-controller")
        home = self.home.path
        self._parts = {
            "kafka": kafka(home, port, controller, given("ZUGABE_KAFKA"), self.tell),
            "mongod": mongo(home, self.ports.of("mongod"), given("ZUGABE_MONGO_URL")),
        }
        self.addresses |= {name: part.address for name, part in self._parts.items()}
        await together(*(self._start_part(part) for part in self._parts.values()))
        if self.services:
            for service in self.services:
                self.addresses[service] = f"http://{HOST}:{self.ports.of(service)}"
            self.tell("Preparing databases and topics")
            await together(*(self._deploy(service) for service in self.services))
            self.tell("Starting the services")
            await together(*(self.start_process(name, {}) for name in self._programs))
        self.state = "running"
        self.write_status()

    async def start_process(self, process: str, extra: Mapping[str, str]) -> None:
        if process in self._parts:
            return await self._start_part(self._parts[process])
        if process in self.processes.pids():
            raise StackError(f"{process} is running already.")
        program = program_of(process, self.commands)
        if process not in self.addresses:
            self.addresses[process] = f"http://{HOST}:{self.ports.of(process)}"
        runner = self._process(process, program, extra)
        url = self.addresses.get(process)
        return await self.processes.start(runner, lambda: until_http_ready(url))

    async def stop(self) -> None:
        """Stop services first, so that they can still leave Kafka and MongoDB in order."""
        if self._starting and not self._starting.done():
            if not self._starting.cancelling():
                self._starting.cancel()
            await asyncio.wait([self._starting])
        self.tell("Stopping")
        self.state = "stopping"
        names = list(self.processes.by_name)
        sequencers = [name for name in names if name.startswith(SEQUENCER)]
        last = [name for name in names if name in self._parts]
        await self.processes.stop(set(names) - set(sequencers) - set(last))
        await self.processes.stop(sequencers)
        await self.processes.stop(last)
        await self._launcher.stop()
        await self._inside.aclose()
        self.ports.release()

    def write_status(self, message: str = "") -> None:
        own = ("kafka", "mongod", "issuer", "smtp", "mails")
        services = {name: url for name, url in self.addresses.items() if name not in own}
        self.home.write_status(
            {
                "state": self.state,
                "message": message,
                **{name: without_password(self.addresses.get(name)) for name in own},
                "services": services,
                "pids": {"zugabe": os.getpid(), **self.processes.pids()},
            }
        )

    async def _start_part(self, part: Part) -> None:
        if part.runner is None:
            await part.reach()
        else:
            await self.processes.start(part.runner, part.ready)

    async def _deploy(self, service: str) -> None:
        process = self._process(service, service, {}, "deploy")
        process.name = f"{service}-deploy"
        await self.processes.run(process)

    def _process(self, process: str, program: str, extra: Mapping[str, str], *words: str) -> Runner:
        log, environment = self._log(process), self._environment(process, program, extra)
        if program in self._launcher.programs:
            return Fork(self._launcher, process, program, words, log, environment)
        return Child(process, (*self.commands[program], *words), log, environment)

    def _log(self, process: str) -> Path:
        return self.home.logs / f"{process}.log"

    def _environment(
        self, process: str, program: str, extra: Mapping[str, str]
    ) -> Mapping[str, str]:
        parts = self.env.get("ZUGABE_LOG_PARTS")
        settings = environment(process, program, self.home, self.addresses, self.services, parts)
        return {**self.env, **settings, **self.own_env.get(process, {}), **extra}
