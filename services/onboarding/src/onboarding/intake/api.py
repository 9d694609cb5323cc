"""HTTP for files of partners and brands."""

from typing import Annotated

from fastapi import APIRouter, Depends

from onboarding.file_import.once import once
from onboarding.intake.partner_import import carried_out, prepared
from onboarding.intake.partners import TITLES
from zugabe_events.domain.event_store import EventStore
from zugabe_events.encryption.personal_data import People
from zugabe_events.http.authorization import Access
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.table_body import TABLE_BODY, Sent, SheetName
from zugabe_events.tables.reader import TableReader
from zugabe_events.tables.report import ImportReport


def intake_api(store: EventStore, people: People, access: Access, tables: TableReader) -> APIRouter:
    router = APIRouter(tags=["partner"])

    @router.post("/partner-imports", openapi_extra=TABLE_BODY)
    async def import_partners(
        content: Sent,
        request: Annotated[RequestContext, Depends(access.requires("guide-partners"))],
        sheet: SheetName = None,
        dry_run: bool = True,
    ) -> ImportReport:
        """CSV or workbook with a row for each brand and the columns Partner, Firma,
        Ansprechpartner, E-Mail, Marke, Markenname. Onboardings are prepared; the welcome stays with
        people (ON-2). Unless `dry_run` is false, the answer says what would happen, and nothing
        does."""
        table = await tables.read(content, TITLES, sheet=sheet)
        wanted = await prepared(store, people, table)
        if dry_run:
            return wanted.report(dry_run=True)

        async def carry_out() -> ImportReport:
            await carried_out(store, people, wanted, request)
            return wanted.report(dry_run=False)

        return await once(store, request, wanted.report(dry_run=False), carry_out)

    return router
