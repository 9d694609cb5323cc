"""`make mutants`: change one token of what decides, and see whether a test notices.

The mutation operators are mutmut's. Its runner tests every mutant that it can make, and only in
functions without decorators; this one takes a seeded sample of all the code that deciders,
policies, views and the pricing consist of. Everything happens in a temporary copy of the
repository. Each mutant runs in a fork of a process that has loaded the libraries, against the
tests that execute the changed line.
"""

import argparse
import difflib
import importlib
import importlib.util
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import coverage
import grimp
import libcst as cst
import pytest
from hypothesis import Phase, settings
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation import mutators

SERVICES = ("vouchers", "bonus", "checkout", "onboarding", "catalog-shops")
ROOTS = {"decider", "policy", "view", "pricing", "cart", "requests", "quote"}
"""Modules of these names are mutated, with all that they import of their own service."""
LEFT_OUT = {"access", "app", "main", "subscriptions"}
IGNORED_TESTS = ("*hostile*", "*malformed*", "*storm*")
"""Random requests and races find by accident what no test asserts, and take long."""

PYTEST = ("-x", "-q", "--no-header", "--assert=plain", "-p", "no:warnings", "-m", "not integration")

ENDING = frozenset({signal.SIGTERM, signal.SIGINT})
"""Blocked in this process, which looks for them while it waits for a child: nothing is left."""

NEEDED = 0.95
MIN_TIMEOUT_SECONDS = 20.0
BASELINE_TIMEOUT_SECONDS = 3_600.0

SURVIVED, KILLED = pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED
NOT_LOADED = (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.USAGE_ERROR)
"""Python itself refuses the module: while tests are collected, or as `conftest.py` imports it."""

OPERATORS: mutators.OPERATORS_TYPE = [
    (cst.BaseNumber, mutators.operator_number),
    (cst.Name, mutators.operator_name),
    (cst.UnaryOperation, mutators.operator_remove_unary_ops),
    (cst.AugAssign, mutators.operator_augmented_assignment),
    (cst.CSTNode, mutators.operator_keywords),
    (cst.CSTNode, mutators.operator_swap_op),
]
"""Operators that change one token."""


@dataclass(frozen=True)
class Mutant:
    path: Path
    line: int
    before: str
    after: str

    def diff(self) -> str:
        name = str(self.path)
        lines = difflib.unified_diff(
            self.before.splitlines(), self.after.splitlines(), name, name, n=1, lineterm=""
        )
        return "\n".join(list(lines)[2:])


class Mutations(cst.CSTVisitor):
    """All one-token changes of a module, without types, decorators and versions."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        self.found: list[tuple[int, cst.CSTNode, cst.CSTNode]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        match node:
            case cst.Annotation() | cst.Decorator() | cst.TypeAlias() | cst.Import():
                return False
            case cst.ImportFrom():
                return False
            case cst.Arg(keyword=cst.Name(value="version" | "strict" | "frozen" | "kw_only")):
                return False  # all but the version guard against mistakes that no input can cause
            case cst.Call(func=cst.Name(value="ReadModel")):
                return False
            case _:
                pass
        for kind, operator in OPERATORS:
            if isinstance(node, kind):
                line = self.get_metadata(PositionProvider, node).start.line
                self.found += ((line, node, mutated) for mutated in operator(node))
        return True


def mutants_of(path: Path, root: Path) -> Iterator[Callable[[], Mutant]]:
    """Each is made when it is asked for: most are not in the sample."""
    source = (root / path).read_text()
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    mutations = Mutations()
    wrapper.visit(mutations)

    def mutant(line: int, node: cst.CSTNode, mutated: cst.CSTNode) -> Mutant:
        after = wrapper.module.deep_replace(node, mutated)
        assert isinstance(after, cst.Module)
        return Mutant(path, line, source, after.code)

    return (partial(mutant, *found) for found in mutations.found)


def modules_of(service: str, root: Path) -> list[Path]:
    source = Path("services") / service / "src"
    graph = grimp.build_graph(service.replace("-", "_"), cache_dir=None)
    chosen = {name for name in graph.modules if name.rpartition(".")[2] in ROOTS}
    for name in tuple(chosen):
        chosen |= graph.find_upstream_modules(name)
    names = sorted(name for name in chosen if name.rpartition(".")[2] not in LEFT_OUT)
    paths = [source / f"{name.replace('.', '/')}.py" for name in names]
    return [path for path in paths if (root / path).is_file()]


def copy_repository(to: Path) -> None:
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if Path(name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(name, to / name)


@dataclass
class Baseline:
    """The tests that execute each line, and the seconds each of them takes."""

    tests_of: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]
    libraries: list[str]
    paths: list[Path]
    """Of what is mutated."""

    def tests_for(self, mutant: Mutant) -> list[str]:
        """The quick ones first; all tests, for a line that runs at import."""
        lines = self.tests_of.get(str(mutant.path), {})
        if mutant.line in lines:
            tests = lines[mutant.line] or list(self.seconds)
        else:  # not executed, or in the middle of a statement
            tests = [test for line in lines.values() for test in line]
        return sorted(set(tests), key=lambda test: self.seconds.get(test, 0.0))


class Observer:
    """A pytest plugin: the line coverage and the duration of each test."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured = measured
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.measured.switch_context(nodeid)

    def pytest_runtest_logfinish(self) -> None:
        self.measured.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration


