"""Requests that arrive while others are in flight travel together."""

import asyncio
from collections.abc import Sequence

import pytest

from zugabe_events.eventstore import batcher
from zugabe_events.eventstore.batcher import CROWD, MIN_BATCH, Batcher


class Server:
    """Answers each batch when told; `batches` are those that came, `answers` what ends them."""

    def __init__(self) -> None:
        self.batches: list[Sequence[int]] = []
        self.answers: list[asyncio.Future[None]] = []

    async def send(self, batch: Sequence[int]) -> Sequence[int | Exception]:
        self.batches.append(batch)
        self.answers.append(asyncio.get_running_loop().create_future())
        await self.answers[-1]
        return [ValueError(str(item)) if item < 0 else item * 2 for item in batch]

    @property
    def sizes(self) -> list[int]:
        return [len(batch) for batch in self.batches]

    def answer(self) -> None:
        """Answer all batches that have come."""
        for answer in self.answers:
            if not answer.done():
                answer.set_result(None)


@pytest.fixture
def server() -> Server:
    return Server()


def ask(asked: Batcher[int, int], items: range) -> list[asyncio.Task[int]]:
    return [asyncio.create_task(asked.do(item)) for item in items]


async def all_sent() -> None:
    """Everything that can happen without an answer and without time has happened."""
    for _ in range(10):
        await asyncio.sleep(0)


async def ended(server: Server, tasks: Sequence[asyncio.Task[int]]) -> None:
    async with asyncio.timeout(30):
        while not all(task.done() for task in tasks):
            await all_sent()
            server.answer()


async def test_few_requests_use_all_batches_in_flight(server: Server) -> None:
    tasks = ask(Batcher(server.send), range(3 * MIN_BATCH))
    await all_sent()
    assert server.sizes == [MIN_BATCH] * 3
    await ended(server, tasks)
    assert [task.result() for task in tasks] == [2 * item for item in range(3 * MIN_BATCH)]


async def test_a_crowd_travels_in_one_batch_at_a_time(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batcher, "STALL_SECONDS", 1_000)
    asked = Batcher(server.send, max_size=2 * CROWD)
    tasks = ask(asked, range(CROWD))
    await all_sent()
    tasks += ask(asked, range(CROWD, 3 * CROWD))
    await all_sent()
    assert server.sizes == [CROWD], "the others wait for its return"
    server.answer()
    await all_sent()
    assert server.sizes == [CROWD, 2 * CROWD]
    await ended(server, tasks)
    assert [task.result() for task in tasks] == [2 * item for item in range(3 * CROWD)]


async def test_a_crowd_does_not_wait_for_a_batch_that_stalls(server: Server) -> None:
    """Such as one that meets a lock of an abandoned transaction."""
    asked = Batcher(server.send)
    stalled = ask(asked, range(CROWD))
    await all_sent()
    tasks = ask(asked, range(CROWD))
    async with asyncio.timeout(30):
        while len(server.batches) < 2:
            await asyncio.sleep(0.001)
        server.answers[1].set_result(None)
        await asyncio.wait(tasks)
    assert not any(task.done() for task in stalled)
    await ended(server, stalled)


async def test_every_request_gets_its_own_answer_or_error(server: Server) -> None:
    tasks = ask(Batcher(server.send), range(-2, 2))
    await ended(server, tasks)
    assert [str(task.exception() or task.result()) for task in tasks] == ["-2", "-1", "0", "2"]


async def test_two_of_a_lane_are_never_in_one_batch(server: Server) -> None:
    asked = Batcher(server.send, lane=lambda item: item % 5)
    tasks = ask(asked, range(3 * CROWD))
    await ended(server, tasks)
    assert sum(server.sizes) == 3 * CROWD
    for batch in server.batches:
        assert len({item % 5 for item in batch}) == len(batch)
    assert [task.result() for task in tasks] == [2 * item for item in range(3 * CROWD)]


async def test_a_failure_is_told_to_all_of_its_batch() -> None:
    async def fail(batch: Sequence[int]) -> Sequence[int | Exception]:
        raise ConnectionError

    tasks = ask(Batcher(fail), range(CROWD))
    async with asyncio.timeout(30):
        await asyncio.wait(tasks)
    assert all(isinstance(task.exception(), ConnectionError) for task in tasks)
