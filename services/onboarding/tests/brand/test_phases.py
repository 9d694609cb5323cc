"""Four phases one after the other, each behind a gate that names everything it lacks."""

from datetime import timedelta

import pytest
from onboarding_tests.samples import (
    BRAND,
    CONTACT,
    GOING_LIVE,
    IN_CONTENT,
    IN_LOGISTICS,
    NOON,
    ORGANISED,
    PARTNER,
    brand_opened,
    completed,
    content,
    disclosed,
    done,
    received,
    registered,
    started,
    types_needed,
    warehouse_chosen,
)

from onboarding.brand.decider import BRAND_DECIDER
from onboarding.brand.phases import (
    CompletePhase,
    GateClosedError,
    GrantWaiver,
    NotWaivableError,
    OpenBrand,
    StartPhases,
    WarehouseChangedError,
)
from onboarding.brand.reminders import NothingOwedError, Remind, RemindedTodayError, RemindOfMissed
from onboarding.brand.state import (
    PHASES,
    STEPS,
    WAIVABLE,
    BrandNotFoundError,
    PhaseNotStartedError,
    brand_of,
)
from onboarding.brand.steps import FinishStep, ReopenStep, TurnStep
from onboarding.warehouse.decider import KnownWarehouse
from zugabe_events.contracts.onboarding import (
    ArticlesWentLive,
    BrandEvent,
    BrandOpened,
    BrandWentLive,
    Missing,
    PartnerReminded,
    Phase,
    PlatformsChosen,
    ReleaseGranted,
    ReleaseRequested,
    ReleaseWithdrawn,
    ReportingSent,
    StepReopened,
    StepTurned,
    Waited,
    WaiverGranted,
)
from zugabe_testing.deciders import given

LATER = NOON + timedelta(days=3)
PLACE = KnownWarehouse("hamburg", "Hamburg", "Kai 1, Hamburg", "Werktags bis 14 Uhr")
DAYS_3 = 3 * 24 * 3600

live = ArticlesWentLive(PARTNER, BRAND, "otto", ("0017",), NOON)
reporting = ReportingSent(PARTNER, BRAND, "Nordkap", CONTACT, "https://r.example.org", (), NOON)


def complete(phase: Phase, place: KnownWarehouse | None = PLACE) -> CompletePhase:
    return CompletePhase(phase, CONTACT, place, LATER)


def waived(requirement: str) -> WaiverGranted:
    return WaiverGranted(PARTNER, BRAND, requirement, "Absprache", NOON)


def lacking(phase: Phase, *history: BrandEvent) -> list[tuple[str, str, str, int]]:
    refusal = (
        given(BRAND_DECIDER, *history).when(complete(phase)).refused(GateClosedError, "gate-closed")
    )
    assert isinstance(refusal, GateClosedError)
    told = [(one["requirement"], one["owner"], one["subject"]) for one in refusal.lists["missing"]]
    assert told == [(one.requirement, one.owner, one.subject) for one in refusal.missing]
    assert all(one["detail"] for one in refusal.lists["missing"])
    return [(one.requirement, one.owner, one.subject, one.count) for one in refusal.missing]


def test_a_brand_begins_once_with_what_its_partner_has_done() -> None:
    """Q15"""
    command = OpenBrand(PARTNER, "Nordwind GmbH", BRAND, "Nordkap", ("contacts",), "maxi", CONTACT)
    [opened] = BRAND_DECIDER.decide(command, BRAND_DECIDER.initial)
    progress = BRAND_DECIDER.fold([opened]).progress  # type: ignore[union-attr]
    assert progress.steps == ("contacts",)
    assert isinstance(opened, BrandOpened)
    assert not opened.after_welcome, "unless it is said"
    given(BRAND_DECIDER, opened).when(command).then()


def test_the_welcome_starts_organisation_once() -> None:
    """ON-2"""
    begin = StartPhases(CONTACT, NOON)
    given(BRAND_DECIDER, brand_opened).when(begin).then(started("organisation"))
    given(BRAND_DECIDER, brand_opened, started("organisation")).when(begin).then()
    given(BRAND_DECIDER, *IN_CONTENT).when(begin).then()


def test_an_unknown_brand_has_no_phases() -> None:
    for command in (StartPhases(CONTACT, NOON), complete("organisation"), Remind(CONTACT, NOON)):
        given(BRAND_DECIDER).when(command).refused(BrandNotFoundError)


