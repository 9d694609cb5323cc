"""Assortments as files: what is imported, what is wrong, and what the shop then shows."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import httpx
import pytest
from catalog_shops_tests.service import EDITOR
from catalog_shops_tests.shops import Shops
from openpyxl import Workbook

from catalog_shops.shop.assortment_file import TITLES
from catalog_shops.template.files import assortment_template
from zugabe_events.contracts.catalog_shops import (
    AssortmentImported,
    ShopKind,
    TopArticle,
    TopArticlesSet,
)
from zugabe_events.tables.templates import Template, TemplateFormat
from zugabe_testing.callers import problem_code
from zugabe_testing.examples import bearer

HEAD = ";".join(TITLES)


def csv(*rows: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *rows, ""]).encode()


def xlsx(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sortiment"
    for row in ([*TITLES], *rows):
        sheet.append([*row])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


async def send(
    service: Shops,
    content: bytes,
    *,
    kind: ShopKind = "theme",
    shop: str = "sale",
    name: str = "sale.csv",
    dry_run: bool = False,
) -> httpx.Response:
    return await service.http.put(
        f"/dealers/acme/{kind}-shops/{shop}/assortment",
        params={"file_name": name, "dry_run": str(dry_run).lower()},
        content=content,
        headers={**bearer(EDITOR), b"Content-Type": b"application/octet-stream"},
    )


async def sent(service: Shops, content: bytes, **options: Any) -> Any:
    answer = await send(service, content, **options)
    assert answer.is_success, answer.text
    return answer.json()


@pytest.fixture
async def service() -> Shops:
    """Articles 1 to 5, of which 4 and 5 are central, and a theme shop without an assortment."""
    service = Shops()
    await service.allow_own("theme", "brand")
    await service.list_articles("1", "2", "3")
    await service.list_articles("4", "5", dealer="central")
    await service.save("theme", "sale")
    return service


async def shown(service: Shops, shop: str = "sale", kind: str = "theme") -> Any:
    return await service.must("dealer-staff", "GET", f"/{kind}-shops/{shop}")


async def test_the_number_of_articles_and_the_name_of_the_file_are_shown(service: Shops) -> None:
    """CS-22, CS-27, CS-40: own and central articles, in the order of the file."""
    report = await sent(service, csv("3;;;;", "4;;;;", "1;;;;"), name="Preisaktion.csv")
    assert (report["rows"], report["articles"], report["wrong"]) == (3, 3, [])
    shop = await shown(service)
    assert (shop["article_count"], shop["file_name"]) == (3, "Preisaktion.csv")
    assert service.said(AssortmentImported)[0].articles == ("3", "4", "1")


async def test_the_main_data_come_first(service: Shops) -> None:
    """CS-22, CS-39, CS-40"""
    answer = await send(service, csv("1;;;;"), shop="unknown")
    assert problem_code(answer, 409) == "head-missing"
    await service.save("theme", "bare", text="")
    answer = await send(service, csv("1;;;;"), shop="bare")
    assert problem_code(answer, 409) == "text-missing"
    await service.save("brand", "bare", text="", url_name="bare-brand")
    await sent(service, csv("1;;;;"), shop="bare", kind="brand")
    assert len(service.said(AssortmentImported)) == 1


async def test_the_assortment_of_a_brand_is_not_uploaded(service: Shops) -> None:
    """CS-17, CS-18"""
    await service.name_brand("leitz", "Leitz")
    await service.save("brand", "leitz", brand="leitz")
    answer = await send(service, csv("1;;;;"), shop="leitz", kind="brand")
    assert problem_code(answer, 409) == "assortment-by-brand"
    await service.save("brand", "leitz", brand=None)
    await sent(service, csv("1;;;;"), shop="leitz", kind="brand")


@pytest.mark.parametrize("missing", TITLES)
async def test_all_columns_must_be_there_even_if_they_are_empty(
    service: Shops, missing: str
) -> None:
    """CS-23"""
    head = ";".join(title for title in TITLES if title != missing)
    answer = await send(service, csv("1;;;", head=head))
    assert problem_code(answer, 422) == "columns-missing"
    assert f"„{missing}“" in answer.json()["detail"]
    assert not service.said(AssortmentImported)


async def test_three_top_articles_of_the_file_are_those_of_the_shop(service: Shops) -> None:
    """CS-24, CS-25, CS-42: by their places, whatever their rows."""
    report = await sent(
        service,
        csv("1;3;;;", "2;1;1.234,50;01.06.2026;30.06.2026", "3;;;;", "4;2;2,5;;31.12.2026"),
    )
    assert (report["top_articles"], report["top_articles_shown"]) == (3, True)
    tops = (await shown(service))["top_articles"]
    assert [top["number"] for top in tops] == ["2", "4", "1"]
    assert tops[0] == {
        "number": "2",
        "strike_price": "1234.50",
        "strike_from": "2026-06-01",
        "strike_until": "2026-06-30",
    }
    assert (tops[1]["strike_price"], tops[1]["strike_from"]) == ("2.50", None)


async def test_two_top_articles_are_kept_and_reported_as_not_shown(service: Shops) -> None:
    """CS-24"""
    report = await sent(service, csv("1;1;;;", "2;2;;;"))
    assert (report["top_articles"], report["top_articles_shown"]) == (2, False)


async def test_without_top_articles_in_the_file_those_by_hand_stay(service: Shops) -> None:
    """CS-31"""
    await sent(service, csv("1;;;;", "2;;;;"))
    await service.must(EDITOR, "PUT", "/theme-shops/sale/top-articles/1")
    await sent(service, csv("2;;;;", "1;;;;"))
    assert service.said(TopArticlesSet)[-1].articles == (TopArticle("1"),)
    await sent(service, csv("2;1;;;", "1;;;;"))
    assert service.said(TopArticlesSet)[-1].articles == (TopArticle("2"),)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("9;;;;", "Artikelnummer", "Diesen Artikel gibt es im Katalog nicht."),
        ("6;;;;", "Artikelnummer", "Das ist ein Dankeschönartikel, der nicht verkauft wird."),
        ("7;;;;", "Artikelnummer", "Dieser Artikel ist nicht mehr im Sortiment."),
        ("1;;;;", "Artikelnummer", "Dieser Artikel steht schon in Zeile 2."),
        (";1;;;", "Artikelnummer", "Diese Angabe fehlt."),
        ("2;1;;;", "Topartikel", "Topartikel 1 steht schon in Zeile 2."),
        ("2;;3,49;;31.12.2026", "Streichpreis", "Einen Streichpreis kann nur ein Topartikel"),
        ("2;2;3,49;;", "Streichpreis", "muss ein Gültigkeitsdatum angegeben werden."),
        ("2;2;0;;31.12.2026", "Streichpreis", "größer als 0"),
        ("2;2;3,49;31.12.2026;01.12.2026", "Streichpreis", "endet, bevor sie beginnt."),
        ("2;2;;;31.12.2026", "Streichpreis", "gehört zu einem Streichpreis, der fehlt."),
        ("2;2;3,49;;31.02.2026", "Gültig bis", ""),
        ("2;4;;;", "Topartikel", ""),
        ("2;x;;;", "Topartikel", ""),
        ("2;2;viel;;31.12.2026", "Streichpreis", ""),
    ],
)
async def test_a_wrong_row_is_named_and_left_out(
    service: Shops, row: str, column: str, reason: str
) -> None:
    """CS-22, CS-24, CS-25, X-38"""
    await service.list_articles("6", use="gift")
    await service.list_articles("7")
    await service.must("dealer-staff+edit-articles", "DELETE", "/articles/7")
    report = await sent(service, csv("1;1;;;", row, "3;;;;"))
    assert (report["rows"], report["articles"]) == (3, 2)
    [wrong] = [one for one in report["wrong"] if one["column"] == column]
    assert wrong["line"] == 3
    assert reason in wrong["reason"]
    assert service.said(AssortmentImported)[0].articles == ("1", "3")


async def test_all_mistakes_are_named_at_once(service: Shops) -> None:
    """X-38"""
    report = await sent(service, csv("9;7;x;;", "8;;;;", "1;;;;"))
    assert [(one["line"], one["column"]) for one in report["wrong"]] == [
        (2, "Topartikel"),
        (2, "Streichpreis"),
        (3, "Artikelnummer"),
    ]


async def test_a_dry_run_tells_the_same_and_changes_nothing(service: Shops) -> None:
    """CS-22"""
    content = csv("1;1;;;", "9;;;;")
    before = len(service.store.commits)
    tried = await sent(service, content, dry_run=True)
    assert len(service.store.commits) == before
    assert tried.pop("first_rows")[0]["cells"]["Artikelnummer"] == "1"
    done = await sent(service, content)
    assert done.pop("first_rows") == []
    assert {**tried, "dry_run": False} == done


async def test_without_a_good_row_the_assortment_stays(service: Shops) -> None:
    """CS-22, CS-47: an untouched template is no mistake."""
    await sent(service, csv("1;;;;"))
    for content in (csv("9;;;;"), csv()):
        assert (await sent(service, content))["articles"] == 0
    assert len(service.said(AssortmentImported)) == 1
    assert (await shown(service))["article_count"] == 1


async def test_a_workbook_is_recognised_by_what_it_is(service: Shops) -> None:
    """CS-26, GA-18: whatever its name says."""
    content = xlsx(("1", 1, 3.49, None, "31.12.2026"), ("2", 2, None, None, None), (3, 3))
    report = await sent(service, content, name="sale.xls")
    assert (report["sheet"], report["articles"], report["top_articles"]) == ("Sortiment", 3, 3)
    assert (await shown(service))["top_articles"][0]["strike_price"] == "3.49"
    answer = await send(service, b"GIF89a" + bytes(100), name="sale.xls")
    assert problem_code(answer, 422)


@pytest.mark.parametrize("form", ["xls", "xlsx"])
async def test_a_filled_template_is_imported(service: Shops, form: TemplateFormat) -> None:
    """CS-23, CS-26, CS-47: Excel 97 to 2003, as the documents ask, and its successor."""
    await service.list_articles("00123")
    template = assortment_template()
    rows = [
        ["00123", "1", "3,49", "", "31.12.2026"],
        ["2", "2", "", "", ""],
        ["5", "3", "", "", ""],
    ]
    filled = Template(template.sheet, template.titles, rows, texts=TITLES)
    report = await sent(service, filled.file(form), name=f"Importvorlage.{form}")
    assert (report["articles"], report["top_articles_shown"], report["wrong"]) == (3, True, [])
    assert service.said(AssortmentImported)[0].articles == ("00123", "2", "5")
    untouched = await sent(service, template.file(form))
    assert (untouched["rows"], untouched["wrong"]) == (0, [])
    assert (await shown(service))["article_count"] == 3


async def test_a_repeated_upload_is_the_same_one_and_a_key_is_for_one_file(service: Shops) -> None:
    """X-12"""

    async def keyed(content: bytes) -> httpx.Response:
        return await service.http.put(
            "/dealers/acme/theme-shops/sale/assortment?file_name=sale.csv&dry_run=false",
            content=content,
            headers={
                **bearer(EDITOR),
                b"Content-Type": b"application/octet-stream",
                b"Idempotency-Key": b"monday",
            },
        )

    first, again = await keyed(csv("1;;;;")), await keyed(csv("1;;;;"))
    assert first.json() == again.json()
    assert problem_code(await keyed(csv("2;;;;")), 422) == "idempotency-key-reused"
    assert [event.articles for event in service.said(AssortmentImported)] == [("1",)]


async def test_the_same_file_again_changes_nothing(service: Shops) -> None:
    for _ in range(2):
        await sent(service, csv("1;1;;;"))
    assert len(service.said(AssortmentImported)) == len(service.said(TopArticlesSet)) == 1


async def test_twenty_thousand_articles_are_one_assortment(service: Shops) -> None:
    """CS-22"""
    await service.list_articles("1")
    rows = [f"{at:05};;;;" for at in range(20_001)]
    answer = await send(service, csv(*rows))
    assert problem_code(answer, 422) == "table-too-long"
    report = await sent(service, csv(*rows[:-1]))
    assert (report["rows"], len(report["wrong"])) == (20_000, 20_000)


async def test_who_may_not_maintain_shops_uploads_none(service: Shops) -> None:
    """CS-1, CS-13"""
    await service.must(EDITOR, "PUT", "/theme-shop-placement/adoption")
    answer = await send(service, csv("1;;;;"))
    assert problem_code(answer, 409) == "central-shops-adopted"
    await service.must("central+unlock-dealers", "DELETE", "/marketing-module")
    answer = await send(service, csv("1;;;;"), dry_run=True)
    assert problem_code(answer, 409) == "module-missing"
