"""Storage of imports in the service's database."""

from pathlib import Path

from catalog_shops.catalogue_import.import_errors import MongoImportErrors, deploy_import_errors
from catalog_shops.catalogue_import.import_queue import MongoImportQueue, deploy_import_queue
from catalog_shops.catalogue_import.ports import ImportStorage
from zugabe_events.files.store import MongoFiles, deploy_files
from zugabe_events.mongo.client import Database

BUCKET = "catalogues"

DEPLOY_STEPS = (deploy_files(BUCKET), deploy_import_queue, deploy_import_errors)


def mongo_import_storage(db: Database, owner: str, folder: Path) -> ImportStorage:
    """`owner` names this process, and no other one ever."""
    return ImportStorage(
        MongoFiles(db, BUCKET), MongoImportQueue(db, owner), MongoImportErrors(db), folder
    )
