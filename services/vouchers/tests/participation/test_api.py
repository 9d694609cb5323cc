"""Dealers find central campaigns, take part in them, and leave them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from zugabe_events.contracts.catalog_shops import DealerNamed
from zugabe_events.contracts.checkout import SalesTerms, SalesTermsSet, ShippingTerms
from zugabe_events.contracts.vouchers import CampaignJoined, CampaignLeft

PARTICIPATION = "/central-campaigns/central-spring/participation"


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["campaign_id"] for row in answer.json()["items"]]


async def offered(shop: Any, **query: str) -> list[str]:
    return ids(await shop.ask("staff", "GET", "/central-campaigns" + asked(query)))


async def listed(shop: Any, **query: str) -> list[str]:
    return ids(await shop.ask("staff", "GET", "/campaigns" + asked(query)))


def asked(query: dict[str, str]) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in query.items())


async def test_a_campaign_that_is_joined_moves_to_the_dealers_own(shop: Any) -> None:
    """VO-24, VO-25, VO-28"""
    await shop.run()
    await shop.run_central()
    assert await offered(shop) == ["central-spring"]
    assert await listed(shop) == ["spring"]
    joined = await shop.join()
    assert joined.json() == {
        "campaign_id": "central-spring",
        "status": "joined",
        "version": 1,
        "minimum_cents": 0,
        "warnings": [],
    }
    assert await offered(shop) == []
    assert await listed(shop) == ["central-spring", "spring"]
    assert shop.said(CampaignJoined) == [
        CampaignJoined("central-spring", "acme", 1, None, shop.now)
    ]


async def test_a_campaign_that_was_left_is_in_both_lists(shop: Any) -> None:
    """VO-2, VO-29, Q21"""
    await shop.run_central()
    await shop.join()
    left = await shop.leave()
    assert (left.json()["status"], left.json()["version"]) == ("left", 2)
    assert await offered(shop) == await listed(shop) == ["central-spring"]
    row = (await shop.ask("staff", "GET", "/campaigns/central-spring")).json()
    assert row["participation"]["status"] == "left"
    assert len(shop.said(CampaignLeft)) == 1
    assert (await shop.join()).json()["version"] == 3
    assert await offered(shop) == []


async def test_details_have_all_settings(shop: Any) -> None:
    """VO-26"""
    await shop.run("spring", code="A12345", title="Zentral", max_uses=7, minimum_cents=2_000)
    await shop.run_central(title="Zentral", max_uses=7, minimum_cents=2_000)
    own = (await shop.ask("staff", "GET", "/campaigns/spring")).json()
    central = (await shop.ask("staff", "GET", "/central-campaigns/central-spring")).json()
    differing = {"dealer", "campaign_id", "code", "actions"}
    assert own.keys() == central.keys()
    assert {name for name in own if own[name] != central[name]} == differing


async def test_a_draft_is_central_marketings_own_matter(shop: Any, new: Any) -> None:
    """X-16"""
    body = new(code="2026A")
    await shop.ask("central", "PUT", "/campaigns/central-spring", body, dealer="central")
    assert await offered(shop) == []
    details = await shop.ask("staff", "GET", "/central-campaigns/central-spring")
    assert details.status_code == 404
    assert (await shop.join()).status_code == 404


async def test_a_campaign_that_is_over_is_not_offered(shop: Any) -> None:
    """VO-25"""
    await shop.run_central()
    shop.now += timedelta(days=40)
    assert await offered(shop) == []
    assert (await shop.join()).json()["code"] == "campaign-expired"


async def test_a_campaign_can_be_joined_to_the_end_of_its_last_day(shop: Any) -> None:
    """X-11: a day in Berlin."""
    await shop.run_central()
    shop.now = datetime(2026, 5, 31, 22, 0, tzinfo=UTC)
    late = await shop.join()
    assert (late.status_code, late.json()["code"]) == (409, "campaign-expired")
    shop.now = datetime(2026, 5, 31, 21, 59, tzinfo=UTC)
    assert (await shop.join()).status_code == 200


async def test_only_the_minimum_order_value_is_the_dealers(shop: Any) -> None:
    """VO-27, Q29"""
    await shop.run_central(minimum_cents=2_000)
    assert (await shop.join(minimum_cents=3_000)).json()["minimum_cents"] == 3_000
    changed = await shop.ask("staff", "PUT", PARTICIPATION, {"minimum_cents": 4_000, "version": 1})
    assert changed.json()["minimum_cents"] == 4_000
    row = (await shop.ask("staff", "GET", "/campaigns/central-spring")).json()
    assert row["minimum_cents"] == 4_000
    assert row["participation"]["central_minimum_cents"] == 2_000
    other = await shop.ask(
        "other-staff", "GET", "/central-campaigns/central-spring", dealer="other"
    )
    assert (other.json()["minimum_cents"], other.json()["participation"]) == (2_000, None)
    stale = await shop.ask("staff", "PUT", PARTICIPATION, {"minimum_cents": 1, "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "version-stale")
    again = await shop.ask("staff", "PUT", PARTICIPATION, {"minimum_cents": None, "version": 2})
    assert again.json()["minimum_cents"] == 2_000
    for field in ("title", "value", "valid_until"):
        body = {"minimum_cents": 1, "version": 3, field: "x"}
        assert (await shop.ask("staff", "PUT", PARTICIPATION, body)).status_code == 422


async def test_a_useless_minimum_is_warned_of(shop: Any) -> None:
    """VO-17"""
    germany = SalesTerms(shipping=(ShippingTerms("DE", 590, 5_000),))
    shop.shipping.fold(SalesTermsSet("acme", 1, germany, shop.now))
    await shop.run_central(discount_type="free-shipping", value=0)
    joined = await shop.join(minimum_cents=5_000)
    assert "50,00 € für den Versand nach Deutschland" in joined.json()["warnings"][0]
    body = {"minimum_cents": 4_999, "version": 1}
    assert (await shop.ask("staff", "PUT", PARTICIPATION, body)).json()["warnings"] == []


async def test_joining_needs_the_module_and_leaving_does_not(shop: Any) -> None:
    await shop.run_central()
    await shop.join()
    shop.cancel_module()
    assert (await shop.leave()).status_code == 200
    assert (await shop.join()).json()["code"] == "module-missing"


async def test_central_staff_edit_central_campaigns_only(shop: Any, new: Any) -> None:
    """X-16"""
    await shop.run()
    await shop.run_central()
    for method, path, body in (
        ("PUT", "/campaigns/autumn", new(code="B1")),
        ("POST", "/campaigns/spring/activation", None),
        ("POST", PARTICIPATION, {}),
        ("PUT", PARTICIPATION, {"minimum_cents": 1, "version": 1}),
        ("DELETE", PARTICIPATION, None),
    ):
        assert (await shop.ask("central", method, path, body)).status_code == 403
        answer = await shop.ask("staff", method, path, body, dealer="central")
        assert answer.status_code == 403
    answer = await shop.ask("central", "POST", PARTICIPATION, {}, dealer="central")
    assert answer.status_code == 403


async def test_a_dealer_sees_no_participation_of_another(shop: Any) -> None:
    await shop.run_central()
    await shop.join()
    others = await shop.ask("other-staff", "GET", "/campaigns", dealer="other")
    assert ids(others) == []
    details = await shop.ask("other-staff", "GET", "/campaigns/central-spring", dealer="other")
    assert details.status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["a1", "b2", "central-1", "central-2", "z9"]),
        ({"sort": "-campaign_id"}, ["z9", "central-2", "central-1", "b2", "a1"]),
        ({"sort": "valid_from"}, ["central-2", "a1", "b2", "z9", "central-1"]),
        ({"sort": "-valid_from"}, ["central-1", "z9", "b2", "a1", "central-2"]),
        ({"owner": "own"}, ["a1", "b2", "z9"]),
        ({"owner": "central"}, ["central-1", "central-2"]),
        ({"participation": "left"}, ["central-2"]),
        ({"owner": "own", "participation": "left"}, []),
        ({"status": "active", "kind": "own"}, ["a1", "b2", "central-1", "central-2", "z9"]),
        ({"status": "draft"}, []),
    ],
)
@pytest.mark.parametrize("most", [1, 2, 100])
async def test_the_list_pages_through_own_and_central_campaigns(
    shop: Any,
    monkeypatch: pytest.MonkeyPatch,
    query: dict[str, str],
    expected: list[str],
    most: int,
) -> None:
    """VO-2, S5: also if documents are so large that a page has only `most` of them."""
    read = shop.campaigns.page

    async def part(where: Any, *, limit: int = 100, **more: Any) -> Any:
        return await read(where, limit=min(limit, most), **more)

    monkeypatch.setattr(shop.campaigns, "page", part)
    for number, campaign in enumerate(("a1", "b2", "z9")):
        await shop.run(campaign, code=f"C{number}")
    await shop.run_central("central-1", code="1A")
    await shop.run_central("central-2", code="2A", valid_from="2026-04-01")
    await shop.run_central("central-3", code="3A")
    await shop.join("central-1")
    await shop.join("central-2")
    await shop.leave("central-2")
    for limit in (1, 2, 100):
        found: list[str] = []
        after: str | None = ""
        while after is not None:
            cursor = {"after": after} if after else {}
            path = "/campaigns" + asked({**query, **cursor, "limit": str(limit)})
            page = await shop.ask("staff", "GET", path)
            found += ids(page)
            assert len(page.json()["items"]) <= limit
            after = page.json()["next"]
        assert found == expected
    assert await offered(shop, limit="1") == ["central-2"]


async def test_the_files_tell_where_a_campaign_comes_from(shop: Any) -> None:
    """VO-2"""
    await shop.run()
    await shop.run_central(title="Zentral")
    await shop.join()
    text = (await shop.ask("staff", "GET", "/campaigns.csv")).text
    rows = [line.replace('"', "").split(";") for line in text.lstrip("\ufeff").splitlines()]
    columns = [rows[0].index(title) for title in ("Kampagne", "Aktionen", "Herkunft", "Teilnahme")]
    assert [[row[at] for at in columns] for row in rows[1:]] == [
        ["Zentral", "Mindestbestellwert ändern, Aussteigen", "zentral", "nimmt teil"],
        ["Frühling", "Bearbeiten, Anhalten, Beenden, Kopieren", "eigene", ""],
    ]
    offered_file = (await shop.ask("staff", "GET", "/central-campaigns.csv")).text
    assert len(offered_file.splitlines()) == 1


async def test_central_marketing_sees_which_dealers_take_part(shop: Any) -> None:
    """VO-30, X-28"""
    await shop.run_central()
    shop.order_module("other")
    shop.dealers.fold(DealerNamed("acme", "Musikhaus Müller"))
    await shop.join(minimum_cents=5_000)
    await shop.join(who="other-staff", dealer="other")
    await shop.ask("other-staff", "DELETE", PARTICIPATION, dealer="other")
    page = (await shop.get("central", "/central-campaigns/central-spring/participants")).json()
    found = [(one["dealer"], one["dealer_name"], one["status"]) for one in page["items"]]
    assert found == [("acme", "Musikhaus Müller", "joined"), ("other", "", "left")]
    assert [one["minimum_cents"] for one in page["items"]] == [5_000, None]
    path = "/central-campaigns/central-spring/participants?status=left"
    left = (await shop.get("central", path)).json()["items"]
    assert [one["dealer"] for one in left] == ["other"]
    assert (await shop.get("staff", path)).status_code == 403


async def test_a_dealer_sees_the_uses_of_their_own_users(shop: Any) -> None:
    """VO-2, X-28"""
    await shop.run_central(max_uses=5)
    shop.order_module("other")
    await shop.join()
    await shop.join(who="other-staff", dealer="other")
    held = await shop.hold("o1", codes=["2026A"])
    await shop.hold("o1", codes=["2026A"], dealer="other")
    await shop.place("o1", held)
    own = (await shop.ask("staff", "GET", "/campaigns/central-spring")).json()
    assert (own["uses"], own["spent_cents"], own["remaining_uses"]) == (1, 1_000, 3)
    other = await shop.ask("other-staff", "GET", "/campaigns/central-spring", dealer="other")
    assert (other.json()["uses"], other.json()["remaining_uses"]) == (0, 3)
    central = await shop.ask("central", "GET", "/campaigns/central-spring", dealer="central")
    assert (central.json()["uses"], central.json()["spent_cents"]) == (1, 1_000)


async def test_what_can_be_done_depends_on_who_looks(shop: Any) -> None:
    """VO-27 to VO-29"""
    await shop.run_central()

    async def actions(who: str, path: str, dealer: str = "acme") -> list[str]:
        answer = (await shop.ask(who, "GET", path, dealer=dealer)).json()
        found: list[str] = answer["actions"]
        return found

    assert await actions("staff", "/central-campaigns/central-spring") == ["join"]
    await shop.join()
    assert await actions("staff", "/campaigns/central-spring") == ["change-minimum", "leave"]
    assert "end" in await actions("central", "/campaigns/central-spring", "central")
    end = "/campaigns/central-spring/end"
    assert (await shop.ask("central", "POST", end, dealer="central")).status_code == 200
    assert await actions("staff", "/campaigns/central-spring") == ["change-minimum", "leave"]
    await shop.leave()
    assert await actions("staff", "/campaigns/central-spring") == []
