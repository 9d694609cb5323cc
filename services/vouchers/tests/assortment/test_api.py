"""Lists of articles by file and by text, and the campaigns that are restricted to them."""

import io
import threading
import time
from typing import Any, Protocol
from unittest.mock import ANY

import httpx
import pytest
import xlwt
from openpyxl import Workbook

from vouchers.assortment import reading
from zugabe_events.contracts.catalog_shops import (
    Article,
    ArticleListed,
    BrandNamed,
    ProductGroupPlaced,
    ProductGroupRemoved,
)
from zugabe_events.contracts.vouchers import ArticleNumbersListed, VoucherHeld
from zugabe_events.http.principal import Principal
from zugabe_testing.callers import signed_in

STAFF = Principal("staff", "dealer-staff", "acme")
FILE = "http://vouchers/dealers/acme/article-lists/file"


class Shop(Protocol):
    """As far as these tests need it."""

    http: httpx.AsyncClient
    catalogue: Any
    now: Any

    async def ask(self, who: str, method: str, path: str, body: Any = None) -> httpx.Response: ...
    async def run(self, campaign_id: str = "spring", **changes: Any) -> None: ...
    async def hold(self, order_id: str, **changes: Any) -> httpx.Response: ...
    def said(self, kind: type[Any]) -> list[Any]: ...


async def upload(shop: Shop, content: bytes, **query: str) -> httpx.Response:
    query = {"dry_run": "false", **query}
    headers = {**signed_in(STAFF), "Content-Type": "application/vnd.ms-excel"}
    return await shop.http.post(FILE, content=content, params=query, headers=headers)


async def typed(shop: Shop, text: str, **changes: Any) -> dict[str, Any]:
    made = await shop.ask("staff", "POST", "/article-lists/text", {"text": text, **changes})
    assert made.status_code == 200, made.text
    report: dict[str, Any] = made.json()
    return report


def line(number: int, net_cents: int, **goods: Any) -> dict[str, Any]:
    return {"number": number, "net_cents": net_cents, **goods}


