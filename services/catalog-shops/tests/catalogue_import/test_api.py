"""Uploads of catalogues over HTTP, carried out over in-memory parts."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from catalog_shops_tests.bmecat import Dialect, bmecat_file
from catalog_shops_tests.service import InMemoryService
from msgspec.structs import replace

from catalog_shops.article.decider import article_history
from catalog_shops.brand.decider import Named, brand_history
from catalog_shops.catalogue_import.execution import BATCH_SIZE
from catalog_shops.catalogue_import.records import CatalogueArticle, RecordPrice
from catalog_shops.catalogue_import.upload import MAX_WAITING
from catalog_shops.group.decider import groups_history
from zugabe_events.contracts.catalog_shops import (
    ArticleImage,
    ArticleListed,
    CatalogueImportProgressed,
    PriceSet,
    PriceStep,
)
from zugabe_events.domain.event_store import state_of
from zugabe_testing.callers import problem_code

IMPORTER = "dealer-staff+import-articles"


def article(number: str, **changes: Any) -> CatalogueArticle:
    usual = CatalogueArticle(
        0,
        number,
        name=f"Ordner {number}",
        text="Hält alles.",
        manufacturer="Muster & Söhne",
        manufacturer_number=f"M-{number}",
        brand="Muster & Söhne",
        groups=(("Büro", "Ordner"),),
        images=(f"{number}.jpg",),
        gtin="",
        keywords=("Ablage",),
        order_unit="C62",
        tax="standard",
        prices=(RecordPrice((PriceStep(1, Decimal("3.49")),), 1),),
    )
    return replace(usual, **changes)


def articles(*numbers: str) -> Sequence[CatalogueArticle]:
    return [article(number) for number in numbers]


async def imported(service: InMemoryService, content: bytes, **about: Any) -> Any:
    """Upload a file, carry the import out, and return what is shown of it."""
    answer = await service.upload_catalogue(content, **about)
    assert answer.status_code == 202, answer.text
    await service.import_waiting()
    return await shown(service, answer.headers["Location"])


async def shown(service: InMemoryService, address: str) -> Any:
    answer = await service.http.get(address, headers={"Authorization": "Bearer central"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def counts(**some: int) -> dict[str, int]:
    none = dict.fromkeys(("new", "changed", "unchanged", "delisted", "wrong", "partly"), 0)
    return {**none, **some}


async def test_a_catalogue_becomes_articles_prices_brands_and_groups() -> None:
    """X-39"""
    service = InMemoryService()
    result = await imported(service, bmecat_file(articles("0017", "0018")))
    assert result["status"] == "completed"
    assert (result["format"], result["scope"]) == ("bmecat", "whole-catalogue")
    assert result["catalogue"] == "Muster & Co./Haupt"
    assert result["counts"] == counts(new=2)
    assert (result["done"], result["total"]) == (2, 2)
    state = await state_of(service.store, article_history("central", "0017"))
    assert state.article is not None
    assert state.article.name == "Ordner 0017"
    assert state.article.images == (ArticleImage("", "0017.jpg"),)
    assert state.article.catalogue == "Muster & Co./Haupt"
    brand = await state_of(service.store, brand_history("central", state.article.brand))
    assert brand == Named("Muster & Söhne", "catalogue")
    groups = (await state_of(service.store, groups_history("central"))).by_id
    [group] = state.article.groups
    assert (groups[group].name, groups[groups[group].parent].name) == ("Ordner", "Büro")
    assert state.prices[0].steps == (PriceStep(1, Decimal("3.49")),)
    assert service.import_storage.files.names == []  # type: ignore[attr-defined]


async def test_only_what_changed_becomes_an_event() -> None:
    """X-39"""
    service = InMemoryService()
    await imported(service, bmecat_file(articles("1", "2", "3")))
    before = len(service.said(ArticleListed)), len(service.said(PriceSet))
    dearer = replace(article("3"), prices=(RecordPrice((PriceStep(1, Decimal("4.00")),), 1),))
    result = await imported(service, bmecat_file([*articles("1", "2"), dearer]))
    assert result["counts"] == counts(unchanged=2, changed=1)
    assert (len(service.said(ArticleListed)), len(service.said(PriceSet))) == (
        before[0],
        before[1] + 1,
    )


async def test_a_dry_run_tells_what_would_happen_and_changes_nothing() -> None:
    """X-39: its counts are those of the real run."""
    service = InMemoryService()
    await imported(service, bmecat_file(articles("1", "2", "3", "4", "5")))
    second = bmecat_file(
        [*articles("1", "2", "6"), article("3", name="Neu", brand="Neue Marke"), article("1")]
    )
    before = service.said(ArticleListed)
    dry = await imported(service, second, dry_run="true")
    assert service.said(ArticleListed) == before
    assert (await state_of(service.store, article_history("central", "4"))).is_listed
    unknown = await state_of(service.store, brand_history("central", "neue-marke"))
    assert not isinstance(unknown, Named)
    real = await imported(service, second)
    assert (
        dry["counts"]
        == real["counts"]
        == counts(new=1, changed=1, unchanged=2, delisted=2, wrong=1)
    )
    assert dry["dry_run"]


async def test_articles_that_a_whole_catalogue_lacks_are_delisted_and_never_deleted() -> None:
    """X-39: only those that came with it, and they come back with its next issue."""
    service = InMemoryService()
    await imported(service, bmecat_file(articles("1", "2", "3", "4")))
    await imported(service, bmecat_file(articles("9")), catalogue="Anderer")
    result = await imported(service, bmecat_file(articles("1", "2", "3")))
    assert result["counts"] == counts(unchanged=3, delisted=1)
    gone = await state_of(service.store, article_history("central", "4"))
    assert gone.article is not None
    assert not gone.is_listed
    assert (await state_of(service.store, article_history("central", "9"))).is_listed
    back = await imported(service, bmecat_file(articles("1", "2", "3", "4")))
    assert back["counts"] == counts(unchanged=3, new=1)


async def test_an_article_that_is_wrong_in_the_file_is_not_delisted() -> None:
    """X-39"""
    service = InMemoryService()
    await imported(service, bmecat_file(articles("1", "2")))
    result = await imported(service, bmecat_file([article("1"), article("2", name="x" * 201)]))
    assert result["counts"] == counts(unchanged=1, wrong=1)
    assert (await state_of(service.store, article_history("central", "2"))).is_listed


async def test_more_than_half_of_a_catalogue_is_delisted_only_on_purpose() -> None:
    """X-39"""
    service = InMemoryService()
    await imported(service, bmecat_file(articles("1", "2", "3")))
    result = await imported(service, bmecat_file(articles("1", "8", "9")))
    assert result["counts"] == counts(unchanged=1, new=2)
    assert result["problem"] == (
        "Die Datei enthält 2 von 3 Artikeln dieses Katalogs nicht mehr. Weil das mehr als die "
        "Hälfte ist, wurde nichts ausgelistet. Wenn es so gewollt ist, bestätigen Sie das "
        "Auslisten beim Import."
    )
    assert (await state_of(service.store, article_history("central", "2"))).is_listed
    again = await imported(service, bmecat_file(articles("1", "8", "9")), confirm_delisting="true")
    assert again["counts"] == counts(unchanged=3, delisted=2)
    assert not (await state_of(service.store, article_history("central", "2"))).is_listed


async def test_a_damaged_file_is_imported_up_to_its_damage_and_delists_nothing() -> None:
    """X-39"""
    service = InMemoryService()
    await imported(service, bmecat_file(articles("1", "2", "3")))
    content = bmecat_file(articles("1", "4", "2", "3"))
    cut = content[: content.index(b"<SUPPLIER_AID>2<") + 40]
    result = await imported(service, cut, confirm_delisting="true")
    assert result["status"] == "damaged"
    assert result["counts"] == counts(unchanged=1, new=1)
    assert "Zeile 8" in result["problem"]
    assert "endet zu früh" in result["problem"]
    assert (await state_of(service.store, article_history("central", "3"))).is_listed


async def test_an_update_changes_some_articles_and_delists_those_it_says() -> None:
    """X-39"""
    service = InMemoryService()
    await imported(service, bmecat_file(articles("1", "2", "3")))
    update = [article("1", name="Neu"), CatalogueArticle(0, "2", "delist")]
    unknown = CatalogueArticle(0, "7", "delist")
    content = bmecat_file([*update, unknown], Dialect(), "T_UPDATE_PRODUCTS")
    result = await imported(service, content)
    assert result["scope"] == "some-articles"
    assert result["counts"] == counts(changed=1, delisted=1, wrong=1)
    changed = (await state_of(service.store, article_history("central", "1"))).article
    assert changed is not None
    assert changed.name == "Neu"
    assert changed.groups, "an update without groups leaves those that there are"


async def test_an_update_of_prices_leaves_all_else() -> None:
    """X-34, X-39: the price unit stays as well, if the file does not name it."""
    service = InMemoryService()
    by_hundred = RecordPrice((PriceStep(1, Decimal("34.90")),), 100)
    await imported(service, bmecat_file([article("1", prices=(by_hundred,))]))
    before = await state_of(service.store, article_history("central", "1"))
    cheaper = article("1", name="Anders", prices=(replace(by_hundred, steps=CHEAP),))
    content = bmecat_file([cheaper, article("2")], Dialect("2005"), "T_UPDATE_PRICES")
    result = await imported(service, content)
    assert result["scope"] == "prices"
    assert result["counts"] == counts(changed=1, wrong=1)
    after = await state_of(service.store, article_history("central", "1"))
    assert after.article == before.article
    assert (after.prices[0].quantity, after.prices[0].steps) == (100, CHEAP)


CHEAP = (PriceStep(1, Decimal("29.90")), PriceStep(500, Decimal("24.5025")))


async def test_a_catalogue_may_be_imported_for_its_prices_only() -> None:
    """X-39"""
    service = InMemoryService()
    await imported(service, bmecat_file(articles("1", "2")))
    content = bmecat_file([article("1", name="Anders", prices=None), article("2", name="Anders")])
    result = await imported(service, content, scope="prices")
    assert result["counts"] == counts(unchanged=1, wrong=1)
    state = await state_of(service.store, article_history("central", "2"))
    assert state.article is not None
    assert state.article.name == "Ordner 2"


async def test_a_dealer_has_articles_and_prices_of_their_own() -> None:
    """X-16, X-39: a number of a central article takes prices, and no other master data."""
    service = InMemoryService()
    await imported(service, bmecat_file(articles("1")))
    own = bmecat_file(articles("1", "2"))
    answer = await service.upload_catalogue(own, IMPORTER, dealer="acme")
    await service.import_waiting()
    result = await shown(service, answer.headers["Location"])
    assert result["counts"] == counts(new=1, wrong=1)
    mine = (await state_of(service.store, article_history("acme", "2"))).article
    assert mine is not None
    brand = await state_of(service.store, brand_history("acme", mine.brand))
    assert not isinstance(brand, Named), "it is the central brand"
    dearer = RecordPrice((PriceStep(1, Decimal("5.00")),), 1)
    prices = bmecat_file([article("1", prices=(dearer,))], Dialect(), "T_UPDATE_PRICES")
    answer = await service.upload_catalogue(prices, IMPORTER, dealer="acme")
    await service.import_waiting()
    assert (await shown(service, answer.headers["Location"]))["counts"] == counts(changed=1)
    priced = await state_of(service.store, article_history("acme", "1"))
    assert (priced.article, priced.prices[0].steps) == (None, (PriceStep(1, Decimal("5.00")),))


@pytest.mark.parametrize(
    ("who", "dealer", "status"),
    [
        ("dealer-staff", "acme", 403),
        (IMPORTER, "other", 403),
        ("central", "acme", 403),
        ("user", "acme", 403),
        (IMPORTER, "acme", 202),
        ("central", "central", 202),
        ("central", "group.bueroring", 202),
    ],
)
async def test_who_may_import(who: str, dealer: str, status: int) -> None:
    """X-16"""
    service = InMemoryService()
    answer = await service.upload_catalogue(bmecat_file(articles("1")), who, dealer=dealer)
    assert answer.status_code == status, answer.text


async def test_the_same_upload_again_is_the_same_import() -> None:
    """X-12"""
    service = InMemoryService()
    content = bmecat_file(articles("1"))
    first = await service.upload_catalogue(content, key="k1")
    again = await service.upload_catalogue(content, key="k1")
    assert first.json() == again.json()
    other = await service.upload_catalogue(bmecat_file(articles("2")), key="k1")
    assert problem_code(other, 422) == "idempotency-key-reused"
    await service.import_waiting()
    after = await service.upload_catalogue(content, key="k1")
    assert after.json() == first.json()
    assert (await shown(service, first.headers["Location"]))["counts"] == counts(new=1)
    listed = await service.must("central", "GET", "/catalogue-imports", dealer="central")
    assert len(listed["items"]) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"GIF89a" + bytes(100), "table-foreign"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "table-foreign"),
        (b"<html><body>Katalog</body></html>", "table-foreign"),
        (b"<?xml version='1.0'?><OPENTRANS/>", "catalogue-damaged"),
        (b"<?xml version='1.0'?><BMECAT><HEADER></BMECAT>", "catalogue-damaged"),
        (b"Nummer;Name\n1;Heft\n", "columns-missing"),
        (b"x" * 2_000_000, "columns-missing"),
    ],
)
@pytest.mark.parametrize("file_name", ["Katalog.xls", "katalog.xml", "Gratis 2026 (neu)"])
async def test_what_is_no_catalogue_is_refused_whatever_its_name(
    content: bytes, code: str, file_name: str
) -> None:
    """GA-18"""
    service = InMemoryService()
    answer = await service.upload_catalogue(content, file_name=file_name)
    assert problem_code(answer, 422) == code
    assert service.store.commits == []
    assert service.import_storage.files.names == []  # type: ignore[attr-defined]


async def test_a_file_is_imported_for_what_it_can_be_imported_for() -> None:
    """X-39"""
    service = InMemoryService()
    prices = bmecat_file(articles("1"), Dialect(), "T_UPDATE_PRICES")
    for scope in ("whole-catalogue", "some-articles", "gifts"):
        answer = await service.upload_catalogue(prices, scope=scope)
        assert problem_code(answer, 422) == "scope-impossible"


async def test_what_was_wrong_is_told_row_by_row() -> None:
    """X-7, X-39: as pages and as a file for spreadsheets."""
    service = InMemoryService()
    dollars = bmecat_file([article("5")]).replace(b">EUR</PRICE_C", b">USD</PRICE_C")
    await imported(service, dollars)
    content = bmecat_file([article("1"), article("1"), article("3", name=""), article("4")])
    result = await imported(service, content)
    assert result["counts"] == counts(new=2, wrong=2)
    address = f"/catalogue-imports/{result['import_id']}/errors"
    first = await service.must("central", "GET", f"{address}?limit=1", dealer="central")
    assert first["items"] == [
        {
            "position": "000000002.00",
            "line": 7,
            "number": "1",
            "consequence": "left-out",
            "reason": "Dieser Artikel steht schon in Zeile 6.",
        }
    ]
    following = f"{address}?after={first['next']}"
    rest = await service.must("central", "GET", following, dealer="central")
    assert [mistake["reason"] for mistake in rest["items"]] == ["Die Bezeichnung fehlt."]
    assert rest["next"] is None
    file = await service.ask("central", "GET", f"{address}.csv", dealer="central")
    assert file.text.splitlines()[1:] == [
        '"7";"1";"Artikel nicht übernommen";"Dieser Artikel steht schon in Zeile 6."',
        '"8";"3";"Artikel nicht übernommen";"Die Bezeichnung fehlt."',
    ]
    listed = await service.must("central", "GET", "/catalogue-imports", dealer="central")
    partly = next(one for one in listed["items"] if one["counts"]["partly"])
    address = f"/catalogue-imports/{partly['import_id']}/errors"
    told = await service.must("central", "GET", address, dealer="central")
    assert [(item["consequence"], item["reason"]) for item in told["items"]] == [
        ("partly", "Kein Preis ist in Euro (sondern: USD).")
    ]
    assert (await state_of(service.store, article_history("central", "5"))).prices == ()


async def test_an_import_can_be_cancelled_while_it_waits() -> None:
    service = InMemoryService()
    answer = await service.upload_catalogue(bmecat_file(articles("1")))
    address = answer.json()["address"].removeprefix("/dealers/central")
    await service.must("central", "POST", f"{address}/cancellation", dealer="central")
    assert (await shown(service, answer.json()["address"]))["status"] == "cancelling"
    await service.import_waiting()
    result = await shown(service, answer.json()["address"])
    assert (result["status"], result["counts"]) == ("cancelled", counts())
    assert result["problem"] == "Der Import wurde abgebrochen."


async def test_an_import_that_is_over_cannot_be_cancelled() -> None:
    service = InMemoryService()
    result = await imported(service, bmecat_file(articles("1")))
    for import_id, status, code in (
        (result["import_id"], 409, "import-ended"),
        ("unknown", 404, "import-not-found"),
    ):
        path = f"/catalogue-imports/{import_id}/cancellation"
        answer = await service.ask("central", "POST", path, dealer="central")
        assert problem_code(answer, status) == code


async def test_a_tenant_has_one_import_after_the_other() -> None:
    service = InMemoryService()
    first = await service.upload_catalogue(bmecat_file(articles("1", "2")))
    second = await service.upload_catalogue(bmecat_file([article("1", name="Später")]))
    await service.import_waiting()
    assert (await shown(service, first.json()["address"]))["counts"] == counts(new=2)
    result = await shown(service, second.json()["address"])
    assert result["counts"] == counts(changed=1, delisted=1)
    state = await state_of(service.store, article_history("central", "1"))
    assert state.article is not None
    assert state.article.name == "Später"


async def test_no_more_imports_wait_than_there_is_room_for() -> None:
    """S12: their files are kept; another tenant has room of its own."""
    service = InMemoryService()
    file = bmecat_file(articles("1"))
    for number in range(MAX_WAITING):
        assert (await service.upload_catalogue(file, key=f"k{number}")).status_code == 202
    refused = await service.upload_catalogue(file)
    assert problem_code(refused, 409) == "imports-too-many"
    assert refused.json()["most"] == MAX_WAITING
    assert (await service.upload_catalogue(file, key="k0")).status_code == 202
    elsewhere = await service.upload_catalogue(file, IMPORTER, dealer="acme")
    assert elsewhere.status_code == 202
    await service.import_waiting()
    assert (await service.upload_catalogue(file)).status_code == 202


async def test_progress_is_recorded_while_it_is_made() -> None:
    service = InMemoryService()
    numbers = [f"{number:05d}" for number in range(9 * BATCH_SIZE)]
    answer = await service.upload_catalogue(bmecat_file([article(number) for number in numbers]))
    service.now += timedelta(seconds=1)
    await service.import_waiting()
    result = await shown(service, answer.json()["address"])
    assert result["counts"] == counts(new=4_500)
    done = [event.done for event in service.said(CatalogueImportProgressed)]
    assert done == [0, 2_000, 4_000, 4_500]
