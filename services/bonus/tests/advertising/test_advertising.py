"""Banner and footer link of a programme: who sets them, and which visitor sees them."""

from collections.abc import AsyncGenerator

import pytest
from bonus_tests.samples import APRIL_1, DEALER, FIVE_EUROS, MARCH_1, TERMS, line, placed
from bonus_tests.shop import ANNA, BERT, PROGRAMME, REWARD, STAFF, Bonus
from bonus_tests.shop import TERMS as BODY

from bonus.advertising.decider import (
    ADVERTISING_DECIDER,
    Advertise,
    Advertising,
    BannerMissingError,
    NotSetUpError,
    SetFooterLink,
)
from bonus.advertising.graphic import GraphicUnfitError, GraphicUnknownError, GraphicView
from bonus.programme.versions import Active, Draft
from zugabe_events.contracts.bonus import FooterLinkSet, ProgrammeAdvertised
from zugabe_events.contracts.catalog_shops import GraphicStored
from zugabe_events.http.principal import Principal
from zugabe_testing.callers import problem_code
from zugabe_testing.deciders import given

FILE = "ab" * 32
FITTING = GraphicView(DEALER, FILE, 966, 204_800)
CENTRAL = Principal("central", "central")
OTHER_STAFF = Principal("other", "dealer-staff", DEALER)
SETTINGS, LINK, SHOWN = (f"{PROGRAMME}/{name}" for name in ("banner", "footer-link", "advertising"))
BANNER = {"file": FILE, "title": "Punkte!", "address": f"/graphics/{DEALER}/{FILE}"}


def advertise(graphic: GraphicView | None = FITTING, *, shown: bool = True) -> Advertise:
    return Advertise(DEALER, shown, FILE if graphic else "", "Punkte!", graphic, APRIL_1)


def test_a_banner_is_set_once_and_can_be_hidden() -> None:
    """BO-24, BO-25"""
    shown = ProgrammeAdvertised(DEALER, True, FILE, "Punkte!", APRIL_1)
    given(ADVERTISING_DECIDER).when(advertise()).then(shown)
    given(ADVERTISING_DECIDER, shown).when(advertise()).then()
    hidden = ProgrammeAdvertised(DEALER, False, FILE, "Punkte!", APRIL_1)
    given(ADVERTISING_DECIDER, shown).when(advertise(shown=False)).then(hidden)


@pytest.mark.parametrize(("width", "size"), [(965, 1_000), (967, 1_000), (966, 204_801)])
def test_a_banner_has_966_pixels_and_200_kb(width: int, size: int) -> None:
    """BO-26"""
    unfit = GraphicView(DEALER, FILE, width, size)
    refused = (
        given(ADVERTISING_DECIDER)
        .when(advertise(unfit))
        .refused(GraphicUnfitError, "graphic-unfit")
    )
    assert refused.facts == {"width": width, "size_bytes": size}
    assert refused.detail.startswith(
        "Ein Banner für Bonuspunkte ist genau 966 Pixel breit und höchstens 200 KB groß;"
    )


def test_nothing_is_advertised_without_a_banner() -> None:
    """BO-25"""
    given(ADVERTISING_DECIDER).when(advertise(None)).refused(BannerMissingError)
    unknown = Advertise(DEALER, True, FILE, "Punkte!", None, APRIL_1)
    given(ADVERTISING_DECIDER).when(unknown).refused(GraphicUnknownError, "graphic-not-found")
    assert ADVERTISING_DECIDER.decide(advertise(None, shown=False), Advertising())


def test_the_footer_links_to_a_programme_that_is_set_up() -> None:
    """BO-27"""
    link = FooterLinkSet(DEALER, True, APRIL_1)
    complete = Draft(2, TERMS, {"five": FIVE_EUROS})
    active = Active(3, TERMS, {"five": FIVE_EUROS}, {}, MARCH_1)
    for programme in (complete, active):
        wanted = SetFooterLink(DEALER, True, programme, APRIL_1)
        given(ADVERTISING_DECIDER).when(wanted).then(link)
        given(ADVERTISING_DECIDER, link).when(wanted).then()
    early = SetFooterLink(DEALER, True, Draft(1, TERMS), APRIL_1)
    given(ADVERTISING_DECIDER).when(early).refused(NotSetUpError, "programme-incomplete")
    off = SetFooterLink(DEALER, False, Draft(), APRIL_1)
    given(ADVERTISING_DECIDER, link).when(off).then(FooterLinkSet(DEALER, False, APRIL_1))