def workbook(*numbers: object) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Artikel")
    for number in numbers:
        sheet.append([number, "Locher"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def old_workbook(*numbers: object) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Artikel")
    for row, number in enumerate(numbers):
        sheet.write(row, 0, number)
        sheet.write(row, 1, "nicht gelesen")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize("write", [workbook, old_workbook])
async def test_a_file_is_a_list_of_the_numbers_in_its_first_column(shop: Shop, write: Any) -> None:
    """VO-22, VO-23: `0017` stays `0017`; a wrong row is named, the others are listed."""
    answer = await upload(shop, write("Artikel-Nr.", "4711", "0017", 123.0, "4711", True))
    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert report["wrong"] == [{"line": 6, "column": "Artikelnummer", "reason": ANY}]
    counts = {name: report[name] for name in ("rows", "articles", "repeated", "sheet")}
    assert counts == {"rows": 5, "articles": 3, "repeated": 1, "sheet": "Artikel"}
    shown = await shop.ask("staff", "GET", f"/article-lists/{report['article_list']}")
    assert shown.json()["items"] == ["0017", "123", "4711"]


async def test_a_text_is_read_while_other_requests_go_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """VO-22: in a thread, one at a time, as files are."""
    threads: list[int] = []
    read = reading.numbers_of

    def noting(*args: Any) -> Any:
        threads.append(threading.get_ident())
        return read(*args)

    monkeypatch.setattr(reading, "numbers_of", noting)
    report = await typed(shop, "4711\n4712, 4711")
    assert (report["rows"], report["articles"], report["repeated"]) == (3, 2, 1)
    assert len(threads) == 1
    assert threads != [threading.get_ident()]


async def test_a_dry_run_lists_nothing(shop: Shop) -> None:
    """VO-22"""
    report = (await upload(shop, b"4711\n4712\n", dry_run="true")).json()
    assert (report["article_list"], report["articles"]) == (None, 2)
    assert [row["cells"] for row in report["first_rows"]] == [
        {"Artikelnummer": "4711"},
        {"Artikelnummer": "4712"},
    ]
    assert shop.said(ArticleNumbersListed) == []


async def test_numbers_are_typed_and_added(shop: Shop) -> None:
    """VO-22: by the text field, to those of a file."""
    first = (await upload(shop, b"4711\n")).json()["article_list"]
    report = await typed(shop, "0017, 4712;4713\n\n 4711 \tA/9", added_to=first)
    assert (report["rows"], report["articles"]) == (5, 5)
    path = f"/article-lists/{report['article_list']}"
    page = (await shop.ask("staff", "GET", f"{path}?limit=2")).json()
    assert (page["articles"], page["items"]) == (5, ["0017", "4711"])
    rest = (await shop.ask("staff", "GET", f"{path}?limit=9&after={page['next']}")).json()
    assert (rest["items"], rest["next"]) == (["4712", "4713", "A/9"], None)


async def test_the_same_articles_are_the_same_list(shop: Shop) -> None:
    """VO-22: stored once, whatever their order."""
    one, other = await typed(shop, "4711,0017"), await typed(shop, "0017\n4711\n4711")
    assert one["article_list"] == other["article_list"]
    assert [event.numbers for event in shop.said(ArticleNumbersListed)] == [("0017", "4711")]


async def test_invisible_signs_make_a_wrong_row(shop: Shop) -> None:
    report = await typed(shop, "4711\n47\u200b12\n" + "9" * 65)
    assert [(row["line"], row["reason"]) for row in report["wrong"]] == [
        (2, "Die Artikelnummer enthält ein unsichtbares Zeichen."),
        (3, "Eine Artikelnummer hat 1 bis 64 Zeichen."),
    ]
    assert report["articles"] == 1


async def test_nothing_readable_is_no_list(shop: Shop) -> None:
    report = await typed(shop, " ; \n\u200b")
    assert (report["article_list"], report["articles"], len(report["wrong"])) == (None, 0, 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table-empty"),
        (b"Artikelnummer\n", "table-without-values"),
        (b"%PDF-1.7", "table-foreign"),
        (b"PK\x03\x04 and no archive", "table-unreadable"),
        (b"".join(b"%d\n" % number for number in range(100_001)), "table-too-long"),
        (b"9" * 65 + b"\n", None),
        ((b"9" * 65 + b"\n") * 10_001, "table-mostly-wrong"),
        (
            b"".join(b"%064d\n" % number for number in range(60_000)),
            "article-list-too-long",
        ),
    ],
)
async def test_a_file_that_is_no_list_is_refused(
    shop: Shop, content: bytes, code: str | None
) -> None:
    """VO-22, VO-23"""
    answer = await upload(shop, content)
    assert answer.status_code == (422 if code else 200), answer.text
    assert answer.json().get("code") == code
    assert shop.said(ArticleNumbersListed) == []


async def test_articles_that_nobody_knows_are_a_warning(shop: Shop) -> None:
    """VO-22"""
    for tenant, number in (("acme", "4711"), ("central", "A/9")):
        shop.catalogue.fold(ArticleListed(tenant, number, Article("Ordner"), shop.now))
    assert (await typed(shop, "4711,A/9"))["warnings"] == []
    assert (await typed(shop, "4711,1"))["warnings"] == [
        "Den Artikel „1“ gibt es im Katalog nicht."
    ]
    many = await typed(shop, ",".join(str(number) for number in range(1_000, 3_000)))
    assert many["unknown"] == 2_000
    assert many["warnings"] == [
        "2.000 der 2.000 Artikel gibt es im Katalog nicht: „1000“, „1001“, „1002“, „1003“, "
        "„1004“, „1005“, „1006“, „1007“, „1008“, „1009“ und 1.990 weitere."
    ]


async def test_a_list_belongs_to_its_dealer(shop: Shop) -> None:
    """N-2"""
    made = (await typed(shop, "4711"))["article_list"]
    for path in (f"/article-lists/{made}", "/article-lists/unknown"):
        url = f"http://vouchers/dealers/other{path}"
        other = Principal("other-staff", "dealer-staff", "other")
        assert (await shop.http.get(url, headers=signed_in(other))).status_code == 404
    assert (await shop.ask("anna", "GET", f"/article-lists/{made}")).status_code == 403


async def test_a_hundred_thousand_rows_take_seconds(shop: Shop) -> None:
    """VO-22"""
    content = workbook(*(f"{number:08}" for number in range(100_000)))
    started = time.monotonic()
    report = (await upload(shop, content)).json()
    assert (report["articles"], report["wrong"]) == (100_000, [])
    assert time.monotonic() - started < 30
    assert sum(len(event.numbers) for event in shop.said(ArticleNumbersListed)) == 100_000


async def test_a_voucher_for_a_brand_and_a_group_needs_an_article_of_both(shop: Shop) -> None:
    """VO-21, Q1: the matching lines are condition and base."""
    shop.catalogue.fold(BrandNamed("central", "soennecken", "Soennecken", "staff"))
    shop.catalogue.fold(ProductGroupPlaced("acme", "folders", "Ordnen & Registrieren", ""))
    await shop.run(assortment={"brands": ["soennecken"], "groups": ["folders"]})
    pen = line(1, 4_000, article="1", brand="soennecken", groups=["pens", "office"])
    other = line(2, 5_000, article="2", brand="leitz", groups=["folders"])
    refused = await shop.hold("o1", lines=[pen, other])
    assert refused.status_code == 409
    assert refused.json()["code"] == "nothing-matches"
    assert refused.json()["detail"] == (
        "Dieser Gutschein gilt nur für Artikel der Marke „Soennecken“ aus der Warengruppe "
        "„Ordnen & Registrieren“. In Ihrem Warenkorb ist kein solcher Artikel."
    )
    folder = line(3, 6_000, article="3", brand="soennecken", groups=["rings", "folders"])
    held = await shop.hold("o1", lines=[pen, other, folder])
    [applied] = held.json()["vouchers"]
    assert (applied["base_cents"], applied["discount_cents"]) == (6_000, 600)
    assert applied["shares"] == [0, 0, 600]
    [event] = shop.said(VoucherHeld)
    assert event.base_cents == 6_000
    assert "von 60,00 € für Artikel der Marke „Soennecken“ aus" in event.explanation


async def test_a_voucher_for_articles_applies_to_those_of_its_list(shop: Shop) -> None:
    """VO-22: also in a check, which names the reason like a hold."""
    made = (await typed(shop, "0017\n4711"))["article_list"]
    await shop.run(assortment={"article_list": made})
    lines = [line(1, 4_000, article="17"), line(2, 6_000, article="0017")]
    body = {"codes": ["A12345"], "customer": "So.COMMERCE", "user": "anna", "lines": lines}
    answer = (await shop.ask("anna", "POST", "/voucher-checks", body)).json()
    assert [voucher["shares"] for voucher in answer["vouchers"]] == [[0, 600]]
    answer = (
        await shop.ask("anna", "POST", "/voucher-checks", {**body, "lines": lines[:1]})
    ).json()
    assert [(reason["code"], reason["applies_to"]) for reason in answer["reasons"]] == [
        ("nothing-matches", "ausgewählte Artikel")
    ]


async def test_a_voucher_for_a_medium_applies_to_what_it_shows(shop: Shop) -> None:
    """VO-19"""
    await shop.run(assortment={"medium": "Flyer Mai"})
    held = await shop.hold(
        "o1", lines=[line(1, 4_000, media=["Katalog"]), line(2, 6_000, media=["Flyer Mai"])]
    )
    assert held.json()["vouchers"][0]["base_cents"] == 6_000


async def test_without_a_restriction_the_whole_assortment_counts(shop: Shop) -> None:
    """VO-43"""
    await shop.run()
    assert (await shop.hold("o1")).json()["vouchers"][0]["base_cents"] == 10_000


@pytest.mark.parametrize(
    ("assortment", "code"),
    [
        ({"article_list": "0123456789abcdef"}, "article-list-unknown"),
        ({"article_list": "0123", "brands": ["soennecken"]}, "articles-not-alone"),
    ],
)
async def test_terms_name_lists_that_there_are(
    shop: Shop, new: Any, assortment: dict[str, Any], code: str
) -> None:
    """VO-43"""
    body = new(assortment=assortment)
    drawn = await shop.ask("staff", "PUT", "/campaigns/spring", body)
    assert (drawn.status_code, drawn.json()["code"]) == (422, code)


async def test_campaigns_say_what_they_apply_to(shop: Shop) -> None:
    """VO-19, VO-43: by names, in the details and in the list."""
    shop.catalogue.fold(BrandNamed("acme", "soe", "Soennecken", "staff"))
    made = (await typed(shop, "0017\n4711"))["article_list"]
    await shop.run("a", code="A")
    await shop.run("b", code="B", assortment={"brands": ["soe"], "medium": "Flyer Mai"})
    await shop.run("c", code="C", assortment={"article_list": made})
    detail = (await shop.ask("staff", "GET", "/campaigns/b")).json()
    assert detail["applies_to"] == "Artikel der Marke „Soennecken“ im Werbemittel „Flyer Mai“"
    listed = (await shop.ask("staff", "GET", "/campaigns")).json()["items"]
    assert [campaign["applies_to"] for campaign in listed] == [
        "gesamtes Sortiment",
        detail["applies_to"],
        "2 Artikel",
    ]


async def test_drawing_up_warns_of_what_the_catalogue_does_not_have(shop: Shop, new: Any) -> None:
    """VO-19: a campaign may be ahead of the catalogue."""
    shop.catalogue.fold(ArticleListed("acme", "1", Article("x", media=("Flyer Mai",)), shop.now))
    shop.catalogue.fold(ProductGroupPlaced("central", "pens", "Stifte", ""))
    assortment = {"brands": ["soe"], "groups": ["pens", "rings"], "medium": "Flyer Mai"}
    drawn = await shop.ask("staff", "PUT", "/campaigns/a", new(assortment=assortment))
    assert drawn.json()["warnings"] == [
        "Die Marke „soe“ gibt es im Katalog nicht.",
        "Die Warengruppe „rings“ gibt es im Katalog nicht.",
    ]
    shop.catalogue.fold(ProductGroupRemoved("central", "pens"))
    detail = (await shop.ask("staff", "GET", "/campaigns/a")).json()
    assert "den Warengruppen „Stifte“ und „rings“" in detail["applies_to"]
    drawn = await shop.ask("staff", "POST", "/campaigns/a/activation")
    assert "Die Warengruppe „Stifte“ gibt es im Katalog nicht." in drawn.json()["warnings"]
    other = new(code="B", assortment={"medium": "Flyer Juni"})
    drawn = await shop.ask("staff", "PUT", "/campaigns/b", other)
    assert drawn.json()["warnings"] == ["Das Werbemittel „Flyer Juni“ gibt es im Katalog nicht."]


async def test_a_central_campaign_has_a_central_list(shop: Any) -> None:
    """VO-24, VO-26: its articles count at every dealer who takes part, and dealers see them."""
    made = await shop.ask(
        "central", "POST", "/article-lists/text", {"text": "0017,4711"}, dealer="central"
    )
    listed = made.json()["article_list"]
    await shop.run_central(assortment={"article_list": listed})
    await shop.join()
    shown = (await shop.ask("staff", "GET", "/central-campaigns/central-spring")).json()
    assert shown["applies_to"] == "2 Artikel"
    assert (await shop.ask("staff", "GET", f"/article-lists/{listed}")).json()["articles"] == 2
    held = await shop.hold(
        "o1", codes=["2026A"], lines=[line(1, 4_000, article="17"), line(2, 6_000, article="0017")]
    )
    assert held.json()["vouchers"][0]["shares"] == [0, 600]


async def test_central_staff_make_no_lists_of_dealers(shop: Any) -> None:
    """X-16"""
    made = await shop.ask("central", "POST", "/article-lists/text", {"text": "4711"})
    assert (made.status_code, made.json()["code"]) == (403, "forbidden")
