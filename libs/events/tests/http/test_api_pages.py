"""The start page and the API pages: all they need comes from the service itself (X-14)."""

import re

import httpx
import pytest
from fastapi import FastAPI

from zugabe_events.http.app import http_app


@pytest.fixture
def app() -> FastAPI:
    return http_app("vouchers", [])


async def got(app: FastAPI, path: str) -> httpx.Response:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://vouchers"
    ) as http:
        return await http.get(path)


async def test_the_start_page_leads_to_everything_that_tells_of_the_service(app: FastAPI) -> None:
    """X-14"""
    page = await got(app, "/")
    assert "<h1>Zugabe: vouchers</h1>" in page.text
    links = re.findall(r'href="(.*?)"', page.text)
    assert {"docs", "openapi.json", "asyncapi.json", "schemas/", "livez", "readyz"} <= {*links}
    for link in set(links) - {"metrics"}:
        assert (await got(app, f"/{link}")).status_code == 200


async def test_a_service_without_events_has_no_links_to_them() -> None:
    page = await got(http_app("wishes", []), "/")
    assert "asyncapi" not in page.text
    assert "schemas" not in page.text


async def test_the_api_page_needs_nothing_from_elsewhere(app: FastAPI) -> None:
    """X-14"""
    page = await got(app, "/docs")
    files = re.findall(r'(?:src|href)="(.*?)"', page.text)
    assert len(files) == 4
    for file in files:
        assert (await got(app, f"/{file}")).status_code == 200
    assert "//" not in page.text.replace("<!doctype html>", "")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "<script>" not in page.text, "no script within the page, which the policy forbids"


@pytest.mark.parametrize("file", ["core.py", "redoc.standalone.js", "..%2F__init__.py"])
async def test_nothing_else_of_the_package_is_served(app: FastAPI, file: str) -> None:
    assert (await got(app, f"/docs/{file}")).status_code == 404


async def test_the_document_says_what_it_is_and_how_to_read_it(app: FastAPI) -> None:
    """X-14"""
    document = (await got(app, "/openapi.json")).json()
    assert document["info"]["title"] == "Zugabe: vouchers"
    assert document["info"]["version"]
    assert "cents" in document["info"]["description"]
    assert document["servers"]