def in_fork(root: Path, log: Path, run: Callable[[], int], seconds: float) -> int | None:
    """The exit code of `run` in a child process that writes to a file; None after a timeout."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
            os.setsid()
            os.chdir(root)
            with log.open("w") as out:
                os.dup2(out.fileno(), 1)
                os.dup2(out.fileno(), 2)
            code = run()
        finally:
            os._exit(code)
    ends = time.monotonic() + seconds
    ended = 0
    try:
        while time.monotonic() < ends:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            if received := signal.sigpending() & ENDING:
                sys.exit(128 + min(received))
            time.sleep(0.02)
        return None
    finally:
        if not ended:
            with suppress(ProcessLookupError):  # it has not made its own group yet
                os.killpg(child, signal.SIGKILL)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def observe(service: str, root: Path) -> int:
    """Run all tests of a service once, as they are, and write down what they execute."""
    measured = coverage.Coverage(
        data_file=None, source=[str(root / "services" / service / "src")], config_file=False
    )
    observer = Observer(measured)
    ignored = [f"--ignore-glob={pattern}" for pattern in IGNORED_TESTS]
    measured.start()
    arguments = [*PYTEST, f"services/{service}/tests", *ignored]
    code = pytest.main(arguments, plugins=[observer])
    measured.stop()
    data = measured.get_data()
    tests_of = {
        str(Path(name).relative_to(root)): {
            line: [test for test in tests if test]
            for line, tests in data.contexts_by_lineno(name).items()
        }
        for name in data.measured_files()
    }
    names = [
        name
        for name, module in sys.modules.items()
        if (origin := getattr(module, "__file__", None)) and not origin.startswith(str(root))
    ]
    found = {"tests_of": tests_of, "seconds": observer.seconds, "libraries": names}
    found["paths"] = [str(path) for path in modules_of(service, root)]
    (root / "baseline.json").write_text(json.dumps(found))
    return int(code)


def baseline_of(service: str, root: Path, log: Path) -> Baseline:
    if in_fork(root, log, lambda: observe(service, root), BASELINE_TIMEOUT_SECONDS) != 0:
        sys.exit(f"the tests of {service} fail without any change:\n{log.read_text()[-4000:]}")
    found = json.loads((root / "baseline.json").read_text())
    lines = {
        path: {int(line): tests for line, tests in of_lines.items()}
        for path, of_lines in found["tests_of"].items()
    }
    return Baseline(lines, found["seconds"], found["libraries"], [*map(Path, found["paths"])])


def outcome(mutant: Mutant, baseline: Baseline, root: Path, log: Path) -> int | None:
    """The exit code of the tests against a mutant; None if they did not end."""
    tests = baseline.tests_for(mutant)
    if not tests:
        return SURVIVED
    path = root / mutant.path

    def run() -> int:
        sys.dont_write_bytecode = True
        return int(pytest.main([*PYTEST, "-p", "no:cacheprovider", *tests]))

    limit = MIN_TIMEOUT_SECONDS + 5 * sum(baseline.seconds.get(test, 0.0) for test in tests)
    # Bytecode counts as current when time and size agree: a change of one token can keep both.
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
    path.write_text(mutant.after)
    try:
        return in_fork(root, log, run, limit)
    finally:
        path.write_text(mutant.before)


def prepare(baseline: Baseline) -> None:
    """Load what the tests need, once for all forks."""
    for name in baseline.libraries:
        if name not in sys.modules:
            with suppress(Exception):
                importlib.import_module(name)


def test_service(service: str, number: int, seed: int, only: str) -> bool:
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        root = Path(folder).resolve()
        copy_repository(root)
        sys.path.insert(0, str(root / "services" / service / "src"))
        log = root / "mutants.log"
        baseline = baseline_of(service, root, log)
        prepare(baseline)
        paths = [path for path in baseline.paths if only in str(path)]
        every = [mutant for path in paths for mutant in mutants_of(path, root)]
        random.Random(seed).shuffle(every)
        counts: defaultdict[Path, list[int]] = defaultdict(lambda: [0, 0])
        survivors = []
        tested = endless = 0
        for make in every:
            if tested == number:
                break
            mutant = make()
            code = outcome(mutant, baseline, root, log)
            if code in NOT_LOADED:
                continue
            # A child that did not end, or was ended by a signal, found the mutant as well.
            if code is not None and code > KILLED:
                sys.exit(f"pytest ended with {code}:\n{log.read_text()[-4000:]}")
            survived = code == SURVIVED
            endless += code is None
            counts[mutant.path][survived] += 1
            tested += 1
            if survived:
                survivors.append(mutant)
                print(f"\nsurvived: {mutant.path}:{mutant.line}\n{mutant.diff()}", flush=True)
        sys.path.pop(0)
    print(f"\n{service}: {tested} of {len(every)} mutants, seed {seed}")
    print(f"{'killed':>8} {'survived':>9}  module")
    for path, (killed, survived_here) in sorted(counts.items()):
        print(f"{killed:>8} {survived_here:>9}  {path}")
    if endless:
        print(f"{endless} of the killed did not end in time; on a busy machine they may survive")
    share = 1 - len(survivors) / tested if tested else 0.0
    print(
        f"{tested - len(survivors):>8} {len(survivors):>9}  together: {share:.1%} killed",
        flush=True,
    )
    return share >= NEEDED


def main() -> None:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("services", nargs="*", metavar="SERVICE", help=" ".join(SERVICES))
    parser.add_argument("--number", type=int, default=100, help="mutants of each service")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--only", default="", help="a part of the paths of modules to mutate")
    asked = parser.parse_args()
    if unknown := set(asked.services) - set(SERVICES):
        parser.error(f"no service {', '.join(sorted(unknown))}")
    os.nice(10)
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    # A failure is all that counts: no smaller example, the same examples every time.
    settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
    )
    settings.load_profile("mutants")
    # A list, since each service is tested even after one that fails.
    passed = [
        test_service(service, asked.number, asked.seed, asked.only)
        for service in asked.services or SERVICES
    ]
    sys.exit(not all(passed))


if __name__ == "__main__":
    main()
