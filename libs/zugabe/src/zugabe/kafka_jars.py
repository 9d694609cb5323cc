"""Apache Kafka's jars, fetched once into the user's cache and checked against a list."""

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

from zugabe.errors import StackError

VERSION = "4.3.0"


def cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "zugabe"


def jars(tell: Callable[[str], None], stopped: threading.Event) -> Path:
    """Return the folder with all jars, each checked against the list."""
    listed = files("zugabe").joinpath("kafka-jars.txt").read_text()
    folder = cache() / f"kafka-{VERSION}-{hashlib.sha256(listed.encode()).hexdigest()[:8]}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        _fetch(folder, [line.split() for line in listed.splitlines()], tell, stopped)
    return folder


def _fetch(
    folder: Path,
    listed: list[list[str]],
    tell: Callable[[str], None],
    stopped: threading.Event,
) -> None:
    """Fill a folder beside the target and rename it, so that no incomplete one is ever used."""
    from jgo.maven import MavenContext  # slow to import, and needed once per machine

    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        maven = MavenContext(repo_cache=Path(scratch) / "maven")
        complete = Path(scratch) / "jars"
        complete.mkdir()

        def get(coordinates: str, checksum: str) -> None:
            if stopped.is_set():
                raise StackError("Kafka was not fetched: stopped before it was complete.")
            group, artifact, version = coordinates.split(":")
            jar = maven.project(group, artifact).at_version(version).artifact().resolve()
            if hashlib.sha256(jar.read_bytes()).hexdigest() != checksum:
                sentence = f"{coordinates} is not the file that was listed; nothing was installed."
                raise StackError(sentence)
            jar.rename(complete / jar.name)

        with ThreadPoolExecutor(8) as pool:
            tell(f"Kafka {VERSION}: fetching {len(listed)} jars (44 MB, only this once)")
            downloads = [pool.submit(get, *line) for line in listed]
            try:
                for count, download in enumerate(downloads, 1):
                    download.result()
                    if count % 10 == 0:
                        tell(f"Kafka {VERSION}: {count} of {len(listed)} jars fetched")
            except (OSError, RuntimeError) as error:
                pool.shutdown(cancel_futures=True)
                sentence = (
                    f"Kafka could not be fetched ({error}); check the connection and try again, "
                    "or give a running Kafka with ZUGABE_KAFKA."
                )
                raise StackError(sentence) from None
        if not folder.is_dir():  # else another process was quicker
            complete.rename(folder)
