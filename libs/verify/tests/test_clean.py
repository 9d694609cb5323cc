import json
from pathlib import Path

from conftest import PREFIX, Noted, Told

from zugabe_verify.verify import verify


async def test_a_day_of_real_services_is_clean_down_to_kafka(told: Told) -> None:
    """N-2, N-7: logs, topics, effects, limits, balances, read models, and what clients heard."""
    found = await verify(told.mongo, told.kafka, business=True, history=told.history)
    assert found == []


async def test_the_copy_is_clean_before_it_is_corrupted(told: Told) -> None:
    assert await verify(told.mongo, business=True, prefix=PREFIX) == []
