"""Files read in a process of its own: the same as in a thread, and safe from both sides."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from catalog_shops_tests.bmecat import bmecat_file

from catalog_shops.catalogue_import import reading
from catalog_shops.catalogue_import.frames import LENGTH_BYTES, Finished, decode
from catalog_shops.catalogue_import.reading import (
    ReaderEndedError,
    Reading,
    read_in_process,
    read_in_thread,
    recognise_in_process,
    recognise_in_thread,
)
from catalog_shops.catalogue_import.reading_process import TOO_MUCH
from catalog_shops.catalogue_import.recognition import Recognised
from catalog_shops.catalogue_import.records import CatalogueArticle, Record
from zugabe_events.contracts.catalog_shops import ImportFormat, ImportScope
from zugabe_events.domain.errors import InvalidError

ARTICLES = [CatalogueArticle(0, f"{number:03d}", name=f"Heft {number}") for number in range(25)]
WHOLE = bmecat_file([*ARTICLES, CatalogueArticle(0, "x", name="")])
TABLE = b"Artikelnummer;Bezeichnung;Preis\n0017;Heft;1,50\n0018;Heft;nichts\n"

FILES: Sequence[tuple[ImportFormat, bytes]] = (
    ("bmecat", WHOLE),
    ("bmecat", WHOLE[: len(WHOLE) // 2]),
    ("bmecat", b"<BMECAT"),
    ("csv", TABLE),
    ("xlsx", b"PK\x03\x04"),
    ("csv", b"Nummer;Name\n1;Heft\n"),
)


async def read(
    how: Reading, path: Path, format_: ImportFormat
) -> tuple[list[Record], int | None, str]:
    records: list[Record] = []
    async with how(path, format_, "some-articles", 10) as stream:
        while batch := await stream.next_batch():
            assert len(batch) <= 10
            records += batch
        assert await stream.next_batch() == []
    return records, stream.total, stream.damage


@pytest.mark.parametrize(("format_", "content"), FILES)
async def test_a_process_reads_what_a_thread_reads(
    format_: ImportFormat, content: bytes, tmp_path: Path
) -> None:
    """X-39"""
    path = tmp_path / "file"
    path.write_bytes(content)
    records, total, damage = await read(read_in_process, path, format_)
    assert (records, total, damage) == await read(read_in_thread, path, format_)
    assert bool(records) or damage
    if content == WHOLE:
        assert (len(records), total, damage) == (26, 26, "")


async def test_a_process_that_ends_early_is_no_end_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X-39: the import is tried again, and nothing is delisted."""
    path = tmp_path / "file"
    path.write_bytes(WHOLE)
    monkeypatch.setattr(reading, "MODULE", "catalog_shops.texts")
    with pytest.raises(ReaderEndedError):
        await read(read_in_process, path, "bmecat")


def test_a_file_that_is_too_much_for_memory_is_named(tmp_path: Path) -> None:
    """X-39"""
    script = (
        "from catalog_shops.catalogue_import import reading_process as process\n"
        "def greedy(*_):\n"
        "    yield process.Finished(str(len(bytearray(process.MAX_MEMORY_BYTES))))\n"
        "process.frames_of = greedy\n"
        "process.main('read', 'file', 'bmecat', 'prices', '10')\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert decode(ended.stdout[LENGTH_BYTES:]) == Finished(TOO_MUCH)


@pytest.mark.parametrize(("format_", "content"), FILES)
@pytest.mark.parametrize("scope", [None, "prices", "gifts"])
async def test_a_process_recognises_what_a_thread_recognises(
    format_: ImportFormat, content: bytes, scope: ImportScope | None, tmp_path: Path
) -> None:
    """GA-18, X-7: with the same code and the same numbers."""
    path = tmp_path / "file"
    path.write_bytes(content)
    found: list[object] = []
    for recognise in (recognise_in_process, recognise_in_thread):
        try:
            found.append(await recognise(path, scope, ""))
        except InvalidError as error:
            found.append((error.code, error.detail, error.facts))
    assert found[0] == found[1]
    if content == WHOLE and scope != "gifts":
        whole = Recognised("bmecat", scope or "whole-catalogue", "Muster & Co./Haupt")
        assert found[0] == whole


READER = """
import asyncio, sys
from pathlib import Path
from catalog_shops.catalogue_import.reading import read_in_process

async def main():
    async with read_in_process(Path(sys.argv[1]), "csv", "some-articles", 500) as stream:
        await stream.next_batch()
        print("reading", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def readers_of(path: Path) -> list[str]:
    """Processes that read the file and are not over."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if str(path).encode() in command and reading.MODULE.encode() in command and state != "Z":
            found.append(process.name)
    return found


@pytest.mark.skipif(not Path("/proc").exists(), reason="processes are looked for in /proc")
async def test_a_reading_process_does_not_outlive_its_service(tmp_path: Path) -> None:
    """X-39: not even one that is killed."""
    path = tmp_path / "large.csv"
    row = "Heft mit einem langen Namen, damit sich der Puffer füllt, " * 3
    with path.open("w", encoding="utf-8") as file:
        file.write("Artikelnummer;Bezeichnung\n")
        file.writelines(f"{number};{row}\n" for number in range(60_000))
    service = await asyncio.create_subprocess_exec(
        sys.executable, "-c", READER, str(path), stdout=asyncio.subprocess.PIPE
    )
    assert service.stdout is not None
    assert await service.stdout.readline() == b"reading\n"
    assert readers_of(path)
    service.kill()
    await service.wait()
    async with asyncio.timeout(30):
        while readers_of(path):
            await asyncio.sleep(0.05)
