"""Requests to MongoDB by process and kind, from the log of a mongod that logs every operation."""

import json
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager

import psutil

from benchmarks.shop import UNASKED, Shop

USUAL_SLOW_MS = 100


@asynccontextmanager
async def logged(shop: Shop) -> AsyncGenerator[Counter[tuple[str, str]]]:
    """Count by process and kind; filled in at the end. Writing the log slows mongod down.

    The process is that of the connection's port, so services need not say who they are.
    """
    counts: Counter[tuple[str, str]] = Counter()
    file = shop.stack.home.logs / "mongod.log"
    before = processes_by_port(shop.stack.pids())
    await shop.mongo.admin.command("profile", 0, slowms=-1)
    with file.open() as log:
        log.seek(0, 2)
        yield counts
        await shop.mongo.admin.command("profile", 0, slowms=USUAL_SLOW_MS)
        counts.update(count(log, before | processes_by_port(shop.stack.pids())))


def count(log: Iterable[str], processes: Mapping[int, str]) -> Counter[tuple[str, str]]:
    """Count the commands in lines of mongod's log by process, for those who sent any from a known
    port, and kind."""
    counts: Counter[tuple[str, str]] = Counter()
    for line in log:
        entry = json.loads(line)
        operation = entry["attr"] if entry["msg"] == "Slow query" else {}
        if operation.get("type") == "command" and "remote" in operation:
            kind = next(iter(operation["command"]), "")
            process = processes.get(int(operation["remote"].rpartition(":")[2]))
            if process and kind not in UNASKED:
                counts[process, kind] += 1
    return counts


def processes_by_port(pids: Mapping[str, int]) -> dict[int, str]:
    """Name the process of each local port from which a connection goes out."""
    return {
        connection.laddr.port: name
        for name, pid in pids.items()
        for connection in psutil.Process(pid).net_connections("tcp4")
        if connection.raddr
    }
