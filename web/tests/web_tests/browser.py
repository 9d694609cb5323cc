"""What a person does with the site, at an instant that tests can move."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from web_tests.onboarding import LINK, PARTNER, FakeOnboarding
from zugabe_web.site import Site

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
PORTAL = "https://portal.zugabe.test"


@dataclass
class Browser:
    """Keeps cookies, as browsers do, and sends forms from the portal's own pages."""

    http: httpx.AsyncClient
    onboarding: FakeOnboarding
    site: Site
    now: datetime = field(default=NOON)

    async def open(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def enter(self) -> httpx.Response:
        """By the link of the mail, to the first page."""
        return await self.http.get(
            f"/einstieg/{PARTNER}", params={"link": LINK}, follow_redirects=True
        )

    async def submit(self, path: str, **fields: str) -> httpx.Response:
        cookie = self.http.cookies.get(self.site.sessions.cookie) or ""
        session = self.site.sessions.open(cookie, self.now)
        csrf = {"csrf": session.csrf} if session else {}
        return await self.http.post(path, data=csrf | fields, headers={"Origin": PORTAL})
