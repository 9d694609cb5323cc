"""Ours and the raw parts in turns, so that a noisy machine disturbs both; medians and spreads."""

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
    """Each callable does its work once and answers a rate. The first round warms up."""
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
    """Pairs of ours and raw, one by round."""
    ratios = sorted(one / other for one, other in pairs)
    ratio = statistics.median(ratios)
    result = Result(
        name,
        unit,
        statistics.median(one for one, _ in pairs),
        statistics.median(other for _, other in pairs),
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
    """A figure that has no raw counterpart, against its bar."""
    met = (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
    bar = f">= {at_least:,g}{unit}" if at_least is not None else f"<= {at_most:,g}{unit}"
    result = Result(name, unit, value, 0.0, 0.0, (0.0, 0.0), bar, met, more or {})
    console.print(f"{name}: {value:,.1f}{unit}, bar {bar}: {'met' if met else 'MISSED'}")
    return result


def split(shares: Mapping[str, float], unit: str) -> str:
    """The largest first."""
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
    for one in results:
        low, high = one.spread
        table.add_row(
            one.name,
            f"{one.ours:,.1f}{one.unit}",
            f"{one.raw:,.1f}{one.unit}" if one.raw else "",
            f"{one.ratio:.0%}" if one.raw else "",
            f"{low:.0%} to {high:.0%}" if one.raw else "",
            one.bar,
            "met" if one.met else "MISSED",
        )
    console.print(table)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(one) for one in results], indent=2) + "\n")
    console.print(f"As JSON: {path}")
