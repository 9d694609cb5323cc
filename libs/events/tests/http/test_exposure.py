"""S27: what is about the process or the API is shown where a setting says so."""

import httpx
import pytest
from fastapi import APIRouter

from zugabe_events.http.app import http_app
from zugabe_events.http.exposure import API, EVERYWHERE, INTERNAL, METRICS, Exposure
from zugabe_events.http.networks import Networks
from zugabe_events.runtime.metrics_api import metrics_api
from zugabe_events.runtime.metrics_collectors import Collectors

OUTSIDE = ["203.0.113.7", "2001:db8::1", "::ffff:203.0.113.7", "testclient"]
INSIDE = ["127.0.0.1", "10.1.2.3", "::1", "fd00::7", "::ffff:192.168.1.1"]
PAGES = ["/", "/docs", "/docs/start.js", "/openapi.json", "/asyncapi.json", "/schemas/"]


async def status(path: str, host: str, api: str) -> int:
    app = http_app("vouchers", [APIRouter(), metrics_api(Collectors())])
    routes = {METRICS: Networks(INTERNAL), API: Networks(api)}
    transport = httpx.ASGITransport(Exposure(app, routes), client=(host, 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://vouchers") as http:
        answer = await http.get(path)
    if answer.status_code == 404:
        assert answer.json()["code"] == "route-unknown"
        assert answer.headers["x-correlation-id"]
    return answer.status_code


@pytest.mark.parametrize("host", OUTSIDE)
async def test_metrics_are_not_for_the_internet(host: str) -> None:
    """S27: by default; they are answered as a route that does not exist."""
    assert await status("/metrics", host, EVERYWHERE) == 404
    assert await status("/livez", host, EVERYWHERE) == 200


@pytest.mark.parametrize("host", INSIDE)
async def test_metrics_are_for_networks_within(host: str) -> None:
    """S27"""
    assert await status("/metrics", host, EVERYWHERE) == 200


@pytest.mark.parametrize("path", PAGES)
async def test_the_api_is_shown_where_the_setting_says(path: str) -> None:
    """S27"""
    assert await status(path, OUTSIDE[0], EVERYWHERE) == 200
    assert await status(path, OUTSIDE[0], INTERNAL) == 404
    assert await status(path, INSIDE[0], INTERNAL) == 200
