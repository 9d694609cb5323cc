"""Uploads are checked one at a time, beside the event loop."""

import asyncio
import threading

import pytest

from zugabe_events.files import inspection
from zugabe_events.files.inspection import Inspection
from zugabe_events.files.kinds import CheckedFile
from zugabe_events.files.refusals import FileRefusedError
from zugabe_testing.pictures import png


async def test_what_is_checked_comes_back() -> None:
    checks = Inspection()
    file, picture = await asyncio.gather(
        checks.file(b"a;b\n", "liste.csv"), checks.picture(png(9, 5))
    )
    assert (file.media_type, file.content) == ("text/csv", b"a;b\n")
    assert (picture.width, picture.height, picture.file.content) == (9, 5, png(9, 5))
    with pytest.raises(FileRefusedError):
        await checks.file(b"a;b\n", "liste.exe")


async def test_there_is_one_check_at_a_time_and_the_loop_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S14"""
    running, most, go_on = 0, 0, threading.Event()

    def slow(content: bytes, file_name: str) -> CheckedFile:
        nonlocal running, most
        running += 1
        most = max(most, running)
        assert go_on.wait(60)
        running -= 1
        return CheckedFile("text/plain", content)

    monkeypatch.setattr(inspection, "checked_file", slow)
    checks = Inspection()
    contents = [bytes((number,)) for number in range(5)]
    asked = [asyncio.create_task(checks.file(content, "a.txt")) for content in contents]
    for _ in range(10):
        await asyncio.sleep(0)
    assert not any(task.done() for task in asked)
    go_on.set()
    assert [file.content for file in await asyncio.gather(*asked)] == contents
    assert most == 1
