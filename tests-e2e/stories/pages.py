"""Pages in a real browser: Debian's Chromium through Playwright, at two widths."""

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, async_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WIDTHS = {"phone": (390, 844), "desktop": (1280, 900)}
NO_BROWSER = "no Chromium is installed"


@asynccontextmanager
async def chromium() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


class Window:
    """A page, and what it must not do: ask strangers, or fail in its scripts."""

    def __init__(self, page: Page, portal: str) -> None:
        self.page = page
        self.portal = portal
        self.wrong: list[str] = []
        page.on("request", lambda request: self._is_own(request.url))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def _is_own(self, url: str) -> None:
        if not url.startswith((f"{self.portal}/", "blob:")):
            self.wrong.append(url)

    async def open(self, path: str) -> None:
        await self.page.goto(self.portal + path)

    async def is_well(self) -> None:
        """Nothing of the above, and no wider than its window."""
        width = "document.documentElement.scrollWidth - window.innerWidth"
        assert await self.page.evaluate(width) <= 0, self.page.url
        assert self.wrong == []


@asynccontextmanager
async def window(
    browser: Browser, portal: str, width: str, *, scripts: bool = True
) -> AsyncGenerator[Window]:
    across, down = WIDTHS[width]
    context = await browser.new_context(
        viewport={"width": across, "height": down}, locale="de-DE", java_script_enabled=scripts
    )
    try:
        yield Window(await context.new_page(), portal)
    finally:
        await context.close()
