"""The four tabs of „Gutscheine" in the menu „Datenpflege", as one day fills them."""

from typing import Any

import pytest

TABS = {
    "Gutscheine": "/campaigns",
    "Zentrale Kampagnen": "/central-campaigns",
    "Eingelöste Gutscheine": "/redeemed-vouchers",
    "Statistik": "/campaign-statistics",
}


@pytest.mark.parametrize("tab", TABS)
async def test_each_tab_is_a_list_and_a_file_for_staff_alone(shop: Any, tab: str) -> None:
    """VO-1"""
    path = TABS[tab]
    page = await shop.ask("clerk", "GET", path)
    assert page.status_code == 200, page.text
    assert page.json()["items"] == []
    for form in ("csv", "xlsx"):
        assert (await shop.ask("clerk", "GET", f"{path}.{form}")).status_code == 200
    for who in ("anna", "other-staff", "checkout"):
        assert (await shop.ask(who, "GET", path)).status_code == 403


async def test_a_day_fills_the_tabs(shop: Any) -> None:
    """VO-1, VO-2, VO-25, VO-39: what staff find where."""
    await shop.run_central()
    await shop.run()
    await shop.place("o1", await shop.hold("o1"))

    async def titles(path: str) -> list[str]:
        items = (await shop.ask("clerk", "GET", path)).json()["items"]
        return [str(item["title"]) for item in items]

    assert await titles(TABS["Gutscheine"]) == ["Frühling"]
    [offered] = await titles(TABS["Zentrale Kampagnen"])
    assert await titles(TABS["Eingelöste Gutscheine"]) == ["Frühling"]
    await shop.ask("staff", "POST", "/central-campaigns/central-spring/participation", {})
    assert sorted(await titles(TABS["Gutscheine"])) == sorted(["Frühling", offered])
    assert await titles(TABS["Zentrale Kampagnen"]) == []
