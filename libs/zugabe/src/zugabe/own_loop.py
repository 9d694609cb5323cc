"""A thread with its own event loop, so that the stack runs on while its user's loop does not.

Tests have a loop each, and children die with the thread that created them (see `leash`): both need
a thread that lasts exactly as long as the stack.
"""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any


class OwnLoop:
    def __init__(self, name: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.thread.start()

    def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Run it, blocking the caller."""
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        try:
            return future.result()
        finally:
            future.cancel()

    async def call[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Run it, awaited in the caller's loop."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            self.loop.run_until_complete(self.loop.shutdown_default_executor())
            self.loop.close()
