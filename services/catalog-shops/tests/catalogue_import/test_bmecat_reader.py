"""Catalogues as the trade sends them: three versions, and what is special in each.

The files were written for these tests, after the standards 1.01, 1.2 and 2005 and habits of real
files: a DTD with user-defined elements, marks and francs side by side, texts in two languages.
"""

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from json import dumps, loads

import pytest
from msgspec.structs import astuple

from catalog_shops.catalogue_import.bmecat.reader import Outline, outline_of, records_of
from catalog_shops.catalogue_import.records import (
    CatalogueArticle,
    Record,
    RecordPrice,
    WrongRecord,
)
from zugabe_events.contracts.catalog_shops import PriceStep
from zugabe_events.domain.reserved_text import reserved_in
from zugabe_testing.malformed import SEALED_BY_NOBODY

FIRST_VERSION = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE BMECAT SYSTEM "bmecat_new_catalog.dtd" [
  <!ENTITY % USERDEFINES "(UDX.LAGER.ORT?,UDX.LAGER.HOEHE?)">
  <!ELEMENT UDX.LAGER.ORT (#PCDATA)>
  <!ELEMENT UDX.LAGER.HOEHE (#PCDATA)>
]>
<BMECAT version="1.01">
 <HEADER>
  <CATALOG>
   <LANGUAGE>DEU</LANGUAGE><CATALOG_ID>B-99</CATALOG_ID><TERRITORY>EU</TERRITORY>
   <CURRENCY>DEM</CURRENCY><MIME_ROOT>//bilder</MIME_ROOT>
  </CATALOG>
  <SUPPLIER><SUPPLIER_ID type="own">BÜRO</SUPPLIER_ID><SUPPLIER_NAME>Büro</SUPPLIER_NAME></SUPPLIER>
  <USER_DEFINED_EXTENSIONS><UDX.LAGER.ORT>R09</UDX.LAGER.ORT></USER_DEFINED_EXTENSIONS>
 </HEADER>
 <T_NEW_CATALOG>
  <FEATURE_SYSTEM>
   <FEATURE_SYSTEM_NAME>udf_Merkmale</FEATURE_SYSTEM_NAME>
   <FEATURE_GROUP><FEATURE_GROUP_ID>5</FEATURE_GROUP_ID>
    <FEATURE_GROUP_NAME>Merkmale</FEATURE_GROUP_NAME></FEATURE_GROUP>
  </FEATURE_SYSTEM>
  <CATALOG_GROUP_SYSTEM>
   <CATALOG_STRUCTURE type="root">
    <GROUP_ID>1</GROUP_ID><GROUP_NAME>Alles</GROUP_NAME><PARENT_ID>0</PARENT_ID>
   </CATALOG_STRUCTURE>
   <CATALOG_STRUCTURE type="leaf">
    <GROUP_ID>3</GROUP_ID><GROUP_NAME>Ordner</GROUP_NAME><PARENT_ID>2</PARENT_ID>
    <MIME_INFO><MIME><MIME_SOURCE>o.jpg</MIME_SOURCE></MIME></MIME_INFO>
   </CATALOG_STRUCTURE>
   <CATALOG_STRUCTURE type="node">
    <GROUP_ID>2</GROUP_ID><GROUP_NAME>Ablage &amp;amp; Archiv</GROUP_NAME><PARENT_ID>1</PARENT_ID>
   </CATALOG_STRUCTURE>
  </CATALOG_GROUP_SYSTEM>
  <ARTICLE mode="new">
   <SUPPLIER_AID>0017/A</SUPPLIER_AID>
   <ARTICLE_DETAILS>
    <DESCRIPTION_SHORT>Ordner "Büro" 80&#160;mm</DESCRIPTION_SHORT>
    <DESCRIPTION_LONG><![CDATA[<p>Hält <b>alles</b> fest.</p>
     <p>Je 10 &micro;m</p>]]></DESCRIPTION_LONG>
    <EAN>40123455</EAN>
    <MANUFACTURER_AID>ORD-17</MANUFACTURER_AID>
    <MANUFACTURER_NAME>Muster &amp; Söhne</MANUFACTURER_NAME>
    <KEYWORD>Ordner</KEYWORD><KEYWORD>Ablage</KEYWORD><KEYWORD>Ordner</KEYWORD>
    <ARTICLE_STATUS type="bargain">Dauertiefpreis</ARTICLE_STATUS>
   </ARTICLE_DETAILS>
   <ARTICLE_ORDER_DETAILS>
    <ORDER_UNIT>Packung</ORDER_UNIT><PRICE_QUANTITY>100</PRICE_QUANTITY>
   </ARTICLE_ORDER_DETAILS>
   <ARTICLE_PRICE_DETAILS>
    <DATETIME type="valid_start_date"><DATE>1999-10-01</DATE></DATETIME>
    <DATETIME type="valid_end_date"><DATE>2000-03-31</DATE><TIME>23:59:59</TIME></DATETIME>
    <ARTICLE_PRICE price_type="net_customer">
     <PRICE_AMOUNT>8,61</PRICE_AMOUNT><PRICE_CURRENCY>EUR</PRICE_CURRENCY></ARTICLE_PRICE>
    <ARTICLE_PRICE price_type="net_list">
     <PRICE_AMOUNT>20,00</PRICE_AMOUNT><PRICE_CURRENCY>DEM</PRICE_CURRENCY></ARTICLE_PRICE>
    <ARTICLE_PRICE price_type="net_list">
     <PRICE_AMOUNT>1.234,56</PRICE_AMOUNT><PRICE_CURRENCY>EUR</PRICE_CURRENCY><TAX>16</TAX>
     <PRICE_FACTOR>,8</PRICE_FACTOR><LOWER_BOUND>1</LOWER_BOUND><TERRITORY>DE</TERRITORY>
    </ARTICLE_PRICE>
   </ARTICLE_PRICE_DETAILS>
   <MIME_INFO>
    <MIME><MIME_TYPE>image/jpg</MIME_TYPE><MIME_SOURCE>klein.jpg</MIME_SOURCE>
     <MIME_PURPOSE>thumbnail</MIME_PURPOSE></MIME>
    <MIME><MIME_TYPE>image/jpg</MIME_TYPE><MIME_SOURCE>hinten.jpg</MIME_SOURCE>
     <MIME_PURPOSE>detail</MIME_PURPOSE></MIME>
    <MIME><MIME_TYPE>image/jpg</MIME_TYPE><MIME_SOURCE>vorn.jpg</MIME_SOURCE>
     <MIME_PURPOSE>normal</MIME_PURPOSE></MIME>
    <MIME><MIME_TYPE>application/pdf</MIME_TYPE><MIME_SOURCE>ordner.pdf</MIME_SOURCE></MIME>
    <MIME><MIME_TYPE>image/jpg</MIME_TYPE><MIME_SOURCE>https://bilder.example/o.jpg</MIME_SOURCE></MIME>
    <MIME><MIME_TYPE>image/jpg</MIME_TYPE><MIME_SOURCE>javascript:alert(1)</MIME_SOURCE></MIME>
   </MIME_INFO>
  </ARTICLE>
  <ARTICLE>
   <SUPPLIER_AID>0018</SUPPLIER_AID>
   <ARTICLE_DETAILS><DESCRIPTION_SHORT>Heft</DESCRIPTION_SHORT></ARTICLE_DETAILS>
   <ARTICLE_FEATURES><REFERENCE_FEATURE_SYSTEM_NAME>udf_Merkmale</REFERENCE_FEATURE_SYSTEM_NAME>
    <REFERENCE_FEATURE_GROUP_ID>5</REFERENCE_FEATURE_GROUP_ID></ARTICLE_FEATURES>
   <ARTICLE_PRICE_DETAILS>
    <ARTICLE_PRICE price_type="net_list"><PRICE_AMOUNT>20,00</PRICE_AMOUNT></ARTICLE_PRICE>
   </ARTICLE_PRICE_DETAILS>
  </ARTICLE>
  <ARTICLE><SUPPLIER_AID>0019</SUPPLIER_AID><ARTICLE_DETAILS/></ARTICLE>
  <ARTICLE><ARTICLE_DETAILS/></ARTICLE>
  <ARTICLE_TO_CATALOGGROUP_MAP>
   <ART_ID>0017/A</ART_ID><CATALOG_GROUP_ID>3</CATALOG_GROUP_ID>
  </ARTICLE_TO_CATALOGGROUP_MAP>
  <ARTICLE_TO_CATALOGGROUP_MAP>
   <ART_ID>0017/A</ART_ID><CATALOG_GROUP_ID>1</CATALOG_GROUP_ID>
  </ARTICLE_TO_CATALOGGROUP_MAP>
 </T_NEW_CATALOG>
</BMECAT>"""

LATEST_VERSION = """<?xml version="1.0" encoding="UTF-8"?>
<BMECAT xmlns:fn="http://www.w3.org/2005/xpath-functions"
        xmlns="http://www.bmecat.org/bmecat/2005+onto" version="2005">
 <HEADER><CATALOG>
  <LANGUAGE>eng</LANGUAGE><LANGUAGE>deu</LANGUAGE>
  <CATALOG_ID>1</CATALOG_ID><CURRENCY>EUR</CURRENCY>
  <MIME_ROOT>https://bilder.example/gross/</MIME_ROOT>
 </CATALOG></HEADER>
 <T_NEW_CATALOG>
  <CLASSIFICATION_SYSTEM>
   <CLASSIFICATION_SYSTEM_NAME>udf_Muster-1.0</CLASSIFICATION_SYSTEM_NAME>
   <CLASSIFICATION_GROUPS>
    <CLASSIFICATION_GROUP><CLASSIFICATION_GROUP_ID>1</CLASSIFICATION_GROUP_ID>
     <CLASSIFICATION_GROUP_NAME lang="eng">Parts</CLASSIFICATION_GROUP_NAME>
     <CLASSIFICATION_GROUP_NAME lang="deu">Teile</CLASSIFICATION_GROUP_NAME></CLASSIFICATION_GROUP>
    <CLASSIFICATION_GROUP><CLASSIFICATION_GROUP_ID>2</CLASSIFICATION_GROUP_ID>
     <CLASSIFICATION_GROUP_NAME>Relais</CLASSIFICATION_GROUP_NAME>
     <CLASSIFICATION_GROUP_PARENT_ID>1</CLASSIFICATION_GROUP_PARENT_ID></CLASSIFICATION_GROUP>
    <CLASSIFICATION_GROUP><CLASSIFICATION_GROUP_ID>8</CLASSIFICATION_GROUP_ID>
     <CLASSIFICATION_GROUP_NAME>Kreis</CLASSIFICATION_GROUP_NAME>
     <CLASSIFICATION_GROUP_PARENT_ID>8</CLASSIFICATION_GROUP_PARENT_ID></CLASSIFICATION_GROUP>
   </CLASSIFICATION_GROUPS>
  </CLASSIFICATION_SYSTEM>
  <PRODUCT>
   <SUPPLIER_PID>1609801044</SUPPLIER_PID>
   <PRODUCT_DETAILS>
    <DESCRIPTION_SHORT lang="eng">Relay</DESCRIPTION_SHORT>
    <DESCRIPTION_SHORT lang="deu">Relais</DESCRIPTION_SHORT>
    <DESCRIPTION_LONG lang="eng">English</DESCRIPTION_LONG>
    <DESCRIPTION_LONG lang="deu">Kontakte: 2, 0,15 &amp;micro;m, 1 &lt; 2 [b]</DESCRIPTION_LONG>
    <INTERNATIONAL_PID type="upc">5</INTERNATIONAL_PID>
    <INTERNATIONAL_PID type="gtin">4006381333931</INTERNATIONAL_PID>
    <MANUFACTURER_PID>D 44</MANUFACTURER_PID>
    <KEYWORD lang="deu">Relais</KEYWORD><KEYWORD lang="eng">Relay</KEYWORD>
    <KEYWORD lang="deu">Schaltrelais</KEYWORD>
    <PRODUCT_STATUS type="core_product">Kernsortiment</PRODUCT_STATUS>
   </PRODUCT_DETAILS>
   <PRODUCT_FEATURES>
    <REFERENCE_FEATURE_SYSTEM_NAME>ECLASS-9.0</REFERENCE_FEATURE_SYSTEM_NAME>
    <REFERENCE_FEATURE_GROUP_ID>27141137</REFERENCE_FEATURE_GROUP_ID>
    <FEATURE><FNAME>Höhe</FNAME><FVALUE>5.2</FVALUE></FEATURE>
   </PRODUCT_FEATURES>
   <PRODUCT_FEATURES>
    <REFERENCE_FEATURE_SYSTEM_NAME>udf_Muster-1.0</REFERENCE_FEATURE_SYSTEM_NAME>
    <REFERENCE_FEATURE_GROUP_ID>2</REFERENCE_FEATURE_GROUP_ID>
    <REFERENCE_FEATURE_GROUP_ID>8</REFERENCE_FEATURE_GROUP_ID>
   </PRODUCT_FEATURES>
   <PRODUCT_ORDER_DETAILS><ORDER_UNIT>C62</ORDER_UNIT></PRODUCT_ORDER_DETAILS>
   <PRODUCT_PRICE_DETAILS>
    <VALID_START_DATE>2026-01-01</VALID_START_DATE>
    <PRODUCT_PRICE price_type="net_customer"><PRICE_AMOUNT>1499.5</PRICE_AMOUNT>
     <TAX_DETAILS><TAX_TYPE>vat</TAX_TYPE><TAX>0.07</TAX></TAX_DETAILS>
     <LOWER_BOUND>100</LOWER_BOUND></PRODUCT_PRICE>
    <PRODUCT_PRICE price_type="net_customer"><PRICE_AMOUNT>1600</PRICE_AMOUNT></PRODUCT_PRICE>
   </PRODUCT_PRICE_DETAILS>
   <PRODUCT_PRICE_DETAILS>
    <PRODUCT_PRICE price_type="net_customer"><PRICE_AMOUNT>1</PRICE_AMOUNT>
     <TERRITORY>AT</TERRITORY></PRODUCT_PRICE>
   </PRODUCT_PRICE_DETAILS>
   <MIME_INFO><MIME><MIME_SOURCE>/d44.PNG</MIME_SOURCE></MIME></MIME_INFO>
  </PRODUCT>
 </T_NEW_CATALOG>
</BMECAT>"""


def read(text: str, encoding: str = "utf-8") -> tuple[Outline, Sequence[Record]]:
    file = io.BytesIO(text.encode(encoding))
    outline = outline_of(file)
    file.seek(0)
    return outline, list(records_of(file, outline))


def test_a_catalogue_of_1999() -> None:
    """X-39: an internal DTD, Latin-1, marks beside euros, commas, groups behind the articles."""
    outline, records = read(FIRST_VERSION, "iso-8859-1")
    assert outline.damage is None
    assert (outline.transaction, outline.articles) == ("T_NEW_CATALOG", 4)
    assert outline.header.catalogue == "BÜRO/B-99"
    assert records == [
        CatalogueArticle(
            34,
            "0017/A",
            "put",
            'Ordner "Büro" 80 mm',
            "Hält [b]alles[\\b] fest.[br]Je 10 µm",
            "Muster & Söhne",
            "ORD-17",
            brand="Muster & Söhne",
            groups=(("Ablage & Archiv", "Ordner"),),
            images=("//bilder/vorn.jpg", "https://bilder.example/o.jpg", "//bilder/hinten.jpg"),
            gtin="40123455",
            keywords=("Ordner", "Ablage"),
            order_unit="Packung",
            tax="standard",
            prices=(
                RecordPrice(
                    (PriceStep(1, Decimal("987.648")),), 100, date(1999, 10, 1), date(2000, 3, 31)
                ),
            ),
            notices=("Ein Bild hat weder einen Dateinamen noch eine Web-Adresse.",),
        ),
        CatalogueArticle(
            73,
            "0018",
            "put",
            "Heft",
            "",
            "",
            "",
            brand="",
            gtin="",
            keywords=(),
            notices=("Kein Preis ist in Euro (sondern: DEM).",),
        ),
        WrongRecord(82, "0019", "Die Bezeichnung fehlt."),
        WrongRecord(83, "", "Die Artikelnummer fehlt."),
    ]


def test_a_catalogue_of_2005_in_two_languages() -> None:
    """X-39: German is taken wherever it stands, and classes are groups if the file names them."""
    outline, records = read(LATEST_VERSION)
    assert outline.damage is None
    assert records == [
        CatalogueArticle(
            24,
            "1609801044",
            "put",
            "Relais",
            "Kontakte: 2, 0,15 µm, 1 < 2",
            "",
            "D 44",
            brand="",
            groups=(("Teile", "Relais"),),
            images=("https://bilder.example/gross/d44.PNG",),
            gtin="4006381333931",
            keywords=("Relais", "Schaltrelais"),
            order_unit="C62",
            tax="reduced",
            prices=(
                RecordPrice(
                    (PriceStep(1, Decimal("1600.00")), PriceStep(100, Decimal("1499.50"))),
                    1,
                    date(2026, 1, 1),
                ),
            ),
        )
    ]


PRICED = """<BMECAT><HEADER><CATALOG><CURRENCY>{currency}</CURRENCY></CATALOG></HEADER>
<{transaction}><ARTICLE><SUPPLIER_AID>1</SUPPLIER_AID>
<ARTICLE_DETAILS><DESCRIPTION_SHORT>Heft</DESCRIPTION_SHORT></ARTICLE_DETAILS>
<ARTICLE_ORDER_DETAILS><PRICE_QUANTITY>{quantity}</PRICE_QUANTITY></ARTICLE_ORDER_DETAILS>
<ARTICLE_PRICE_DETAILS>{details}</ARTICLE_PRICE_DETAILS></ARTICLE></{transaction}></BMECAT>"""


def priced(
    details: str, currency: str = "EUR", quantity: str = "1", transaction: str = "T_NEW_CATALOG"
) -> Record:
    text = PRICED.format(
        details=details, currency=currency, quantity=quantity, transaction=transaction
    )
    [record] = read(text)[1]
    return record


def price(amount: str, *more: str, kind: str = "net_list") -> str:
    return (
        f'<ARTICLE_PRICE price_type="{kind}"><PRICE_AMOUNT>{amount}</PRICE_AMOUNT>'
        f"{''.join(more)}</ARTICLE_PRICE>"
    )


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        (price("9.90", kind="gros_list"), "Kein Preis ist ein Nettopreis (sondern: gros_list)."),
        (price("9.90", kind="nrp"), "Kein Preis ist ein Nettopreis (sondern: nrp)."),
        (
            price("9.90", "<PRICE_CURRENCY>CHF</PRICE_CURRENCY>"),
            "Kein Preis ist in Euro (sondern: CHF).",
        ),
        (price("9.90", "<TERRITORY>CH</TERRITORY>"), "Kein Preis gilt für Deutschland."),
        (price("neun"), "Der Preis „neun“ ist keine Zahl."),
        (price("-1"), "Der Preis „-1“ ist keine Zahl."),
        (price("1.2.3"), "Der Preis „1.2.3“ ist keine Zahl."),
        (price("1", "<TAX>0.2</TAX>"), "Der Steuersatz „0.2“ gilt in Deutschland nicht."),
        (price("1", "<LOWER_BOUND>0.5</LOWER_BOUND>"), "Die Staffelmenge „0.5“ ist keine ganze"),
        (price("1") + price("2"), "Für dieselbe Menge gibt es zwei Preise."),
        ("<DAILY_PRICE>TRUE</DAILY_PRICE>" + price("1"), "Tagespreise sind nicht möglich."),
        ("<VALID_END_DATE>31.12.26</VALID_END_DATE>" + price("1"), "Das Datum „31.12.26“ ist"),
        (price("0.00000000001"), "Ein Preis hat 11 Nachkommastellen."),
        ("<ARTICLE_PRICE><PRICE_FORMULA/></ARTICLE_PRICE>", "Preise mit Formeln sind nicht"),
    ],
)
def test_a_price_that_cannot_be_taken_over_leaves_the_article_without_it(
    details: str, reason: str
) -> None:
    """X-39: net and euro only; an import of prices leaves out the article."""
    record = priced(details)
    assert isinstance(record, CatalogueArticle)
    assert record.prices is None
    [notice] = record.notices
    assert notice.startswith(reason)
    wrong = priced(details, transaction="T_UPDATE_PRICES")
    assert isinstance(wrong, WrongRecord)
    assert wrong.reason == notice


def test_an_update_of_prices_without_a_price_is_wrong() -> None:
    """X-39"""
    assert priced("", transaction="T_UPDATE_PRICES") == WrongRecord(2, "1", "Der Preis fehlt.")
    record = priced("")
    assert isinstance(record, CatalogueArticle)
    assert (record.prices, record.notices) == (None, ())


@pytest.mark.parametrize(
    ("amount", "factor", "quantity", "expected"),
    [
        ("3.49", "1", "100", (100, "3.49")),
        ("1,5", "1", "", (1, "1.50")),
        ("0.00012", "1", "1", (10, "0.0012")),
        ("0.0001234", "1", "10", (10_000, "0.1234")),
        ("3.3333", "0.3333", "1", (1, "1.111")),
        (" 1234.5000 ", "1.0", "1.0", (1, "1234.50")),
    ],
)
def test_prices_are_exact(
    amount: str, factor: str, quantity: str, expected: tuple[int, str]
) -> None:
    """X-34: more than four decimals become a larger price unit; a factor is rounded once."""
    factor = f"<PRICE_FACTOR>{factor}</PRICE_FACTOR>"
    record = priced(price(amount, factor), quantity=quantity)
    assert isinstance(record, CatalogueArticle)
    assert record.prices == (RecordPrice((PriceStep(1, Decimal(expected[1])),), expected[0]),)
    assert record.prices is not None
    assert str(record.prices[0].steps[0].amount) == expected[1]


def test_a_price_without_any_currency_is_not_taken_for_euro() -> None:
    """X-39"""
    record = priced(price("1"), currency="")
    assert isinstance(record, CatalogueArticle)
    assert record.notices == ("Kein Preis ist in Euro (sondern: ohne Währung).",)


def test_a_wrong_gtin_is_said_and_left_out() -> None:
    """X-39"""
    text = FIRST_VERSION.replace("40123455", "40123456")
    record = read(text, "iso-8859-1")[1][0]
    assert isinstance(record, CatalogueArticle)
    assert record.gtin is None
    assert record.notices[0] == "Die GTIN „40123456“ ist falsch: Ihre Prüfziffer passt nicht."


@pytest.mark.parametrize("mark", [SEALED_BY_NOBODY, SEALED_BY_NOBODY.replace("~", "&amp;#126;", 1)])
def test_what_looks_sealed_is_broken_up_in_every_text_of_an_article(mark: str) -> None:
    """S7, D1"""
    text = FIRST_VERSION
    for written in (
        ">Ordner<",
        "Hält <b>alles</b>",
        "ORD-17",
        "Muster &amp; Söhne",
        "Packung",
        "Ablage",
    ):
        assert written in text, written
        text = text.replace(written, f">{mark}<" if written[0] == ">" else mark)
    for record in read(text, "iso-8859-1")[1]:
        assert not list(reserved_in(loads(dumps(astuple(record), default=str)), "record"))
