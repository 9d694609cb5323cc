"""A programme over HTTP: three tabs, one right, its page, its end."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest
from bonus_tests.samples import APRIL_1, DEALER, MARCH_1, line, placed
from bonus_tests.shop import ANNA, BERT, MANAGER, PROGRAMME, REWARD, STAFF, TERMS, Bonus

from zugabe_events.contracts.bonus import ProgrammeClosed
from zugabe_events.contracts.catalog_shops import (
    BrandNamed,
    DealerNamed,
    ProductGroupPlaced,
    ProductGroupRemoved,
)
from zugabe_events.contracts.checkout import RewardApplied
from zugabe_events.http.principal import Principal
from zugabe_testing.callers import problem_code

PAGE = f"{PROGRAMME}/page"
OTHER_STAFF = Principal("other", "dealer-staff", DEALER)
CENTRAL = Principal("central", "central")
WHOLE_POINTS = ("points", "discount_cents", "percent_basis_points", "minimum_cents")


@pytest.fixture
async def bonus() -> AsyncGenerator[Bonus]:
    service = Bonus(OTHER_STAFF, CENTRAL)
    await service.set_up()
    yield service
    await service.http.aclose()


async def test_only_staff_with_the_single_right_see_and_edit_the_programme(bonus: Bonus) -> None:
    """BO-8, X-16"""
    for method, path, body in (
        ("GET", "", None),
        ("PUT", "", TERMS),
        ("PUT", "/rewards/five", REWARD),
        ("DELETE", "/rewards/five", None),
        ("PUT", "/promotions/p", {"title": "2 x", "factor": 2}),
        ("DELETE", "/promotions/p", None),
        ("POST", "/activation", None),
        ("POST", "/deactivation", None),
        ("POST", "/closing", None),
    ):
        refused = await bonus.ask(OTHER_STAFF, method, f"{PROGRAMME}{path}", body)
        assert refused.status_code == 403, path
        assert "edit-bonus-settings" in refused.json()["right"]
    assert (await bonus.ask(STAFF, "GET", PROGRAMME)).status_code == 200
    assert (await bonus.ask(CENTRAL, "GET", PROGRAMME)).status_code == 200
    assert (await bonus.ask(CENTRAL, "PUT", PROGRAMME, TERMS)).status_code == 403


async def test_the_programme_has_three_tabs(bonus: Bonus) -> None:
    """BO-9, BO-19"""
    ten = {
        "title": "10 %",
        "short_text": "Zehn Prozent",
        "description": "Auf Ihre ganze Bestellung.",
        "points": 500,
        "percent_basis_points": 1_000,
        "minimum_cents": 5_000,
    }
    promotion = {"title": "2 x Punkte", "text": "Doppelt!", "factor": 2, "brands": ["Soennecken"]}
    assert (await bonus.ask(STAFF, "PUT", f"{PROGRAMME}/rewards/ten", ten)).status_code == 204
    await bonus.ask(STAFF, "PUT", f"{PROGRAMME}/rewards/new", REWARD | {"title": "Neu"})
    await bonus.ask(STAFF, "PUT", f"{PROGRAMME}/rewards/top", REWARD | {"position": 1})
    await bonus.ask(STAFF, "PUT", f"{PROGRAMME}/promotions/p", promotion)
    tabs = (await bonus.ask(STAFF, "GET", PROGRAMME)).json()
    assert (tabs["general"]["state"], tabs["general"]["notice"]) == ("active", "")
    assert tabs["general"]["terms"]["claw_back"] == "negative"
    assert [reward["reward_id"] for reward in tabs["rewards"]] == ["top", "five", "ten", "new"]
    shown = tabs["rewards"][2]
    assert (shown["title"], shown["short_text"]) == ("10 %", "Zehn Prozent")
    assert shown["description"] == "Auf Ihre ganze Bestellung."
    assert [shown[name] for name in WHOLE_POINTS] == [500, 0, 1_000, 5_000]
    assert [shown["text"] for shown in tabs["promotions"]] == ["Doppelt!"]


async def test_terms_need_acceptance_unless_they_say_otherwise(bonus: Bonus) -> None:
    """BO-2, BO-29"""
    least = {"pending_days": 14, "starts_on": "2026-01-01"}
    assert (await bonus.ask(STAFF, "PUT", PROGRAMME, least)).status_code == 204
    terms = (await bonus.ask(STAFF, "GET", PROGRAMME)).json()["general"]["terms"]
    assert terms["needs_acceptance"]
    assert (terms["points_per_euro"], terms["point_value_cents"]) == (1, 1)
    assert (terms["max_share_basis_points"], terms["expires_after_months"]) == (None, None)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"points": 0}, 422, "invalid"),
        ({"points": 1.5}, 422, "invalid"),
        ({"points": 10**12}, 422, "invalid"),
        ({"percent_basis_points": 10_001, "discount_cents": None}, 422, "invalid"),
        ({"percent_basis_points": 100}, 422, "discount-unclear"),
        ({"discount_cents": None}, 422, "discount-unclear"),
        ({"valid_from": "2026-05-02", "valid_until": "2026-05-01"}, 422, "validity-reversed"),
    ],
)
async def test_a_reward_without_sense_is_refused(
    bonus: Bonus, change: dict[str, object], status: int, code: str
) -> None:
    """BO-3, X-7"""
    refused = await bonus.ask(STAFF, "PUT", f"{PROGRAMME}/rewards/ten", REWARD | change)
    assert refused.status_code == status
    assert refused.json()["code"] == code


async def test_a_withdrawn_reward_still_pays_for_the_order_that_holds_it(bonus: Bonus) -> None:
    """BO-19, X-1, X-17: an open checkout keeps what it was promised."""
    await bonus.deliver(placed("o1", line(6_000), at=MARCH_1), "e1")
    held = await bonus.hold("o9")
    await bonus.ask(STAFF, "PUT", f"{PROGRAMME}/rewards/other", REWARD)
    assert (await bonus.ask(STAFF, "DELETE", f"{PROGRAMME}/rewards/five")).status_code == 204
    assert (await bonus.hold("o9")).json() == held.json()
    assert problem_code(await bonus.hold("o8"), 409) == "reward-unknown"
    refused = await bonus.ask(STAFF, "DELETE", f"{PROGRAMME}/rewards/other")
    assert problem_code(refused, 409) == "last-reward"
    assert (await bonus.ask(STAFF, "DELETE", f"{PROGRAMME}/rewards/x")).status_code == 404


async def test_the_page_is_public_and_knows_who_is_logged_in(bonus: Bonus) -> None:
    """BO-6, BO-40, BO-43, BO-44, BO-53: what the programme is, its terms, and the way out of it."""
    bonus.dealers.fold(DealerNamed(DEALER, "Büro Müller"))
    anonymous = await bonus.http.get(PAGE)
    assert anonymous.status_code == 200
    shown = anonymous.json()
    assert shown["dealer_name"] == "Büro Müller"
    assert shown["introduction"] == [
        "Mit jeder Bestellung bei Büro Müller sammeln Sie Bonuspunkte.",
        "Ihre Punkte tauschen Sie gegen Prämien ein: Rabatte auf Ihre Bestellung.",
    ]
    assert shown["terms"][0].startswith("Büro Müller schreibt Ihnen 1 Punkt je vollem Euro")
    assert shown["rewards"][0]["title"] == "5 € Rabatt"
    assert [link["rel"] for link in shown["links"]] == ["terms", "rewards"]
    for user in (ANNA, MANAGER):
        links = (await bonus.ask(user, "GET", PAGE)).json()["links"]
        assert links[-1] == {"rel": "opt-out", "text": "Vom Bonusprogramm abmelden"}
    assert len((await bonus.ask(STAFF, "GET", PAGE)).json()["links"]) == 2


async def test_the_page_leads_to_the_texts_that_a_user_has_to_accept(bonus: Bonus) -> None:
    """BO-29, BO-43, BO-50"""
    await bonus.ask(STAFF, "PUT", PROGRAMME, TERMS | {"needs_acceptance": True})
    rels = ["terms", "rewards", "account", "join", "opt-out"]
    assert [link["rel"] for link in (await bonus.ask(ANNA, "GET", PAGE)).json()["links"]] == rels
    texts = f"/dealers/{DEALER}/users/{ANNA.subject}"
    shown = (await bonus.ask(ANNA, "GET", f"{texts}/programme-texts")).json()["texts"]
    body = {"texts": [{"kind": text["kind"], "version": text["version"]} for text in shown]}
    accepted = await bonus.ask(ANNA, "POST", f"{texts}/acceptances", body)
    assert accepted.status_code == 204, accepted.text
    rels.remove("join")
    assert [link["rel"] for link in (await bonus.ask(ANNA, "GET", PAGE)).json()["links"]] == rels


async def test_a_programme_that_is_not_activated_is_visible_to_nobody() -> None:
    """BO-7, BO-10, BO-52: but to staff, who see what is missing and where the webinar is."""
    service = Bonus()
    await service.ask(STAFF, "PUT", PROGRAMME, TERMS)
    general = (await service.ask(STAFF, "GET", PROGRAMME)).json()["general"]
    assert (general["switch"], general["state"]) == ("Bonuspunkte-Programm aktiv", "draft")
    assert general["missing"] == ["rewards"]
    assert "„Veranstaltungen Marketing Online“" in general["notice"]
    await service.ask(STAFF, "PUT", f"{PROGRAMME}/rewards/five", REWARD)
    general = (await service.ask(STAFF, "GET", PROGRAMME)).json()["general"]
    assert general["missing"] == []
    assert (await service.http.get(PAGE)).status_code == 404
    assert (await service.ask(ANNA, "GET", PAGE)).status_code == 404
    [told] = (await article_points(service)).json()
    assert (told["earns"], told["sentence"]) == (False, "")
    await service.http.aclose()


async def article_points(bonus: Bonus) -> httpx.Response:
    body = {"lines": [{"article": "A-1", "brand": "Soennecken", "groups": ["Papier"]}]}
    return await bonus.http.post(f"/dealers/{DEALER}/article-points", json=body)


async def test_an_article_shows_its_points_to_everybody(bonus: Bonus) -> None:
    """BO-42"""
    promotion = {"title": "2 x Punkte", "factor": 2, "brands": ["soennecken"]}
    await bonus.ask(STAFF, "PUT", f"{PROGRAMME}/promotions/p", promotion)
    [told] = (await article_points(bonus)).json()
    assert (told["earns"], told["factor"], told["promotion_title"]) == (True, 2, "2 x Punkte")
    assert told["sentence"] == (
        "2 Punkte je vollem Euro Nettowarenwert statt 1 Punkt: Aktion „2 x Punkte“."
    )
    await bonus.ask(STAFF, "DELETE", f"{PROGRAMME}/promotions/p")
    [told] = (await article_points(bonus)).json()
    assert (told["factor"], told["promotion_id"]) == (1, None)


async def test_a_list_that_is_too_long_is_refused_before_anybody_reads_it(bonus: Bonus) -> None:
    """Anybody may ask, and each wrong item would be described."""
    body = {"lines": [{"article": "A-1", "excluded": [1] * 10_000}]}
    answer = await bonus.http.post(f"/dealers/{DEALER}/article-points", json=body)
    assert problem_code(answer, 422) == "invalid"
    assert answer.json()["errors"] == [
        {"where": "body.lines.0.excluded", "detail": "Zu viele Einträge, höchstens 5."}
    ]


async def deactivate(bonus: Bonus) -> None:
    assert (await bonus.ask(STAFF, "POST", f"{PROGRAMME}/deactivation")).status_code == 204


async def test_a_deactivation_says_its_date_and_how_long_points_can_be_redeemed(
    bonus: Bonus,
) -> None:
    """BO-12: also without the module, which a dealer may have cancelled."""
    bonus.cancel_module()
    await deactivate(bonus)
    general = (await bonus.ask(STAFF, "GET", PROGRAMME)).json()["general"]
    assert general["state"] == "run-off"
    assert general["run_off_until"] == "2027-12-31"
    assert general["notice"] == (
        "Das Bonusprogramm ist seit dem 01.04.2026 deaktiviert: Neue Bestellungen bringen keine"
        " Punkte. Gesammelte Punkte können bis zum 31.12.2027 eingelöst werden."
    )


async def test_in_the_run_off_points_mature_and_are_redeemed_and_none_are_earned(
    bonus: Bonus,
) -> None:
    """BO-12, Q20"""
    late = APRIL_1 - timedelta(days=1)
    await deactivate(bonus)
    await bonus.deliver(placed("o1", line(6_000), at=late), "e1")
    await bonus.deliver(placed("o2", line(6_000), at=APRIL_1), "e2")
    may = datetime(2026, 5, 1, 10, tzinfo=UTC)
    assert (await bonus.account())["pending_points"] == 60
    assert (await bonus.account(may))["active_points"] == 60
    bonus.now = datetime(2027, 12, 31, 22, 59, tzinfo=UTC)
    assert (await bonus.hold("o8", at=bonus.now)).status_code == 200
    bonus.now = datetime(2027, 12, 31, 23, tzinfo=UTC)
    refused = await bonus.hold("o9", at=bonus.now)
    assert problem_code(refused, 409) == "programme-ended"
    assert refused.json()["detail"] == (
        "Das Bonusprogramm ist beendet. Punkte konnten bis zum 31.12.2027 eingelöst werden."
    )


async def test_in_the_run_off_only_users_with_points_see_anything_of_it(bonus: Bonus) -> None:
    """BO-13"""
    await bonus.deliver(placed("o1", line(6_000), at=MARCH_1), "e1")
    await deactivate(bonus)
    shown = await bonus.ask(ANNA, "GET", PAGE)
    assert "bis zum 31.12.2027" in shown.json()["notice"]
    assert (await bonus.ask(BERT, "GET", PAGE)).status_code == 404


async def test_users_whose_customer_takes_no_part_see_nothing_of_the_programme(
    bonus: Bonus,
) -> None:
    """BO-11, BO-13, BO-49: but for those who have points left."""
    await bonus.deliver(placed("o1", line(6_000), at=MARCH_1), "e1")
    enabled = f"/dealers/{DEALER}/customers/c1/programme"
    body = {"lines": [{"article": "A-1"}]}
    articles = f"/dealers/{DEALER}/article-points"
    [told] = (await bonus.ask(BERT, "POST", articles, body)).json()
    assert told["earns"]
    assert (await bonus.ask(BERT, "GET", PAGE)).status_code == 200
    assert (await bonus.ask(STAFF, "DELETE", enabled)).status_code == 204
    [told] = (await bonus.ask(BERT, "POST", articles, body)).json()
    assert (told["earns"], told["sentence"]) == (False, "")
    assert (await bonus.ask(BERT, "GET", PAGE)).status_code == 404
    assert (await bonus.ask(ANNA, "GET", PAGE)).status_code == 200
    assert (await bonus.http.get(PAGE)).status_code == 200


async def test_a_programme_is_closed_early_only_when_nobody_has_points(bonus: Bonus) -> None:
    """BO-12"""
    closing = f"{PROGRAMME}/closing"
    early = await bonus.ask(STAFF, "POST", closing)
    assert problem_code(early, 409) == "programme-not-deactivated"
    await bonus.deliver(placed("o1", line(5_000), at=MARCH_1), "e1")
    await deactivate(bonus)
    refused = await bonus.ask(STAFF, "POST", closing)
    assert problem_code(refused, 409) == "points-left"
    assert refused.json()["holders"] == 1
    held = (await bonus.hold("o9")).json()
    assert problem_code(await bonus.ask(STAFF, "POST", closing), 409) == "points-left"
    paid = placed("o9", line(9_000), reward=msgspec.convert(held, RewardApplied), at=APRIL_1)
    await bonus.deliver(paid, "e2")
    assert (await bonus.ask(STAFF, "POST", closing)).status_code == 204
    assert (await bonus.ask(STAFF, "POST", closing)).status_code == 204
    assert len(bonus.said(ProgrammeClosed)) == 1
    for caller in (ANNA, STAFF):
        assert (await bonus.ask(caller, "GET", PAGE)).status_code == 404
    general = (await bonus.ask(STAFF, "GET", PROGRAMME)).json()["general"]
    assert (general["state"], general["notice"]) == (
        "closed",
        "Das Bonusprogramm wurde am 01.04.2026 deaktiviert und ist endgültig abgeschaltet.",
    )
    again = await bonus.ask(STAFF, "POST", f"{PROGRAMME}/activation")
    assert problem_code(again, 409) == "programme-closed"


async def test_a_programme_is_activated_again_during_its_run_off(bonus: Bonus) -> None:
    """BO-12"""
    await deactivate(bonus)
    bonus.now = APRIL_1 + timedelta(days=1)
    assert (await bonus.ask(STAFF, "POST", f"{PROGRAMME}/activation")).status_code == 204
    general = (await bonus.ask(STAFF, "GET", PROGRAMME)).json()["general"]
    assert (general["state"], general["run_off_until"], general["notice"]) == ("active", None, "")
    await bonus.deliver(placed("o1", line(6_000), at=APRIL_1 + timedelta(hours=1)), "e1")
    await bonus.deliver(placed("o2", line(7_000), at=APRIL_1 + timedelta(days=2)), "e2")
    assert (await bonus.account())["points_accrued"] == 70


async def test_staff_see_names_and_what_the_catalogue_does_not_know(bonus: Bonus) -> None:
    """D14"""
    for event in (
        BrandNamed("central", "B-7", "Soennecken", "catalogue"),
        ProductGroupPlaced(DEALER, "toner", "Toner & Tinte", ""),
        ProductGroupPlaced("central", "toner", "Toner", ""),
    ):
        bonus.labels.fold(event)
    body = {"title": "2 x", "factor": 2, "brands": ["b-7"], "product_groups": ["Papier", "toner"]}
    await bonus.ask(STAFF, "PUT", f"{PROGRAMME}/promotions/p", body)
    tabs = (await bonus.ask(STAFF, "GET", PROGRAMME)).json()
    assert tabs["names"] == {"brands": {"b-7": "Soennecken"}, "groups": {"toner": "Toner & Tinte"}}
    assert tabs["warnings"] == [
        "Die ausgenommene Warengruppe „Kleben & Versenden“ gibt es im Katalog nicht.",
        "Die Warengruppe „Papier“ der Aktion „2 x“ gibt es im Katalog nicht.",
    ]
    articles = "Artikel der Marke „Soennecken“ aus den Warengruppen „Papier“ und „Toner & Tinte“"
    [promotion] = (await bonus.ask(ANNA, "GET", PAGE)).json()["promotions"]
    assert promotion["sentence"] == f"2 Punkte je vollem Euro auf {articles} statt 1 Punkt."
    notices = (await bonus.ask(ANNA, "GET", f"/dealers/{DEALER}/users/u1/notices")).json()
    assert notices["notices"][1]["text"] == (
        f"Ab sofort sammeln Sie mit dieser Aktion auf {articles} 2-mal so viele Punkte."
    )
    bonus.labels.fold(ProductGroupRemoved(DEALER, "toner"))
    tabs = (await bonus.ask(STAFF, "GET", PROGRAMME)).json()
    assert tabs["names"]["groups"] == {"toner": "Toner"}


async def test_a_promotion_that_overlaps_itself_is_refused(bonus: Bonus) -> None:
    """BO-20"""
    body = {"title": "Ostern", "factor": 2, "brands": ["Soennecken"]}
    await bonus.ask(STAFF, "PUT", f"{PROGRAMME}/promotions/p", body)
    again = await bonus.ask(STAFF, "PUT", f"{PROGRAMME}/promotions/q", body)
    assert problem_code(again, 409) == "promotion-overlaps"
    await bonus.ask(STAFF, "DELETE", f"{PROGRAMME}/promotions/p")
    assert (await bonus.ask(STAFF, "PUT", f"{PROGRAMME}/promotions/q", body)).status_code == 204
