"""catalog-shops answers health, and nothing else yet."""

import httpx

from catalog_shops.access import RIGHTS
from catalog_shops.app import create_app
from catalog_shops.main import SERVICE
from zugabe_events.http.authorization import Access
from zugabe_testing.examples import verify
from zugabe_testing.routes import routes_without_right

ACCESS = Access(verify, RIGHTS)


async def test_it_is_alive_and_ready() -> None:
    transport = httpx.ASGITransport(create_app(ACCESS))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        assert (await http.get("/livez")).status_code == 200
        assert (await http.get("/readyz")).status_code == 200
        assert (await http.get("/dealers/d1/anything")).status_code == 404


async def test_a_service_whose_database_is_away_is_not_ready() -> None:
    async def away() -> bool:
        return False

    transport = httpx.ASGITransport(create_app(ACCESS, ready=away))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        answer = await http.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"


def test_no_route_is_without_a_right() -> None:
    """X-16"""
    assert routes_without_right(create_app(ACCESS)) == []


def test_its_process_is_named_like_its_log() -> None:
    assert SERVICE.name == "catalog-shops"
