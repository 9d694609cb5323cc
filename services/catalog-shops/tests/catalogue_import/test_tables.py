"""Articles and gifts from tables: Excel and CSV, whatever the file is called."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from catalog_shops_tests.service import InMemoryService
from openpyxl import Workbook

from catalog_shops.article.decider import ArticleState, article_history
from catalog_shops.catalogue_import.columns import COLUMNS, GIFT_TITLES
from catalog_shops.catalogue_import.names import PLACED_AT_ONCE
from catalog_shops.group.decider import groups_history
from zugabe_events.contracts.catalog_shops import ArticleImage, ArticleListed, Price, PriceStep
from zugabe_events.domain.event_store import state_of
from zugabe_testing.callers import problem_code

type Cells = Mapping[str, object]

GIFT: Cells = {
    "Artikelnummer": "G-0017",
    "Bezeichnung": "Kugelschreiber",
    "Langtext": "Ein [b]Dankeschön[/b]",
    "Hersteller": "Muster",
    "Marke": "Muster",
    "Warengruppe": "Geschenke",
    "Bild": "kuli.jpg",
    "Katalogkennzeichen": 1,
    "Preis": 1.5,
}


def csv_of(*rows: Cells, titles: Sequence[str] = ()) -> bytes:
    titles = titles or list(rows[0])
    lines = [titles, *([str(row.get(title, "")) for title in titles] for row in rows)]
    return "\n".join(";".join(f'"{cell}"' for cell in line) for line in lines).encode()


def xlsx_of(*rows: Cells, titles: Sequence[str] = ()) -> bytes:
    titles = titles or list(rows[0])
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(list(titles))
    for row in rows:
        sheet.append([row.get(title) for title in titles])
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


async def imported(service: InMemoryService, content: bytes, **about: Any) -> Any:
    answer = await service.upload_catalogue(content, **about)
    assert answer.status_code == 202, answer.text
    await service.import_waiting()
    path = answer.json()["address"].removeprefix("/dealers/central")
    return await service.must("central", "GET", path, dealer="central")


async def mistakes(service: InMemoryService, result: Any) -> Sequence[tuple[int, str, str]]:
    path = f"/catalogue-imports/{result['import_id']}/errors"
    page = await service.must("central", "GET", path, dealer="central")
    return [(one["line"], one["number"], one["reason"]) for one in page["items"]]


async def stored(service: InMemoryService, number: str) -> ArticleState:
    return await state_of(service.store, article_history("central", number))


@pytest.mark.parametrize(
    ("write", "expected"), [(csv_of, "csv"), (xlsx_of, "xlsx")], ids=["csv", "xlsx"]
)
async def test_a_table_has_all_that_an_article_can_have(write: Any, expected: str) -> None:
    """GA-9: the examples of the template are an article; a renamed file is recognised (GA-18)."""
    row = {column.title: column.example for column in COLUMNS} | {"Preis gültig bis": ""}
    row |= {"Staffelmenge 2": "100", "Staffelpreis 2": "3,25"}
    row |= dict.fromkeys([f"Staffelmenge {step}" for step in (3, 4, 5)], "")
    service = InMemoryService()
    result = await imported(service, write(row), file_name="Katalog 2026.xls")
    assert (result["format"], result["scope"]) == (expected, "some-articles")
    assert await mistakes(service, result) == []
    assert result["counts"]["new"] == 1
    state = await stored(service, "0017-4711")
    article = state.article
    assert article is not None
    assert article.name == "Ordner A4, 80 mm, blau"
    assert article.text == "Hält [b]alles[\\b] zusammen.[br]Für 600 Blatt."
    assert (article.manufacturer, article.manufacturer_number) == ("Muster GmbH", "ORD-80-B")
    assert article.images == (ArticleImage("", "ordner.jpg"),)
    assert article.keywords == ("Ablage", "Aktenordner")
    assert article.media == ("Katalog 2026",)
    assert (article.gtin, article.order_unit) == ("4006381333931", "Stück")
    assert (article.tax, article.availability) == ("standard", "available")
    assert (article.use, article.catalogue_flag) == ("sale", 0)
    assert article.brand == "muster"
    tree = (await state_of(service.store, groups_history("central"))).by_id
    names, at = [], article.groups[0]
    while at:
        names.append(tree[at].name)
        at = tree[at].parent
    assert names == ["Ordner", "Ordnen", "Büro"]
    steps = (PriceStep(1, Decimal("3.49")), PriceStep(100, Decimal("3.25")))
    assert state.prices == (Price(steps, 1, date(2026, 1, 1)),)


async def test_an_empty_cell_says_nothing() -> None:
    service = InMemoryService()
    row = {"Artikelnummer": "1", "Bezeichnung": "Heft", "Langtext": "liniert", "Preis": "1,00"}
    await imported(service, csv_of({**row, "Preiseinheit": "10"}))
    result = await imported(service, csv_of({**row, "Langtext": "", "Preis": "0,90"}))
    assert result["counts"]["changed"] == 1
    state = await stored(service, "1")
    assert state.article is not None
    assert state.article.text == "liniert"
    assert (state.prices[0].quantity, state.prices[0].steps[0].amount) == (10, Decimal("0.90"))


async def test_wrong_rows_are_named_with_all_their_mistakes() -> None:
    """X-7"""
    rows = [
        {"Artikelnummer": "1", "Bezeichnung": "Heft", "Preis": "neun", "Steuer": "20"},
        {"Artikelnummer": "", "Bezeichnung": "Heft", "Preis": "1,00"},
        {"Artikelnummer": "2", "Bezeichnung": "", "Preis": "1,00"},
        {"Artikelnummer": "3", "Bezeichnung": "Heft", "Preis": "1,23456"},
        {"Artikelnummer": "4", "Bezeichnung": "Heft", "Staffelmenge 2": "10"},
        {"Artikelnummer": "5", "Bezeichnung": "Heft", "Langtext": "[b]offen"},
        {"Artikelnummer": "6", "Bezeichnung": "Heft", "Verfügbarkeit": "bald"},
        {"Artikelnummer": "7", "Bezeichnung": "Heft", "GTIN": "12"},
        {"Artikelnummer": "8", "Bezeichnung": "Heft", "Preis": "1,00"},
        {"Artikelnummer": "8", "Bezeichnung": "Heft", "Preis": "1,00"},
    ]
    service = InMemoryService()
    titles = [column.title for column in COLUMNS]
    result = await imported(service, csv_of(*rows, titles=titles))
    assert await mistakes(service, result) == [
        (
            2,
            "1",
            "Preis: Erwartet wird eine Zahl wie 1.234,56. "
            "Steuer: Möglich sind 19, voll, 7, ermäßigt, 0, frei.",
        ),
        (3, "", "Artikelnummer: Diese Angabe fehlt."),
        (4, "2", "Die Bezeichnung des Artikels fehlt."),
        (5, "3", "Ein Preis hat höchstens vier Nachkommastellen."),
        (6, "4", "Staffelpreis 2: Zu einer Staffel gehören Menge und Preis."),
        (7, "5", r"Fetter Text wird nicht mit [\b] beendet."),
        (
            8,
            "6",
            "Verfügbarkeit: Möglich sind verfügbar, wenige, nicht verfügbar, Auslauf.",
        ),
        (9, "7", "Eine GTIN (EAN) hat 8, 12, 13 oder 14 Ziffern."),
        (11, "8", "Dieser Artikel steht schon in Zeile 10."),
    ]
    assert result["counts"]["new"] == 1


async def test_a_table_of_prices_needs_numbers_and_prices_only() -> None:
    service = InMemoryService()
    await imported(service, csv_of({"Artikelnummer": "1", "Bezeichnung": "Heft"}))
    rows = [{"Artikelnummer": number, "Preis": price} for number, price in PRICES.items()]
    result = await imported(service, xlsx_of(*rows), scope="prices")
    assert (result["counts"]["changed"], result["counts"]["wrong"]) == (1, 2)
    assert await mistakes(service, result) == [
        (3, "2", "Den Artikel 2 gibt es nicht."),
        (4, "3", "Preis: Diese Angabe fehlt."),
    ]


PRICES: Mapping[str, float | None] = {"1": 2.5, "2": 1.0, "3": None}


async def test_a_whole_table_delists_what_it_lacks() -> None:
    service = InMemoryService()
    rows = [{"Artikelnummer": number, "Bezeichnung": "Heft"} for number in ("1", "2", "3")]
    await imported(service, csv_of(*rows), scope="whole-catalogue")
    await imported(service, csv_of({"Artikelnummer": "9", "Bezeichnung": "von Hand"}))
    result = await imported(service, csv_of(*rows[:2]), scope="whole-catalogue")
    assert result["catalogue"] == "Tabelle"
    assert result["counts"]["delisted"] == 1
    assert not (await stored(service, "3")).is_listed
    assert (await stored(service, "9")).is_listed


@pytest.mark.parametrize("write", [csv_of, xlsx_of], ids=["csv", "xlsx"])
async def test_gifts_are_additional_articles_that_cannot_be_bought(write: Any) -> None:
    """GA-9, GA-18: the file was renamed, and is recognised by its content."""
    service = InMemoryService()
    result = await imported(service, write(GIFT), scope="gifts", file_name="Gratis Mai.xls")
    assert result["scope"] == "gifts"
    assert result["counts"]["new"] == 1
    state = await stored(service, "G-0017")
    assert state.article is not None
    assert (state.article.use, state.article.catalogue_flag) == ("gift", 1)
    assert state.article.text == "Ein [b]Dankeschön[\\b]"
    again = await imported(service, write(GIFT), scope="gifts")
    assert again["counts"]["unchanged"] == 1


async def test_numbers_of_gifts_must_not_exist_in_the_shop() -> None:
    """GA-10: neither at the dealer nor centrally."""
    service = InMemoryService()
    await imported(service, csv_of({"Artikelnummer": "G-0017", "Bezeichnung": "Stift"}))
    result = await imported(service, csv_of(GIFT), scope="gifts")
    [(line, number, reason)] = await mistakes(service, result)
    assert (line, number) == (2, "G-0017")
    assert reason.startswith("Die Artikelnummer G-0017 gibt es im Shop schon.")
    who = "dealer-staff+import-articles"
    answer = await service.upload_catalogue(csv_of(GIFT), who, dealer="acme", scope="gifts")
    await service.import_waiting()
    path = answer.json()["address"].removeprefix("/dealers/acme")
    own = await service.must("dealer-staff", "GET", path)
    assert (own["counts"]["wrong"], own["counts"]["new"]) == (1, 0)
    [listed] = service.said(ArticleListed)
    assert listed.article.use == "sale"


@pytest.mark.parametrize("flag", ["0", "", "2", "ja"])
async def test_the_catalogue_flag_of_gifts_is_one(flag: str) -> None:
    """GA-11"""
    service = InMemoryService()
    result = await imported(service, csv_of({**GIFT, "Katalogkennzeichen": flag}), scope="gifts")
    [(_, _, reason)] = await mistakes(service, result)
    assert "Katalogkennzeichen" in reason
    assert service.said(ArticleListed) == []


async def test_with_the_flag_an_article_of_any_table_is_a_gift() -> None:
    """GA-11"""
    service = InMemoryService()
    await imported(service, csv_of(GIFT, {**GIFT, "Artikelnummer": "2", "Katalogkennzeichen": 0}))
    uses = {event.number: event.article.use for event in service.said(ArticleListed)}
    assert uses == {"G-0017": "gift", "2": "sale"}


@pytest.mark.parametrize("missing", GIFT_TITLES)
async def test_a_table_of_gifts_has_all_columns(missing: str) -> None:
    """GA-9: they may be empty."""
    service = InMemoryService()
    row = {title: cell for title, cell in GIFT.items() if title != missing}
    answer = await service.upload_catalogue(csv_of(row), scope="gifts")
    assert problem_code(answer, 422) == "columns-missing"
    assert f"„{missing}“" in answer.json()["detail"]


async def test_a_name_that_is_no_brand_is_told_and_the_brand_stays() -> None:
    """D14, X-39: nothing else of the article is lost, and no other article of the file."""
    service = InMemoryService()
    row = {"Artikelnummer": "1", "Bezeichnung": "Ordner", "Marke": "Muster"}
    await imported(service, csv_of(row))
    rows = [
        {**row, "Bezeichnung": "Heft", "Marke": "M" * 201},
        {**row, "Artikelnummer": "2", "Marke": "???"},
        {**row, "Artikelnummer": "3"},
    ]
    result = await imported(service, csv_of(*rows))
    assert (result["status"], result["counts"]["partly"]) == ("completed", 2)
    reason = (
        "Der Name einer Marke hat 1 bis 200 Zeichen, darunter einen Buchstaben oder eine Ziffer."
    )
    assert await mistakes(service, result) == [(2, "1", reason), (3, "2", reason)]
    found = [(await stored(service, number)).article for number in ("1", "2", "3")]
    assert [(one.name, one.brand) for one in found if one] == [
        ("Heft", "muster"),
        ("Ordner", ""),
        ("Ordner", "muster"),
    ]


async def test_many_new_groups_are_placed_some_at_a_time() -> None:
    """X-39: placing them all at once would keep other requests waiting for seconds."""
    service = InMemoryService()
    rows = [
        {"Artikelnummer": f"{one}", "Bezeichnung": "Heft", "Warengruppe": f"Alle > Gruppe {one}"}
        for one in range(3 * PLACED_AT_ONCE)
    ]
    assert (await imported(service, csv_of(*rows)))["counts"]["new"] == len(rows)
    groups = await state_of(service.store, groups_history("central"))
    assert len(groups.by_id) == len(rows) + 1
    placed = [
        len(commit.events)
        for commit, _ in service.store.commits
        if commit.stream == groups_history("central").stream
    ]
    assert placed == [PLACED_AT_ONCE + 1, PLACED_AT_ONCE, PLACED_AT_ONCE]
