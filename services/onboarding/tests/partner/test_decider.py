"""The life cycle of a partner's onboarding, and the commands that it refuses."""

from datetime import datetime, timedelta

import pytest
from msgspec import structs
from onboarding_tests.samples import (
    BRAND,
    CONTACT,
    LINK,
    MANAGER,
    NOON,
    PARTNER,
    assigned,
    brand_added,
    opened,
    welcomed,
)

from onboarding.brand.steps import FinishStep, TurnStep
from onboarding.partner.decider import (
    PARTNER_DECIDER,
    AddBrand,
    AssignManager,
    BrandExistsError,
    Command,
    NoBrandError,
    OpenOnboarding,
    PartnerExistsError,
    PartnerReservedError,
    TooManyBrandsError,
    Welcome,
)
from onboarding.partner.lifecycle import Close, Pause, Resume
from onboarding.partner.link_commands import REQUEST_INTERVAL, RequestLink, RevokeLinks, SendLink
from onboarding.partner.state import (
    ManagerMissingError,
    NotWelcomedError,
    OnboardingClosedError,
    OnboardingPausedError,
    PartnerNotFoundError,
    onboarding_of,
)
from zugabe_events.contracts.onboarding import (
    BrandAdded,
    Contact,
    LinkSent,
    LinksRevoked,
    Manager,
    ManagerAssigned,
    OnboardingClosed,
    OnboardingPaused,
    OnboardingResumed,
    PartnerEvent,
    StepDone,
    StepTurned,
)
from zugabe_testing.deciders import given

READY: tuple[PartnerEvent, ...] = (opened, assigned, brand_added)
LATER = NOON + timedelta(days=1)
ROBIN = Contact("robin", CONTACT.name, CONTACT.email)
OTHER_LINK = f"{LINK}~other"
LENA = Manager("lena", MANAGER.name, MANAGER.email)

welcome = Welcome(LINK, NOON)
paused = OnboardingPaused(PARTNER, (BRAND,), "Umbau", LATER)
closed = OnboardingClosed(PARTNER, (BRAND,), "Abgesagt", LATER)


def test_an_onboarding_is_opened_once() -> None:
    command = OpenOnboarding(PARTNER, "Nordwind GmbH", CONTACT)
    given(PARTNER_DECIDER).when(command).then(opened)
    for history in ((opened,), (*READY, paused), (*READY, closed)):
        given(PARTNER_DECIDER, *history).when(command).refused(PartnerExistsError, "partner-exists")


def test_nobody_is_the_partner_central() -> None:
    """X-16: it is the tenant of what belongs to no partner."""
    command = OpenOnboarding("central", "Nordwind GmbH", CONTACT)
    given(PARTNER_DECIDER).when(command).refused(PartnerReservedError)


def test_nothing_can_be_done_with_an_unknown_partner() -> None:
    commands: tuple[Command, ...] = (
        welcome,
        AssignManager(MANAGER),
        AddBrand(BRAND, "Nordkap"),
        Pause("Umbau", NOON),
        Resume(NOON),
        Close("Abgesagt", NOON),
        FinishStep("contacts", NOON),
        SendLink(CONTACT, LINK, NOON),
    )
    for command in commands:
        given(PARTNER_DECIDER).when(command).refused(PartnerNotFoundError, "partner-not-found")


def test_a_manager_is_assigned_and_hands_over() -> None:
    """ON-12"""
    given(PARTNER_DECIDER, opened).when(AssignManager(MANAGER)).then(assigned)
    given(PARTNER_DECIDER, *READY).when(AssignManager(MANAGER)).then()
    given(PARTNER_DECIDER, *READY).when(AssignManager(LENA)).then(
        ManagerAssigned(PARTNER, (BRAND,), LENA, "maxi")
    )


def test_the_welcome_starts_the_onboarding_once() -> None:
    """ON-2"""
    given(PARTNER_DECIDER, *READY).when(welcome).then(welcomed)
    given(PARTNER_DECIDER, *READY, welcomed).when(Welcome(LINK, LATER)).then()


