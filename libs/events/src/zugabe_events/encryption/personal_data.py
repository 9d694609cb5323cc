"""Seal and open personal text with a key per person, cached for a short time."""

import logging
import os
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cachetools import LRUCache
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zugabe_events.domain.calendar import day_of
from zugabe_events.encryption.key_store import KeyStore, StoredKey
from zugabe_events.encryption.master_key import KEY_BYTES, KeysUnavailableError, Master
from zugabe_events.encryption.retention import YEARS, Record, Years, keep_until
from zugabe_events.encryption.sealed_text import (
    SealedText,
    UnreadableError,
    WithheldReason,
    parsed,
    seal,
    unseal,
)

log = logging.getLogger(__name__)

KEY_TTL_SECONDS = 30.0
"""Time after which every process has noticed an erasure."""

MAX_KEYS = 10_000

type AskOwner = Callable[[str, Sequence[str]], Awaitable[Mapping[str, str]]]
"""Ask another service to open texts that it sealed: plain texts or reasons by sealed text."""


@dataclass(frozen=True, slots=True)
class PersonKey:
    """`cipher` is None for an erased person; `until` is when the entry expires."""

    cipher: AESGCM | None
    stored: StoredKey
    until: float


async def nobody_reads(_: Collection[str]) -> None:
    """For processes that answer no requests."""


class People:
    """`owner` is this service. Keys never leave it: texts sealed by others are opened by them.

    `disclose` is told of the persons whose texts were opened, before anybody sees them.
    """

    def __init__(
        self,
        owner: str,
        persons: KeyStore,
        master: Master | None,
        ask_owner: AskOwner,
        *,
        disclose: Callable[[Collection[str]], Awaitable[None]] = nobody_reads,
        years: Years = YEARS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.owner = owner
        self._persons = persons
        self.master = master
        self._ask_owner = ask_owner
        self._disclose = disclose
        self._years = years
        self._clock = clock
        self._keys: LRUCache[str, PersonKey] = LRUCache(MAX_KEYS)

    async def seal(
        self, person: str, record: Record | None, at: datetime, **texts: str
    ) -> Mapping[str, str] | None:
        """The sealed texts by field, or None if the person was erased.

        The kind of `record` that names the person and its time `at` determine how long it is kept;
        None: no law asks for it.
        Raises KeysUnavailableError.
        """
        key = (await self._keys_of([person])).get(person)
        if key is None or (record and key.cipher and is_later(at, key.stored.latest.get(record))):
            wrapped = await self._master_key().wrap(os.urandom(KEY_BYTES), person)
            key = await self._cache(person, await self._persons.note(person, wrapped, record, at))
        cipher = key.cipher
        if cipher is None:
            return None
        return {
            field: seal(cipher, self.owner, person, field, text, os.urandom)
            for field, text in texts.items()
        }

    async def open(
        self, texts: Iterable[str], *, even_restricted: bool = False
    ) -> Mapping[str, str]:
        """The plain text of each sealed text, or a `WithheldReason`.

        A text that names no service as its owner, which nobody can have sealed, stays as it is.
        Raises KeysUnavailableError.
        """
        by_owner: dict[str, list[str]] = defaultdict(list)
        for text in dict.fromkeys(texts):
            by_owner[parsed(text).owner].append(text)
        opened: dict[str, str] = {}
        for owner, sealed in by_owner.items():
            if owner == self.owner:
                opened.update(await self.open_own(sealed, even_restricted=even_restricted))
            else:
                opened.update(await self._ask_owner(owner, sealed))
        await self._disclose(
            {
                parsed(text).person
                for text, plain in opened.items()
                if not isinstance(plain, WithheldReason)
            }
        )
        return opened

    async def stored(self, person: str) -> StoredKey | None:
        """A person's entry in the key store, read with majority and past the cache."""
        return (await self._persons.find([person])).get(person)

    async def keep_until(self, person: str) -> datetime | None:
        """The end of the last retention period; None without records."""
        stored = await self.stored(person)
        return keep_until(stored.latest, self._years) if stored else None

    def evict(self, person: str) -> None:
        self._keys.pop(person, None)

    async def open_own(
        self, texts: Sequence[str], *, even_restricted: bool = False
    ) -> Mapping[str, str]:
        """`open` for texts sealed by this service; all others are hidden."""
        sealed = [(text, parsed(text)) for text in texts]
        keys = await self._keys_of({it.person for _, it in sealed if it.owner == self.owner})
        return {text: unsealed(keys.get(it.person), it, even_restricted) for text, it in sealed}

    async def _keys_of(self, persons: Iterable[str]) -> Mapping[str, PersonKey]:
        """Existing keys by person; those not cached are read in one query."""
        now, keys, missing = self._clock(), dict[str, PersonKey](), list[str]()
        for person in persons:
            key = self._keys.get(person)
            if key is not None and now < key.until:
                keys[person] = key
            else:
                missing.append(person)
        if missing:
            for person, stored in (await self._persons.find(missing)).items():
                keys[person] = await self._cache(person, stored)
        return keys

    async def _cache(self, person: str, stored: StoredKey) -> PersonKey:
        until = self._clock() + KEY_TTL_SECONDS
        before, cipher = self._keys.get(person), None
        if stored.wrapped is not None:
            if before and before.cipher and before.stored.wrapped == stored.wrapped:
                cipher = before.cipher
            else:
                cipher = AESGCM(await self._master_key().unwrap(stored.wrapped, person))
        key = self._keys[person] = PersonKey(cipher, stored, until)
        return key

    def _master_key(self) -> Master:
        if self.master is None:
            raise KeysUnavailableError
        return self.master


def is_later(at: datetime, latest: datetime | None) -> bool:
    """True if the year of a record is later: only years count (`retention.keep_until`)."""
    return latest is None or day_of(latest).year < day_of(at).year


def unsealed(key: PersonKey | None, sealed: SealedText, even_restricted: bool) -> str:
    if key is None or key.cipher is None:
        return WithheldReason.ERASED
    if key.stored.restricted and not even_restricted:
        return WithheldReason.RESTRICTED
    try:
        return unseal(key.cipher, sealed)
    except UnreadableError:
        log.error("cannot open a %s sealed by %s: the text was altered", sealed.field, sealed.owner)
        return WithheldReason.HIDDEN
