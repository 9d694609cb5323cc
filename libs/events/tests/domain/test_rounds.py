"""Rounds go on after errors, and begin at once when somebody wakes them."""

import asyncio

import pytest

from zugabe_events.domain import rounds as module
from zugabe_events.domain.rounds import Rounds


async def test_an_error_ends_a_round_and_not_the_rounds(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "INTERVAL_SECONDS", 0.0)
    done = asyncio.Event()
    tries = iter([RuntimeError("no"), None])

    async def run_due() -> None:
        if error := next(tries):
            raise error
        done.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(Rounds("errands", run_due).run())
    async with asyncio.timeout(10):
        await done.wait()
    running.cancel()
    assert "looking for errands: RuntimeError: no" in caplog.text


async def test_what_is_new_is_not_kept_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "INTERVAL_SECONDS", 3_600.0)
    counted = asyncio.Queue[int]()

    async def run_due() -> None:
        await counted.put(1)

    rounds = Rounds("errands", run_due)
    running = asyncio.create_task(rounds.run())
    async with asyncio.timeout(10):
        await counted.get()
        rounds.wake()
        await counted.get()
    running.cancel()
