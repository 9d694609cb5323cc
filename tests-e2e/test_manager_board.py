"""A customer success manager in a browser: from a file of partners to a phase that is complete.

At the widths of a phone and of a desktop, without scripts. Skipped where no Chromium is installed.
"""

from collections.abc import AsyncGenerator

import httpx
import pytest
from playwright.async_api import Browser, FilePayload, Locator, Page, expect
from stories.onboarder import Onboarder
from stories.pages import CHROMIUM, NO_BROWSER, WIDTHS, Window, chromium, window

from zugabe.demo.nordwind import OF_PARTNER, PLACE, of_brand
from zugabe.supervisor import Stack
from zugabe_testing.eventually import eventually

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=NO_BROWSER)

BRAND = "nordkap"
SECONDS = 60


@pytest.fixture
async def partner(zugabe: Stack) -> AsyncGenerator[Onboarder]:
    async with httpx.AsyncClient(timeout=60) as http:
        yield Onboarder(zugabe, http)
    assert zugabe.failure is None


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    async with chromium() as started:
        yield started


class Manager:
    """Maxi, at the pages of one partner."""

    def __init__(self, seen: Window, partner: Onboarder) -> None:
        self.seen = seen
        self.page: Page = seen.page
        self.partner = partner
        self.at = f"/board/partner/{partner.id}"

    async def sign_in(self) -> None:
        """By the issuer, which is the one stranger that this page asks."""
        await self.seen.open("/board")
        await self.page.get_by_role("link", name="Anmelden").click()
        await expect(self.page.get_by_text("Nur für die Entwicklung")).to_be_visible()
        await self.page.get_by_role("button", name="Maxi Meise").click()
        await expect(self.heading).to_have_text("Board")
        assert "code=" not in self.page.url
        self.seen.wrong.clear()

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    async def open(self, path: str) -> None:
        await self.seen.open(path)
        await self.seen.is_well()

    async def told(self, words: str) -> None:
        await expect(self.page.get_by_role("status")).to_contain_text(words)
        await self.seen.is_well()

    async def shows(self, path: str, words: str) -> None:
        """A moment later than somebody else did it."""

        async def there() -> None:
            await self.seen.open(path)
            await expect(self.page.locator("main")).to_contain_text(words, timeout=1_000)

        await eventually(there, SECONDS)
        await self.seen.is_well()

    async def unfold(self, title: str) -> None:
        await self.page.locator("summary", has_text=title).click()

    async def send(self, button: str, *, sure: bool = False) -> None:
        form = self.page.locator("form", has=self.page.get_by_role("button", name=button))
        if sure:
            await form.get_by_role("checkbox").check()
        await form.get_by_role("button", name=button).click()


def file_of(partner: Onboarder) -> bytes:
    titles = "Partner;Firma;Ansprechpartner;E-Mail;Marke;Markenname"
    good = f"{partner.id};Nordwind GmbH;Kim Kranich;{partner.mail_of('kim')};{BRAND};Nordkap"
    wrong = f"{partner.id};Nordwind GmbH;Kim Kranich;keine Adresse;suedlicht;Südlicht"
    return f"{titles}\n{good}\n{wrong}\n".encode()


@pytest.mark.parametrize("width", WIDTHS)
async def test_from_a_file_of_partners_to_a_complete_phase(
    partner: Onboarder, browser: Browser, width: str
) -> None:
    """ON-2, ON-11, ON-13, ON-14, N-11, X-18, S17"""
    await keep_warehouse(partner)
    portal = partner.stack.addresses["web"]
    async with window(browser, portal, width, scripts=False) as seen:
        maxi = Manager(seen, partner)
        await maxi.sign_in()
        await imports(maxi)
        await welcomes(maxi)
        await reviews(maxi)
        await completes(maxi)
        await reads_what_happened(maxi)
        await signs_out(maxi)


async def keep_warehouse(partner: Onboarder) -> None:
    path = f"/warehouses/{partner.warehouse}"
    (await partner.central.ask("PUT", "onboarding", path, {**PLACE, "name": partner.id})).of(200)


async def imports(maxi: Manager) -> None:
    page, partner = maxi.page, maxi.partner
    await maxi.open("/board/import/partner")
    file = FilePayload(name="partner.csv", mimeType="text/csv", buffer=file_of(partner))
    await page.locator("#file").set_input_files(file)
    await maxi.send("Prüfen, ohne zu importieren")
    result = page.get_by_role("region", name="Probe: partner.csv")
    await expect(result).to_contain_text("2 Zeilen gelesen")
    await expect(result).to_contain_text("Noch ist nichts importiert.")
    await expect(result.get_by_role("row", name="keine Adresse")).to_be_visible()
    await maxi.seen.is_well()
    await maxi.send("Jetzt importieren")
    await maxi.told("Importiert: 1 neu")


