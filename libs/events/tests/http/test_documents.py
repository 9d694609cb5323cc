"""Documents of what a service says: for everybody, true, and nothing beside them (X-14, X-16)."""

from collections.abc import AsyncGenerator

import httpx
import pytest
from jsonschema_rs import Draft202012Validator

from zugabe_events.contracts import checkout
from zugabe_events.http.app import http_app
from zugabe_events.http.schemas_api import documents_of
from zugabe_events.schemas.asyncapi import asyncapi
from zugabe_events.schemas.json_schema import schema_of
from zugabe_events.schemas.publishers import events_of, publishers
from zugabe_testing.routes import routes_without_right

ORDER_PLACED = schema_of(checkout.OrderPlaced)


@pytest.fixture
async def http() -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(http_app("checkout", []))
    async with httpx.AsyncClient(transport=transport, base_url="http://checkout") as client:
        yield client


async def test_anybody_may_read_the_asyncapi_document(http: httpx.AsyncClient) -> None:
    answer = await http.get("/asyncapi.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == asyncapi("checkout", checkout, {})


async def test_the_index_leads_to_the_schema_of_every_event(http: httpx.AsyncClient) -> None:
    index = (await http.get("/schemas/")).json()["schemas"]
    assert {entry["event"] for entry in index} == {event.stored_as for event in events_of(checkout)}
    for entry in index:
        answer = await http.get(entry["href"])
        assert answer.headers["content-type"] == "application/schema+json"
        schema = answer.json()
        assert schema["$id"] == entry["id"] == f"urn:zugabe:{entry['event']}:{entry['version']}"
        Draft202012Validator(schema, validate_formats=True).validate(schema["examples"][0])


async def test_a_schema_of_an_earlier_version_stays(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "zugabe_events.http.schemas_api.released",
        lambda service: {"order-placed": {}, "order-placed.1": ORDER_PLACED},
    )
    monkeypatch.setattr("zugabe_events.http.schemas_api.documents_of", documents_of.__wrapped__)
    transport = httpx.ASGITransport(http_app("checkout", []))
    async with httpx.AsyncClient(transport=transport, base_url="http://checkout") as client:
        assert (await client.get("/schemas/order-placed.1.json")).json() == ORDER_PLACED
        assert (await client.get("/schemas/order-placed.json")).json() == ORDER_PLACED
        messages = (await client.get("/asyncapi.json")).json()["components"]["messages"]
        assert "order-placed.1" in messages


async def test_a_version_has_a_lasting_address_from_its_first_day(http: httpx.AsyncClient) -> None:
    """X-14"""
    index = (await http.get("/schemas/")).json()["schemas"]
    address = next(each["href"] for each in index if each["event"] == "order-placed")
    assert address == "/schemas/order-placed.1.json"
    assert (await http.get(address)).json() == (await http.get("/schemas/order-placed.json")).json()


@pytest.mark.parametrize(
    "file",
    [
        "order-placed",
        "order-placed.2.json",
        "points-accrued.json",
        "..%2F..%2Fpyproject.toml",
        "%2e%2e%2fcheckout%2forder-placed.json",
        "order-placed.json%00",
        "%ff.json",
        "x" * 1_000,
    ],
)
async def test_what_is_no_schema_is_a_problem(http: httpx.AsyncClient, file: str) -> None:
    answer = await http.get(f"/schemas/{file}")
    assert answer.status_code in (400, 404, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    if answer.status_code == 404 and "%2" not in file.lower():
        assert answer.json()["detail"] == "Dieses Schema gibt es nicht."


async def test_nobody_can_change_a_document(http: httpx.AsyncClient) -> None:
    for path in ("/asyncapi.json", "/schemas/", "/schemas/order-placed.json"):
        assert (await http.post(path, json={})).status_code == 405


async def get(service: str, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(http_app(service, []))
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        return await client.get(path)


async def test_only_services_have_documents() -> None:
    for service in publishers():
        assert (await get(service, "/schemas/")).status_code == 200
        assert (await get(service, "/asyncapi.json")).json()["info"]["title"] == service
    assert (await get("nobody", "/asyncapi.json")).status_code == 404


def test_the_documents_need_no_right_and_everything_else_does() -> None:
    assert routes_without_right(http_app("checkout", [])) == []
    app = http_app("checkout", [])
    app.get("/schemas/{file}/data")(lambda file: file)
    assert routes_without_right(app) == ["GET /schemas/{file}/data"]
