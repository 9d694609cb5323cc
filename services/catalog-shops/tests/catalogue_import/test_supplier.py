"""The files that a supplier sends over a year, with the habits of real ones, imported in a row.

They were written for these tests. As in real files the document type names another transaction than
the file has, every transaction has a namespace of its own, agreements and extensions stand in the
head, amounts have one decimal, and prices are of a season that is over.
"""

from typing import Any

import pytest
from catalog_shops_tests.service import InMemoryService

IMPORTER = "dealer-staff+import-articles"

HEAD = """<GENERATOR_INFO>Kataloggenerator</GENERATOR_INFO>
 <CATALOG>
  <LANGUAGE>deu</LANGUAGE><CATALOG_ID>SORT</CATALOG_ID><CATALOG_VERSION>1.0</CATALOG_VERSION>
  <DATETIME type="generation_date"><DATE>2026-01-24</DATE><TIME>20:38:00</TIME></DATETIME>
  <TERRITORY>DE</TERRITORY><TERRITORY>AT</TERRITORY><CURRENCY>EUR</CURRENCY>
  <MIME_ROOT>https://example.com/bilder</MIME_ROOT><PRICE_FLAG type="incl_packing">true</PRICE_FLAG>
 </CATALOG>
 <BUYER><BUYER_ID type="buyer">ACME</BUYER_ID></BUYER>
 <AGREEMENT><AGREEMENT_ID>23/97</AGREEMENT_ID>
  <DATETIME type="agreement_start_date"><DATE>2025-03-17</DATE></DATETIME>
  <DATETIME type="agreement_start_date"><DATE>2027-05-31</DATE></DATETIME>
 </AGREEMENT>
 <SUPPLIER><SUPPLIER_ID type="supplier">SATT</SUPPLIER_ID><SUPPLIER_NAME>Satt</SUPPLIER_NAME>
  <ADDRESS type="supplier"><CITY>Emden</CITY></ADDRESS></SUPPLIER>
 <USER_DEFINED_EXTENSIONS><UDX.SATT.FELD>A</UDX.SATT.FELD></USER_DEFINED_EXTENSIONS>"""


def price(amount: str, lower_bound: int) -> str:
    return f"""<ARTICLE_PRICE price_type="net_customer"><PRICE_AMOUNT>{amount}</PRICE_AMOUNT>
     <PRICE_CURRENCY>EUR</PRICE_CURRENCY><TAX>0.19</TAX><PRICE_FACTOR>1</PRICE_FACTOR>
     <LOWER_BOUND>{lower_bound}</LOWER_BOUND><TERRITORY>DE</TERRITORY></ARTICLE_PRICE>"""


def prices(one: str, hundred: str, begin: str, end: str) -> str:
    return f"""<ARTICLE_PRICE_DETAILS>
     <DATETIME type="valid_start_date"><DATE>{begin}</DATE><TIME>00:00:00</TIME></DATETIME>
     <DATETIME type="valid_end_date"><DATE>{end}</DATE><TIME>00:00:00</TIME></DATETIME>
     {price(one, 1)}{price(hundred, 100)}</ARTICLE_PRICE_DETAILS>"""


def article(number: str, name: str, ean: str, mode: str = "new") -> str:
    return f"""<ARTICLE mode="{mode}"><SUPPLIER_AID>{number}</SUPPLIER_AID>
   <ARTICLE_DETAILS>
    <DESCRIPTION_SHORT>{name} 13&#34;</DESCRIPTION_SHORT>
    <DESCRIPTION_LONG>Ein ruhiger Begleiter.</DESCRIPTION_LONG><EAN>{ean}</EAN>
    <SUPPLIER_ALT_AID>ALT-{number}</SUPPLIER_ALT_AID><BUYER_AID type="KMF">78787</BUYER_AID>
    <MANUFACTURER_AID>MPN</MANUFACTURER_AID><MANUFACTURER_NAME>Satt</MANUFACTURER_NAME>
    <SPECIAL_TREATMENT_CLASS type="GGVS">1201</SPECIAL_TREATMENT_CLASS>
    <KEYWORD>Lampe</KEYWORD><KEYWORD>Licht</KEYWORD>
    <ARTICLE_STATUS type="core_article">Kern</ARTICLE_STATUS></ARTICLE_DETAILS>
   <ARTICLE_FEATURES><REFERENCE_FEATURE_SYSTEM_NAME>ECLASS-5.1</REFERENCE_FEATURE_SYSTEM_NAME>
    <REFERENCE_FEATURE_GROUP_ID>19010203</REFERENCE_FEATURE_GROUP_ID>
    <FEATURE><FNAME>Spannung</FNAME><FVALUE>110</FVALUE><FVALUE>220</FVALUE></FEATURE>
   </ARTICLE_FEATURES>
   <ARTICLE_ORDER_DETAILS><ORDER_UNIT>BOX</ORDER_UNIT><CONTENT_UNIT>PCE</CONTENT_UNIT>
    <NO_CU_PER_OU>6</NO_CU_PER_OU><PRICE_QUANTITY>1</PRICE_QUANTITY></ARTICLE_ORDER_DETAILS>
   {prices("1499.5", "1300.9", "2026-01-01", "2026-07-31")}
   <MIME_INFO><MIME><MIME_TYPE>image/jpeg</MIME_TYPE><MIME_SOURCE>{number}.jpg</MIME_SOURCE>
    <MIME_PURPOSE>normal</MIME_PURPOSE></MIME></MIME_INFO>
   <ARTICLE_REFERENCE type="similar"><ART_ID_TO>2000</ART_ID_TO></ARTICLE_REFERENCE></ARTICLE>"""


