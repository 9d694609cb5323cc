"""Routes that import what the system before knew of vouchers (X-30); by default a dry run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from vouchers.migration.campaigns import Campaigns
from vouchers.migration.issued import imported_vouchers
from vouchers.migration.rows import (
    ISSUED_OPTIONAL,
    ISSUED_TITLES,
    KINDS,
    USES_OPTIONAL,
    USES_TITLES,
    issued_row,
    uses_row,
)
from vouchers.migration.uses import imported_uses
from zugabe_events.domain.event_store import EventStore
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.import_commands import Imported, Outcome, carry_out, to_do
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.table_body import TABLE_BODY, Sent, SheetName
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.reader import TableReader
from zugabe_events.tables.report import FIRST_ROWS
from zugabe_events.tables.table import Row, RowError

LIMITS = Limits(max_bytes=5_000_000, max_rows=20_000)
PREFIX = "/dealers/{dealer}/voucher-imports/{import_id}"
LARGER_BODIES = {f"POST {PREFIX}/{kind}": LIMITS.max_bytes for kind in ("uses", "issued")}

DryRun = Annotated[bool, Query(description="Say what would happen, and do nothing.")]


@dataclass(frozen=True, slots=True)
class VoucherImportReport:
    """`new` and `unchanged` count users, customers and campaigns whose numbers the rows tell.

    Rows that are `wrong` are left out. While something is `postponed`, the same file is to be sent
    again: under the same import id nothing counts twice, and a corrected file corrects.
    """

    dry_run: bool
    sheet: str | None
    rows: int
    new: int
    unchanged: int
    postponed: int
    wrong: tuple[RowError, ...]
    first_rows: tuple[Row, ...] = ()


def migration_api(store: EventStore, access: Access) -> APIRouter:
    router = APIRouter(prefix=PREFIX, tags=["migration"])
    imports = Depends(reads(access.requires("import-vouchers")))
    reader = TableReader(LIMITS)

    async def report(
        request: RequestContext,
        sheet: str | None,
        rows: Sequence[Row],
        imported: Sequence[Imported],
        wrong: Sequence[RowError],
        *,
        dry_run: bool,
    ) -> VoucherImportReport:
        if dry_run:
            changing = len(await to_do(store, imported))
            outcome = Outcome(changing, len(imported) - changing)
        else:
            outcome = await carry_out(store, request, imported)
        return VoucherImportReport(
            dry_run=dry_run,
            sheet=sheet,
            rows=len(rows),
            new=outcome.changed,
            unchanged=outcome.unchanged,
            postponed=outcome.postponed,
            wrong=tuple(sorted(wrong, key=lambda error: error.line)),
            first_rows=tuple(rows[:FIRST_ROWS]) if dry_run else (),
        )

    @router.post("/uses", openapi_extra=TABLE_BODY)
    async def import_uses(
        dealer: Id,
        import_id: Id,
        content: Sent,
        request: Annotated[RequestContext, imports],
        sheet: SheetName = None,
        dry_run: DryRun = True,
    ) -> VoucherImportReport:
        """Count uses of the system before: `Kunde`, `Benutzer`, `Gutscheincode`, `Anzahl`.

        Without a user they count for the customer and the campaign only.
        """
        table = await reader.read(
            content, USES_TITLES, optional=USES_OPTIONAL, kinds=KINDS, sheet=sheet
        )
        wrong: list[RowError] = []
        rows = [read for row in table.rows if (read := uses_row(row, wrong))]
        imported = await imported_uses(rows, import_id, Campaigns(store, dealer), wrong)
        return await report(request, table.sheet, table.rows, imported, wrong, dry_run=dry_run)

    @router.post("/issued", openapi_extra=TABLE_BODY)
    async def import_issued(
        dealer: Id,
        import_id: Id,
        content: Sent,
        request: Annotated[RequestContext, imports],
        sheet: SheetName = None,
        dry_run: DryRun = True,
    ) -> VoucherImportReport:
        """Issue what was issued before, without a mail: `Kunde`, `Benutzer`, `Gutscheincode`,
        perhaps `Ausgestellt am` and `Gültig bis`."""
        table = await reader.read(
            content, ISSUED_TITLES, optional=ISSUED_OPTIONAL, kinds=KINDS, sheet=sheet
        )
        wrong: list[RowError] = []
        rows = [read for row in table.rows if (read := issued_row(row, wrong))]
        imported = await imported_vouchers(rows, Campaigns(store, dealer), wrong)
        return await report(request, table.sheet, table.rows, imported, wrong, dry_run=dry_run)

    return router
