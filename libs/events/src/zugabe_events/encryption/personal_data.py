"""Sealing and opening what is personal: a key per person, known here for a moment at most."""

import logging
import os
import time
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zugabe_events.domain.calendar import day_of
from zugabe_events.encryption.key_store import KeyStore, Stored
from zugabe_events.encryption.master_key import KEY_BYTES, KeysUnavailableError, Master
from zugabe_events.encryption.retention import YEARS, Record, Years, keep_until
from zugabe_events.encryption.sealed_text import (
    Closed,
    Sealed,
    UnreadableError,
    parsed,
    seal,
    unseal,
)

log = logging.getLogger(__name__)

KNOWN_SECONDS = 30.0
"""By then every process has noticed that a key is gone."""

MOST_KNOWN = 10_000

type AskOwner = Callable[[str, Sequence[str]], Awaitable[Mapping[str, str]]]
"""Another service opens what it sealed, or says why not."""


@dataclass(frozen=True, slots=True)
class Known:
    """`cipher` of None: erased."""

    cipher: AESGCM | None
    stored: Stored
    until: float


class People:
    """`owner` is this service. Keys never leave it: what others sealed, they open."""

    def __init__(
        self,
        owner: str,
        persons: KeyStore,
        master: Master | None,
        ask_owner: AskOwner,
        *,
        years: Years = YEARS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.owner = owner
        self._persons = persons
        self.master = master
        self._ask_owner = ask_owner
        self._years = years
        self._clock = clock
        self._known: OrderedDict[str, Known] = OrderedDict()

    async def seal(
        self, person: str, record: Record, at: datetime, **texts: str
    ) -> Mapping[str, str] | None:
        """The sealed texts by field; None when the person was erased: nothing is kept any more.

        `record` is what names him, and `at` its time: they decide how long it is kept. Raises
        KeysUnavailableError.
        """
        known = (await self._keys([person])).get(person)
        if known is None or (known.cipher and is_later(at, known.stored.latest.get(record))):
            wrapped = await self._master_key().wrap(os.urandom(KEY_BYTES), person)
            known = await self._know(person, await self._persons.note(person, wrapped, record, at))
        cipher = known.cipher
        if cipher is None:
            return None
        return {
            field: seal(cipher, self.owner, person, field, text, os.urandom)
            for field, text in texts.items()
        }

    async def open(
        self, texts: Iterable[str], *, even_restricted: bool = False
    ) -> Mapping[str, str]:
        """The plain text of each sealed one, or one of `Closed`. Raises KeysUnavailableError."""
        by_owner: dict[str, list[str]] = defaultdict(list)
        for text in dict.fromkeys(texts):
            by_owner[parsed(text).owner].append(text)
        opened: dict[str, str] = {}
        for owner, theirs in by_owner.items():
            if owner == self.owner:
                opened.update(await self.open_own(theirs, even_restricted=even_restricted))
            else:
                opened.update(await self._ask_owner(owner, theirs))
        return opened

    async def stored(self, person: str) -> Stored | None:
        """As majority has it, not as remembered here."""
        return (await self._persons.find([person])).get(person)

    async def keep_until(self, person: str) -> datetime | None:
        """When the last retention period of his records ends; None: nothing has to be kept."""
        stored = await self.stored(person)
        return keep_until(stored.latest, self._years) if stored else None

    def forget(self, person: str) -> None:
        self._known.pop(person, None)

    async def open_own(
        self, texts: Sequence[str], *, even_restricted: bool = False
    ) -> Mapping[str, str]:
        """The same for what this service sealed; what it did not seal is not shown."""
        sealed = [(text, parsed(text)) for text in texts]
        keys = await self._keys({one.person for _, one in sealed if one.owner == self.owner})
        return {text: shown(keys.get(one.person), one, even_restricted) for text, one in sealed}

    async def _keys(self, persons: Iterable[str]) -> Mapping[str, Known]:
        """Those that there are; what is not remembered is read in one query."""
        now, keys, missing = self._clock(), dict[str, Known](), list[str]()
        for person in persons:
            known = self._known.get(person)
            if known is not None and now < known.until:
                keys[person] = known
            else:
                missing.append(person)
        if missing:
            for person, stored in (await self._persons.find(missing)).items():
                keys[person] = await self._know(person, stored)
        return keys

    async def _know(self, person: str, stored: Stored) -> Known:
        until = self._clock() + KNOWN_SECONDS
        before, cipher = self._known.get(person), None
        if stored.wrapped is not None:
            if before and before.cipher and before.stored.wrapped == stored.wrapped:
                cipher = before.cipher
            else:
                cipher = AESGCM(await self._master_key().unwrap(stored.wrapped, person))
        known = self._known[person] = Known(cipher, stored, until)
        self._known.move_to_end(person)
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return known

    def _master_key(self) -> Master:
        if self.master is None:
            raise KeysUnavailableError
        return self.master


def is_later(at: datetime, latest: datetime | None) -> bool:
    """Only the year of a record counts (`retention.keep_until`)."""
    return latest is None or day_of(latest).year < day_of(at).year


def shown(known: Known | None, sealed: Sealed, even_restricted: bool) -> str:
    if known is None or known.cipher is None:
        return Closed.ERASED
    if known.stored.restricted and not even_restricted:
        return Closed.RESTRICTED
    try:
        return unseal(known.cipher, sealed)
    except UnreadableError:
        log.error("a sealed %s of %s cannot be read: it was changed", sealed.field, sealed.owner)
        return Closed.HIDDEN
