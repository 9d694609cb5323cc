"""A partner's contact fills in forms in a browser, on a phone and at a desk."""

import re
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, expect
from stories.onboarder import AHEAD, BEHIND, Onboarder
from stories.pages import CHROMIUM, NO_BROWSER, WIDTHS, Window, chromium, window

from zugabe.supervisor import Stack
from zugabe_events.domain.calendar import BERLIN
from zugabe_testing.eventually import eventually

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=NO_BROWSER)
STOCK = f"/marken/{AHEAD}/formulare/lagerbestand"
HOSTILE = "<img src=x onerror=alert(1)>"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
async def partner(zugabe: Stack) -> AsyncGenerator[Onboarder]:
    async with httpx.AsyncClient(timeout=60) as http:
        found = Onboarder(zugabe, http)
        await found.open()
        await found.welcome()
        yield found
    assert zugabe.failure is None


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    async with chromium() as found:
        yield found


@pytest.fixture(params=WIDTHS)
async def kim(
    request: pytest.FixtureRequest, partner: Onboarder, browser: Browser
) -> AsyncGenerator[Window]:
    """The contact, who has come in by the link of their mail."""
    async with window(browser, partner.stack.addresses["web"], request.param) as found:
        await come_in(found, partner)
        yield found
        assert found.wrong == []


async def come_in(found: Window, partner: Onboarder) -> None:
    await found.open(f"/einstieg/{partner.id}?link={await partner.link()}")


async def seen(partner: Onboarder, path: str = f"/brands/{AHEAD}/forms/lagerbestand") -> Any:
    return await partner.see(partner.central, path)


async def fill_stock(page: Page) -> None:
    await page.get_by_label("Durchschnittlich geplanter Lagerbestand").fill("600")
    await page.get_by_label("Anzahl verschiedener Artikel").fill("12")
    for question in ("Ist Hängeware dabei?", "Ist Gefahrgut dabei?"):
        await page.get_by_role("group", name=question).get_by_label("Nein").check()
    row = page.get_by_role("group", name="Bestände nach Warengruppe: Zeile 1")
    await row.get_by_label("Warengruppe").fill(HOSTILE)
    for label, text in (
        ("Durchschnittlicher Bestand", "600"),
        ("Länge", "400"),
        ("Breite", "300"),
        ("Höhe", "60"),
    ):
        await row.get_by_label(label).fill(text)


async def submit(page: Page) -> None:
    await page.get_by_role("button", name="Einreichen", exact=True).click()


async def test_a_form_from_its_draft_to_its_return(kim: Window, partner: Onboarder) -> None:
    """ON-13, ON-29, ON-30: drafts that save themselves, all mistakes at once and where they are,
    „zurückgegeben, weil …“"""
    page = kim.page
    await kim.open("/unterlagen")
    await (
        page.get_by_role("region", name=AHEAD.title())
        .get_by_role("link", name="Lagerinformationen")
        .click()
    )
    hanging = page.get_by_label("Davon Hängeware")
    await expect(hanging).to_be_hidden()
    await page.get_by_role("group", name="Ist Hängeware dabei?").get_by_label("Ja").check()
    await expect(hanging).to_be_visible()
    await page.get_by_label("Anzahl verschiedener Artikel").fill("zwölf")
    await expect(page.get_by_role("status").last).to_contain_text("bis auf eine Angabe")
    assert (await seen(partner))["answers"] == {"haengeware": "ja"}
    await page.reload()
    await expect(page.get_by_role("group", name="Hängeware").get_by_label("Ja")).to_be_checked()

    await submit(page)
    summary = page.get_by_role("alert")
    await expect(summary).to_be_focused()
    await expect(page).to_have_title(re.compile("^Fehler: Lagerinformationen"))
    links = await summary.get_by_role("link").all_inner_texts()
    assert len(links) == 5, links
    await summary.get_by_role("link", name="Davon Hängeware").click()
    await page.keyboard.type("7")
    await expect(hanging).to_have_value("7")
    await kim.is_well()

    await fill_stock(page)
    await submit(page)
    await expect(page.get_by_role("status")).to_contain_text("Vielen Dank!")
    await expect(page.get_by_text(HOSTILE)).to_be_visible()
    await kim.is_well()

    handed_in = await seen(partner)
    back = {"revision": handed_in["revision"], "reason": "Bitte auch das Gewicht."}
    await partner.guide("POST", f"/brands/{AHEAD}/forms/lagerbestand/return", back)
    await kim.open(STOCK)
    returned = page.get_by_role("region", name="Zurückgegeben, weil")
    await expect(returned).to_contain_text("Bitte auch das Gewicht.")
    await page.get_by_label("Gewicht").first.fill("250")
    await submit(page)
    await expect(page.get_by_text("Wir prüfen Ihre Angaben")).to_be_visible()
    accepted = {"revision": (await seen(partner))["revision"]}
    path = f"/brands/{AHEAD}/forms/lagerbestand/acceptance"
    (await partner.guide("POST", path, accepted)).of(204)
    await kim.open(STOCK)
    await expect(page.get_by_text("Angenommen am")).to_be_visible()
    await expect(page.get_by_role("button", name="Einreichen")).to_have_count(0)
    await kim.is_well()


