"""Uploads are checked in a thread, one at a time: memory and processors are for everybody."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from zugabe_events.files.kinds import (
    CheckedFile,
    CheckedPicture,
    checked_file,
    checked_picture,
)


class Inspection:
    """Checks of what uploads contain."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "inspection")

    async def file(self, content: bytes, file_name: str) -> CheckedFile:
        """Raises FileRefusedError."""
        return await self._in_turn(checked_file, content, file_name)

    async def picture(self, content: bytes) -> CheckedPicture:
        """Raises FileRefusedError."""
        return await self._in_turn(checked_picture, content)

    async def _in_turn[*Args, Checked](
        self, check: Callable[[*Args], Checked], *args: *Args
    ) -> Checked:
        return await asyncio.get_running_loop().run_in_executor(self._thread, check, *args)
