"""Interleaved measurements of ours and the raw parts: a noisy machine disturbs both alike."""

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

console = Console()
if not console.is_terminal:
    console.width = 132


@dataclass
class Result:
    """One line of the table. `ratio` is the median of ours over raw, round by round."""

    name: str
    unit: str
    ours: float
    raw: float
    ratio: float
    spread: tuple[float, float]
    bar: str
    met: bool
    more: Mapping[str, float] = field(default_factory=dict)

    @property
    def figure(self) -> float:
        """The one number to compare with other runs."""
        return self.ratio if self.raw else self.ours


async def in_turns(
    name: str,
    ours: Callable[[], Awaitable[float]],
    raw: Callable[[], Awaitable[float]],
    *,
    bar: float,
    unit: str = "/s",
    rounds: int = 5,
) -> Result:
    """Compare two callables that do their work once and return a rate. The first round warms up."""
    pairs: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        with console.status(f"{name}: round {number} of {rounds}"):
            pair = (await ours(), await raw())
        if number:
            pairs.append(pair)
    return ratio_of(name, pairs, unit=unit, at_least=bar)


def ratio_of(
    name: str,
    pairs: Sequence[tuple[float, float]],
    *,
    unit: str,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Result:
    """Compare pairs of ours and raw, one per round."""
    ratios = sorted(ours / raw for ours, raw in pairs)
    ratio = statistics.median(ratios)
    result = Result(
        name,
        unit,
        statistics.median(ours for ours, _ in pairs),
        statistics.median(raw for _, raw in pairs),
        ratio,
        (ratios[0], ratios[-1]),
        bar_of(at_least, at_most, lambda bar: f"{bar:.0%} of raw"),
        (at_least is None or ratio >= at_least) and (at_most is None or ratio <= at_most),
    )
    console.print(line(result))
    return result


def absolute(
    name: str,
    value: float,
    unit: str,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    more: Mapping[str, float] | None = None,
) -> Result:
    """Compare a figure without a raw counterpart with its bar, if it has one."""
    met = (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
    bar = bar_of(at_least, at_most, lambda bar: f"{bar:,g}{unit}")
    result = Result(name, unit, value, 0.0, 0.0, (0.0, 0.0), bar, met, more or {})
    console.print(f"{name}: {value:,.1f}{unit}{verdict(result)}")
    return result


def percentiles(values: Sequence[float]) -> list[float]:
    """Return percentiles 1 to 99, none above what was measured."""
    return statistics.quantiles(values, n=100, method="inclusive")


async def open_loop(work: Callable[[], Awaitable[None]], starts: Iterable[float]) -> list[float]:
    """Start `work` at each of these seconds, whatever is still in flight; the milliseconds of each
    count from when it was due."""
    milliseconds: list[float] = []
    began = time.perf_counter()

    async def one(due: float) -> None:
        await work()
        milliseconds.append((time.perf_counter() - due) * 1_000)

    async with asyncio.TaskGroup() as tasks:
        for start in starts:
            due = began + start
            await asyncio.sleep(due - time.perf_counter())
            tasks.create_task(one(due))
    return milliseconds


def bar_of(at_least: float | None, at_most: float | None, spelled: Callable[[float], str]) -> str:
    if at_least is not None:
        return f">= {spelled(at_least)}"
    return f"<= {spelled(at_most)}" if at_most is not None else ""


def verdict(result: Result) -> str:
    return f", bar {result.bar}: {'met' if result.met else 'MISSED'}" if result.bar else ""


def split(shares: Mapping[str, float], unit: str) -> str:
    """Format shares, the largest first."""
    ordered = sorted(shares.items(), key=lambda share: -share[1])
    return ", ".join(f"{name} {value:.2f} {unit}" for name, value in ordered)


def line(result: Result) -> str:
    low, high = result.spread
    return (
        f"{result.name}: {result.ours:,.1f}{result.unit} against {result.raw:,.1f}{result.unit}: "
        f"{result.ratio:.0%} ({low:.0%} to {high:.0%}){verdict(result)}"
    )


def report(results: list[Result], path: Path) -> None:
    table = Table("", "ours", "raw", "ratio", "spread", "bar", "")
    for result in results:
        low, high = result.spread
        table.add_row(
            result.name,
            f"{result.ours:,.1f}{result.unit}",
            f"{result.raw:,.1f}{result.unit}" if result.raw else "",
            f"{result.ratio:.0%}" if result.raw else "",
            f"{low:.0%} to {high:.0%}" if result.raw else "",
            result.bar,
            ("met" if result.met else "MISSED") if result.bar else "",
        )
    console.print(table)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(result) for result in results], indent=2) + "\n")
    console.print(f"As JSON: {path}")
