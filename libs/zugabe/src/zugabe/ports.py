"""Free ports on the loopback address."""

import random
import socket
from collections.abc import Mapping

from zugabe.errors import StackError

HOST = "127.0.0.1"
# Below what the system hands to outgoing connections: a port must still be ours after a restart.
RANGE = range(20_000, 32_000)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


class Ports:
    """Hands out ports: the one asked for, else the usual one if it is free, else any free one."""

    def __init__(self, asked: Mapping[str, int], usual: Mapping[str, int]) -> None:
        self.asked = asked
        self.usual = usual
        self.taken: set[int] = set()

    def of(self, name: str) -> int:
        if name in self.asked:
            return self._take(name, self.asked[name])
        usual = self.usual.get(name)
        if usual is not None and usual not in self.taken and is_free(usual):
            return self._take(name, usual)
        while True:
            port = random.choice(RANGE)
            if port not in self.taken and is_free(port):
                return self._take(name, port)

    def _take(self, name: str, port: int) -> int:
        if port in self.taken or not is_free(port):
            sentence = (
                f"Port {port} for {name} is taken; stop what listens there or ask for another port."
            )
            raise StackError(sentence)
        self.taken.add(port)
        return port