def test_organisation_needs_five_forms_and_a_warehouse_and_says_so_at_once() -> None:
    """ON-14, Q14: pending releases and data models do not block it."""
    begun = (brand_opened, started("organisation"), types_needed)
    forms = [(f"form:{step}", "partner", "", 1) for step in STEPS]
    assert lacking("organisation", *begun) == [*forms, ("warehouse", "central", "", 1)]
    for step in STEPS:
        rest = [event for event in ORGANISED if event != done(step)]
        assert lacking("organisation", *rest) == [(f"form:{step}", "partner", "", 1)]
    rest = [event for event in ORGANISED if event != warehouse_chosen]
    assert lacking("organisation", *rest) == [("warehouse", "central", "", 1)]


def test_completing_organisation_opens_content_in_the_same_commit() -> None:
    """ON-1, ON-11"""
    given(BRAND_DECIDER, *ORGANISED).when(complete("organisation")).then(
        completed("organisation", LATER, waited=Waited(0, DAYS_3)),
        started("content", LATER),
    )


def test_content_needs_text_and_images_of_all_registered_articles() -> None:
    """ON-5, ON-6"""
    assert lacking("content", *IN_CONTENT) == [("articles", "partner", "", 1)]
    assert lacking("content", *IN_CONTENT, registered) == [
        ("texts", "partner", "", 2),
        ("images", "partner", "", 2),
    ]


def test_what_lacks_a_data_model_waits_for_central() -> None:
    """ON-24, ON-25"""
    caps = type(registered)(PARTNER, BRAND, (type(registered.articles[0])("0019", "muetze"),), NOON)
    assert lacking("content", *IN_CONTENT, registered, content, caps) == [
        ("data-model", "central", "muetze", 1),
        ("texts", "partner", "", 1),
        ("images", "partner", "", 1),
    ]


def test_address_and_conditions_are_told_as_logistics_start() -> None:
    """ON-31"""
    given(BRAND_DECIDER, *IN_CONTENT, registered, content).when(complete("content")).then(
        completed("content", LATER, waited=Waited(0, DAYS_3)),
        started("logistics", LATER),
        disclosed,
    )


def test_a_warehouse_that_changed_meanwhile_is_not_the_one_that_is_told() -> None:
    """ON-31"""
    for place in (None, KnownWarehouse("kiel", "Kiel", "Kai 2", "")):
        given(BRAND_DECIDER, *IN_CONTENT, registered, content).when(
            complete("content", place)
        ).refused(WarehouseChangedError)


def test_going_live_needs_the_content_and_the_first_goods_receipt() -> None:
    """ON-7"""
    assert lacking("logistics", *IN_LOGISTICS) == [("goods-receipt", "partner", "", 1)]
    more = type(registered)(PARTNER, BRAND, (type(registered.articles[0])("0020", "hose"),), NOON)
    assert lacking("logistics", *IN_LOGISTICS, received, more) == [
        ("texts", "partner", "", 1),
        ("images", "partner", "", 1),
    ]
    given(BRAND_DECIDER, *IN_LOGISTICS, received).when(complete("logistics")).then(
        completed("logistics", LATER, waited=Waited(0, DAYS_3)), started("live", LATER)
    )


def test_the_end_needs_live_articles_on_every_platform_and_the_reporting() -> None:
    """ON-9, ON-10"""
    assert lacking("live", *GOING_LIVE) == [
        ("live-articles", "central", "otto", 1),
        ("reporting", "central", "", 1),
    ]
    given(BRAND_DECIDER, *GOING_LIVE, live, reporting).when(complete("live")).then(
        completed("live", LATER, waited=Waited(0, DAYS_3)),
        BrandWentLive(PARTNER, BRAND, "Nordkap", CONTACT, ("otto",), 1, LATER),
    )


def test_an_article_on_two_platforms_is_one_article() -> None:
    """ON-10"""
    both = (
        PlatformsChosen(PARTNER, BRAND, ("otto", "zalando"), NOON),
        ReleaseRequested(PARTNER, BRAND, "zalando", NOON),
        ReleaseGranted(PARTNER, BRAND, "zalando", NOON),
        ArticlesWentLive(PARTNER, BRAND, "otto", ("0017",), NOON),
        ArticlesWentLive(PARTNER, BRAND, "zalando", ("0017",), NOON),
    )
    given(BRAND_DECIDER, *GOING_LIVE, *both, reporting).when(complete("live")).then(
        completed("live", LATER, waited=Waited(0, DAYS_3)),
        BrandWentLive(PARTNER, BRAND, "Nordkap", CONTACT, ("otto", "zalando"), 1, LATER),
    )


def test_without_a_release_nothing_is_complete() -> None:
    """ON-8, ON-15"""
    assert lacking("live", *GOING_LIVE[:-1], reporting) == [("release", "central", "", 1)]


@pytest.mark.parametrize("phase", PHASES)
def test_completing_twice_changes_nothing(phase: Phase) -> None:
    """ON-1"""
    whole = (*GOING_LIVE, live, reporting)
    ends = BRAND_DECIDER.decide(complete("live"), BRAND_DECIDER.fold(whole))
    given(BRAND_DECIDER, *whole, *ends).when(complete(phase)).then()


