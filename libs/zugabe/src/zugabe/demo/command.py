"""`zugabe demo`: a stack, a dealer with real orders, and a report of the results."""

import asyncio
import signal
import tempfile
import time
from collections.abc import Awaitable, Coroutine, Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from zugabe.commands import describe, home_path
from zugabe.errors import StackError

if TYPE_CHECKING:
    from zugabe.demo.order_import import Imported
    from zugabe.supervisor import Stack

MAX_PRINTED_BAD_ROWS = 20


def demo(
    orders: Annotated[
        Path | None, typer.Option(help="CSV of past orders: customer,day,units,usd.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write summary.json, accounts.csv and vouchers.csv here.")
    ] = None,
    leave: Annotated[bool, typer.Option("--exit", help="Exit after the report.")] = False,
) -> None:
    """Start everything without former data, import real orders, and report the results."""
    from zugabe.supervisor import Stack  # slow to import, and only needed here

    console = Console(highlight=False)
    if orders is not None and not orders.is_file():
        raise StackError(f"There is no file {orders}.")
    tell = console.print if not console.is_terminal else (lambda text: console.log(text))
    stack = Stack(home_path(), fresh=True, usual_ports=True, tell=tell)
    asyncio.run(_until_interrupted(_demo(stack, console, orders, report, leave), console))


async def _until_interrupted(work: Awaitable[None], console: Console) -> None:
    task = asyncio.ensure_future(work)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(
            number, lambda: task.cancelling() or task.cancel()
        )
    try:
        await task
    except asyncio.CancelledError:
        console.print("Stopped.")


async def _demo(
    stack: "Stack", console: Console, orders: Path | None, report: Path | None, leave: bool
) -> None:
    began = time.monotonic()
    async with stack:
        started = time.monotonic()
        await _unless_failing(stack, _import(stack, console, orders, report))
        console.print(
            f"Started in {started - began:.1f} s, done after {time.monotonic() - began:.1f} s.",
            style="dim",
        )
        console.print(describe(stack.home.status()))
        console.print(_example(stack.addresses), soft_wrap=True)
        if not leave:
            console.print("Ctrl-C stops everything.", style="dim")
            raise await stack.failed()


async def _unless_failing(stack: "Stack", work: Coroutine[Any, Any, None]) -> None:
    """Do the work; the end of a process meanwhile explains more than its consequences."""
    from zugabe.demo.client import RefusedError

    failing, working = asyncio.create_task(stack.failed()), asyncio.create_task(work)
    try:
        await asyncio.wait([failing, working], return_when=asyncio.FIRST_COMPLETED)
        if failing.done():
            raise failing.result()
        await working
    except RefusedError as error:
        raise StackError(f"A service refused what the demo asked for: {error}") from error
    finally:
        failing.cancel()
        working.cancel()
        await asyncio.gather(failing, working, return_exceptions=True)


async def _import(
    stack: "Stack", console: Console, orders: Path | None, report: Path | None
) -> None:
    from zugabe.demo.client import client
    from zugabe.demo.liability import liability_lines
    from zugabe.demo.order_import import LANES, Import
    from zugabe.demo.report import write_report
    from zugabe.demo.rows import BadRow, read_rows
    from zugabe.demo.world import DEALER, STAFF_RIGHTS, SUPPORT_RIGHTS, order_module, set_up

    root = f"/dealers/{DEALER}"
    central = stack.token("central", user="support", rights=SUPPORT_RIGHTS, hours=24)
    bearer = stack.token("dealer-staff", user="demo", dealer=DEALER, rights=STAFF_RIGHTS, hours=24)
    with as_file(files("zugabe") / "data" / "cdnow-sample.csv") as sample:
        path = orders or sample
        async with client(stack.addresses, root, central, 1) as support:
            ordered = await order_module(support)
        async with client(stack.addresses, root, bearer, LANES) as staff:
            await set_up(staff, ordered)
            with _progress(console) as progress:
                bar = progress.add_task("Orders", total=path.stat().st_size, count=0)
                count = 0

                def count_row(end: int) -> None:
                    nonlocal count
                    count += 1
                    seen = max(progress.tasks[0].completed, end)
                    progress.update(bar, completed=seen, count=count)

                bad_rows = 0

                def report_bad_row(row: BadRow) -> None:
                    nonlocal bad_rows
                    bad_rows += 1
                    if bad_rows <= MAX_PRINTED_BAD_ROWS:
                        progress.console.print(f"line {row.line}: {row.reason}", markup=False)
                    elif bad_rows == MAX_PRINTED_BAD_ROWS + 1:
                        progress.console.print("further bad rows are only counted")

                imported = await Import(staff, count_row, report_bad_row).run(read_rows(path))
            with tempfile.TemporaryDirectory() as scratch:
                folder = report or Path(scratch)
                folder.mkdir(parents=True, exist_ok=True)
                summary = await write_report(staff, imported.tokens.values(), folder)
            console.print(_summary_table(summary, imported))
            console.print("What the dealer owed by points at the end of each month:")
            async for line in liability_lines(staff, imported.tokens.values()):
                console.print(f"  {line}", markup=False, soft_wrap=True)
    await _onboard(stack, console)
    await _open_shops(stack, console)
    await _run_campaigns(stack, console)
    if report:
        console.print(f"The report is in {report}.")


