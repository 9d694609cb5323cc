"""`python -m chaos`: a long run, with a table at the end; exit code 1 if anything is wrong."""

import logging
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from chaos.history import FATES
from chaos.run import Outcome, Size, run
from chaos.verdict import MATTERS
from rich.console import Console
from rich.table import Table

FINDINGS_SHOWN = 20


def chaos(
    seed: Annotated[int | None, typer.Option(help="Of the faults and wishes.")] = None,
    faults: Annotated[int, typer.Option()] = 220,
    seconds: Annotated[float, typer.Option(help="From the first fault to the last.")] = 1_320,
    buyers: Annotated[int, typer.Option(help="Who order at the same time.")] = 12,
    think: Annotated[float, typer.Option(help="Seconds between a buyer's orders.")] = 0.3,
    home: Annotated[Path | None, typer.Option(help="Keep data and logs there.")] = None,
) -> None:
    """Do to a whole system what the seed says, and see what is true afterwards."""
    seed = seed if seed is not None else int(time.time())
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # that Kafka is gone is known here
    console = Console(soft_wrap=True, highlight=False)
    with tempfile.TemporaryDirectory(prefix="zugabe-chaos-") as temporary:
        where = home or Path(temporary)
        where.mkdir(parents=True, exist_ok=True)
        size = Size(faults, seconds, buyers, think)
        outcome = uvloop.run(run(where, seed, size, console.print))
    console.print(table(seed, outcome))
    for finding in outcome.findings[:FINDINGS_SHOWN]:
        console.print(f"{finding.matter}: {finding.text}", markup=False)
    if outcome.findings:
        again = f"--seed {seed} --faults {faults} --seconds {seconds:.0f}"
        console.print(f"{len(outcome.findings)} findings; again: make chaos ARGS='{again}'")
        sys.exit(1)


def table(seed: int, outcome: Outcome) -> Table:
    found = outcome.found()
    shown = Table("chaos", f"seed {seed}", box=None)
    shown.add_row("orders tried", f"{sum(outcome.orders.values())}")
    for fate in FATES:
        shown.add_row(f"  {fate}", f"{outcome.orders.get(fate, 0)}")
    for (said, status), times in sorted(outcome.answered.items()):
        shown.add_row(f"  {said} answered {status}", f"{times}")
    shown.add_row("faults", f"{sum(outcome.faults.values())}")
    for kind, times in sorted(outcome.faults.items()):
        shown.add_row(f"  {kind}", f"{times}")
    shown.add_row("processes that ended by themselves", f"{sum(outcome.ended.values())}")
    for name, times in sorted(outcome.ended.items()):
        shown.add_row(f"  {name}", f"{times}")
    shown.add_row("caught up after", f"{outcome.caught_up_seconds:.1f} s")
    for matter in MATTERS:
        shown.add_row(matter, f"{found.get(matter, 0)}")
    return shown


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(chaos)
    app()
