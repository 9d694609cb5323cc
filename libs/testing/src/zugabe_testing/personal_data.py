"""Keys of persons in memory, with real cryptography."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zugabe_events.encryption.key_store import StoredKey
from zugabe_events.encryption.master_key import (
    KEY_BYTES,
    KeysUnavailableError,
    unwrapped,
    wrapped_with,
)
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.retention import Record


class InMemoryPersons:
    def __init__(self) -> None:
        self.by_id: dict[str, StoredKey] = {}

    async def find(self, persons: Sequence[str]) -> Mapping[str, StoredKey]:
        return {person: self.by_id[person] for person in persons if person in self.by_id}

    async def note(
        self, person: str, wrapped: str, record: Record | None, at: datetime
    ) -> StoredKey:
        known = self.by_id.get(person) or StoredKey(wrapped)
        named = {record: max(at, known.latest.get(record, at))} if record else {}
        latest = {**known.latest, **named}
        self.by_id[person] = replace(known, latest=latest)
        return self.by_id[person]


class InMemoryMaster:
    """A master key that is unavailable while `away`."""

    def __init__(self) -> None:
        self.away = False
        self._cipher = AESGCM(os.urandom(KEY_BYTES))

    async def version(self) -> str:
        return "1"

    async def wrap(self, key: bytes, person: str) -> str:
        self._come()
        return wrapped_with(self._cipher, "1", key, person)

    async def unwrap(self, wrapped: str, person: str) -> bytes:
        self._come()
        return unwrapped(self._cipher, wrapped, person)

    def _come(self) -> None:
        if self.away:
            raise KeysUnavailableError


async def no_owner(owner: str, texts: Sequence[str]) -> Mapping[str, str]:
    raise KeysUnavailableError


def in_memory_people(owner: str) -> People:
    return People(owner, InMemoryPersons(), InMemoryMaster(), no_owner)
