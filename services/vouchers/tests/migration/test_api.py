"""X-30: what the system before knew of vouchers counts here, after a dry run."""

from collections.abc import Callable
from typing import Any

import pytest

from vouchers.campaign.uses import CAMPAIGN_USES
from vouchers.wallet.decider import wallet_history
from zugabe_events.contracts.vouchers import (
    PastUsesImported,
    SharedPastUsesImported,
    VoucherIssued,
)
from zugabe_events.domain.event_store import state_of
from zugabe_events.http import import_commands as commands
from zugabe_testing.callers import signed_in
from zugabe_testing.views import InMemoryViews

USES = "Kunde;Benutzer;Gutscheincode;Anzahl\n"
ISSUED = "Kunde;Benutzer;Gutscheincode;Ausgestellt am;Gültig bis\n"


async def send(
    shop: Any, kind: str, table: str, who: str = "backend", **query: Any
) -> dict[str, Any]:
    found: dict[str, Any] = (await answer(shop, kind, table, who, **query)).json()
    return found


async def answer(shop: Any, kind: str, table: str, who: str = "backend", **query: Any) -> Any:
    headers = signed_in(shop.callers[who]) | {"content-type": "text/csv"}
    path = f"/dealers/acme/voucher-imports/{query.pop('import_id', 'old')}/{kind}"
    return await shop.http.post(path, content=table.encode(), params=query, headers=headers)


async def test_used_codes_count_for_user_customer_and_campaign(shop: Any) -> None:
    """VO-11 to VO-14: as if they had been used here."""
    await shop.run("user", code="USER", max_per_user=2)
    await shop.run("customer", code="CUSTOMER", max_per_customer=3)
    await shop.run("all", code="ALL", max_uses=4)
    table = USES + (
        "So.COMMERCE;anna;user;2\n"
        "So.COMMERCE;bert;USER;1\n"
        "So.COMMERCE;;customer;3\n"
        "c9;carl;all;\n"
        "c9;dora;all;3\n"
    )
    done = await send(shop, "uses", table, dry_run="false")
    assert (done["rows"], done["new"], done["postponed"], done["wrong"]) == (5, 10, 0, [])

    async def refused(order_id: str, code: str, user: str = "anna") -> str | None:
        held = await shop.hold(order_id, codes=[code], user=user)
        return None if held.status_code == 200 else str(held.json()["code"])

    assert await refused("o1", "user") == "user-limit"
    assert await refused("o2", "user", "bert") is None
    assert await refused("o3", "user", "bert") == "user-limit"
    assert await refused("o4", "customer") == "customer-limit"
    assert await refused("o5", "all") == "campaign-limit"
    uses = InMemoryViews(CAMPAIGN_USES, [shop.store])
    view = await uses.get("acme/all")
    assert view is not None
    assert (view.uses, view.counted) == (4, 4)


async def test_a_dry_run_says_what_would_happen_and_does_nothing(shop: Any) -> None:
    await shop.run()
    before = len(shop.store.commits)
    table = USES + "So.COMMERCE;anna;a12345;2\n" + "So.COMMERCE;anna;A12345;1\n"
    told = await send(shop, "uses", table)
    assert (told["dry_run"], told["new"], told["unchanged"]) == (True, 3, 0)
    assert told["first_rows"][0]["cells"]["Benutzer"] == "anna"
    assert len(shop.store.commits) == before


async def test_a_repeat_changes_nothing_and_a_corrected_file_corrects(shop: Any) -> None:
    await shop.run()
    for uses, changed in ((3, 3), (3, 0), (5, 3), (1, 3)):
        done = await send(shop, "uses", f"{USES}So.COMMERCE;anna;A12345;{uses}\n", dry_run="false")
        assert (done["new"], done["unchanged"]) == (changed, 3 - changed)
        wallet = await state_of(shop.store, wallet_history("acme", "anna"))
        assert wallet.uses("spring", None) == uses
    assert [event.uses for event in shop.said(PastUsesImported)] == [3, 2, -4]
    kinds = {(event.limit, event.customer) for event in shop.said(SharedPastUsesImported)}
    assert kinds == {("campaign", None), ("customer", "So.COMMERCE")}
    other = await send(
        shop, "uses", f"{USES}So.COMMERCE;anna;A12345;1\n", import_id="more", dry_run="false"
    )
    assert other["new"] == 3, "another import counts besides"


