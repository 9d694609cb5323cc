"""The site over a fake onboarding."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import aiohttp
import httpx
import pytest
from web_tests.browser import PORTAL, Browser
from web_tests.issuer import CLIENT_ID, SECRET, FakeIssuer, serving
from web_tests.onboarding import FakeOnboarding
from web_tests.staff import BOARD, LEAD_TIMES, Staff

from zugabe_web.app import create_app
from zugabe_web.login.desk import Desk
from zugabe_web.login.sign_in import Client, SignIn
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


@pytest.fixture
async def staff() -> AsyncGenerator[Staff]:
    """Not signed in yet. Time passes: tokens are checked by the real clock."""
    ahead = [timedelta()]

    def now() -> datetime:
        return datetime.now(UTC) + ahead[0]

    issuer, onboarding = FakeIssuer(now()), FakeOnboarding()
    onboarding.answers |= {"GET /board": BOARD, "GET /lead-times": LEAD_TIMES}
    server = await serving(issuer)
    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(onboarding)) as services,
        aiohttp.ClientSession() as to_issuer,
    ):
        secrets = [b"k" * 32]
        site = Site(
            Sessions(secrets, secure=True),
            services,
            {"onboarding": "http://onboarding.test"},
            portal_url=f"{PORTAL}/",
            organisation="heyconnect",
            session_hours=12,
            now=now,
        )
        client = Client(
            issuer.url,
            CLIENT_ID,
            SECRET,
            "zugabe",
            f"{PORTAL}/anmelden/antwort",
            f"{PORTAL}/abgemeldet",
        )
        sign_in = SignIn(client, to_issuer, now)
        app = create_app(site, sign_in)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=PORTAL) as http:
            attempts = Desk(site, sign_in).attempts
            yield Staff(http, onboarding, issuer, site, attempts, ahead)
    await server.close()


@pytest.fixture
async def manager(staff: Staff) -> Staff:
    """Maxi Meise, who has signed in."""
    assert (await staff.sign_in()).status_code == 303
    return staff
