"""The parts of a log, and start positions of policies and mails."""

import asyncio
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from kernel_tests.toy import TYPES, now
from kernel_tests.toy_service import ToyService

from zugabe.testing import Parts
from zugabe_events.cli.service import deploy
from zugabe_events.consumer.checkpoints import Checkpoints
from zugabe_events.messaging.kafka_client import kafka_admin
from zugabe_events.mongo.client import Database, LogIdentity, identity
from zugabe_events.runtime.deploy import record_starts
from zugabe_events.runtime.service import Service, ServiceSettings
from zugabe_events.sequencer.sequencer import Sequencer


async def test_who_begins_now_passes_over_what_a_topic_holds_already(
    db: Database, log_identity: LogIdentity, topic: str, real_parts: Parts
) -> None:
    service = ToyService(db, log_identity, real_parts, topic)
    await service.deploy()
    for name in "abc":
        await service.add(name)
    sequencing = asyncio.create_task(
        Sequencer(db, log_identity, real_parts.kafka, "one", now).run()
    )
    acked: dict[str, int] = {}
    async with asyncio.timeout(120):
        while sum(acked.values()) < 3:
            await asyncio.sleep(0.05)
            acked = (await db.sequencers.find_one({"_id": "lease"}) or {}).get("acked", {})
    sequencing.cancel()
    await asyncio.gather(sequencing, return_exceptions=True)
    await record_starts(db, real_parts.kafka, "late", [topic], "now")
    await record_starts(db, real_parts.kafka, "early", [topic], "beginning")
    await record_starts(db, real_parts.kafka, "first", [f"nobody-{uuid4()}"], "now")
    late = {one["part"]: one["pos"] async for one in db.positions.find({"consumer": "late"})}
    assert late == {int(part): pos for part, pos in acked.items() if pos}
    assert await Checkpoints(db, "early").offsets(topic) == {}


async def test_a_log_keeps_the_number_of_parts_that_it_was_created_with(
    db: Database, real_parts: Parts, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The setting is for its first deploy; a later one with another number says that it is not."""
    secret = tmp_path / "secret"
    secret.write_text("secret" * 6)
    settings = partial(
        ServiceSettings,
        mongo_url=real_parts.mongo,
        kafka=real_parts.kafka,
        mac_keys_file=secret,
        issuer="http://127.0.0.1:1",
        client_id="toy",
        client_secret_file=secret,
        port=1,
    )
    caplog.set_level("INFO", "zugabe_events.cli.service")
    service = Service(db.name, TYPES, TYPES)
    await deploy(service, settings(log_parts=3))
    assert caplog.messages == []
    await deploy(service, settings(log_parts=5))
    assert caplog.messages == [
        f"the log of {db.name} keeps its 3 parts; ZUGABE_LOG_PARTS=5 is for a new log"
    ]
    assert (await identity(db)).parts == 3
    async with kafka_admin(real_parts.kafka) as admin:
        [topic] = await admin.describe_topics([db.name])
    assert len(topic["partitions"]) == 3