def file(transaction: str, inside: str) -> bytes:
    name = transaction.removeprefix("T_").lower()
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE BMECAT SYSTEM "bmecat_new_catalog.dtd">
<BMECAT xmlns="http://www.bmecat.org/bmecat/1.2/bmecat_{name}" version="1.2">
 <HEADER>{HEAD}</HEADER>
 <{transaction} prev_version="13">{inside}</{transaction}>
</BMECAT>""".encode()


NEW = file(
    "T_NEW_CATALOG",
    article("1000", "Leuchte", "8712670911213") + article("2000", "Fluter", "4006381333931"),
)
UPDATE = file(
    "T_UPDATE_PRODUCTS",
    article("1000", "Leuchte L", "4006381333931", "update")
    + '<ARTICLE mode="delete"><SUPPLIER_AID>2000</SUPPLIER_AID></ARTICLE>'
    '<ARTICLE mode="delete"><SUPPLIER_AID>3000</SUPPLIER_AID></ARTICLE>',
)
PRICES = file(
    "T_UPDATE_PRICES",
    "".join(
        f"<ARTICLE><SUPPLIER_AID>{number}</SUPPLIER_AID>"
        f"{prices('1599.5', '1400', '2026-05-01', '2026-12-31')}</ARTICLE>"
        for number in ("1000", "4000")
    ),
)

MANUFACTURER = """<?xml version="1.0" encoding="UTF-8"?>
<BMECAT xmlns:co="http://www.example.com/content" xmlns:fn="http://www.w3.org/2005/xpath-functions"
  xmlns="http://www.bmecat.org/bmecat/2005+onto" version="2005">
 <HEADER><CATALOG><LANGUAGE>deu</LANGUAGE><LANGUAGE>eng</LANGUAGE><CATALOG_ID>1</CATALOG_ID>
  <CATALOG_VERSION>111.1</CATALOG_VERSION><CURRENCY>EUR</CURRENCY></CATALOG>
  <SUPPLIER><SUPPLIER_NAME>1</SUPPLIER_NAME><ADDRESS type="supplier"><EMAIL>1</EMAIL></ADDRESS>
  </SUPPLIER></HEADER>
 <T_NEW_CATALOG><PRODUCT><SUPPLIER_PID>1609801044</SUPPLIER_PID><PRODUCT_DETAILS>
   <DESCRIPTION_SHORT lang="eng">Marker</DESCRIPTION_SHORT>
   <DESCRIPTION_SHORT lang="deu">Schildchen</DESCRIPTION_SHORT>
   <DESCRIPTION_LONG lang="deu">Weiß, 0,15 µm stark</DESCRIPTION_LONG>
   <DESCRIPTION_LONG lang="eng">White</DESCRIPTION_LONG><EAN>4008190397111</EAN>
   <MANUFACTURER_PID>1609801044</MANUFACTURER_PID><MANUFACTURER_NAME>Schild</MANUFACTURER_NAME>
   <KEYWORD lang="deu">Schild</KEYWORD><KEYWORD lang="eng">Sign</KEYWORD></PRODUCT_DETAILS>
  <PRODUCT_FEATURES><REFERENCE_FEATURE_SYSTEM_NAME>ECLASS-9.0</REFERENCE_FEATURE_SYSTEM_NAME>
   <REFERENCE_FEATURE_GROUP_ID>27141137</REFERENCE_FEATURE_GROUP_ID>
   <FEATURE><FTEMPLATE><FT_ID>0173-1#02-AAR080#005</FT_ID><FT_NAME>Bauart</FT_NAME></FTEMPLATE>
    <VALUE_IDREF>0173-1#01-ADS444#005</VALUE_IDREF><FID>5000</FID></FEATURE></PRODUCT_FEATURES>
  <PRODUCT_ORDER_DETAILS><ORDER_UNIT>C62</ORDER_UNIT></PRODUCT_ORDER_DETAILS>
  <PRODUCT_PRICE_DETAILS><PRODUCT_PRICE price_type="net_list"></PRODUCT_PRICE>
  </PRODUCT_PRICE_DETAILS></PRODUCT></T_NEW_CATALOG>
