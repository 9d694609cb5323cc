"""Whatever is killed while orders are placed: each acknowledged order, point and voucher is there
once. The client knows nothing of it; it repeats what was not answered."""

import pytest
from pymongo import AsyncMongoClient
from stories.dealer import Dealer, cart, line
from stories.rush import ORDERS, USERS, Rush

from zugabe.supervisor import Stack
from zugabe_testing.eventually import eventually

LOGS = ("checkout", "vouchers", "bonus")


@pytest.mark.parametrize("name", ["checkout", "vouchers", "bonus", "sequencer"])
async def test_a_killed_process_comes_back(zugabe: Stack, dealer: Dealer, name: str) -> None:
    """X-1, X-12, N-2: SIGKILL in the middle, then a restart."""
    rush = Rush(dealer)
    async with rush.under_way():
        await zugabe.kill(name)
        await zugabe.start_process(name)
    await rush.holds()


async def test_a_sequencer_without_its_resume_token_goes_on(zugabe: Stack, dealer: Dealer) -> None:
    """Commits appended meanwhile get their positions, and none gets two."""
    rush = Rush(dealer)
    async with rush.under_way():
        await zugabe.stop_process("sequencer")
        async with AsyncMongoClient[dict[str, object]](zugabe.addresses["mongod"]) as mongo:
            for log in LOGS:
                without = {"$unset": {"token": 1, "start_at": 1}}
                assert (await mongo[log].sequencers.update_one({}, without)).modified_count == 1
        await zugabe.start_process("sequencer")
    await rush.holds()


async def test_replicas_come_and_go(zugabe: Stack, dealer: Dealer) -> None:
    """Partitions are handed over in the middle, twice; once without a good-bye."""
    rush = Rush(dealer)
    async with rush.under_way(acknowledged=USERS // 2):
        for name in ("vouchers", "bonus"):
            await zugabe.start_process(name, replica=2)
        await rush.until(USERS * ORDERS // 2)
        await zugabe.stop_process("vouchers-2")
        await zugabe.kill("bonus-2")
    await rush.holds()


@pytest.mark.parametrize("name", ["mongod", "kafka"])
async def test_a_killed_store_comes_back(zugabe: Stack, dealer: Dealer, name: str) -> None:
    """X-1, X-12: what was acknowledged before survives, what was not is placed after."""
    rush = Rush(dealer)
    async with rush.under_way():
        await zugabe.kill(name)
        await zugabe.start_process(name)
    await rush.holds()


async def test_a_service_that_starts_while_kafka_is_away_takes_orders(
    zugabe: Stack, dealer: Dealer
) -> None:
    """Commands need no Kafka; what follows from them comes when it is back."""
    await dealer.programme(reward_points=100, reward_cents=500)
    ida = dealer.user("ida")
    await zugabe.kill("kafka")
    await zugabe.kill("checkout")
    await zugabe.start_process("checkout")
    await ida.place("i-1", cart(line(5_000)))
    await zugabe.start_process("kafka")

    async def accrued() -> None:
        account = await ida.ask("GET", "bonus", "/accounts/ida")
        assert account.of(200)["points_accrued"] == 50

    await eventually(accrued)
