"""The site over a fake onboarding."""

from collections.abc import AsyncGenerator

import httpx
import pytest
from web_tests.browser import PORTAL, Browser
from web_tests.onboarding import FakeOnboarding

from zugabe_web.app import create_app
from zugabe_web.session import Sessions
from zugabe_web.site import Site


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    onboarding = FakeOnboarding()
    async with httpx.AsyncClient(transport=httpx.MockTransport(onboarding)) as services:
        site = Site(
            Sessions([b"k" * 32], secure=True),
            services,
            {"onboarding": "http://onboarding.test"},
            portal_url=f"{PORTAL}/",
            organisation="heyconnect",
            session_hours=12,
            now=lambda: found.now,
        )
        transport = httpx.ASGITransport(create_app(site), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=PORTAL) as http:
            found = Browser(http, onboarding, site)
            yield found
