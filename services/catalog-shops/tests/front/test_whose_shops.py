"""Whose shops a dealer shows: central ones, own ones, and which of two with one name."""

from catalog_shops_tests.fronts import Fronts
from catalog_shops_tests.service import EDITOR

from zugabe_testing.callers import problem_code


async def brands(fronts: Fronts, dealer: str = "acme") -> list[str]:
    header = await fronts.look("/header", dealer=dealer)
    return [one["shop"]["name"] for one in header["flyout"]["brands"]]


async def test_central_shops_are_shown_until_the_dealer_leaves_them() -> None:
    """CS-2, CS-12, CS-14: then none is, until one is activated singly."""
    fronts = Fronts()
    await fronts.shop("brand", "leitz")
    await fronts.shop("brand", "tesa")
    assert await brands(fronts) == ["Leitz", "Tesa"]
    await fronts.allow_own("brand")
    assert await brands(fronts) == []
    assert problem_code(await fronts.visit("/shops/leitz"), 404) == "shop-not-found"
    path = "/brand-shop-placement/active/central/tesa"
    await fronts.must(EDITOR, "PUT", path)
    assert await brands(fronts) == ["Tesa"]
    assert await brands(fronts, "other") == ["Leitz", "Tesa"]


async def test_central_maintenance_flows_in() -> None:
    """CS-14"""
    fronts = Fronts()
    await fronts.shop("brand", "leitz")
    await fronts.allow_own("brand")
    await fronts.must(EDITOR, "PUT", "/brand-shop-placement/active/central/leitz")
    assert (await fronts.look("/shops/leitz"))["text"] == "Text"
    await fronts.save("brand", "leitz", dealer="central", text="Neuer [b]Text[\\b]")
    assert (await fronts.look("/shops/leitz"))["text"] == "Neuer <b>Text</b>"


async def test_own_shops_are_hidden_while_central_ones_are_adopted() -> None:
    """CS-13"""
    fronts = Fronts()
    await fronts.shop("brand", "leitz")
    await fronts.allow_own("brand")
    await fronts.shop("brand", "eigen", dealer="acme")
    assert await brands(fronts) == ["Eigen"]
    await fronts.must(EDITOR, "PUT", "/brand-shop-placement/adoption")
    assert await brands(fronts) == ["Leitz"]
    assert problem_code(await fronts.visit("/shops/eigen"), 404) == "shop-not-found"


async def test_an_own_shop_wins_over_a_central_one_of_the_same_url_name() -> None:
    """CS-14, CS-19: the central one stays reachable under a name that no shop can have."""
    fronts = Fronts()
    await fronts.shop("brand", "leitz")
    assert (await fronts.look("/shops/leitz"))["shop"]["dealer"] == "central"
    await fronts.allow_own("brand", "theme")
    await fronts.must(EDITOR, "PUT", "/brand-shop-placement/active/central/leitz")
    await fronts.shop("theme", "leitz", dealer="acme", name="Unser Leitz")
    assert (await fronts.look("/shops/leitz"))["shop"]["name"] == "Unser Leitz"
    assert (await fronts.look("/shops/zentral.leitz"))["shop"]["name"] == "Leitz"
    flyout = (await fronts.look("/header"))["flyout"]
    assert flyout["brands"][0]["shop"]["url_name"] == "zentral.leitz"
    assert flyout["themes"][0]["url_name"] == "leitz"
    await fronts.save("theme", "leitz", dealer="acme", active=False)
    assert (await fronts.look("/shops/leitz"))["shop"]["dealer"] == "central"
    flyout = (await fronts.look("/header"))["flyout"]
    assert flyout["brands"][0]["shop"]["url_name"] == "leitz"


async def test_an_inactive_or_deleted_shop_is_not_there() -> None:
    """CS-16, CS-21"""
    fronts = Fronts()
    await fronts.shop("theme", "ostern")
    await fronts.save("theme", "ostern", dealer="central", active=False)
    assert problem_code(await fronts.visit("/shops/ostern"), 404) == "shop-not-found"
    await fronts.save("theme", "ostern", dealer="central", active=True)
    assert await fronts.look("/shops/ostern")
    await fronts.must("central", "DELETE", "/theme-shops/ostern", dealer="central")
    for path in ("/shops/ostern", "/shops/ostern/articles", "/shops/ostern/articles/1"):
        assert problem_code(await fronts.visit(path), 404) == "shop-not-found"
    assert (await fronts.look("/header"))["flyout"]["themes"] == []


async def test_no_dealer_shows_a_shop_of_another() -> None:
    """X-16"""
    fronts = Fronts()
    await fronts.allow_own("brand")
    await fronts.shop("brand", "eigen", dealer="acme")
    assert await fronts.look("/shops/eigen")
    assert problem_code(await fronts.visit("/shops/eigen", dealer="other"), 404)
    assert await brands(fronts, "other") == []


async def test_a_group_of_dealers_has_no_front() -> None:
    answer = await Fronts().visit("/header", dealer="group.bueroring")
    assert problem_code(answer, 404) == "front-not-found"
