"""`zugabe`, as an operator calls it."""

import asyncio
import os
import sys

from zugabe.supervisor import Stack


async def zugabe_says(stack: Stack, *words: str) -> str:
    """The output of the command, which must succeed."""
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "zugabe", *words),
        env=os.environ | {"ZUGABE_HOME": str(stack.home.path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await running.communicate()
    assert running.returncode == 0, (output.decode(), errors.decode())
    return output.decode()
