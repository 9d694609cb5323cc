"""Interleaved measurements of ours and the raw parts: a noisy machine disturbs both alike."""

import json
import statistics
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

console = Console()


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
        f">= {at_least:.0%} of raw" if at_least is not None else f"<= {at_most:.0%} of raw",
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
    """Compare a figure without a raw counterpart with its bar."""
    met = (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
    bar = f">= {at_least:,g}{unit}" if at_least is not None else f"<= {at_most:,g}{unit}"
    result = Result(name, unit, value, 0.0, 0.0, (0.0, 0.0), bar, met, more or {})
    console.print(f"{name}: {value:,.1f}{unit}, bar {bar}: {'met' if met else 'MISSED'}")
    return result


def split(shares: Mapping[str, float], unit: str) -> str:
    """Format shares, the largest first."""
    ordered = sorted(shares.items(), key=lambda share: -share[1])
    return ", ".join(f"{name} {value:.2f} {unit}" for name, value in ordered)


def line(result: Result) -> str:
    low, high = result.spread
    return (
        f"{result.name}: {result.ours:,.0f}{result.unit} against {result.raw:,.0f}{result.unit}: "
        f"{result.ratio:.0%} ({low:.0%} to {high:.0%}), bar {result.bar}: "
        f"{'met' if result.met else 'MISSED'}"
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
            "met" if result.met else "MISSED",
        )
    console.print(table)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(result) for result in results], indent=2) + "\n")
    console.print(f"As JSON: {path}")