def test_no_phase_is_completed_before_the_one_before_it() -> None:
    """ON-1"""
    given(BRAND_DECIDER, brand_opened).when(complete("organisation")).refused(PhaseNotStartedError)
    for phase in PHASES[1:]:
        refused = given(BRAND_DECIDER, *ORGANISED).when(complete(phase))
        assert refused.refused(PhaseNotStartedError).facts == {"phase": phase}


def test_a_waiver_lets_a_phase_do_without_and_is_remembered() -> None:
    """ON-1"""
    rest = [event for event in ORGANISED if event != done("contacts")]
    given(BRAND_DECIDER, *rest).when(GrantWaiver("form:contacts", "Absprache", NOON)).then(
        waived("form:contacts")
    )
    given(BRAND_DECIDER, *rest, waived("form:contacts")).when(
        GrantWaiver("form:contacts", "Nochmals", LATER)
    ).then()
    contacts = Missing("form:contacts", "partner")
    given(BRAND_DECIDER, *rest, waived("form:contacts")).when(complete("organisation")).then(
        completed("organisation", LATER, waived=(contacts,), waited=Waited(0, DAYS_3)),
        started("content", LATER),
    )


def test_without_some_things_central_cannot_do() -> None:
    """ON-6, ON-7, ON-10, ON-16, ON-20, ON-31, Q32"""
    for requirement in (
        "articles",
        "data-model",
        "disclosure",
        "form:releases",
        "goods-receipt",
        "images",
        "live-articles",
        "precondition:brand-registration",
        "release",
        "texts",
        "warehouse",
        "x",
    ):
        assert requirement not in WAIVABLE
        given(BRAND_DECIDER, *ORGANISED).when(GrantWaiver(requirement, "x", NOON)).refused(
            NotWaivableError, "not-waivable"
        )


def test_content_is_never_waived() -> None:
    """ON-6, ON-7, Q32: waivers that were granted before count for nothing."""
    before = (waived("texts"), waived("images"))
    without = (("texts", "partner", "", 2), ("images", "partner", "", 2))
    assert lacking("content", *IN_CONTENT, registered, *before) == [*without]
    logistics = (*IN_CONTENT, registered, *before, completed("content"), started("logistics"))
    assert lacking("logistics", *logistics, received) == [*without]


def test_a_step_is_done_once() -> None:
    """ON-14"""
    given(BRAND_DECIDER, brand_opened).when(FinishStep("releases", NOON)).then(done("releases"))
    given(BRAND_DECIDER, brand_opened, done("releases")).when(FinishStep("releases", LATER)).then()


def test_a_step_is_reopened_while_organisation_runs() -> None:
    """ON-14, Q14: a phase that is complete stays so."""
    reopen = ReopenStep("contacts", LATER)
    reopened = StepReopened(PARTNER, (BRAND,), "contacts", LATER)
    given(BRAND_DECIDER, *ORGANISED).when(reopen).then(reopened)
    given(BRAND_DECIDER, *ORGANISED, reopened).when(reopen).then()
    assert lacking("organisation", *ORGANISED, reopened) == [("form:contacts", "partner", "", 1)]
    given(BRAND_DECIDER, *ORGANISED, reopened).when(FinishStep("contacts", LATER)).then(
        done("contacts", LATER)
    )
    given(BRAND_DECIDER, *IN_CONTENT).when(reopen).then()
    of_all = BRAND_DECIDER.fold((*IN_CONTENT, reopened))
    assert "contacts" in brand_of(of_all).progress.steps


def test_a_step_is_in_the_hands_of_one_side_until_it_is_done() -> None:
    """N-11"""
    to_central = StepTurned(PARTNER, (BRAND,), "contacts", "central", NOON)
    to_partner = StepTurned(PARTNER, (BRAND,), "contacts", "partner", NOON)
    hand_in = TurnStep("contacts", "central", NOON)
    send_back = TurnStep("contacts", "partner", NOON)
    given(BRAND_DECIDER, brand_opened).when(hand_in).then(to_central)
    given(BRAND_DECIDER, brand_opened).when(send_back).then()
    given(BRAND_DECIDER, brand_opened, to_central).when(hand_in).then()
    given(BRAND_DECIDER, brand_opened, to_central).when(send_back).then(to_partner)
    given(BRAND_DECIDER, brand_opened, done("contacts")).when(hand_in).then()
    given(BRAND_DECIDER, brand_opened, to_central, done("contacts")).when(send_back).then()