</BMECAT>""".encode()


@pytest.fixture
def service() -> InMemoryService:
    return InMemoryService()


async def imported(service: InMemoryService, content: bytes) -> tuple[Any, list[Any]]:
    """The import as its list shows it, and its mistakes."""
    answer = await service.upload_catalogue(content, IMPORTER, dealer="acme")
    assert answer.status_code == 202, answer.text
    await service.import_waiting()
    path = f"/catalogue-imports/{answer.json()['import_id']}"
    about = await service.must("dealer-staff", "GET", path)
    mistakes = (await service.must("dealer-staff", "GET", f"{path}/errors"))["items"]
    return about, [(one["number"], one["consequence"], one["reason"]) for one in mistakes]


async def test_a_year_of_files_of_one_supplier_is_counted_right(service: InMemoryService) -> None:
    """X-39: a new catalogue, an update of products, one of prices; each row is accounted for."""
    about, mistakes = await imported(service, NEW)
    assert (about["scope"], about["catalogue"]) == ("whole-catalogue", "SATT/SORT")
    assert about["counts"] | {"new": 2, "partly": 1} == about["counts"]
    wrong = "Die GTIN „8712670911213“ ist falsch: Ihre Prüfziffer passt nicht."
    assert mistakes == [("1000", "partly", wrong)]
    lamp = await service.must("dealer-staff", "GET", "/articles/1000")
    assert lamp["article"]["name"] == 'Leuchte 13"'
    assert lamp["article"]["keywords"] == ["Lampe", "Licht"]
    assert lamp["article"]["images"][0]["source"] == "https://example.com/bilder/1000.jpg"
    dear = await service.must("dealer-staff", "GET", "/articles/1000/price?quantity=100")
    assert dear["offer"]["price"]["line_net_cents"] == 100 * 130_090

    about, mistakes = await imported(service, UPDATE)
    assert (about["scope"], about["total"]) == ("some-articles", 3)
    assert (
        about["counts"] | {"changed": 1, "delisted": 1, "wrong": 1, "partly": 0} == about["counts"]
    )
    assert mistakes == [("3000", "left-out", "Den Artikel 3000 gibt es nicht.")]
    lamp = await service.must("dealer-staff", "GET", "/articles/1000")
    assert (lamp["article"]["name"], lamp["article"]["gtin"]) == ('Leuchte L 13"', "4006381333931")

    about, mistakes = await imported(service, PRICES)
    assert (about["scope"], about["total"]) == ("prices", 2)
    assert about["counts"] | {"changed": 1, "wrong": 1} == about["counts"]
    assert mistakes == [("4000", "left-out", "Den Artikel 4000 gibt es nicht.")]


async def test_a_catalogue_of_a_manufacturer_has_german_texts_and_no_prices(
    service: InMemoryService,
) -> None:
    """X-39: a namespace that no standard names, two languages in every text, features, no price."""
    about, mistakes = await imported(service, MANUFACTURER)
    assert about["counts"] | {"new": 1, "wrong": 0} == about["counts"]
    found = (await service.must("dealer-staff", "GET", "/articles/1609801044"))["article"]
    assert (found["name"], found["text"]) == ("Schildchen", "Weiß, 0,15 µm stark")
    assert (found["keywords"], found["gtin"]) == (["Schild"], "4008190397111")
    assert found["order_unit"] == "C62"
    assert not mistakes or mistakes[0][1] == "partly"


async def test_the_same_file_again_changes_nothing(service: InMemoryService) -> None:
    """X-39, X-12"""
    await imported(service, NEW)
    about, _ = await imported(service, NEW)
    assert about["counts"]["unchanged"] == 2
    assert about["counts"]["changed"] == about["counts"]["new"] == 0