@pytest.fixture
async def bonus() -> AsyncGenerator[Bonus]:
    service = Bonus(CENTRAL, OTHER_STAFF)
    service.graphics.fold(
        GraphicStored(DEALER, FILE, "banner", "image/png", 966, 100, 5_000, MARCH_1)
    )
    yield service
    await service.http.aclose()


async def advertised(bonus: Bonus) -> None:
    await bonus.set_up()
    body = {"shown": True, "file": FILE, "title": "Punkte!"}
    assert (await bonus.ask(STAFF, "PUT", SETTINGS, body)).status_code == 204
    assert (await bonus.ask(CENTRAL, "PUT", LINK, {"shown": True})).status_code == 204


async def seen_by(bonus: Bonus, caller: Principal | None = None) -> tuple[object, object]:
    answer = await (bonus.ask(caller, "GET", SHOWN) if caller else bonus.http.get(SHOWN))
    assert answer.status_code == 200, answer.text
    return answer.json()["banner"], answer.json()["footer_link"]


async def test_everybody_sees_the_banner_while_the_programme_runs(bonus: Bonus) -> None:
    """BO-25, BO-37, Q30"""
    assert await seen_by(bonus) == (None, False)
    await advertised(bonus)
    for caller in (None, ANNA, BERT, STAFF):
        assert await seen_by(bonus, caller) == (BANNER, True)
    settings = (await bonus.ask(STAFF, "GET", SETTINGS)).json()
    assert settings == {"shown": True, "banner": BANNER, "footer_link": True}
    await bonus.ask(STAFF, "PUT", SETTINGS, {"shown": False, "file": FILE})
    assert await seen_by(bonus) == (None, True)


async def test_the_banner_disappears_for_a_customer_without_the_programme(bonus: Bonus) -> None:
    """BO-25, BO-13"""
    await advertised(bonus)
    await bonus.deliver(placed("o1", line(6_000), at=MARCH_1), "e1")
    await bonus.ask(STAFF, "DELETE", f"/dealers/{DEALER}/customers/c1/programme")
    assert await seen_by(bonus) == (BANNER, True)
    assert await seen_by(bonus, BERT) == (None, False)
    assert await seen_by(bonus, ANNA) == (None, True)


async def test_a_programme_in_its_run_off_is_not_advertised(bonus: Bonus) -> None:
    """BO-12, BO-25"""
    await advertised(bonus)
    await bonus.deliver(placed("o1", line(6_000), at=MARCH_1), "e1")
    await bonus.ask(STAFF, "POST", f"{PROGRAMME}/deactivation")
    assert await seen_by(bonus) == (None, True)
    assert await seen_by(bonus, ANNA) == (None, True)
    assert await seen_by(bonus, BERT) == (None, False)


async def test_nothing_is_advertised_until_the_dealer_says_so(bonus: Bonus) -> None:
    """BO-25, BO-27: neither banner nor link, even while the programme runs."""
    settings = (await bonus.ask(STAFF, "GET", f"{PROGRAMME}/banner")).json()
    assert settings == {"shown": False, "banner": None, "footer_link": False}
    assert await seen_by(bonus) == (None, False)


async def test_a_programme_that_is_not_activated_is_not_advertised(bonus: Bonus) -> None:
    """BO-7, BO-27: although its link is set."""
    await bonus.ask(STAFF, "PUT", PROGRAMME, BODY)
    await bonus.ask(STAFF, "PUT", f"{PROGRAMME}/rewards/five", REWARD)
    await bonus.ask(STAFF, "PUT", SETTINGS, {"shown": True, "file": FILE})
    assert (await bonus.ask(CENTRAL, "PUT", LINK, {"shown": True})).status_code == 204
    assert await seen_by(bonus) == (None, False)


async def test_rights_over_banner_and_link(bonus: Bonus) -> None:
    """BO-8, BO-27, X-16"""
    body = {"shown": True, "file": FILE}
    assert (await bonus.ask(OTHER_STAFF, "PUT", SETTINGS, body)).status_code == 403
    assert (await bonus.ask(OTHER_STAFF, "GET", SETTINGS)).status_code == 403
    assert (await bonus.ask(STAFF, "PUT", LINK, {"shown": True})).status_code == 403
    unknown = await bonus.ask(STAFF, "PUT", SETTINGS, body | {"file": "cd" * 32})
    assert problem_code(unknown, 404) == "graphic-not-found"
    bonus.cancel_module()
    refused = await bonus.ask(STAFF, "PUT", SETTINGS, body)
    assert problem_code(refused, 409) == "module-missing"