def test_a_reminder_names_what_the_partner_owes_and_nothing_else() -> None:
    rest = [event for event in ORGANISED if event not in (done("contacts"), warehouse_chosen)]
    reminded = PartnerReminded(
        PARTNER,
        BRAND,
        "Nordkap",
        "organisation",
        CONTACT,
        (Missing("form:contacts", "partner"),),
        False,
        LATER,
    )
    given(BRAND_DECIDER, *rest).when(Remind(CONTACT, LATER)).then(reminded)


def test_a_partner_is_reminded_once_a_day_unless_said() -> None:
    """D11"""
    rest = [event for event in ORGANISED if event not in (done("contacts"), warehouse_chosen)]
    first = BRAND_DECIDER.decide(Remind(CONTACT, NOON), BRAND_DECIDER.fold(rest))
    history = [*rest, *first]
    for at in (NOON, NOON + timedelta(hours=9)):  # 21:00 in Berlin
        given(BRAND_DECIDER, *history).when(Remind(CONTACT, at)).refused(RemindedTodayError)
        again = BRAND_DECIDER.decide(Remind(CONTACT, at, again=True), BRAND_DECIDER.fold(history))
        assert len(again) == 1
    next_day = Remind(CONTACT, NOON + timedelta(hours=12))
    assert len(BRAND_DECIDER.decide(next_day, BRAND_DECIDER.fold(history))) == 1


def test_nobody_is_reminded_of_nothing() -> None:
    for history in ((brand_opened,), ORGANISED, GOING_LIVE):
        given(BRAND_DECIDER, *history).when(Remind(CONTACT, NOON)).refused(NothingOwedError)


def test_the_clock_reminds_once_per_phase_and_only_while_it_runs() -> None:
    rest = [event for event in ORGANISED if event != done("contacts")]
    by_clock = Remind(CONTACT, LATER, "organisation")
    [reminded] = BRAND_DECIDER.decide(by_clock, BRAND_DECIDER.fold(rest))
    assert isinstance(reminded, PartnerReminded)
    assert reminded.automatic
    given(BRAND_DECIDER, *rest, reminded).when(by_clock).then()
    for history in (ORGANISED, IN_CONTENT, (brand_opened,)):
        given(BRAND_DECIDER, *history).when(by_clock).then()


def test_who_was_waited_for_is_counted() -> None:
    """N-11"""
    days = [NOON + timedelta(days=day) for day in range(6)]
    history: list[BrandEvent] = [
        brand_opened,
        started("organisation", days[0]),
        *(done(step, days[2]) for step in STEPS),
        type(warehouse_chosen)(PARTNER, BRAND, "hamburg", "Hamburg", days[3]),
    ]
    [first, *_] = BRAND_DECIDER.decide(
        CompletePhase("organisation", CONTACT, None, days[5]), BRAND_DECIDER.fold(history)
    )
    day = 24 * 3600
    assert first == completed("organisation", days[5], days[0], waited=Waited(2 * day, 3 * day))


def test_who_is_live_is_reminded_of_nothing() -> None:
    """ON-10: not even of what another platform demands."""
    whole = (*GOING_LIVE, live, reporting)
    ended = BRAND_DECIDER.decide(complete("live"), BRAND_DECIDER.fold(whole))
    on_amazon: tuple[BrandEvent, ...] = (
        ReleaseWithdrawn(PARTNER, BRAND, "otto", "Absprache", LATER),
        PlatformsChosen(PARTNER, BRAND, ("amazon",), LATER),
        ReleaseRequested(PARTNER, BRAND, "amazon", LATER, ("administrators",)),
        ReleaseGranted(PARTNER, BRAND, "amazon", LATER),
    )
    remind = Remind(CONTACT, LATER)
    given(BRAND_DECIDER, *whole, *ended, *on_amazon).when(remind).refused(NothingOwedError)
    reminded = BRAND_DECIDER.decide(remind, BRAND_DECIDER.fold([*whole, *on_amazon]))
    assert len(reminded) == 1, "as it would be before"


def test_a_reminder_missed_in_a_pause_is_made_up_for_from_its_second_on() -> None:
    """It is due two weeks after the phase began."""
    begun = (brand_opened, started("organisation"))
    due = NOON + timedelta(days=14)
    owed = tuple(Missing(f"form:{step}", "partner") for step in STEPS)
    reminded = PartnerReminded(PARTNER, BRAND, "Nordkap", "organisation", CONTACT, owed, True, due)
    given(BRAND_DECIDER, *begun).when(RemindOfMissed(CONTACT, due)).then(reminded)
    early = RemindOfMissed(CONTACT, due - timedelta(seconds=1))
    given(BRAND_DECIDER, *begun).when(early).then()
    given(BRAND_DECIDER, *begun).when(RemindOfMissed(None, due)).then()
    given(BRAND_DECIDER, brand_opened).when(RemindOfMissed(CONTACT, due)).then()