def test_the_welcome_needs_a_manager_and_a_brand() -> None:
    """ON-2, ON-12, Q15"""
    given(PARTNER_DECIDER, opened, brand_added).when(welcome).refused(ManagerMissingError)
    given(PARTNER_DECIDER, opened, assigned).when(welcome).refused(NoBrandError)


def test_brands_are_added_before_and_after_the_welcome() -> None:
    """Q15"""
    for history in (READY, (*READY, welcomed)):
        given(PARTNER_DECIDER, *history).when(AddBrand("fjord", "Fjord")).then(
            BrandAdded(PARTNER, "fjord", "Fjord")
        )
        given(PARTNER_DECIDER, *history).when(AddBrand(BRAND, "Nordkap")).then()
        given(PARTNER_DECIDER, *history).when(AddBrand(BRAND, "Südkap")).refused(BrandExistsError)


def test_a_partner_has_a_hundred_brands_at_most() -> None:
    """Q15"""
    brands = [BrandAdded(PARTNER, f"b{number}", "B") for number in range(100)]
    refused = given(PARTNER_DECIDER, opened, *brands).when(AddBrand("more", "B"))
    assert refused.refused(TooManyBrandsError).facts == {"most": 100}
    given(PARTNER_DECIDER, opened, *brands[:-1]).when(AddBrand("more", "B")).then(
        BrandAdded(PARTNER, "more", "B")
    )


def test_a_new_link_goes_to_the_contact_or_to_another_one() -> None:
    for contact in (CONTACT, ROBIN):
        given(PARTNER_DECIDER, *READY, welcomed).when(SendLink(contact, LINK, LATER)).then(
            LinkSent(PARTNER, contact, LINK, LATER, sent_at=LATER)
        )
    given(PARTNER_DECIDER, *READY).when(SendLink(CONTACT, LINK, NOON)).refused(NotWelcomedError)


def test_a_link_is_replaced_and_revoked_while_the_onboarding_is_paused() -> None:
    """S17: in every state but the last, in which no link lets anybody in"""
    send, revoke = SendLink(CONTACT, LINK, LATER), RevokeLinks(LATER)
    for history in ((*READY, welcomed), (*READY, welcomed, paused)):
        given(PARTNER_DECIDER, *history).when(send).then(
            LinkSent(PARTNER, CONTACT, LINK, LATER, sent_at=LATER)
        )
    ended = (*READY, welcomed, closed)
    given(PARTNER_DECIDER, *ended).when(send).refused(OnboardingClosedError)
    revoked = LinksRevoked(PARTNER, LATER)
    for history in ((*READY, welcomed), (*READY, welcomed, paused), ended):
        given(PARTNER_DECIDER, *history).when(revoke).then(revoked)
        given(PARTNER_DECIDER, *history, revoked).when(revoke).then()
    given(PARTNER_DECIDER, *READY).when(revoke).then()


def test_later_mails_carry_no_link_that_was_revoked() -> None:
    """S17, ON-11"""
    its = onboarding_of(PARTNER_DECIDER.fold((*READY, welcomed, LinksRevoked(PARTNER, LATER))))
    assert (its.contact.link, its.link_issued_at) == ("", None)


def test_who_asks_for_their_link_gets_the_one_that_is_valid() -> None:
    """S17: asking ends nobody's session, and fills nobody's mailbox"""
    valid, soon = timedelta(days=30), NOON + REQUEST_INTERVAL
    history = (*READY, welcomed)

    def asked(at: datetime, contact_id: str = CONTACT.contact_id) -> RequestLink:
        return RequestLink(contact_id, OTHER_LINK, valid, at)

    contact = structs.replace(CONTACT, link=LINK)
    same = LinkSent(PARTNER, contact, LINK, NOON, sent_at=soon)
    given(PARTNER_DECIDER, *history).when(asked(soon)).then(same)
    given(PARTNER_DECIDER, *history).when(asked(soon - timedelta(seconds=1))).then()
    again = soon + REQUEST_INTERVAL
    given(PARTNER_DECIDER, *history, same).when(asked(again - timedelta(seconds=1))).then()
    late = NOON + valid
    new = LinkSent(PARTNER, contact, OTHER_LINK, late, sent_at=late)
    given(PARTNER_DECIDER, *history).when(asked(late)).then(new)
    for ending in (LinksRevoked(PARTNER, NOON), closed):
        given(PARTNER_DECIDER, *history, ending).when(asked(late)).then()
    given(PARTNER_DECIDER, *history).when(asked(late, "robin")).then()
    given(PARTNER_DECIDER, *READY).when(asked(late)).then()
    given(PARTNER_DECIDER).when(asked(late)).then()


