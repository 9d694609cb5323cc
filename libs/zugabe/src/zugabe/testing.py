"""Real Kafka and MongoDB for tests: given by address, or started for as long as needed.

`python -m zugabe.testing COMMAND...` runs a command that finds both in its environment, so that
several test processes share them.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from zugabe.supervisor import Stack


class Parts(NamedTuple):
    kafka: str
    mongo: str


@contextmanager
def parts() -> Iterator[Parts]:
    """Provide both; child processes find them in ZUGABE_KAFKA and ZUGABE_MONGO_URL."""
    given = Parts(os.environ.get("ZUGABE_KAFKA", ""), os.environ.get("ZUGABE_MONGO_URL", ""))
    if all(given):
        yield given
        return
    with (
        tempfile.TemporaryDirectory(prefix="zugabe-") as home,
        Stack(Path(home), services=()) as stack,
    ):
        here = Parts(stack.addresses["kafka"], stack.addresses["mongod"])
        names = {"ZUGABE_KAFKA": here.kafka, "ZUGABE_MONGO_URL": here.mongo}
        before = {name: os.environ.get(name) for name in names}
        os.environ.update(names)
        try:
            yield here
        finally:
            for name, value in before.items():
                os.environ.pop(name, None) if value is None else os.environ.update({name: value})


if __name__ == "__main__":
    with parts():
        sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)
