"""A release for each platform, by the two forms only, and what a platform alone demands."""

from datetime import timedelta

from onboarding_tests.samples import (
    BRAND,
    CONTACT,
    GOING_LIVE,
    NOON,
    PARTNER,
    brand_opened,
    done,
    granted,
    platforms,
    requested,
    started,
)

from onboarding.brand.articles import LetArticlesLive
from onboarding.brand.decider import BRAND_DECIDER
from onboarding.brand.phases import CompletePhase, GateClosedError
from onboarding.brand.releases import (
    ChoosePlatforms,
    GrantRelease,
    MeetPrecondition,
    PlatformInUseError,
    PlatformNotChosenError,
    PreconditionOpenError,
    PreconditionUnknownError,
    RefuseRelease,
    ReleaseGrantedError,
    ReleaseMissingError,
    RequestRelease,
    StepMissingError,
    WithdrawRelease,
)
from onboarding.brand.state import brand_of, missing
from zugabe_events.contracts.onboarding import (
    ArticlesWentLive,
    BrandEvent,
    BrandWentLive,
    PlatformsChosen,
    PreconditionMet,
    ReleaseGranted,
    ReleaseRefused,
    ReleaseRequested,
    ReleaseWithdrawn,
    ReportingSent,
)
from zugabe_testing.deciders import given

LATER = NOON + timedelta(days=3)
AMAZON = ("brand-registration", "administrators")

CHOSEN: tuple[BrandEvent, ...] = (
    brand_opened,
    started("organisation"),
    done("releases"),
    platforms,
)
refused = ReleaseRefused(PARTNER, BRAND, "otto", "Passt nicht", NOON)
withdrawn = ReleaseWithdrawn(PARTNER, BRAND, "otto", "Absprache", NOON)
live = ArticlesWentLive(PARTNER, BRAND, "otto", ("0017",), NOON)
reporting = ReportingSent(PARTNER, BRAND, "Nordkap", CONTACT, "https://r.example.org", (), NOON)
both = PlatformsChosen(PARTNER, BRAND, ("amazon", "otto"), NOON)
amazon_requested = ReleaseRequested(PARTNER, BRAND, "amazon", NOON, AMAZON)
amazon_granted = ReleaseGranted(PARTNER, BRAND, "amazon", NOON)
ON_AMAZON = (*GOING_LIVE, both, amazon_requested, amazon_granted)

ask = RequestRelease("otto", (), NOON)
grant = GrantRelease("otto", NOON)
refuse = RefuseRelease("otto", "Passt nicht", NOON)
withdraw = WithdrawRelease("otto", "Absprache", NOON)


def met(precondition: str) -> PreconditionMet:
    return PreconditionMet(PARTNER, BRAND, "amazon", precondition, NOON)


def meet(precondition: str, *demanded: str) -> MeetPrecondition:
    return MeetPrecondition("amazon", precondition, demanded, NOON)


def test_platforms_are_chosen_as_a_set() -> None:
    """ON-4"""
    given(BRAND_DECIDER, brand_opened).when(ChoosePlatforms(("otto", "otto"), NOON)).then(platforms)
    given(BRAND_DECIDER, *CHOSEN).when(ChoosePlatforms(("otto",), LATER)).then()


def test_a_platform_with_a_release_is_not_left_out() -> None:
    """ON-15"""
    other = ChoosePlatforms(("amazon",), NOON)
    for history in ((*CHOSEN, requested), (*CHOSEN, requested, granted)):
        given(BRAND_DECIDER, *history).when(other).refused(PlatformInUseError, "platform-in-use")
    for history in ((*CHOSEN, requested, refused), (*CHOSEN, requested, withdrawn)):
        given(BRAND_DECIDER, *history).when(other).then(
            PlatformsChosen(PARTNER, BRAND, ("amazon",), NOON)
        )


def test_a_release_is_requested_by_the_two_forms_only() -> None:
    """ON-16"""
    given(BRAND_DECIDER, brand_opened, started("organisation"), platforms).when(ask).refused(
        StepMissingError, "release-forms-missing"
    )
    given(BRAND_DECIDER, *CHOSEN).when(ask).then(requested)
    given(BRAND_DECIDER, *CHOSEN).when(RequestRelease("amazon", (), NOON)).refused(
        PlatformNotChosenError
    )


def test_a_release_is_requested_once_and_again_after_it_ended() -> None:
    """ON-15"""
    given(BRAND_DECIDER, *CHOSEN, requested).when(ask).then()
    given(BRAND_DECIDER, *CHOSEN, requested, granted).when(ask).then()
    given(BRAND_DECIDER, *CHOSEN, requested, refused).when(ask).then(requested)
    given(BRAND_DECIDER, *CHOSEN, requested, granted, withdrawn).when(ask).then(requested)


def test_a_requested_release_is_granted_refused_or_withdrawn() -> None:
    """ON-15"""
    given(BRAND_DECIDER, *CHOSEN, requested).when(grant).then(granted)
    given(BRAND_DECIDER, *CHOSEN, requested).when(refuse).then(refused)
    given(BRAND_DECIDER, *CHOSEN, requested).when(withdraw).then(withdrawn)
    given(BRAND_DECIDER, *CHOSEN, requested, granted).when(withdraw).then(withdrawn)


