"""One transaction for the effects that a batch of messages has at several consumers.

It saves most requests to MongoDB, and nothing rests on it: when it fails, each consumer goes on
alone, as if it had not been tried.
"""

import asyncio
from contextlib import suppress

from bson.timestamp import Timestamp
from pymongo.errors import PyMongoError

from zugabe_events.consumer.change import Change, commit, fenced
from zugabe_events.consumer.checkpoints import FencedError

PREPARE_TIMEOUT_SECONDS = 0.5
"""A consumer that prepares for longer goes on alone."""
MAX_MESSAGES = 2_000
MAX_TRIES = 2


type Futures = dict[Change, asyncio.Future[Timestamp | None]]


class JointError(Exception):
    """The consumer has to go on alone. `tried`: its change may have been committed all the same."""

    def __init__(self, *, tried: bool) -> None:
        super().__init__("tried together" if tried else "not tried together")
        self.tried = tried


class JointCommit:
    """Commits when each of its participants has handed over a change, or has left."""

    def __init__(self, participants: int) -> None:
        self.settled = asyncio.Event()
        """Committed, failed, or without any change."""
        self._missing = participants
        self._messages = 0
        self._changes: Futures = {}
        self._closed = False
        self._committing: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(PREPARE_TIMEOUT_SECONDS, self._close)

    def participant(self) -> "Participant":
        return Participant(self)

    def hand_over(self, change: Change, messages: int) -> asyncio.Future[Timestamp | None]:
        """The future time of the commit. Raises JointError when it is too late, or too much."""
        if self._closed or (self._changes and self._messages + messages > MAX_MESSAGES):
            raise JointError(tried=False)
        self._messages += messages
        future = self._changes[change] = asyncio.get_running_loop().create_future()
        return future

    def reported(self) -> None:
        self._missing -= 1
        if not self._missing:
            self._close()

    def _close(self) -> None:
        self._timer.cancel()
        if self._closed:
            return
        self._closed = True
        if self._changes:
            self._committing = asyncio.create_task(self._commit())
        else:
            self.settled.set()

    async def _commit(self) -> None:
        left = {change: time for change, time in self._changes.items() if not time.done()}
        try:
            if left:
                await self._try_to_commit(left)
        finally:
            for future in left.values():
                settle(future, JointError(tried=True))
            self.settled.set()

    async def _try_to_commit(self, left: Futures) -> None:
        """Removes what is settled. Tries once more without the changes that were in the way."""
        for _ in range(MAX_TRIES):
            try:
                time = await commit(list(left))
            except Exception as error:
                blamed = await changes_to_blame(list(left), error)
                for change in blamed:
                    settle(left.pop(change), error)
                if not blamed or not left:
                    return
            else:
                for future in left.values():
                    settle(future, time)
                return left.clear()


class Participant:
    """One consumer's part in a joint commit."""

    def __init__(self, joint: JointCommit) -> None:
        self._joint: JointCommit | None = joint

    async def commit(self, change: Change, messages: int) -> Timestamp | None:
        """Hand over a change and wait until it is committed; returns the cluster time.

        Raises JointError, or the error that this change has caused.
        """
        if self._joint is None:
            raise JointError(tried=False)
        future = self._joint.hand_over(change, messages)
        self.leave()
        return await future

    def leave(self) -> None:
        """Let the others go on. May be repeated."""
        joint, self._joint = self._joint, None
        if joint is not None:
            joint.reported()


async def changes_to_blame(changes: list[Change], error: Exception) -> list[Change]:
    """The changes that were in the way of a transaction, where that can be told."""
    if failed := [change for change in changes if change.failed]:
        return failed
    with suppress(PyMongoError):
        if isinstance(error, FencedError):
            return await fenced(changes)
    return []


def settle(future: asyncio.Future[Timestamp | None], outcome: Timestamp | Exception | None) -> None:
    if future.done():
        return  # the consumer was cancelled
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