async def _open_shops(stack: "Stack", console: Console) -> None:
    from zugabe.demo.catalogue import SHOPS, set_up_catalogue
    from zugabe.demo.client import client
    from zugabe.demo.world import DEALER

    bearer = stack.token("central", user="zoe", hours=24)
    async with client(stack.addresses, "/dealers/central", bearer, len(SHOPS)) as central:
        count = await set_up_catalogue(central)
    console.print(f"{count} articles of an office supplier are listed. Look at its shops:")
    front = f"{stack.addresses['catalog-shops']}/dealers/{DEALER}/front"
    pages = ["header", "start", "brand-shops", "search?q=ordner"]
    for page in (*pages, *(f"shops/{shop.head['url_name']}" for shop in SHOPS)):
        console.print(f"  curl -s '{front}/{page}'", soft_wrap=True)


async def _run_campaigns(stack: "Stack", console: Console) -> None:
    from zugabe.demo.campaigns import answers, product_groups, set_up_campaigns
    from zugabe.demo.client import client
    from zugabe.demo.world import DEALER, STAFF_RIGHTS

    zoe = stack.token("central", user="zoe", hours=24)
    demo = stack.token("dealer-staff", user="demo", dealer=DEALER, rights=STAFF_RIGHTS, hours=24)
    async with (
        client(stack.addresses, "/dealers/central", zoe, 1) as central,
        client(stack.addresses, f"/dealers/{DEALER}", demo, 1) as staff,
    ):
        groups = await product_groups(central)
        titles = await set_up_campaigns(central, staff, groups)
        console.print(f"Campaigns run: {', '.join(titles)}. Carts and the start page say:")
        for sentence in await answers(staff, groups):
            console.print(f"  {sentence}", markup=False, soft_wrap=True)


async def _onboard(stack: "Stack", console: Console) -> None:
    from zugabe.demo.nordwind import PARTNER
    from zugabe.demo.onboarding import board, board_hint, onboard, partner_hint, sides

    central = stack.token("central", user="zoe", hours=24)
    partner = stack.token("partner", user="kim", partner=PARTNER, hours=24)
    async with sides(stack.addresses, central, partner) as (zoe, kim):
        await onboard(zoe, kim)
        console.print(await board(zoe))
        console.print(board_hint(stack.addresses), soft_wrap=True)
        console.print(await partner_hint(stack.addresses["mails"]), soft_wrap=True)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.fields[count]} orders"),
        TimeRemainingColumn(),
        console=console,
    )


def _summary_table(summary: dict[str, int], imported: "Imported") -> Table:
    table = Table("What the read models say", "", box=None, header_style="bold")
    for name, value in summary.items():
        amount = f"{value / 100:,.2f} €" if name.endswith("_cents") else f"{value:,}"
        table.add_row(name.removesuffix("_cents").replace("_", " "), amount)
    if imported.there_already:
        table.add_row("orders that were there already", f"{imported.there_already:,}")
    if imported.bad_rows:
        table.add_row("bad rows, left out", f"{imported.bad_rows:,}")
    return table


def _example(addresses: Mapping[str, str]) -> str:
    from zugabe.demo.onboarding import example
    from zugabe.demo.world import DEALER

    return (
        "Try it:\n"
        f"  TOKEN=$(.venv/bin/zugabe token --role dealer-staff --dealer {DEALER} --user me)\n"
        f'  curl -s -H "Authorization: Bearer $TOKEN" '
        f"'{addresses['checkout']}/dealers/{DEALER}/orders?user=00004&limit=2'\n"
        f'  curl -s -H "Authorization: Bearer $TOKEN" '
        f"'{addresses['bonus']}/dealers/{DEALER}/accounts/00004'\n"
        f"{example(addresses)}"
    )
