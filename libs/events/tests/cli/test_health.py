"""The container health check: `python -m zugabe_events.cli.health`."""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from zugabe.testing import Parts
from zugabe_events.cli.health import sequences, serves
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.sequencer.lease import SequencerLease


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_a_service_is_healthy_while_it_says_that_it_is_ready(status: int, healthy: bool) -> None:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz" else 404)
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        port = str(server.server_port)
        assert serves(port) is healthy
        command = [sys.executable, "-m", "zugabe_events.cli.health"]
        done = subprocess.run(command, env={"ZUGABE_PORT": port}, check=False)
        assert done.returncode == (0 if healthy else 1)
        server.shutdown()
    assert not serves(port)


async def test_a_sequencer_is_healthy_while_somebody_holds_every_lease(
    db: Database, log_identity: LogIdentity, real_parts: Parts
) -> None:
    async def healthy(*logs: str) -> bool:
        return await sequences(real_parts.mongo, logs)

    assert not await healthy(db.name)
    lease = SequencerLease(db, "sequencer@one")
    assert await lease.acquire() is not None
    assert await healthy(db.name)
    assert not await healthy(db.name, f"{db.name}-unborn")
    await lease.release()
    assert not await healthy(db.name)
