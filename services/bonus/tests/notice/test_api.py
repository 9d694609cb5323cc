"""After login, on two devices: what is new, what is to be accepted, and each only once."""

import asyncio

import pytest
from bonus_tests.samples import APRIL_1, CUSTOMER, DEALER, USER, line, placed
from bonus_tests.shop import ANNA, BERT, PROGRAMME, STAFF, TERMS, Bonus

from zugabe_events.contracts.bonus import NoticesSeen, PointsAccrued, ProgrammeTextsAccepted
from zugabe_events.http.principal import Principal

TEXTS = f"{PROGRAMME}/texts"
OWN = f"/dealers/{DEALER}/users/{USER}"


@pytest.fixture
async def bonus() -> Bonus:
    service = Bonus()
    await service.set_up()
    return service


async def test_two_logins_at_once_show_a_notice_once(bonus: Bonus) -> None:
    """BO-38"""
    shown = (await bonus.ask(ANNA, "GET", f"{OWN}/notices")).json()
    ids = [notice["id"] for notice in shown["notices"]]
    assert len(ids) == 1
    told = {"notices": [*ids, "promotion/nonsense/1"]}
    both = await asyncio.gather(
        *(bonus.ask(ANNA, "POST", f"{OWN}/notices/seen", told) for _ in range(2))
    )
    assert sorted(len(answer.json()["notices"]) for answer in both) == [0, 1]
    assert [event.notices for event in bonus.said(NoticesSeen)] == [tuple(ids)]
    assert (await bonus.ask(ANNA, "GET", f"{OWN}/notices")).json()["notices"] == []
    of_bert = await bonus.ask(BERT, "GET", f"{OWN}/notices")
    assert of_bert.status_code == 403


async def test_not_even_staff_with_the_rights_act_for_a_user() -> None:
    """S22, BO-29, BO-45: whoever may do it, it is each for themselves."""
    rights = frozenset({"accept-texts", "see-notices", "leave-programme"})
    clerk = Principal("clerk", "dealer-staff", DEALER, CUSTOMER, rights)
    bonus = Bonus(clerk)
    await bonus.set_up()
    shown = (await bonus.ask(ANNA, "GET", f"{OWN}/programme-texts")).json()["texts"]
    texts = {"texts": [{"kind": one["kind"], "version": one["version"]} for one in shown]}
    for method, path, body in (
        ("GET", "programme-texts", None),
        ("POST", "acceptances", texts),
        ("GET", "notices", None),
        ("POST", "notices/seen", {"notices": ["n"]}),
        ("POST", "participation/question", None),
        ("PUT", "participation", texts),
    ):
        assert (await bonus.ask(clerk, method, f"{OWN}/{path}", body)).status_code == 403, path
    assert not bonus.said(ProgrammeTextsAccepted)


async def test_texts_are_accepted_before_points_are_collected(bonus: Bonus) -> None:
    """BO-29, BO-41, BO-50, X-23: what is accepted, in which version, by whom and when."""
    await bonus.ask(STAFF, "PUT", PROGRAMME, TERMS | {"needs_acceptance": True})
    body = {"body": "{Händler}: {Punkte} je Euro."}
    assert (await bonus.ask(STAFF, "PUT", f"{TEXTS}/participation", body)).status_code == 204
    await bonus.deliver(placed("o1", line(10_000), at=APRIL_1), "e1")
    assert not bonus.said(PointsAccrued)
    shown = (await bonus.ask(ANNA, "GET", f"{OWN}/programme-texts")).json()
    assert shown["must_accept"]
    assert [(one["kind"], one["version"]) for one in shown["texts"]] == [
        ("terms", 0),
        ("privacy", 0),
        ("participation", 1),
    ]
    assert shown["texts"][2]["text"] == "Ihr Händler: 1 Punkt je Euro."
    assert (await bonus.ask(ANNA, "GET", f"{OWN}/notices")).json()["must_accept"]
    versions = [{"kind": one["kind"], "version": one["version"]} for one in shown["texts"]]
    stale = [*versions[:2], {"kind": "participation", "version": 0}]
    refused = await bonus.ask(ANNA, "POST", f"{OWN}/acceptances", {"texts": stale})
    assert (refused.status_code, refused.json()["code"]) == (409, "texts-changed")
    for _ in range(2):
        done = await bonus.ask(ANNA, "POST", f"{OWN}/acceptances", {"texts": versions})
        assert done.status_code == 204
    [accepted] = bonus.said(ProgrammeTextsAccepted)
    assert (accepted.user, accepted.customer, accepted.accepted_at) == (USER, CUSTOMER, APRIL_1)
    assert [one.version for one in accepted.texts] == [0, 0, 1]
    assert not (await bonus.ask(ANNA, "GET", f"{OWN}/programme-texts")).json()["must_accept"]
    await bonus.deliver(placed("o2", line(10_000), at=APRIL_1), "e2")
    assert [event.order_id for event in bonus.said(PointsAccrued)] == ["o2"]


async def test_everybody_reads_the_texts_and_only_the_editor_publishes(bonus: Bonus) -> None:
    """BO-8, BO-40"""
    texts = (await bonus.ask(BERT, "GET", TEXTS)).json()
    assert [text["title"] for text in texts] == [
        "Allgemeine Geschäftsbedingungen",
        "Datenschutzvereinbarung",
        "Teilnahmebedingungen",
    ]
    body = {"body": "Neu."}
    assert (await bonus.ask(ANNA, "PUT", f"{TEXTS}/terms", body)).status_code == 403
    wrong = await bonus.ask(STAFF, "PUT", f"{TEXTS}/terms", {"body": "{Nichts}"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "placeholder-unknown")
