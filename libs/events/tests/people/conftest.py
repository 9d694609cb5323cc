"""People of a toy service; `house` has its consumers running on real parts."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from kernel_tests.houses import House, deploy_people, open_house, write_master
from kernel_tests.toy import Start

from zugabe.testing import Parts
from zugabe_events.mongo.client import Database, LogIdentity


@pytest.fixture
def master_file(tmp_path: Path) -> Path:
    return write_master(tmp_path / "master-keys", "1")


@pytest.fixture
async def persons_db(db: Database) -> Database:
    await deploy_people(db)
    return db


@pytest.fixture
async def house(
    db: Database, log_identity: LogIdentity, real_parts: Parts, start: Start, master_file: Path
) -> AsyncGenerator[House]:
    start("one")
    async with open_house(db, log_identity, real_parts.kafka, master_file) as opened:
        yield opened
