"""A brand's data models, deliveries and articles, as a partner reports them."""

from typing import Any

import httpx
import pytest
from web_tests.browser import Browser
from web_tests.forms import Html, bodies, prepare, send
from web_tests.onboarding import PARTNER, problem

ROOT = f"/partners/{PARTNER}"
AT = f"{ROOT}/brands/nordkap"
NEEDS = {
    "brand": "nordkap",
    "product_types": [
        {"product_type": "hose", "label": "Hose", "status": "available", "due_on": None},
        {"product_type": "kajak", "label": "Kajak", "status": "missing", "due_on": None},
        {"product_type": "zelt", "label": "Zelt", "status": "reported", "due_on": "2026-12-28"},
    ],
    "price_cents": 0,
    "days": 28,
}
PLACE: dict[str, Any] = {
    "brand": "nordkap",
    "warehouse": "hamburg",
    "name": "Hamburg",
    "address": None,
    "conditions": None,
    "planned": {
        "pieces": 6000,
        "articles": 1,
        "groups": [
            {
                "product_group": "Jacken",
                "pieces": 6000,
                "length_mm": 400,
                "width_mm": 300,
                "height_mm": 60,
                "weight_g": None,
            }
        ],
    },
}
DATA_MODELS, DELIVERY = "/marken/nordkap/datenmodelle", "/marken/nordkap/anlieferung"
ARTICLES = "/marken/nordkap/artikel"


@pytest.fixture
async def kim(browser: Browser) -> Browser:
    prepare(browser)
    types = [{"product_type": "hose", "label": "Hose", "group": "Mode"}]
    browser.onboarding.answers |= {
        f"GET {AT}/product-types": NEEDS,
        f"GET {ROOT}/product-types": {"items": types, "next": None},
        f"GET {AT}/warehouse": PLACE,
    }
    await browser.enter()
    return browser


async def test_product_types_are_told_with_their_data_models(kim: Browser) -> None:
    """ON-24, ON-26, ON-28: with the overview, the price and the days it takes"""
    text = (await kim.open(DATA_MODELS)).text
    assert "Datenmodell vorhanden" in text
    assert "spätestens am 28.12.2026" in text
    assert "bis zu 4 Wochen" in text
    assert "kostenfreier Service" in text
    assert "Mode (1)" in text
    [checked] = Html(text).field("produkttyp")
    assert checked["value"] == "kajak"


async def test_missing_ones_are_reported(kim: Browser) -> None:
    """ON-27"""
    kim.onboarding.answers[f"POST {AT}/data-model-requests"] = {"request": "r1"}
    answer = await send(kim, DATA_MODELS, {"produkttyp": "kajak", "aktion": "melden"})
    assert answer.status_code == 303
    sent = bodies(kim, "POST", f"{AT}/data-model-requests")
    assert sent == [{"product_types": ["kajak"]}]
    assert "kostenfrei" in (await kim.open(DATA_MODELS)).text


async def test_to_report_nothing_is_told_beside_the_choice(kim: Browser) -> None:
    answer = await send(kim, DATA_MODELS, {"aktion": "melden"})
    assert answer.status_code == 422
    assert "mindestens einen Produkttyp" in answer.text
    assert Html(answer.text).by_id("produkttyp")["aria-invalid"] == "true"


async def test_more_product_types_are_added_to_those_that_are_there(kim: Browser) -> None:
    """ON-24"""
    kim.onboarding.answers[f"PUT {AT}/product-types"] = NEEDS
    await send(kim, DATA_MODELS, {"weitere": " Boot \n\nSegel", "aktion": "ergaenzen"})
    [body] = bodies(kim, "PUT", f"{AT}/product-types")
    assert body == {"product_types": ["Hose", "Kajak", "Zelt", "Boot", "Segel"]}


async def test_the_address_is_told_once_logistics_has_begun(kim: Browser) -> None:
    """ON-4, ON-31: before, the warehouse and the planned stock alone"""
    early = (await kim.open(DELIVERY)).text
    assert 'Ihr Lager <span class="aside">Hamburg</span>' in early
    assert "6.000 Stück" in early
    assert "400 × 300 × 60" in early
    assert "zu Beginn der Logistikphase" in early
    assert 'name="stueck"' not in early
    disclosed = {**PLACE, "address": "Kai 1\nHamburg", "conditions": "Bis 14 Uhr"}
    disclosed["announced"] = [{"delivery": "d1", "expected_on": "2026-12-01", "pieces": 1200}]
    disclosed["received"] = [{"receipt": "r1", "received_on": "2026-12-02", "pieces": 1180}]
    kim.onboarding.answers[f"GET {AT}/warehouse"] = disclosed
    late = (await kim.open(DELIVERY)).text
    assert "Kai 1\nHamburg" in late
    assert "Bis 14 Uhr" in late
    assert 'name="stueck"' in late
    assert late.index("angekündigt</td>") < late.index("1.200") < late.index("1.180")


async def test_without_a_warehouse_the_page_says_how_it_is_chosen(kim: Browser) -> None:
    """ON-4"""
    refusal = problem(404, "no-warehouse-chosen", "Noch kein Lager.")
    kim.onboarding.answers[f"GET {AT}/warehouse"] = refusal
    answer = await kim.open(DELIVERY)
    assert answer.status_code == 200
    assert "auf Basis Ihrer geplanten Lagerbestände" in answer.text


