"""Texts that people paste, and those of attackers: refused with a reason, or shown as text."""

import pytest
from catalog_shops_tests.service import EDITOR
from catalog_shops_tests.shops import Shops

from zugabe_testing.callers import problem_code

ARTICLES = "dealer-staff+edit-articles"


@pytest.fixture
async def shops() -> Shops:
    shops = Shops()
    await shops.unlock_own_shops()
    await shops.must(EDITOR, "DELETE", "/theme-shop-placement/adoption")
    head = {"name": "Büro & Co", "url_name": "Büro & Co", "text": "Alles"}
    await shops.must(EDITOR, "PUT", "/theme-shops/buero", head)
    return shops


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("text", "[b]fett", "text-bold-unbalanced"),
        ("text", "[b]x[b]y[\\b][\\b]", "text-bold-unbalanced"),
        ("text", "fett[\\b]", "text-bold-unbalanced"),
        ("text", "a\x00b", "invalid"),
        ("text", "a\x1b[31mb", "invalid"),
        ("text", "a\u202eb", "invalid"),
        ("text", "[b]" * 1_700, "invalid"),
        ("name", "Advent\u202egpj", "invalid"),
        ("name", "Advent\u2066", "url-name-taken"),
        ("name", "\u200b \u200f", "invalid"),
        ("name", "a\nb", "invalid"),
        ("url_name", "BÜRO---CO", "url-name-taken"),
        ("url_name", "Bu\u0308ro co", "url-name-taken"),
        ("url_name", "ｂｕｅｒｏ＿ｃｏ", "url-name-taken"),
        ("url_name", "b\u200büro\u00ad co", "url-name-taken"),
        ("url_name", "бюро", "url-name-empty"),
        ("url_name", "🎄", "url-name-empty"),
        ("url_name", "..", "url-name-empty"),
        ("url_name", "a" * 65, "url-name-too-long"),
    ],
)
async def test_a_text_that_cannot_be_shown_is_refused_and_changes_nothing(
    shops: Shops, field: str, text: str, code: str
) -> None:
    """CS-19, CS-20, D21"""
    commits = len(shops.store.commits)
    head = {"name": "Advent", "url_name": "buero co" if field == "name" else "advent", "text": "x"}
    answer = await shops.ask(EDITOR, "PUT", "/theme-shops/advent", head | {field: text})
    assert problem_code(answer, 409 if code == "url-name-taken" else 422) == code
    assert len(shops.store.commits) == commits


async def test_script_in_any_text_is_text(shops: Shops) -> None:
    """CS-20, CS-39: a name is not HTML, and the text of the page is made safe."""
    script = "<script>alert(1)</script>"
    head = {"name": script, "url_name": "advent", "text": f"[b]{script}[\\b]", "active": True}
    await shops.must(EDITOR, "PUT", "/theme-shops/advent", head)
    page = await shops.must(EDITOR, "GET", "/theme-shops/advent")
    assert page["name"] == script
    shown = await shops.must(EDITOR, "GET", "/front-preview/shops/advent?at=2026-05-04T10:00:00Z")
    assert shown["text"] == "<b>&lt;script&gt;alert(1)&lt;/script&gt;</b>"


@pytest.mark.parametrize(
    ("field", "value", "detail"),
    [
        ("manufacturer", "a\u202eb", "Der Hersteller enthält Steuerzeichen."),
        ("keywords", ["a\x00b"], "Ein Schlagwort enthält Steuerzeichen."),
        ("keywords", ["x" * 200 + "y"], None),
        ("text", "a\u2067b", "Der Langtext ist länger als 64.000 Zeichen oder enthält "),
    ],
)
async def test_an_article_has_no_signs_that_control(
    shops: Shops, field: str, value: object, detail: str | None
) -> None:
    """D21"""
    answer = await shops.ask(ARTICLES, "PUT", "/articles/1", {"name": "Locher", field: value})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(detail or "Die Anfrage")


async def test_a_product_group_is_never_above_itself(shops: Shops) -> None:
    """CS-11: neither directly nor around three corners; the tree stays as it was."""
    for group, parent in (("a", None), ("b", "a"), ("c", "b")):
        await shops.must(
            ARTICLES, "PUT", f"/product-groups/{group}", {"name": group, "parent": parent}
        )
    tree = await shops.must(ARTICLES, "GET", "/product-groups")
    for parent in ("a", "b", "c"):
        answer = await shops.ask(
            ARTICLES, "PUT", "/product-groups/a", {"name": "a", "parent": parent}
        )
        assert problem_code(answer, 409) == "product-group-above-itself"
    assert await shops.must(ARTICLES, "GET", "/product-groups") == tree
