"""Free ports on the loopback address, claimed before anything listens on them."""

import fcntl
import os
import random
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from zugabe.errors import StackError
from zugabe.home import private_folder

HOST = "127.0.0.1"
# Below the range of outgoing connections: a port must still be free after a restart.
RANGE = range(20_000, 32_000)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def claim(port: int) -> IO[bytes] | None:
    """Lock a port as long as the file is open; None while another stack has it.

    Another stack may check the same port between the check here and the service that binds it.
    """
    folder = Path(tempfile.gettempdir()) / f"zugabe-ports-{os.getuid()}"
    private_folder(folder)
    file = (folder / str(port)).open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


class Ports:
    """Assigns ports: the requested one, else the usual one if it is free, else any free one."""

    def __init__(self, asked: Mapping[str, int], usual: Mapping[str, int]) -> None:
        self.asked = asked
        self.usual = usual
        self.claimed: dict[int, IO[bytes]] = {}

    def of(self, name: str) -> int:
        if name in self.asked:
            if not self._take(self.asked[name]):
                raise StackError(
                    f"Port {self.asked[name]} for {name} is taken; "
                    "stop what listens there or ask for another port."
                )
            return self.asked[name]
        usual = self.usual.get(name)
        if usual is not None and self._take(usual):
            return usual
        while True:
            port = random.choice(RANGE)
            if self._take(port):
                return port

    def _take(self, port: int) -> bool:
        if port in self.claimed or not is_free(port):
            return False
        lock = claim(port)
        if lock is None:
            return False
        self.claimed[port] = lock
        return True

    def release(self) -> None:
        """Release all ports to other stacks."""
        for lock in self.claimed.values():
            lock.close()
        self.claimed.clear()
