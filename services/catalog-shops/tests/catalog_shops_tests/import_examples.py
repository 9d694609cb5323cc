"""A request for each route about imports of catalogues."""

from collections.abc import Mapping

from catalog_shops.catalogue_import.decider import import_history
from catalog_shops.catalogue_import.import_errors import RowMistake
from catalog_shops.catalogue_import.records import CatalogueArticle
from catalog_shops_tests.bmecat import bmecat_file
from catalog_shops_tests.service import NOON, InMemoryService
from zugabe_events.contracts.catalog_shops import CatalogueImportStarted
from zugabe_events.domain.cursor import encode_cursor
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.event_store import Commit
from zugabe_testing.examples import DEALER, Example, with_exports

IMPORTER = "dealer-staff+import-articles"
IMPORT = {"import_id": "i1"}

WISHES = {
    "file_name": "katalog.xml",
    "scope": "some-articles",
    "dry_run": "false",
    "catalogue": "Katalog%202026",
    "confirm_delisting": "false",
}

IMPORT_EXAMPLES: Mapping[str, Example] = {
    "POST /dealers/{dealer}/catalogue-imports": Example(
        IMPORTER,
        bmecat_file([CatalogueArticle(0, "0017", name="Ordner")]),
        query=WISHES,
        takes={"query.file_name": ("broken",), "query.catalogue": ("a slash", "broken")},
        media_type="application/octet-stream",
    ),
    **with_exports(
        "GET /dealers/{dealer}/catalogue-imports",
        Example(
            "dealer-staff",
            query={
                "status": "waiting",
                "scope": "some-articles",
                "sort": "-started_at",
                "after": encode_cursor(NOON, "acme/i0", "-started_at"),
                "limit": "10",
            },
        ),
    ),
    "GET /dealers/{dealer}/catalogue-imports/{import_id}": Example("dealer-staff", path=IMPORT),
    "GET /dealers/{dealer}/catalogue-imports/{import_id}/errors": Example(
        "dealer-staff", path=IMPORT, query={"after": "000000000.00", "limit": "10"}
    ),
    "GET /dealers/{dealer}/catalogue-imports/{import_id}/errors.csv": Example(
        "dealer-staff", path=IMPORT
    ),
    "POST /dealers/{dealer}/catalogue-imports/{import_id}/cancellation": Example(
        IMPORTER, path=IMPORT
    ),
}


async def before_imports(service: InMemoryService) -> None:
    """An import whose id is known, in which something was wrong."""
    started = CatalogueImportStarted(
        DEALER, "i1", "0" * 64, "katalog.xml", 1, "bmecat", "some-articles", False, NOON
    )
    context = Context("anna", "central", DEALER, NOON, "correlation")
    stream = import_history(DEALER, "i1").stream
    await service.store.append([Commit(derived_id("i1"), stream, 1, (started,), context)])
    mistake = RowMistake("000000001.00", 7, "0017", "left-out", "Die Bezeichnung fehlt.")
    await service.import_storage.errors.add(DEALER, "i1", [mistake], NOON)
