"""Start positions of policies and mails."""

import asyncio
from uuid import uuid4

from kernel_tests.toy import now
from kernel_tests.toy_service import ToyService

from zugabe.testing import Parts
from zugabe_events.consumer.checkpoints import Checkpoints
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.runtime.deploy import record_starts
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
