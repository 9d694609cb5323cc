"""The service answers health, and none of its routes is open by mistake."""

import httpx
from onboarding_tests.office import Office

from onboarding.app import create_app
from zugabe_testing.routes import routes_past_the_dealer, routes_without_right


async def test_it_is_alive_and_ready() -> None:
    http = Office().http
    assert (await http.get("/livez")).status_code == 200
    assert (await http.get("/readyz")).status_code == 200
    assert (await http.get("/dealers/d1/anything")).status_code == 404


async def test_a_service_whose_database_is_away_is_not_ready() -> None:
    async def away() -> bool:
        return False

    office = Office()
    app = create_app(*office.parts, ready=away)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://o") as http:
        answer = await http.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"


def test_no_route_is_without_a_right_or_past_the_tenant() -> None:
    """X-16"""
    app = Office().app
    assert routes_without_right(app) == []
    assert routes_past_the_dealer(app) == []