async def test_two_fill_in_one_form_and_nothing_typed_is_lost(
    kim: Window, partner: Onboarder
) -> None:
    """X-12: what somebody else saved is shown beside what was typed"""
    page, path = kim.page, f"/brands/{AHEAD}/forms/lagerbestand"
    await kim.open(STOCK)
    other = {"revision": 0, "answers": {"bestand": 99}}
    await partner.by(partner.jo, "PUT", f"{path}/draft", other)
    await page.get_by_label("Anlieferungen im Monat").fill("3")
    await expect(page.get_by_role("status")).to_contain_text("inzwischen geändert")
    await fill_stock(page)
    await submit(page)
    await expect(page.get_by_role("alert")).to_contain_text("inzwischen geändert")
    await expect(page.get_by_text("Inzwischen gespeichert: 99")).to_be_visible()
    await expect(page.get_by_label("Anlieferungen im Monat")).to_have_value("3")
    await kim.is_well()
    await submit(page)
    await expect(page.get_by_role("status")).to_contain_text("Vielen Dank!")
    assert (await seen(partner))["answers"]["bestand"] == "600"

    await kim.open(f"{STOCK}?aendern=true")
    await page.get_by_label("Anzahl verschiedener Artikel").fill("13")
    accepted = {"revision": (await seen(partner))["revision"]}
    (await partner.guide("POST", f"{path}/acceptance", accepted)).of(204)
    await page.get_by_role("button", name="Noch einmal einreichen").click()
    await expect(page.get_by_role("alert")).to_contain_text("bereits angenommen")
    typed = page.get_by_text("Ihre Eingabe, die nicht mehr gespeichert wurde: 13")
    await expect(typed).to_be_visible()
    await kim.is_well()


async def test_rows_and_product_types_that_are_missing(kim: Window, partner: Onboarder) -> None:
    """ON-24, ON-26 to ON-28: named in a form, reported as missing; then articles of them"""
    page = kim.page
    await kim.open(f"/marken/{AHEAD}/formulare/produkttypen")
    rows = page.get_by_role("group", name=re.compile("^Produkttypen: Zeile"))
    await rows.nth(0).get_by_label("Produkttyp").fill("Regenjacke")
    for name in ("Kajak", "Zelt"):
        await page.get_by_role("button", name="Weitere Zeile").click()
        await page.keyboard.type(name)
    await page.get_by_role("button", name="Zeile 3 entfernen").click()
    await expect(rows).to_have_count(2)
    await kim.is_well()
    await submit(page)
    await expect(page.get_by_role("status")).to_contain_text("Vielen Dank!")
    path = f"/brands/{AHEAD}/forms/produkttypen"
    accepted = {"revision": (await seen(partner, path))["revision"]}
    (await partner.guide("POST", f"{path}/acceptance", accepted)).of(204)

    async def named() -> None:
        await kim.open(f"/marken/{AHEAD}/datenmodelle")
        await expect(page.get_by_label("Kajak")).to_be_checked(timeout=1_000)

    await eventually(named)
    await kim.is_well()
    await page.get_by_role("button", name=re.compile("melden", re.IGNORECASE)).first.click()
    await expect(page.get_by_role("status")).to_contain_text("gemeldet")
    due = datetime.now(BERLIN).date() + timedelta(weeks=4)
    await expect(page.get_by_text(f"{due:%d.%m.%Y}")).to_be_visible()


UNNAMED = """() => [...document.querySelectorAll("main input, main select, main textarea")]
    .filter((field) => field.type !== "hidden" && !field.labels?.length)
    .map((field) => field.name)"""