def test_what_is_decided_already_changes_nothing() -> None:
    given(BRAND_DECIDER, *CHOSEN, requested, granted).when(grant).then()
    given(BRAND_DECIDER, *CHOSEN, requested, refused).when(refuse).then()
    given(BRAND_DECIDER, *CHOSEN, requested, withdrawn).when(withdraw).then()


def test_nothing_is_granted_that_was_not_requested() -> None:
    """ON-16"""
    for command in (grant, refuse, withdraw):
        given(BRAND_DECIDER, *CHOSEN).when(command).refused(ReleaseMissingError)
    for ended in (refused, withdrawn):
        given(BRAND_DECIDER, *CHOSEN, requested, ended).when(grant).refused(ReleaseMissingError)
    given(BRAND_DECIDER, *CHOSEN, requested, granted).when(refuse).refused(ReleaseGrantedError)


def test_what_a_platform_demands_blocks_going_live_there_and_nowhere_else() -> None:
    """ON-20, ON-22"""
    on_amazon = LetArticlesLive("amazon", ("0017",), NOON)
    refusal = given(BRAND_DECIDER, *ON_AMAZON).when(on_amazon).refused(PreconditionOpenError)
    assert [one["requirement"] for one in refusal.lists["missing"]] == [
        "precondition:brand-registration",
        "precondition:administrators",
    ]
    given(BRAND_DECIDER, *ON_AMAZON, met("brand-registration")).when(on_amazon).refused(
        PreconditionOpenError
    )
    given(BRAND_DECIDER, *ON_AMAZON).when(LetArticlesLive("otto", ("0017",), NOON)).then(live)
    given(BRAND_DECIDER, *ON_AMAZON, *map(met, AMAZON)).when(on_amazon).then(
        ArticlesWentLive(PARTNER, BRAND, "amazon", ("0017",), NOON)
    )


def test_a_brand_goes_live_without_a_platform_that_demands_more() -> None:
    """ON-10, ON-20"""
    whole = (*ON_AMAZON, live, reporting)
    [_, went_live] = BRAND_DECIDER.decide(
        CompletePhase("live", CONTACT, None, NOON), BRAND_DECIDER.fold(whole)
    )
    assert isinstance(went_live, BrandWentLive)
    assert went_live.platforms == ("otto",)


def test_a_platform_that_could_go_live_is_waited_for() -> None:
    """ON-10"""
    whole = (*ON_AMAZON, *map(met, AMAZON), live, reporting)
    command = CompletePhase("live", CONTACT, None, NOON)
    refusal = given(BRAND_DECIDER, *whole).when(command).refused(GateClosedError)
    assert [one["subject"] for one in refusal.lists["missing"]] == ["amazon"]


def test_a_brand_whose_only_platform_demands_more_waits_for_the_partner() -> None:
    """ON-20, ON-22"""
    history = (*GOING_LIVE, withdrawn, both, amazon_requested, amazon_granted, reporting)
    lacking = missing(brand_of(BRAND_DECIDER.fold(history)).progress, "live")
    assert [(one.requirement, one.owner, one.subject) for one in lacking] == [
        ("precondition:brand-registration", "partner", "amazon"),
        ("precondition:administrators", "partner", "amazon"),
    ]


def test_a_precondition_may_be_met_before_the_release_is_requested() -> None:
    """ON-21"""
    given(BRAND_DECIDER, *CHOSEN).when(meet(AMAZON[0], *AMAZON)).then(met(AMAZON[0]))
    given(BRAND_DECIDER, *CHOSEN, met(AMAZON[0])).when(meet(AMAZON[0], *AMAZON)).then()
    early = (*CHOSEN, both, *map(met, AMAZON), amazon_requested, amazon_granted)
    assert brand_of(BRAND_DECIDER.fold(early)).progress.releases["amazon"].open == ()


def test_a_precondition_that_nobody_demands_is_not_met() -> None:
    given(BRAND_DECIDER, *CHOSEN).when(meet("x", *AMAZON)).refused(PreconditionUnknownError)


def test_a_precondition_once_demanded_may_be_met_whatever_is_configured_now() -> None:
    given(BRAND_DECIDER, *CHOSEN, both, amazon_requested).when(meet(AMAZON[0])).then(met(AMAZON[0]))


def test_withdrawing_ends_what_was_live_there() -> None:
    """ON-8"""
    history = (*GOING_LIVE, live, withdrawn)
    state = brand_of(BRAND_DECIDER.fold(history))
    assert not state.live
    assert not state.progress.live
    given(BRAND_DECIDER, *history).when(LetArticlesLive("otto", ("0017",), NOON)).refused(
        ReleaseMissingError
    )
    given(BRAND_DECIDER, *history, requested, granted).when(
        LetArticlesLive("otto", ("0017",), NOON)
    ).then(live)