async def welcomes(maxi: Manager) -> None:
    page, partner = maxi.page, maxi.partner
    await maxi.shows(maxi.at, "Nordwind GmbH")
    await maxi.unfold("Customer Success Manager zuordnen")
    await page.locator("#betreuung").get_by_label("E-Mail").fill("maxi@zugabe.test")
    await maxi.send("Zuordnen")
    await maxi.told("Der Customer Success Manager ist zugeordnet.")
    await maxi.unfold("Willkommen heißen")
    await maxi.send("Willkommensmail senden", sure=True)
    await maxi.told("Die Willkommensmail ist unterwegs.")
    partner.kim = partner.person("kim", await partner.session(await eventually(partner.link)))


async def reviews(maxi: Manager) -> None:
    page, partner = maxi.page, maxi.partner
    form = "/forms/ansprechpartner"
    body = {"revision": 0, **OF_PARTNER["ansprechpartner"]}
    await partner.by(partner.kim, "PUT", f"{form}/submission", body)
    await maxi.shows(f"{maxi.at}/marken/{BRAND}", "eingereicht")
    await page.get_by_role("link", name="Kontaktübersicht").click()
    await expect(page.locator("main")).to_contain_text("Lou Lachs")
    await maxi.seen.is_well()
    await page.get_by_label("Grund").fill("Bitte auch mit einer zweiten Person.")
    await maxi.send("Mit Grund zurückgeben")
    await maxi.told("Das Formular ist zurückgegeben")

    [row] = body["tables"]["ansprechpartner"]
    changed = {**row, "answers": {**row["answers"], "name": "Lina Lachs"}}
    again = {"revision": 2, "tables": {"ansprechpartner": [changed]}}
    await partner.by(partner.kim, "PUT", f"{form}/submission", again)
    await maxi.open(f"/board/pruefung/{partner.id}/-/ansprechpartner")
    name = page.get_by_role("row", name="Lina Lachs")
    await expect(name).to_contain_text("geändert")
    await expect(name).to_contain_text("Lou Lachs")
    await maxi.send("Formular annehmen")
    await maxi.told("Das Formular ist angenommen.")


async def completes(maxi: Manager) -> None:
    page, partner = maxi.page, maxi.partner
    at = f"{maxi.at}/marken/{BRAND}"
    await maxi.shows(at, "Es fehlt für „Organisation“")
    await maxi.unfold("Phase „Organisation“ abschließen")
    await maxi.send("Phase abschließen", sure=True)
    await expect(page.get_by_role("alert")).to_contain_text("kann noch nicht abgeschlossen werden")
    await expect(page.locator("#phase")).to_contain_text("Kundenservice")
    await maxi.seen.is_well()

    await partner.fill("kundenservice", OF_PARTNER["kundenservice"])
    for form, answers in of_brand("Nordkap").items():
        await partner.fill(form, answers, BRAND)
    await maxi.shows(at, "Geplanter durchschnittlicher Bestand")
    await maxi.unfold("Lager wählen")
    await page.get_by_label("Lager", exact=True).select_option(partner.warehouse)
    await maxi.send("Lager wählen")
    await maxi.told("Das Lager ist gewählt.")
    await maxi.shows(at, "Nichts mehr: Die Phase kann abgeschlossen werden.")
    await maxi.unfold("Phase „Organisation“ abschließen")
    await maxi.send("Phase abschließen", sure=True)
    await maxi.told("Die Phase ist abgeschlossen.")
    await expect(page.get_by_role("listitem").filter(has_text="Content")).to_contain_text("läuft")


async def reads_what_happened(maxi: Manager) -> None:
    page = maxi.page
    await page.get_by_role("link", name="Verlauf").click()
    for words in ("Die Phase Organisation wurde abgeschlossen.", "Bitte auch mit einer zweiten"):
        await expect(page.get_by_role("row", name=words)).to_contain_text("Maxi Meise")
    await maxi.seen.is_well()
    await maxi.open(f"/board?partner={maxi.partner.id}&phase=content")
    await expect(page.get_by_role("link", name="Nordkap")).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="CSV").click()
    text = (await (await download.value).path()).read_text(encoding="utf-8-sig")
    assert "Nordwind GmbH" in text


async def signs_out(maxi: Manager) -> None:
    await maxi.send("Abmelden")
    await expect(maxi.page.get_by_role("heading", level=1)).to_have_text("Sie sind abgemeldet")
    await maxi.page.wait_for_url("**/abgemeldet")
    await maxi.seen.open("/board")
    await expect(maxi.page.get_by_role("heading", level=1)).to_have_text("Bitte melden Sie sich an")


async def test_others_learn_that_the_board_is_not_theirs(zugabe: Stack, browser: Browser) -> None:
    """S17"""
    async with window(browser, zugabe.addresses["web"], "phone") as seen:
        await seen.open("/anmelden")
        await seen.page.get_by_role("button", name="Hanna Handel").click()
        await expect(seen.page.get_by_role("heading", level=1)).to_have_text(
            "Dieses Konto hat hier keinen Zugang"
        )
        await seen.open("/board")
        await expect(seen.page.get_by_role("heading", level=1)).to_have_text(
            "Bitte melden Sie sich an"
        )
