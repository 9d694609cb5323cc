"""Streams without gaps, every commit in exactly one place, every key in its part."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from uuid import UUID
from zlib import crc32

import msgspec

from zugabe_verify.findings import Findings
from zugabe_verify.log import BATCH_SIZE, Document, Log, SequencedCommit, by_id
from zugabe_verify.spill import Spill

MAX_UNSEQUENCED_SECONDS = 60
"""The age from which a commit without a position is a fault."""


class CommitPlace(msgspec.Struct, array_like=True, frozen=True):
    """The place of a commit of a stream."""

    version: int
    count: int
    pos: int
    key: str


class Sighting(msgspec.Struct, array_like=True, frozen=True):
    """A commit's id, read in a run at some position, or (part -1) in the log."""

    id: bytes
    part: int
    pos: int


class Structure:
    """Takes each commit by position, and compares them at the end."""

    def __init__(self, log: Log, folder: Path, findings: Findings) -> None:
        self._log = log
        self._findings = findings
        self._streams = Spill(folder / f"{log.service}-streams", CommitPlace)
        self._ids = Spill(folder / f"{log.service}-ids", Sighting)

    def take(self, part: int, placed: SequencedCommit) -> None:
        commit, pos = placed.commit, placed.pos
        key, stream = commit["key"], commit["stream"]
        if commit["part"] != part or crc32(key.encode()) % self._log.parts != part:
            what = f"commit {commit['_id']} of {stream} (key {key}) belongs to another part"
            self._findings.add(
                "commit-part", self._log.service, f"part {part}, position {pos}", what
            )
        self._streams.put(stream, CommitPlace(commit["version"], len(commit["events"]), pos, key))
        self._sight(commit["_id"], part, pos)

    def _sight(self, commit_id: Any, part: int, pos: int) -> None:
        if isinstance(commit_id, UUID):
            self._ids.put(commit_id.hex[:4], Sighting(commit_id.bytes, part, pos))
        elif part < 0:
            what = "this is no id of ours"
            self._findings.add("commit-foreign", self._log.service, f"commit {commit_id!r}", what)

    def streams(self) -> None:
        """Versions are contiguous from 1, in the order of positions, under one key."""
        for stream, places in self._streams.groups():
            expected, pos, key = 1, 0, places[0].key
            for place in sorted(places, key=lambda place: (place.version, place.pos)):
                if fault := self._fault(place, expected, pos, key):
                    kind, what = fault
                    where = f"{stream}, version {place.version}"
                    self._findings.add(kind, self._log.service, where, what)
                if place.version >= expected:
                    expected, pos = place.version + place.count, max(pos, place.pos)

    def _fault(
        self, place: CommitPlace, expected: int, pos: int, key: str
    ) -> tuple[str, str] | None:
        if place.version > expected:
            return "version-gap", f"versions {expected} to {place.version - 1} are missing"
        if place.version < expected:
            return "version-doubled", f"another commit holds versions up to {expected - 1}"
        if place.pos < pos:
            return "version-order", f"position {place.pos} lies before that of an earlier version"
        if place.key != key:
            return "key-changed", f"its partition key is {place.key}, and was {key}"
        return None

    async def unsequenced(self) -> AsyncGenerator[Document]:
        """Report the old ones among the commits that no run names."""
        ids = self._log.db.commits.find({}, {"_id": 1}, hint="_id_", batch_size=10 * BATCH_SIZE)
        async for commit in ids:
            self._sight(commit["_id"], -1, 0)
        for _, sightings in self._ids.groups():
            lonely = self._compare(sightings)
            for start in range(0, len(lonely), BATCH_SIZE):
                found = await by_id(self._log.db, lonely[start : start + BATCH_SIZE])
                for commit in found.values():
                    self._tell_if_old(commit)
                    yield commit

    def remove(self) -> None:
        self._streams.remove()
        self._ids.remove()

    def _compare(self, sightings: list[Sighting]) -> list[UUID]:
        placed: dict[bytes, Sighting] = {}
        for sighting in sightings:
            if sighting.part < 0:
                continue
            other = placed.setdefault(sighting.id, sighting)
            if other is not sighting:
                where = f"part {sighting.part}, position {sighting.pos}"
                what = f"commit {UUID(bytes=sighting.id)} stands at position {other.pos} as well"
                self._findings.add("commit-sequenced-twice", self._log.service, where, what)
        return [
            UUID(bytes=sighting.id)
            for sighting in sightings
            if sighting.part < 0 and sighting.id not in placed
        ]

    def _tell_if_old(self, commit: Document) -> None:
        age = self._log.seconds - commit["at"].time
        if age > MAX_UNSEQUENCED_SECONDS:
            what = f"commit {commit['_id']} has had no position for {age:,} s"
            where = f"{commit['stream']}, version {commit['version']}"
            self._findings.add("commit-unsequenced", self._log.service, where, what)
