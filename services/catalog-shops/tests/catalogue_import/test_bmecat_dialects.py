"""What can be written in a dialect of BMEcat is read back from it."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from catalog_shops_tests.bmecat import Dialect, bmecat_file
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from catalog_shops.catalogue_import.bmecat.reader import outline_of, records_of
from catalog_shops.catalogue_import.bmecat.texts import one_line
from catalog_shops.catalogue_import.records import (
    CatalogueArticle,
    Record,
    RecordPrice,
    valid_gtin,
)
from zugabe_events.contracts.catalog_shops import PriceStep
from zugabe_events.domain.article_number import normalised

NAMESPACES = (
    "",
    "http://www.bmecat.org/bmecat/1.2/bmecat_new_catalog",
    "http://www.bmecat.org/XMLSchema/1.2/bmecat_new_catalog",
    "http://www.bmecat.org/bmecat/2005",
    "http://www.bmecat.org/bmecat/2005+onto",
    "https://www.etim-international.com/bmecat/31",
)

LETTERS = "abzÄöß µ€&<>'\"0.-/é„“[]=;Ж"
WORDS = st.text(LETTERS, min_size=1, max_size=20).map(one_line).filter(bool)
NUMBERS = st.text(LETTERS, min_size=1, max_size=20).map(str.strip).filter(bool).map(normalised)
DAYS = st.none() | st.dates(date(1999, 1, 1), date(2099, 1, 1))
AMOUNTS = st.integers(1, 99_999_999).map(lambda units: plain(Decimal(units) / 10_000))


def plain(amount: Decimal) -> Decimal:
    decimals = max(2, -int(amount.normalize().as_tuple().exponent))
    return amount.quantize(Decimal(1).scaleb(-decimals))


def gtin_of(digits: int) -> str:
    return next(number for check in range(10) if valid_gtin(number := f"{digits:012d}{check}"))


@st.composite
def prices(draw: st.DrawFn, quantity: int) -> RecordPrice:
    bounds = draw(st.sets(st.integers(1, 10_000), min_size=1, max_size=4))
    days = sorted(day for day in draw(st.tuples(DAYS, DAYS)) if day)
    first, last = days if len(days) == 2 else [*days, None, None][:2]
    return RecordPrice(
        tuple(PriceStep(bound, draw(AMOUNTS)) for bound in sorted(bounds)), quantity, first, last
    )


@st.composite
def texts(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.text("abÄ µ.", min_size=1, max_size=9).map(one_line), max_size=4))
    forms = draw(st.lists(st.sampled_from(["{}", "[b]{}[\\b]"]), min_size=4, max_size=4))
    full = [part for part in parts if part]
    return "[br]".join(form.format(part) for form, part in zip(forms, full, strict=False))


@st.composite
def articles(draw: st.DrawFn) -> CatalogueArticle:
    quantity = draw(st.sampled_from([1, 10, 100, 1_000]))
    manufacturer = draw(st.just("") | WORDS)
    return CatalogueArticle(
        line=0,
        number=draw(NUMBERS),
        name=draw(WORDS),
        text=draw(texts()),
        manufacturer=manufacturer,
        manufacturer_number=draw(st.just("") | WORDS),
        brand=manufacturer,
        groups=draw(
            st.none()
            | st.lists(
                st.lists(WORDS, min_size=1, max_size=3).map(tuple),
                min_size=1,
                max_size=2,
                unique=True,
            ).map(tuple)
        ),
        images=draw(st.none() | st.lists(WORDS.map(file_name), max_size=3, unique=True).map(tuple)),
        gtin=draw(st.just("") | st.integers(0, 10**12 - 1).map(gtin_of)),
        keywords=draw(st.lists(WORDS, max_size=3, unique=True).map(tuple)),
        order_unit="C62",
        tax=draw(st.sampled_from(["standard", "reduced", "zero"])),
        prices=draw(st.lists(prices(quantity), min_size=1, max_size=2).map(tuple)),
    )


def file_name(words: str) -> str:
    return "".join(character for character in words if character.isalnum()) + ".jpg"


DIALECTS = st.builds(
    Dialect,
    version=st.sampled_from(["1.01", "1.2", "2005"]),
    namespace=st.sampled_from(NAMESPACES),
    encoding=st.sampled_from(["UTF-8", "ISO-8859-1", "UTF-16", "Windows-1252"]),
    decimal_mark=st.sampled_from([".", ","]),
    languages=st.booleans(),
    doubly=st.just(True),
    groups_as=st.sampled_from(["catalogue", "classes"]),
)


def read(content: bytes) -> Sequence[Record]:
    file = io.BytesIO(content)
    outline = outline_of(file)
    file.seek(0)
    found = list(records_of(file, outline))
    outline.close()
    assert outline.damage is None
    assert outline.articles == len(found)
    return found


def without_lines(records: Sequence[Record]) -> Sequence[Record]:
    return [changed(record, line=0) for record in records]


@settings(deadline=None)
@given(st.lists(articles(), max_size=3, unique_by=lambda article: article.number), DIALECTS)
def test_what_can_be_written_is_read_back_equal(
    written: Sequence[CatalogueArticle], dialect: Dialect
) -> None:
    """X-39"""
    assert without_lines(read(bmecat_file(written, dialect))) == written


@settings(deadline=None, max_examples=30)
@given(articles(), DIALECTS)
def test_updates_are_read_back(written: CatalogueArticle, dialect: Dialect) -> None:
    """X-39: an update of products may delete some; one of prices says nothing else."""
    gone = CatalogueArticle(0, "weg", "delist")
    content = bmecat_file([written, gone], dialect, "T_UPDATE_PRODUCTS")
    assert without_lines(read(content)) == [changed(written, groups=None), gone]
    [only_prices] = read(bmecat_file([written], dialect, "T_UPDATE_PRICES"))
    assert isinstance(only_prices, CatalogueArticle)
    assert only_prices.action == "set-prices"
    assert only_prices.name is None
    assert only_prices.prices == tuple(
        changed(price, quantity=None) for price in written.prices or ()
    )


@pytest.mark.parametrize("prefix", ["", "bme"])
def test_a_prefix_or_none_names_the_same_elements(prefix: str) -> None:
    """X-39"""
    dialect = Dialect("2005", NAMESPACES[3], prefix)
    article = CatalogueArticle(0, "0017", name="Ordner", gtin="", keywords=(), text="")
    article = changed(article, manufacturer="", manufacturer_number="", brand="")
    for form in (dialect, replace(dialect, version="1.2")):
        assert without_lines(read(bmecat_file([article], form))) == [article]
