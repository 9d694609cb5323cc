"""A container that runs one part, published on the loopback address only.

Its data lasts as long as the stack: a killed container keeps it, a new stack starts without.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import docker  # type: ignore[import-untyped]
from testcontainers.core.container import DockerContainer

from zugabe.child import MAX_LOG_LINES
from zugabe.errors import StackError
from zugabe.ports import HOST


def engine_answers() -> bool:
    try:
        client = docker.from_env(timeout=2)
        client.ping()
        client.close()
    except (docker.errors.DockerException, OSError):
        return False
    return True


class Container:
    """Listens on the same port inside and outside, so that the address it announces is right."""

    def __init__(
        self,
        name: str,
        image: str,
        port: int,
        *,
        env: Mapping[str, str] | None = None,
        command: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.wanted = False
        self.container = DockerContainer(image).with_envs(**(env or {}))
        published: dict[Any, Any] = self.container.ports
        published[port] = (HOST, port)
        if command:
            self.container.with_command(list(command))
        self.created = False

    @property
    def pid(self) -> int | None:
        """Containers have no process here: the engine supervises them."""
        return None

    async def start(self) -> None:
        try:
            if self.created:  # killed or stopped before: the same one again, with its data
                await asyncio.to_thread(self.container.get_wrapped_container().start)
            else:
                await asyncio.to_thread(self.container.start)
        except (docker.errors.DockerException, OSError) as error:
            sentence = (
                f"Docker could not start {self.container.image} ({error}); "
                "ZUGABE_PARTS=process uses child processes instead."
            )
            raise StackError(sentence) from None
        self.created = True
        self.wanted = True

    async def wait(self) -> int:
        while True:
            state = await asyncio.to_thread(self._state)
            if state["Status"] in ("exited", "dead"):
                return int(state["ExitCode"])
            await asyncio.sleep(0.5)

    async def stop(self, grace: float = 10) -> None:
        self.wanted = False
        if self.created:
            inner = self.container.get_wrapped_container()
            await asyncio.to_thread(inner.stop, timeout=int(grace))

    async def kill(self) -> None:
        self.wanted = False
        if self.created:
            await asyncio.to_thread(self.container.get_wrapped_container().kill)

    def tail(self) -> str:
        inner = self.container.get_wrapped_container()
        return inner.logs(tail=MAX_LOG_LINES).decode(errors="replace") if self.created else ""

    def _state(self) -> dict[str, Any]:
        inner = self.container.get_wrapped_container()
        inner.reload()
        state: dict[str, Any] = inner.attrs["State"]
        return state
