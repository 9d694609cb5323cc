"""Campaigns as staff see them: terms, status, uses, and what can be done."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from vouchers.campaign.decider import CAMPAIGN_DECIDER, MAX_VERSIONS
from vouchers.campaign.uses import CampaignUses, keys, project
from vouchers.campaign.versions import MAX_SHOWN, versions_of
from zugabe_events.contracts.vouchers import (
    BudgetReserved,
    BudgetReturned,
    CampaignActivated,
    CampaignCreated,
    CampaignEvent,
    CampaignTerms,
    CampaignTermsChanged,
    UseCounted,
    UseReturned,
    VoucherRedeemed,
    VoucherReturned,
)
from zugabe_events.domain.event import Event

type Body = Callable[..., dict[str, Any]]

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


async def view_of(shop: Any, campaign_id: str = "spring") -> Any:
    answer = await shop.ask("staff", "GET", f"/campaigns/{campaign_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def tell(shop: Any, method: str, path: str, body: Any = None) -> None:
    answer = await shop.ask("staff", method, f"/campaigns/{path}", body)
    assert answer.is_success, answer.text


async def test_a_campaign_shows_its_uses_and_what_is_left(shop: Any) -> None:
    """X-29, VO-39"""
    await shop.run(max_uses=3, budget_cents=100_000)
    held = await shop.hold("o1")
    await shop.hold("o2", user="bert")
    await shop.place("o1", held)
    view = await view_of(shop)
    assert (view["uses"], view["spent_cents"], view["remaining_uses"]) == (1, 1_000, 1)
    assert view["remaining_budget_cents"] == 98_000, "a held use counts as well"
    await shop.cancel("o1", "o1/1")
    await shop.deliver_own()
    view = await view_of(shop)
    assert (view["uses"], view["spent_cents"], view["remaining_uses"]) == (0, 0, 2)
    assert view["remaining_budget_cents"] == 99_000
    listed = (await shop.ask("staff", "GET", "/campaigns")).json()["items"]
    assert listed == [view]


async def test_without_a_limit_nothing_is_left_to_count(shop: Any) -> None:
    await shop.run()
    await shop.place("o1", await shop.hold("o1"))
    view = await view_of(shop)
    assert (view["uses"], view["remaining_uses"]) == (1, None)
    assert view["remaining_budget_cents"] is None


async def test_less_than_nothing_is_never_left(shop: Any, new: Body) -> None:
    """X-29: limits may be lowered below what was used."""
    await shop.run(max_uses=3, budget_cents=5_000)
    for order_id, user in (("o1", "anna"), ("o2", "bert")):
        assert (await shop.hold(order_id, user=user)).status_code == 200
    await tell(shop, "PUT", "spring/terms", {**new(max_uses=1, budget_cents=100), "version": 1})
    view = await view_of(shop)
    assert (view["remaining_uses"], view["remaining_budget_cents"]) == (0, 0)


async def test_all_terms_are_shown_as_they_were_set(shop: Any, new: Body) -> None:
    """VO-19, VO-36, VO-45, X-2, X-5, X-8, X-29"""
    body = new(
        kind="newsletter",
        budget_cents=50_000,
        rank=7,
        combines=True,
        assortment={"brands": ["b2", "b1", "b2"], "medium": "m1", "groups": ["g1"]},
        valid_days=30,
        gives_back=False,
        grace_days=0,
        max_uses=10,
        max_per_customer=2,
        description="Für Abonnenten",
    )
    await tell(shop, "PUT", "spring", body)
    view = await view_of(shop)
    assortment = {"brands": ["b1", "b2"], "medium": "m1", "groups": ["g1"], "article_list": None}
    assert {name: view[name] for name in body} == {**body, "assortment": assortment}
    assert (await view_of(shop))["outlasts_cancellation"] is False
    found = (await shop.ask("staff", "GET", "/campaigns?kind=newsletter")).json()["items"]
    assert [one["campaign_id"] for one in found] == ["spring"]


async def test_an_empty_restriction_is_the_whole_assortment(shop: Any, new: Body) -> None:
    """VO-43"""
    await tell(shop, "PUT", "spring", new(assortment={}))
    assert (await view_of(shop))["assortment"] is None


async def test_each_status_has_its_actions(shop: Any, new: Body) -> None:
    """VO-2, VO-44"""
    await tell(shop, "PUT", "spring", new())

    async def actions() -> tuple[str, set[str]]:
        view = await view_of(shop)
        return view["status"], set(view["actions"])

    assert await actions() == ("draft", {"edit", "activate", "delete", "copy"})
    await tell(shop, "POST", "spring/activation")
    assert await actions() == ("active", {"edit", "pause", "end", "copy"})
    await tell(shop, "POST", "spring/pause", {"reason": "Zu teuer"})
    assert (await view_of(shop))["reason"] == "Zu teuer"
    assert await actions() == ("paused", {"edit", "resume", "end", "copy"})
    await tell(shop, "POST", "spring/resumption")
    assert (await view_of(shop))["reason"] == ""
    shop.now += timedelta(days=60)
    assert await actions() == ("expired", {"edit", "end", "copy"})
    await tell(shop, "POST", "spring/end", {"reason": "Vorbei"})
    assert await actions() == ("ended", {"copy"})
    assert (await view_of(shop))["reason"] == "Vorbei"


async def test_the_list_has_each_campaign_by_its_title_and_status(shop: Any, new: Body) -> None:
    """VO-2, VO-44"""
    await tell(shop, "PUT", "draft", new(code="A", title="Entwurf"))
    await tell(shop, "PUT", "gone", new(code="B"))
    await tell(shop, "DELETE", "gone")
    for name in ("active", "paused", "ended"):
        await shop.run(name, code=name, title=name.upper())
    await tell(shop, "POST", "paused/pause")
    await tell(shop, "POST", "ended/end")

    async def listed(query: str) -> list[str]:
        page = (await shop.ask("staff", "GET", f"/campaigns?{query}")).json()
        return [one["campaign_id"] for one in page["items"]]

    assert await listed("") == ["active", "draft", "ended", "paused"]
    for name in ("active", "paused", "ended", "draft"):
        assert await listed(f"status={name}") == [name]
    rows = (await shop.ask("staff", "GET", "/campaigns.csv")).text.splitlines()
    assert rows[0].lstrip("\ufeff").startswith('"Kampagne";"Aktionen";"Status";')
    assert rows[1].startswith('"ACTIVE";"Bearbeiten, Anhalten, Beenden, Kopieren";"aktiv";')
    assert len(rows) == 5


async def test_versions_say_since_when_they_apply_and_what_they_changed(
    shop: Any, new: Body
) -> None:
    """X-17, VO-45"""
    await tell(shop, "PUT", "spring", new())

    async def versions(query: str = "") -> Any:
        answer = await shop.ask("staff", "GET", f"/campaigns/spring/versions{query}")
        return answer.json()["versions"]

    [draft] = await versions()
    assert (draft["version"], draft["effective_at"], draft["changed"]) == (1, None, [])
    await tell(shop, "POST", "spring/activation")
    shop.now += timedelta(hours=1)
    await tell(shop, "PUT", "spring/terms", {**new(value=500, minimum_cents=900), "version": 1})
    latest, first = await versions()
    assert (latest["version"], latest["changed"]) == (2, ["value", "minimum_cents"])
    assert latest["effective_at"] == "2026-05-04T13:00:00Z"
    assert (first["terms"]["value"], latest["terms"]["value"]) == (1_000, 500)
    assert await versions("?before=2") == [first]
    assert (await shop.ask("staff", "GET", "/campaigns/nothing/versions")).status_code == 404


def test_many_versions_are_read_page_by_page(terms: Callable[..., CampaignTerms]) -> None:
    """S5"""
    events: list[CampaignEvent] = [
        CampaignCreated("spring", "acme", 1, terms()),
        CampaignActivated("spring", "acme", 1, terms(), NOON),
        *(
            CampaignTermsChanged("spring", "acme", number, terms(value=number), NOON)
            for number in range(2, MAX_VERSIONS)
        ),
    ]
    campaign = CAMPAIGN_DECIDER.fold(events)
    found, before = [], None
    while True:
        page = versions_of(campaign, before)
        assert len(page.versions) <= MAX_SHOWN
        found += [one.version for one in page.versions]
        if (before := page.before) is None:
            break
    assert found == list(range(MAX_VERSIONS - 1, 0, -1))


def redeemed(hold_id: str, off: int, campaign_id: str = "spring") -> VoucherRedeemed:
    return VoucherRedeemed(
        hold_id=hold_id,
        order_id=hold_id,
        order_number="1",
        campaign_id=campaign_id,
        voucher_id=None,
        dealer="acme",
        customer="c1",
        user="anna",
        code="A",
        base_cents=off,
        discount_cents=off,
        redeemed_at=NOON,
    )


def given_back(hold_id: str, off: int) -> VoucherReturned:
    return VoucherReturned(
        hold_id=hold_id,
        order_id=hold_id,
        campaign_id="spring",
        voucher_id=None,
        dealer="acme",
        customer="c1",
        user="anna",
        limits=("campaign",),
        discount_cents=off,
    )


@given(st.lists(st.tuples(st.integers(0, 10_000), st.booleans()), max_size=8), st.randoms())
def test_uses_are_the_same_in_every_order_of_lanes(
    uses: list[tuple[int, bool]], random: Any
) -> None:
    """N-7"""
    events: list[Event] = []
    for number, (off, is_returned) in enumerate(uses):
        hold_id = f"o{number}/1"
        events += [
            redeemed(hold_id, off),
            UseCounted("spring", "acme", "campaign", None, hold_id),
            UseCounted("spring", "acme", "customer", "c1", hold_id),
            BudgetReserved("spring", "acme", hold_id, off),
        ]
        if is_returned:
            events += [
                given_back(hold_id, off),
                UseReturned("spring", "acme", "campaign", None, hold_id),
                BudgetReturned("spring", "acme", hold_id, off),
            ]
    random.shuffle(events)
    view = None
    for event in events:
        view = project(view, event) if keys(event) else view
    kept = [off for off, is_returned in uses if not is_returned]
    assert (view or CampaignUses()) == CampaignUses(len(kept), sum(kept), len(kept), sum(kept))


def test_uses_of_a_central_campaign_count_for_the_dealer_and_for_all() -> None:
    """VO-30"""
    assert keys(redeemed("o1/1", 100, "central-spring")) == [
        "acme/central-spring",
        "central/central-spring",
    ]


def test_only_the_limit_of_all_uses_is_counted() -> None:
    assert keys(UseCounted("spring", "acme", "customer", "c1", "o1/1")) == []
