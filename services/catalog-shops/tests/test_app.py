"""catalog-shops answers health, with and without its database."""

import httpx
from catalog_shops_tests.service import InMemoryService

from catalog_shops.access import RIGHTS
from catalog_shops.app import create_app
from catalog_shops.main import SERVICE
from zugabe_events.http.authorization import Access
from zugabe_testing.examples import verify


async def test_it_is_alive_and_ready() -> None:
    http = InMemoryService().http
    assert (await http.get("/livez")).status_code == 200
    assert (await http.get("/readyz")).status_code == 200
    assert (await http.get("/dealers/d1/anything")).status_code == 404


async def test_a_service_whose_database_is_away_is_not_ready() -> None:
    async def away() -> bool:
        return False

    service = InMemoryService()
    app = create_app(
        service.store,
        service.shown,
        Access(verify, RIGHTS),
        service.quotas,
        service.graphics,
        service.scanner,
        service.import_storage,
        service.front,
        ready=away,
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test"
    ) as http:
        answer = await http.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"


def test_its_process_is_named_like_its_log() -> None:
    assert SERVICE.name == "catalog-shops"
