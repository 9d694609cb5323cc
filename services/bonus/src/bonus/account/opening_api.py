"""Route that imports balances of the system before (X-30); by default a dry run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from bonus.account.decider import account_history
from bonus.account.opening import OpenBalance
from bonus.account.opening_rows import (
    CUSTOMER,
    KINDS,
    OPTIONAL,
    POINTS,
    TITLES,
    USER,
    OpeningRow,
    balances,
    opening_row,
)
from bonus.account.state import Account
from bonus.customer.decider import customer_history
from bonus.programme.points import points_text
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.decider import History
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.import_commands import READ_AT_ONCE, Imported, carry_out, to_do
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.table_body import TABLE_BODY, Sent, SheetName
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.reader import TableReader
from zugabe_events.tables.report import FIRST_ROWS
from zugabe_events.tables.table import Row, RowError

LIMITS = Limits(max_bytes=5_000_000, max_rows=20_000)
PATH = "/dealers/{dealer}/opening-balances"
LARGER_BODIES = {f"POST {PATH}": LIMITS.max_bytes}

DryRun = Annotated[bool, Query(description="Say what would happen, and do nothing.")]


@dataclass(frozen=True, slots=True)
class OpeningReport:
    """`new` and `unchanged` count users; `points` are those of all good rows.

    Rows that are `wrong` are left out. While users are `postponed`, the same file is to be sent
    again: nothing counts twice.
    """

    dry_run: bool
    sheet: str | None
    rows: int
    points: int
    new: int
    unchanged: int
    postponed: int
    wrong: tuple[RowError, ...]
    first_rows: tuple[Row, ...] = ()


def opening_api(store: EventStore, access: Access) -> APIRouter:
    router = APIRouter(prefix=PATH, tags=["migration"])
    imports = Depends(reads(access.requires("import-balances")))
    reader = TableReader(LIMITS)

    async def accepted_rows(
        dealer: str, rows: Sequence[OpeningRow], wrong: list[RowError]
    ) -> list[OpeningRow]:
        """Rows of customers who take part and of users who have not left, that contradict none."""
        customers = sorted({row.customer for row in rows})
        users = sorted({row.user for row in rows})
        memberships = await all_states(store, [customer_history(dealer, one) for one in customers])
        accounts = await all_states(store, [account_history(dealer, one) for one in users])
        takes_part = {
            name for name, one in zip(customers, memberships, strict=True) if one.takes_part
        }
        state_by_user = dict(zip(users, accounts, strict=True))
        mistakes = [mistake(row, takes_part, state_by_user) for row in rows]
        wrong += [found for found in mistakes if found]
        return [row for row, found in zip(rows, mistakes, strict=True) if not found]

    @router.post("", openapi_extra=TABLE_BODY)
    async def import_balances(
        dealer: Id,
        content: Sent,
        request: Annotated[RequestContext, imports],
        sheet: SheetName = None,
        dry_run: DryRun = True,
    ) -> OpeningReport:
        """Credit balances of the system before: `Kunde`, `Benutzer`, `Punkte`, perhaps `Einlösbar
        ab`, `Einlösbar bis` and `Bedingungen angenommen am`."""
        at = request.context.at
        table = await reader.read(content, TITLES, optional=OPTIONAL, kinds=KINDS, sheet=sheet)
        wrong: list[RowError] = []
        read = [row for each in table.rows if (row := opening_row(each, day_of(at), wrong))]
        good = await accepted_rows(dealer, read, wrong)
        commands = balances(good, dealer, request.context.actor, at, wrong)
        imported = [Imported(account_history(dealer, one.user), one) for one in commands]
        if dry_run:
            new = len(await to_do(store, imported))
            unchanged, postponed = len(imported) - new, 0
        else:
            outcome = await carry_out(store, request, imported)
            new, unchanged, postponed = outcome.changed, outcome.unchanged, outcome.postponed
        return OpeningReport(
            dry_run=dry_run,
            sheet=table.sheet,
            rows=len(table.rows),
            points=sum(points_in(command) for command in commands),
            new=new,
            unchanged=unchanged,
            postponed=postponed,
            wrong=tuple(sorted(wrong, key=lambda error: error.line)),
            first_rows=tuple(table.rows[:FIRST_ROWS]) if dry_run else (),
        )

    return router


async def all_states(store: EventStore, histories: Sequence[History[Any, Any]]) -> list[Any]:
    found: list[Any] = []
    for first in range(0, len(histories), READ_AT_ONCE):
        found += await states_of(store, histories[first : first + READ_AT_ONCE])
    return found


def points_in(command: OpenBalance) -> int:
    return sum(lot.points for lot in command.lots)


def mistake(
    row: OpeningRow, takes_part: set[str], accounts: Mapping[str, Account]
) -> RowError | None:
    account = accounts[row.user]
    if row.customer not in takes_part:
        return RowError(row.line, CUSTOMER, "Dieser Kunde nimmt nicht am Bonusprogramm teil.")
    if account.has_left:
        return RowError(row.line, USER, "Dieser Benutzer hat sich vom Bonusprogramm abgemeldet.")
    before = account.credits.get(row.lot.id) if row.lot else None
    if row.lot and before is not None and before != row.lot.points:
        reason = f"Übernommen wurden schon {points_text(before)}; ändern kann das eine Korrektur."
        return RowError(row.line, POINTS, reason)
    return None
