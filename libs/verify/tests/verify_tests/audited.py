"""Shared by the tests: the stack after its story, and how notes are collected."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from verify_tests.world import World
from zugabe.supervisor import Stack
from zugabe_testing.eventually import eventually
from zugabe_verify.progress import Progress
from zugabe_verify.verify import verify

PREFIX = "copy-"


class Noted(Progress):
    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)


async def consumers_at_rest(mongo: str) -> None:
    """Wait until every consumer has handled every event."""

    async def look() -> None:
        noted = Noted()
        await verify(mongo, business=True, progress=noted)
        assert noted.notes == []

    await eventually(look)


@dataclass(frozen=True)
class Audited:
    """The stack is still up; `history` is what its clients were told."""

    stack: Stack
    mongo: str
    kafka: str
    client: MongoClient[dict[str, Any]]
    world: World
    history: Path