def test_a_step_of_the_partner_is_done_once_for_all_his_brands() -> None:
    """ON-14"""
    done = StepDone(PARTNER, (BRAND,), "contacts", NOON)
    given(PARTNER_DECIDER, *READY).when(FinishStep("contacts", NOON)).then(done)
    given(PARTNER_DECIDER, *READY, done).when(FinishStep("contacts", LATER)).then()


def test_a_step_of_the_partner_is_in_the_hands_of_one_side_until_it_is_done() -> None:
    """N-11"""
    to_central = StepTurned(PARTNER, (BRAND,), "contacts", "central", NOON)
    to_partner = StepTurned(PARTNER, (BRAND,), "contacts", "partner", NOON)
    hand_in = TurnStep("contacts", "central", NOON)
    send_back = TurnStep("contacts", "partner", NOON)
    done = StepDone(PARTNER, (BRAND,), "contacts", NOON)
    given(PARTNER_DECIDER, *READY).when(hand_in).then(to_central)
    given(PARTNER_DECIDER, *READY).when(send_back).then()
    given(PARTNER_DECIDER, *READY, to_central).when(hand_in).then()
    given(PARTNER_DECIDER, *READY, to_central).when(send_back).then(to_partner)
    given(PARTNER_DECIDER, *READY, done).when(hand_in).then()
    given(PARTNER_DECIDER, *READY, to_central, done).when(send_back).then()
    given(PARTNER_DECIDER).when(hand_in).then()


def test_a_paused_onboarding_rests_until_it_is_resumed() -> None:
    rests = given(PARTNER_DECIDER, *READY, welcomed, paused)
    rests.when(Pause("Nochmals", LATER)).then()
    rests.when(Resume(LATER)).then(OnboardingResumed(PARTNER, (BRAND,), LATER))
    rests.when(AssignManager(LENA)).then(ManagerAssigned(PARTNER, (BRAND,), LENA, "maxi"))
    for command in active_commands():
        rests.when(command).refused(OnboardingPausedError, "onboarding-paused")
    resumed = OnboardingResumed(PARTNER, (BRAND,), LATER)
    given(PARTNER_DECIDER, *READY, paused, resumed).when(welcome).then(welcomed)
    given(PARTNER_DECIDER, *READY).when(Resume(NOON)).then()


def test_a_closed_onboarding_stays_closed() -> None:
    for history in ((*READY,), (*READY, welcomed, paused)):
        given(PARTNER_DECIDER, *history).when(Close("Abgesagt", LATER)).then(closed)
    ended = given(PARTNER_DECIDER, *READY, welcomed, closed)
    ended.when(Close("Nochmals", LATER)).then()
    commands = (*active_commands(), Pause("x", LATER), Resume(LATER), AssignManager(LENA))
    for command in commands:
        ended.when(command).refused(OnboardingClosedError, "onboarding-closed")


@pytest.mark.parametrize("ending", [paused, closed])
def test_what_is_noted_while_nothing_moves_is_kept(ending: PartnerEvent) -> None:
    """Commands that raced with the ending are in the log; they count, and it stays ended."""
    step = StepDone(PARTNER, (BRAND,), "contacts", LATER)
    late = BrandAdded(PARTNER, "fjord", "Fjord")
    its = onboarding_of(PARTNER_DECIDER.fold((*READY, welcomed, ending, step, late)))
    assert its.steps == ("contacts",)
    assert its.brand_ids == (BRAND, "fjord")


def active_commands() -> tuple[Command, ...]:
    return (
        welcome,
        AddBrand("fjord", "Fjord"),
        FinishStep("contacts", LATER),
    )
