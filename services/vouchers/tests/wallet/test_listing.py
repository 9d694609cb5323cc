"""X-18: vouchers, their uses and campaigns as files, with the filters and order of the lists."""

import csv
from collections.abc import Mapping
from datetime import timedelta
from io import StringIO
from typing import Any

from vouchers.campaign.listing import TABLE as CAMPAIGNS_TABLE
from vouchers.wallet.listing import ISSUED_TABLE, REDEEMED_TABLE
from zugabe_events.export.table import Table, columns_of


async def rows(shop: Any, path: str, table: Table[Any], who: str = "staff") -> list[dict[str, str]]:
    answer = await shop.ask(who, "GET", path)
    assert answer.status_code == 200, answer.text
    text = answer.content.decode("utf-8-sig")
    found = csv.DictReader(StringIO(text, newline=""), delimiter=";")
    assert found.fieldnames == [column.title for column in columns_of(table)]
    return list(found)


def part(row: Mapping[str, str], *titles: str) -> tuple[str, ...]:
    return tuple(row[title] for title in titles)


async def test_uses_are_told_by_day_and_with_what_they_saved(shop: Any) -> None:
    await shop.run()
    for order_id, user in (("o1", "anna"), ("o2", "bert"), ("o3", "anna")):
        await shop.place(order_id, await shop.hold(order_id, user=user), user)
        shop.now += timedelta(days=1)
    path = "/redeemed-vouchers.csv"
    latest = await rows(shop, path, REDEEMED_TABLE)
    assert [row["Bestell-ID"] for row in latest] == ["o3", "o2", "o1"]
    days = "?redeemed_from=2026-05-04&redeemed_until=2026-05-05&sort=redeemed_at"
    first, second = await rows(shop, path + days, REDEEMED_TABLE)
    told = part(first, "Eingelöst am (Berlin)", "Benutzer", "Rabatt (EUR)", "Zurückgegeben")
    assert told == ("2026-05-04 14:00:00", "anna", "10,00", "nein")
    assert second["Bestell-ID"] == "o2"
    assert len(await rows(shop, f"{path}?user=anna", REDEEMED_TABLE)) == 2
    assert await rows(shop, f"{path}?returned=true", REDEEMED_TABLE) == []


async def test_vouchers_are_told_to_their_users_and_to_staff(shop: Any) -> None:
    await shop.run("again", kind="second-purchase", title="@Danke", max_per_user=2)
    await shop.place("of-anna")
    await shop.place("of-bert", user="bert")
    told = await rows(shop, "/vouchers.csv?user=bert", ISSUED_TABLE)
    titles = "Benutzer", "Kampagne", "Status", "Rabatt (%)", "Rabatt (EUR)", "Noch einlösbar"
    assert [part(row, *titles) for row in told] == [
        ("bert", "'@Danke", "ungenutzt", "10,00", "", "2")
    ]
    [own] = await rows(shop, "/users/anna/vouchers.csv", ISSUED_TABLE, "anna")
    assert own["Bestell-ID"] == "of-anna"
    assert (await shop.ask("bert", "GET", "/users/anna/vouchers.csv")).status_code == 403
    assert (await shop.ask("anna", "GET", "/vouchers.csv")).status_code == 403


async def test_campaigns_are_told_with_their_terms(shop: Any) -> None:
    """VO-8, VO-44: in the words of the handbook."""
    await shop.run("later", code="B12345", discount_type="fixed", value=550, title="Sommer")
    await shop.ask("staff", "PUT", "/campaigns/draft", {**DRAFT})
    drawn, later = await rows(shop, "/campaigns.csv?sort=valid_from", CAMPAIGNS_TABLE)
    titles = "Kampagne", "Status", "Art", "Rabattart", "Rabatt (EUR)", "Rabatt (%)", "Gültig von"
    assert part(later, *titles) == (
        "Sommer", "aktiv", "allgemein", "Festwert", "5,50", "", "2026-05-01",
    )  # fmt: skip
    assert part(drawn, *titles) == (
        "Frühjahr", "Entwurf", "allgemein", "Kostenloser Versand", "", "", "2026-04-01",
    )  # fmt: skip
    only = await rows(shop, "/campaigns.csv?status=active", CAMPAIGNS_TABLE)
    assert only == [later]


DRAFT = {
    "title": "Frühjahr",
    "code": "C12345",
    "discount_type": "free-shipping",
    "valid_from": "2026-04-01",
    "valid_until": "2026-04-30",
    "minimum_cents": 0,
}
