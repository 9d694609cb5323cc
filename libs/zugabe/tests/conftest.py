import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from zugabe.services import PROCESSES
from zugabe.supervisor import Stack

FAKE = Path(__file__).parent / "zugabe_tests" / "fake_service.py"
OWN_PARTS = {"ZUGABE_KAFKA": "", "ZUGABE_MONGO_URL": ""}


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Kafka and MongoDB of these tests' own, because they are killed here."""
    with Stack(tmp_path_factory.mktemp("bare"), services=(), env=OWN_PARTS) as stack:
        yield stack


@pytest.fixture
def fakes(bare: Stack, tmp_path: Path) -> Callable[..., Stack]:
    """A stack of fake services over the Kafka and MongoDB that run already."""
    commands = {name: (sys.executable, str(FAKE), name) for name in PROCESSES}
    given = {
        "ZUGABE_KAFKA": bare.addresses["kafka"],
        "ZUGABE_MONGO_URL": bare.addresses["mongod"],
    }

    def stack(env: Mapping[str, str] | None = None, **more: Any) -> Stack:
        return Stack(tmp_path / "home", commands=commands, env=given | dict(env or {}), **more)

    return stack
