"""Master keys wrap people's keys, so that a copy of the database alone is unreadable."""

import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zugabe_events.domain.errors import UnavailableError
from zugabe_events.encryption.sealed_text import NONCE_BYTES

KEY_BYTES = 32


class KeysUnavailableError(UnavailableError):
    """Keys cannot be wrapped or unwrapped now; nothing is stored in plain text, nothing is lost."""

    code = "keys-unavailable"

    def __init__(self) -> None:
        super().__init__(
            "Persönliche Angaben können gerade nicht gelesen oder gespeichert werden.",
            retry_after=5,
        )


class Master(Protocol):
    """Wraps keys to texts such as `2026-11:BASE64`, bound to their person.

    The prefix is the version of the master key. All methods raise KeysUnavailableError.
    """

    async def version(self) -> str:
        """The version that wraps new keys."""
        ...

    async def wrap(self, key: bytes, person: str) -> str: ...

    async def unwrap(self, wrapped: str, person: str) -> bytes: ...


class MasterFile:
    """A file with a master key per line: version, space, 32 bytes in Base64. The last one wraps.

    An unknown version causes it to be read again, so that a new key needs no restart.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keys: Mapping[str, AESGCM] = {}
        self._read_at = -1

    async def version(self) -> str:
        return list(self._read())[-1]

    async def wrap(self, key: bytes, person: str) -> str:
        version = await self.version()
        return wrapped_with(self._keys[version], version, key, person)

    async def unwrap(self, wrapped: str, person: str) -> bytes:
        version, _, _ = wrapped.partition(":")
        master = self._keys.get(version) or self._read().get(version)
        if master is None:
            raise KeysUnavailableError
        return unwrapped(master, wrapped, person)

    def _read(self) -> Mapping[str, AESGCM]:
        """The keys, read again if the file has changed."""
        try:
            changed_at = self._path.stat().st_mtime_ns
            if changed_at != self._read_at:
                self._keys = master_keys(self._path.read_text())
                self._read_at = changed_at
        except (OSError, ValueError) as error:
            if not self._keys:
                raise KeysUnavailableError from error
        return self._keys


def wrapped_with(master: AESGCM, version: str, key: bytes, person: str) -> str:
    nonce = os.urandom(NONCE_BYTES)
    encrypted = nonce + master.encrypt(nonce, key, person.encode())
    return f"{version}:{b64encode(encrypted).decode()}"


def unwrapped(master: AESGCM, wrapped: str, person: str) -> bytes:
    """Raises KeysUnavailableError for a key of another master key or another person."""
    raw = b64decode(wrapped.partition(":")[2])
    try:
        return master.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], person.encode())
    except InvalidTag as error:
        raise KeysUnavailableError from error


def master_keys(text: str) -> Mapping[str, AESGCM]:
    """Parse a master key file. Raises ValueError, with messages that show no key."""
    keys: dict[str, AESGCM] = {}
    for number, line in enumerate(text.splitlines(), 1):
        version, _, encoded = line.strip().partition(" ")
        try:
            key = b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES or not version or ":" in version or version in keys:
            message = f"line {number} is not `VERSION KEY` with {KEY_BYTES} bytes in Base64"
            raise ValueError(message)
        keys[version] = AESGCM(key)
    if not keys:
        raise ValueError("there is no master key")
    return keys
