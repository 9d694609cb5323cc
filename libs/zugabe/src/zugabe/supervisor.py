"""The whole stack as one object: starts in order, is watched, leaves nothing running."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from zugabe.assembly import Assembly
from zugabe.errors import StackError
from zugabe.home import Home
from zugabe.issuer import issue, load_key
from zugabe.own_loop import OwnLoop
from zugabe.ports import Ports
from zugabe.roles import Role
from zugabe.services import ALL, USUAL_PORTS, console_scripts


class Stack:
    """A context manager, `with` or `async with`; its coroutines work in any event loop."""

    def __init__(
        self,
        home: Path,
        *,
        fresh: bool = False,
        services: Sequence[str] = ALL,
        env: Mapping[str, str] | None = None,
        ports: Mapping[str, int] | None = None,
        usual_ports: bool = False,
        commands: Mapping[str, Sequence[str]] | None = None,
        tell: Callable[[str], None] = lambda _: None,
        own_env: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """`env` is for every process; `own_env`, by process, overrides it."""
        self.home = Home(home)
        self._fresh = fresh
        self._assembly = Assembly(
            self.home,
            services,
            commands or console_scripts(),
            {**os.environ, **(env or {})},
            Ports(ports or {}, USUAL_PORTS if usual_ports else {}),
            tell,
            own_env or {},
        )
        self._own: OwnLoop | None = None

    @property
    def addresses(self) -> Mapping[str, str]:
        """Addresses of kafka, mongod, issuer, smtp and every service; `mails` is a directory."""
        return self._assembly.addresses

    @property
    def failure(self) -> StackError | None:
        """The failure of a process that ended by itself, if any."""
        return self._assembly.processes.failure

    async def failed(self) -> StackError:
        """Wait for a failure."""
        await self._call(self._assembly.processes.failed.wait())
        assert self.failure is not None
        return self.failure

    def pids(self) -> Mapping[str, int]:
        return self._assembly.processes.pids()

    def pid(self, name: str) -> int:
        self._must_be_ours(name)
        return self.pids()[name]

    async def kill(self, name: str) -> None:
        """Send SIGKILL, as in a crash; this is no failure of the stack."""
        self._must_be_ours(name)
        await self._call(self._assembly.processes.kill(name))

    async def stop_process(self, name: str) -> None:
        self._must_be_ours(name)
        await self._call(self._assembly.processes.stop([name]))

    async def start_process(
        self, name: str, *, replica: int = 0, extra_env: Mapping[str, str] | None = None
    ) -> str:
        """Start it again, or replica 2, 3, … of it; return its address, if it has one."""
        process = f"{name}-{replica}" if replica > 1 else name
        await self._call(self._assembly.start_process(process, extra_env or {}))
        return self.addresses.get(process, "")

    def token(self, role: Role, *, user: str | None = None, hours: float = 8, **claims: Any) -> str:
        """Issue a token; `claims` are those of `issue`, such as dealer, customer and rights."""
        return issue(
            load_key(self.home.key_file),
            self.addresses["issuer"],
            subject=user or role,
            role=role,
            lifetime_seconds=int(hours * 3600),
            **claims,
        )

    def __enter__(self) -> Self:
        own = self._take_home()
        try:
            own.run(self._assembly.start())
        except BaseException as error:
            self._close(error)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._close(self.failure)

    async def __aenter__(self) -> Self:
        own = self._take_home()
        try:
            await own.call(self._assembly.start())
        except BaseException as error:
            await asyncio.shield(asyncio.to_thread(self._close, error))
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.shield(asyncio.to_thread(self._close, self.failure))

    def _take_home(self) -> OwnLoop:
        self.home.take(fresh=self._fresh)
        self._own = OwnLoop("zugabe-stack")
        return self._own

    def _close(self, error: BaseException | None) -> None:
        assert self._own is not None
        try:
            self._own.run(self._assembly.stop())
        finally:
            self._own.close()
            self._own = None
            failed = isinstance(error, StackError)
            self._assembly.state = "failed" if failed else "stopped"
            self._assembly.write_status(error.sentence if isinstance(error, StackError) else "")
            self.home.release()

    async def _call[T](self, work: Coroutine[Any, Any, T]) -> T:
        assert self._own is not None, "the stack is not running"
        return await self._own.call(work)

    def _must_be_ours(self, name: str) -> None:
        if name not in self._assembly.processes.by_name:
            raise StackError(f"{name} is not a process that this stack has started.")
