"""Commands whose results are kept for good are limited by tenant and day (S12)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from vouchers.quotas import QUOTAS
from zugabe_testing.callers import problem_code


async def test_a_dealer_draws_up_so_many_campaigns_a_day(
    shop: Any, new: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S12: another dealer has a quota of their own, and tomorrow there is a new one."""
    monkeypatch.setitem(QUOTAS, "campaigns", replace(QUOTAS["campaigns"], most=2))

    async def draw_up(name: str, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        body = new(code=f"CODE{name}")
        return await shop.ask("staff", "PUT", f"/campaigns/{name}", body, **headers)

    for _ in range(2):
        assert (await draw_up("a", "k1")).status_code == 200, "a repeat counts once"
    assert (await draw_up("b")).status_code == 200
    refused = await draw_up("c")
    assert problem_code(refused, 429) == "too-many-attempts"
    assert refused.json()["detail"] == (
        "An einem Tag können Sie nicht mehr als 2 Kampagnen anlegen. "
        "Bitte versuchen Sie es später noch einmal."
    )
    assert int(refused.headers["Retry-After"]) > 80_000
    copied = await shop.ask(
        "staff", "POST", "/campaigns/a/copies", {"campaign_id": "d", "code": "CODED"}
    )
    assert problem_code(copied, 429) == "too-many-attempts"
    central = await shop.ask(
        "central", "PUT", "/campaigns/central-a", new(code="1A"), dealer="central"
    )
    assert central.status_code == 200, central.text
    shop.now += timedelta(days=1, seconds=1)
    assert (await draw_up("c")).status_code == 200


async def test_changes_of_campaigns_and_lists_of_articles_have_quotas_of_their_own(
    shop: Any, new: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S12: each change is a version for good; a dry run keeps nothing."""
    monkeypatch.setitem(QUOTAS, "changes", replace(QUOTAS["changes"], most=1))
    monkeypatch.setitem(QUOTAS, "article-lists", replace(QUOTAS["article-lists"], most=1))
    await shop.ask("staff", "PUT", "/campaigns/a", new())
    for version, status in ((1, 200), (2, 429)):
        changed = new(title=f"Titel {version}") | {"version": version}
        answer = await shop.ask("staff", "PUT", "/campaigns/a/terms", changed)
        assert answer.status_code == status, answer.text

    async def list_(text: str, **more: Any) -> Any:
        return await shop.ask("staff", "POST", "/article-lists/text", {"text": text, **more})

    assert (await list_("4711")).status_code == 200
    assert (await list_("4712", dry_run=True)).status_code == 200
    assert problem_code(await list_("4712"), 429) == "too-many-attempts"
