"""N-8: one key per person, whoever makes it; it is wrapped, bound, rotated, and may be away."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from kernel_tests.houses import Clock, people_of, write_master
from kernel_tests.toy import now

from zugabe_events.encryption.key_rotation import rotate_keys
from zugabe_events.encryption.key_store import restriction, shredding
from zugabe_events.encryption.master_key import KeysUnavailableError, MasterFile
from zugabe_events.encryption.personal_data import MAX_KEYS, People
from zugabe_events.mongo.client import Database
from zugabe_testing.personal_data import (
    InMemoryMaster,
    InMemoryPersons,
    in_memory_people,
    no_owner,
)

ANNA = "acme/anna"


async def seal(people: People, name: str, person: str = ANNA) -> str:
    sealed = await people.seal(person, "receipt", now(), name=name)
    assert sealed is not None
    return sealed["name"]


async def open_one(people: People, text: str) -> str:
    return (await people.open([text]))[text]


async def test_processes_that_meet_a_new_person_at_once_end_up_with_one_key(
    persons_db: Database, master_file: Path
) -> None:
    processes = [people_of(persons_db, master_file) for _ in range(20)]
    texts = await asyncio.gather(*(seal(one, f"Anna {n}") for n, one in enumerate(processes)))
    assert await persons_db.persons.count_documents({}) == 1
    fresh = people_of(persons_db, master_file)
    opened = await fresh.open(texts)
    assert [opened[text] for text in texts] == [f"Anna {n}" for n in range(20)]


async def test_an_erased_person_gets_no_new_key_and_is_gone_everywhere_soon(
    persons_db: Database, master_file: Path
) -> None:
    clock = Clock()
    here, there = people_of(persons_db, master_file), people_of(persons_db, master_file, clock)
    text = await seal(here, "Anna")
    assert await open_one(there, text) == "Anna"
    await persons_db.persons.update_one({"_id": ANNA}, shredding(now()), upsert=True)
    here.evict(ANNA)
    assert await open_one(here, text) == "gelöscht"
    clock.pass_until_forgotten()
    assert await open_one(there, text) == "gelöscht"
    for people in (here, there, people_of(persons_db, master_file)):
        assert await people.seal(ANNA, "receipt", now(), name="Anna") is None
    tombstone = await persons_db.persons.find_one({"_id": ANNA})
    assert tombstone is not None
    assert tombstone["wrapped"] is None


async def test_a_tombstone_wins_over_a_key_that_is_made_at_the_same_time(
    persons_db: Database, master_file: Path
) -> None:
    await persons_db.persons.update_one({"_id": ANNA}, shredding(now()), upsert=True)
    people = people_of(persons_db, master_file)
    stored = await people._persons.note(ANNA, "1:abc", "receipt", now())
    assert stored.wrapped is None


async def test_what_is_restricted_is_read_only_by_those_who_may(
    persons_db: Database, master_file: Path
) -> None:
    """X-19"""
    text = await seal(people_of(persons_db, master_file), "Anna")
    await persons_db.persons.update_one({"_id": ANNA}, restriction())
    people = people_of(persons_db, master_file)
    assert await open_one(people, text) == "gesperrt"
    assert (await people.open([text], even_restricted=True))[text] == "Anna"
    assert await seal(people, "Anna"), "an order may still name its orderer"


async def test_what_must_be_kept_follows_from_what_was_sealed(
    persons_db: Database, master_file: Path
) -> None:
    """X-19: eight years from the end of the year, in Berlin."""
    people = people_of(persons_db, master_file)
    assert await people.keep_until(ANNA) is None
    for at in (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)):
        await people.seal(ANNA, "receipt", at, name="Anna")
    assert await people.keep_until(ANNA) == datetime(2034, 12, 31, 23, tzinfo=UTC)
    await people.seal(ANNA, "receipt", datetime(2026, 12, 31, 23, tzinfo=UTC), name="Anna")
    assert await people.keep_until(ANNA) == datetime(2035, 12, 31, 23, tzinfo=UTC)


async def test_a_text_that_no_law_keeps_does_not_delay_an_erasure(
    persons_db: Database, master_file: Path
) -> None:
    """X-19"""
    people = people_of(persons_db, master_file)
    for _ in range(2):
        sealed = await people.seal(ANNA, None, now(), note="Bitte klingeln")
        assert sealed is not None
        assert await open_one(people, sealed["note"]) == "Bitte klingeln"
    assert await people.keep_until(ANNA) is None
    await seal(people, "Anna")
    assert await people.keep_until(ANNA) is not None


async def test_keys_are_rotated_while_others_are_made_and_used(
    persons_db: Database, master_file: Path
) -> None:
    process, known = people_of(persons_db, master_file), dict[str, str]()
    for n in range(40):
        known[f"acme/u{n}"] = await seal(process, f"Name {n}", f"acme/u{n}")
    write_master(master_file, "1", "2")
    stopped = asyncio.Event()

    async def go_on() -> None:
        n = 40
        while not stopped.is_set():
            known[f"acme/u{n}"] = await seal(process, f"Name {n}", f"acme/u{n}")
            n += 1

    going = asyncio.create_task(go_on())
    assert await rotate_keys(persons_db, MasterFile(master_file)) >= 40
    stopped.set()
    await going
    await rotate_keys(persons_db, MasterFile(master_file))
    assert await rotate_keys(persons_db, MasterFile(master_file)) == 0
    write_master(master_file, "2")
    opened = await people_of(persons_db, master_file).open(known.values())
    assert {known[f"acme/u{n}"]: f"Name {n}" for n in range(len(known))} == opened


async def test_an_interrupted_rotation_goes_on_and_leaves_erased_people_erased(
    persons_db: Database, master_file: Path
) -> None:
    people = people_of(persons_db, master_file)
    texts = [await seal(people, f"Name {n}", f"acme/u{n}") for n in range(6)]
    await persons_db.persons.update_one({"_id": "acme/u5"}, shredding(now()))
    write_master(master_file, "1", "2")

    class Dying(MasterFile):
        left = 3

        async def wrap(self, key: bytes, person: str) -> str:
            if self.left == 0:
                raise ConnectionError("killed")
            self.left -= 1
            return await super().wrap(key, person)

    with pytest.raises(ConnectionError):
        await rotate_keys(persons_db, Dying(master_file))
    assert await rotate_keys(persons_db, MasterFile(master_file)) == 2
    opened = await people_of(persons_db, master_file).open(texts)
    assert list(opened.values()) == [*(f"Name {n}" for n in range(5)), "gelöscht"]


async def test_without_the_master_key_nothing_is_sealed_opened_or_stored(
    persons_db: Database, master_file: Path
) -> None:
    text = await seal(people_of(persons_db, master_file), "Anna")
    write_master(master_file, "other")
    people = people_of(persons_db, master_file)
    with pytest.raises(KeysUnavailableError):
        await people.open([text])
    with pytest.raises(KeysUnavailableError):
        await seal(people, "Anna")
    os.unlink(master_file)
    people = people_of(persons_db, master_file)
    with pytest.raises(KeysUnavailableError):
        await seal(people, "Bert", "acme/bert")
    assert await persons_db.persons.count_documents({}) == 1
    write_master(master_file, "1")
    assert await open_one(people, text) == "Anna"


async def test_a_key_service_that_is_away_is_not_asked_for_what_is_known() -> None:
    master, clock = InMemoryMaster(), Clock()
    people = People("toy", InMemoryPersons(), master, no_owner, clock=clock)
    text = await seal(people, "Anna")
    master.away = True
    assert await open_one(people, text) == "Anna"
    with pytest.raises(KeysUnavailableError):
        await seal(people, "Bert", "acme/bert")
    clock.pass_until_forgotten()
    assert await open_one(people, text) == "Anna", "the key is the same as before"


async def test_only_so_many_keys_are_in_memory() -> None:
    people = in_memory_people("toy")
    for n in range(MAX_KEYS + 5):
        await seal(people, "x", f"acme/u{n}")
    assert len(people._keys) == MAX_KEYS