DOUBLE = """() => {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""


async def test_every_form_is_labelled_and_asks_what_cannot_be_meant(
    kim: Window, partner: Onboarder
) -> None:
    """ON-13, D18: all forms at both widths; a website that is none, a price that falls"""
    page = kim.page
    await kim.open("/unterlagen")
    links = page.get_by_role("main").get_by_role("link").and_(page.locator("[href*=formulare]"))
    paths = [str(await link.get_attribute("href")) for link in await links.all()]
    assert len(paths) == 10, "two for the partner, four for each brand"
    for path in paths:
        await kim.open(path)
        await expect(page.get_by_role("button", name="Einreichen", exact=True)).to_be_visible()
        assert await page.evaluate(UNNAMED) == []
        assert await page.evaluate(DOUBLE) == []
        await kim.is_well()
    await kim.open(f"/marken/{AHEAD}/formulare/marken-und-vertrieb")
    await page.get_by_label("Website der Marke").fill("kein url")
    await page.get_by_label("Verkaufspreise von").fill("100")
    await page.get_by_label("Verkaufspreise bis").fill("5,50")
    await submit(page)
    summary = page.get_by_role("alert")
    await expect(summary).to_contain_text("Erwartet wird eine Webadresse")
    await expect(summary).to_contain_text("kleiner als die zuvor genannte")
    await expect(page.get_by_label("Verkaufspreise bis")).to_have_value("5,50")


async def test_documents_come_and_go(kim: Window, partner: Onboarder) -> None:
    """ON-13: uploads, refused ones, downloads"""
    page = kim.page
    await kim.open("/unterlagen")
    await kim.is_well()
    file = page.get_by_label("Datei (Pflichtangabe)")
    await file.set_input_files({"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"MZ"})
    await page.get_by_role("button", name="Hochladen").click()
    await expect(page.get_by_text("Der Inhalt der Datei passt nicht")).to_be_visible()
    await page.get_by_label("Titel").fill(HOSTILE)
    await file.set_input_files(
        {"name": "katalog.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    await page.get_by_role("button", name="Hochladen").click()
    link = page.get_by_role("link", name=HOSTILE)
    await expect(link).to_be_visible()
    async with page.expect_download() as downloading:
        await link.click()
    assert (await downloading.value).suggested_filename == "katalog.pdf"
    await page.get_by_text("Ersetzen oder entfernen").click()
    await page.get_by_role("button", name="Entfernen").click()
    await expect(link).to_have_count(0)
    await kim.is_well()


async def test_all_of_it_works_without_scripts(browser: Browser, partner: Onboarder) -> None:
    """ON-13, ON-23: rows, drafts and mistakes come with new pages"""
    portal = partner.stack.addresses["web"]
    async with window(browser, portal, "phone", scripts=False) as kim:
        page = kim.page
        await come_in(kim, partner)
        await kim.open("/formulare/ansprechpartner")
        await page.get_by_label("Name").first.fill("Lou Lachs")
        await page.get_by_role("button", name="Weitere Zeile").click()
        rows = page.get_by_role("group", name=re.compile("^Ansprechpartner: Zeile"))
        await expect(rows).to_have_count(2)
        await rows.nth(1).get_by_label("Name").fill("Mo Maus")
        await page.get_by_role("button", name="Entwurf speichern").click()
        await expect(page.get_by_role("status").first).to_contain_text("Entwurf ist gespeichert")
        await submit(page)
        await expect(page.get_by_role("alert")).to_contain_text("Zeile 2: E-Mail")
        await page.get_by_role("button", name="Zeile 2 entfernen").click()
        await rows.nth(0).get_by_label("Abteilung").select_option("Logistik")
        await rows.nth(0).get_by_label("E-Mail").fill("lou@example.org")
        await submit(page)
        await expect(page.get_by_role("status").first).to_contain_text("Vielen Dank!")
    form = await seen(partner, "/forms/ansprechpartner")
    [row] = form["tables"]["ansprechpartner"]
    assert row["answers"]["name"] == "Lou Lachs"


async def test_a_delivery_is_announced_where_the_address_is(
    kim: Window, partner: Onboarder
) -> None:
    """ON-4, ON-6, ON-31: the address and the planned stock, not before logistics"""
    page, path = kim.page, f"/marken/{BEHIND}/anlieferung"
    await kim.open(path)
    await expect(page.get_by_text("zu Beginn der Logistikphase")).to_be_visible()
    await partner.organise(BEHIND)
    await partner.write_content(BEHIND)
    await partner.complete("content", BEHIND)

    async def disclosed() -> None:
        await kim.open(path)
        await expect(page.get_by_text(partner.id)).to_be_visible(timeout=1_000)

    await eventually(disclosed)
    await expect(page.get_by_text("400 × 300 × 60")).to_be_visible()
    await kim.is_well()
    day = datetime.now(BERLIN).date() + timedelta(days=3)
    await page.get_by_label("Termin").fill(day.isoformat())
    await page.get_by_label("Stückzahl").fill("600")
    await page.get_by_role("button", name="Anlieferung ankündigen").click()
    await expect(page.get_by_role("status")).to_contain_text(f"am {day:%d.%m.%Y}")
    deliveries = page.get_by_role("region", name="Ihre Lieferungen")
    await expect(deliveries).to_contain_text(f"{day:%d.%m.%Y}")
    await expect(deliveries).to_contain_text("angekündigt")
    await kim.is_well()
