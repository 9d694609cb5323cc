"""People of a toy service; `house` has its consumers running on real parts."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from kernel_tests.houses import House, open_house, write_master
from kernel_tests.toy import Start

from zugabe.testing import Parts
from zugabe_events.mongo.client import Database, LogIdentity


@pytest.fixture
async def house(
    db: Database, log_identity: LogIdentity, real_parts: Parts, start: Start, tmp_path: Path
) -> AsyncGenerator[House]:
    start("one")
    master_file = write_master(tmp_path / "master-keys", "1")
    async with open_house(db, log_identity, real_parts.kafka, master_file) as opened:
        yield opened
