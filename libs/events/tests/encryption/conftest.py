"""A master key and a database of people's keys."""

from pathlib import Path

import pytest
from kernel_tests.houses import deploy_people, write_master

from zugabe_events.mongo.client import Database


@pytest.fixture
def master_file(tmp_path: Path) -> Path:
    return write_master(tmp_path / "master-keys", "1")


@pytest.fixture
async def persons_db(db: Database) -> Database:
    await deploy_people(db)
    return db
