"""Commands whose results a programme keeps for good are limited by tenant and day (S12)."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from bonus_tests.shop import PROGRAMME, STAFF, TERMS, Bonus

from bonus.quotas import QUOTAS
from zugabe_testing.callers import problem_code


async def test_a_dealer_publishes_so_many_texts_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """S12: a text is refused with what to do, its terms are changed all the same."""
    monkeypatch.setitem(QUOTAS, "texts", replace(QUOTAS["texts"], most=2))
    bonus = Bonus()
    await bonus.set_up()

    async def publish(body: str) -> httpx.Response:
        path = f"{PROGRAMME}/texts/participation"
        return await bonus.ask(STAFF, "PUT", path, {"body": body})

    for body in ("Eins.", "Zwei."):
        assert (await publish(body)).status_code == 204
    refused = await publish("Drei.")
    assert problem_code(refused, 429) == "too-many-attempts"
    assert refused.json()["detail"] == (
        "An einem Tag können Sie nicht mehr als 2 Texte des Bonusprogramms veröffentlichen. "
        "Bitte versuchen Sie es später noch einmal."
    )
    changed = await bonus.ask(STAFF, "PUT", PROGRAMME, TERMS | {"pending_days": 20})
    assert changed.status_code == 204, changed.text
    bonus.now += timedelta(days=1, seconds=1)
    assert (await publish("Drei.")).status_code == 204
    await bonus.http.aclose()
