"""Somebody of central staff, with a browser."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from web_tests.browser import PORTAL
from web_tests.issuer import FakeIssuer
from web_tests.onboarding import FakeOnboarding
from zugabe_web.login.sealed_cookie import SealedCookie
from zugabe_web.login.sign_in import Attempt
from zugabe_web.site import Site

BOARD: dict[str, Any] = {"items": [], "next": None}
LEAD_TIMES: dict[str, Any] = {"phases": []}


@dataclass
class Staff:
    http: httpx.AsyncClient
    onboarding: FakeOnboarding
    issuer: FakeIssuer
    site: Site
    attempts: SealedCookie[Attempt]
    _ahead: list[timedelta]

    def later(self, time: timedelta) -> None:
        """For us; the issuer's clock stays, since libraries check its tokens by the real one."""
        self._ahead[0] += time

    async def begin(self, back: str = "/board") -> dict[str, str]:
        """Go to the issuer; returns what it is asked."""
        sent = await self.http.get("/anmelden", params={"zurueck": back})
        assert sent.status_code == 303
        return self.issuer.sent_to(sent.headers["Location"])

    async def come_back(self, **answer: str) -> httpx.Response:
        return await self.http.get("/anmelden/antwort", params=answer)

    async def sign_in(self, back: str = "/board") -> httpx.Response:
        asked = await self.begin(back)
        return await self.come_back(code="c1", state=asked["state"], iss=self.issuer.url)

    async def open(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def submit(self, path: str, **fields: str) -> httpx.Response:
        """A form of one of our pages."""
        return await self.http.post(
            path, data={"csrf": self.csrf} | fields, headers={"Origin": PORTAL}
        )

    @property
    def csrf(self) -> str:
        cookie = self.http.cookies.get(self.site.sessions.cookie) or ""
        session = self.site.sessions.open(cookie, self.site.now())
        return session.csrf if session else ""