async def test_wrong_rows_are_named_and_the_others_count(
    shop: Any, new: Callable[..., Any]
) -> None:
    await shop.run()
    await shop.ask("staff", "PUT", "/campaigns/draft", new(code="DRAFT"))
    table = USES + (
        "c 1;anna;A12345;1\n"
        ";anna;A12345;1\n"
        "c1;anna;UNKNOWN;1\n"
        "c1;anna;DRAFT;1\n"
        "c1;anna;1CENTRAL;1\n"
        "c1;anna;A12345;0\n"
        "c1;anna;A12345;NaN\n"
        "c1;anna;A12345;1\n"
    )
    told = await send(shop, "uses", table)
    assert [(error["line"], error["column"]) for error in told["wrong"]] == [
        (2, "Kunde"),
        (3, "Kunde"),
        (4, "Gutscheincode"),
        (5, "Gutscheincode"),
        (6, "Gutscheincode"),
        (7, "Anzahl"),
        (8, "Anzahl"),
    ]
    assert told["wrong"][3]["reason"] == (
        "Diese Kampagne ist noch ein Entwurf. Bitte aktivieren Sie sie zuerst."
    )
    assert told["new"] == 3


async def test_issued_codes_work_until_the_day_that_was_promised(shop: Any) -> None:
    """Q6, VO-34: for those who got them, without a second mail."""
    await shop.run("thanks", code="THANKS", kind="second-purchase", max_per_user=1)
    table = ISSUED + (
        "So.COMMERCE;anna;thanks;01.04.2026;10.05.2026\n"
        "So.COMMERCE;anna;thanks;01.04.2026;11.05.2026\n"
        "So.COMMERCE;bert;THANKS;;\n"
        "So.COMMERCE;bert;A12345;;\n"
        "So.COMMERCE;carl;THANKS;02.04.2026;01.04.2026\n"
    )
    done = await send(shop, "issued", table, dry_run="false")
    assert (done["new"], done["unchanged"]) == (2, 0)
    assert [error["line"] for error in done["wrong"]] == [5, 6]
    anna, bert = sorted(shop.said(VoucherIssued), key=lambda event: event.user)
    assert (anna.recipient, anna.order_id) == (None, "")
    assert [str(anna.valid_until), str(bert.valid_until)] == ["2026-05-10", "2026-05-31"]
    assert (await shop.hold("o1", codes=["thanks"])).status_code == 200
    stranger = await shop.hold("o2", codes=["thanks"], user="carl")
    assert stranger.json()["code"] == "not-issued"
    again = await send(shop, "issued", table, dry_run="false")
    assert (again["new"], again["unchanged"]) == (0, 2)


async def test_days_of_validity_count_from_the_issue_there(shop: Any) -> None:
    """X-30, VO-10: unless the table names the last day, or no day of issue."""
    await shop.run("thanks", code="THANKS", kind="second-purchase", valid_days=30)
    table = ISSUED + (
        "So.COMMERCE;anna;thanks;20.04.2026;\n"
        "So.COMMERCE;bert;thanks;20.04.2026;31.07.2026\n"
        "So.COMMERCE;carl;thanks;;\n"
    )
    assert (await send(shop, "issued", table, dry_run="false"))["new"] == 3
    issued = sorted(shop.said(VoucherIssued), key=lambda event: event.user)
    assert [str(each.valid_until) for each in issued] == ["2026-05-20", "2026-07-31", "2026-05-31"]


async def test_a_campaign_for_everybody_issues_nothing(shop: Any) -> None:
    await shop.run()
    told = await send(shop, "issued", f"{ISSUED}So.COMMERCE;anna;A12345;;\n")
    [error] = told["wrong"]
    assert error["reason"] == "Diese Kampagne stellt keine Gutscheine aus: Der Code gilt für alle."


async def test_what_takes_too_long_is_postponed_and_repeated(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.run()
    monkeypatch.setattr(commands, "MAX_SECONDS", -1.0)
    table = f"{USES}So.COMMERCE;anna;A12345;1\n"
    late = await send(shop, "uses", table, dry_run="false")
    assert (late["new"], late["postponed"]) == (0, 3)
    monkeypatch.undo()
    assert (await send(shop, "uses", table, dry_run="false"))["new"] == 3


@pytest.mark.parametrize(
    ("who", "status"), [("staff", 403), ("anna", 403), ("checkout", 403), ("central", 200)]
)
async def test_importing_is_a_right_of_its_own(shop: Any, who: str, status: int) -> None:
    """S4, X-16"""
    assert (await answer(shop, "uses", f"{USES}c1;u1;X;1\n", who)).status_code == status


async def test_a_file_that_is_no_table_is_a_problem(shop: Any) -> None:
    missing = await answer(shop, "uses", "Kunde;Benutzer\nc1;anna\n")
    assert (missing.status_code, missing.json()["code"]) == (422, "columns-missing")