async def test_a_delivery_is_announced_once(kim: Browser) -> None:
    """ON-6"""
    kim.onboarding.answers[f"PUT {AT}/deliveries/k1"] = httpx.Response(204)
    given = {"termin": "01.12.2026", "stueck": "1.600", "kennung": "k1"}
    for _ in range(2):
        assert (await send(kim, DELIVERY, given)).status_code == 303
    bodies_sent = bodies(kim, "PUT", f"{AT}/deliveries/k1")
    assert bodies_sent == [{"expected_on": "2026-12-01", "pieces": 1600}] * 2
    assert "am 01.12.2026 ist angekündigt" in (await kim.open(DELIVERY)).text


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"termin": "", "stueck": "600"}, "termin"),
        ({"termin": "31.02.2026", "stueck": "600"}, "termin"),
        ({"termin": "2026-12-01", "stueck": "1.00"}, "stueck"),
        ({"termin": "2026-12-01", "stueck": "0"}, "stueck"),
    ],
)
async def test_a_delivery_without_day_or_pieces_is_told(
    kim: Browser, given: dict[str, str], wrong: str
) -> None:
    kim.onboarding.answers[f"GET {AT}/warehouse"] = {**PLACE, "address": "Kai", "conditions": "x"}
    answer = await send(kim, DELIVERY, {**given, "kennung": "../x"})
    html = Html(answer.text)
    assert answer.status_code == 422
    assert html.by_id(wrong)["aria-invalid"] == "true"
    assert html.by_id("stueck")["value"] == given["stueck"]
    assert html.field("kennung")[0]["value"] != "../x"


async def test_a_refused_delivery_keeps_what_was_typed(kim: Browser) -> None:
    kim.onboarding.answers[f"GET {AT}/warehouse"] = {**PLACE, "address": "Kai", "conditions": "x"}
    detail = "Der Liefertermin darf nicht in der Vergangenheit liegen."
    kim.onboarding.answers[f"PUT {AT}/deliveries/k1"] = problem(422, "day-not-possible", detail)
    given = {"termin": "2026-01-01", "stueck": "600", "kennung": "k1"}
    answer = await send(kim, DELIVERY, given)
    assert answer.status_code == 422
    assert detail in answer.text
    assert Html(answer.text).by_id("stueck")["value"] == "600"


async def test_articles_are_registered_in_lots(kim: Browser) -> None:
    """ON-5, ON-24"""
    kim.onboarding.answers[f"POST {AT}/articles"] = httpx.Response(204)
    numbers = "\r\n".join(["0017", " 0018 ", "", "0017", *(f"A{n}" for n in range(600))])
    answer = await send(kim, ARTICLES, {"nummern": numbers, "produkttyp": "hose"})
    assert answer.status_code == 303
    lots = [body["articles"] for body in bodies(kim, "POST", f"{AT}/articles")]
    assert [len(lot) for lot in lots] == [500, 102]
    assert lots[0][:2] == [
        {"article": "0017", "product_type": "hose"},
        {"article": "0018", "product_type": "hose"},
    ]
    assert "602 Artikel sind registriert." in (await kim.open(ARTICLES)).text


async def test_refused_articles_are_named(kim: Browser) -> None:
    refused = [{"article": "<17>", "detail": "Ist schon einer anderen Art zugeordnet."}]
    kim.onboarding.answers[f"POST {AT}/articles"] = problem(
        409, "article-conflict", "Ein Artikel wurde abgelehnt.", articles=refused
    )
    answer = await send(kim, ARTICLES, {"nummern": "<17>", "produkttyp": "hose"})
    assert answer.status_code == 409
    assert "&lt;17&gt;: Ist schon einer anderen Art zugeordnet." in answer.text
    assert "&lt;17&gt;</textarea>" in answer.text


async def test_articles_without_number_or_type_are_told(kim: Browser) -> None:
    answer = await send(kim, ARTICLES, {"nummern": " ", "produkttyp": ""})
    html = Html(answer.text)
    assert answer.status_code == 422
    assert html.by_id("nummern")["aria-invalid"] == "true"
    assert html.by_id("nummern")["aria-describedby"] == "nummern-hilfe nummern-fehler"
    assert html.by_id("produkttyp")["aria-invalid"] == "true"


@pytest.mark.parametrize("path", [DATA_MODELS, DELIVERY, ARTICLES])
async def test_brands_of_others_are_no_pages_and_nothing_is_lost(kim: Browser, path: str) -> None:
    """X-16"""
    other = path.replace("nordkap", "fremd")
    assert (await kim.open(other)).status_code == 404
    assert (await send(kim, other, {})).status_code == 404
    stale = await send(kim, path, {"csrf": "x", "nummern": "0017", "weitere": "Boot"})
    assert stale.status_code == 403
    assert "Ihre Eingaben sind noch da" in stale.text
    assert "0017" in stale.text
    kim.onboarding.answers[f"GET {ROOT}"] = httpx.ConnectError("down")
    away = await send(kim, path, {"nummern": "0017", "termin": "2026-12-01", "stueck": "1"})
    assert away.status_code == 503
    assert "0017" in away.text
