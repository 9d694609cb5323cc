"""The life of a filled form: nothing is overwritten unseen, and nothing is accepted unseen."""

from datetime import UTC, datetime

import pytest
from onboarding_tests.samples import BRAND, CONTACT, PARTNER, sealed

from onboarding.form.decider import (
    FORM_DECIDER,
    AcceptForm,
    CarryOver,
    Content,
    FormKey,
    SaveDraft,
    SendBack,
    SubmitForm,
)
from onboarding.form.refusals import FormChangedError, FormStatusError
from zugabe_events.contracts.onboarding import (
    Answer,
    DraftSaved,
    FormAccepted,
    FormEvent,
    FormRow,
    FormSentBack,
    FormSubmitted,
    PersonalAnswer,
    Source,
)
from zugabe_testing.deciders import given

NOON = datetime(2026, 5, 4, 10, tzinfo=UTC)
KEY = FormKey(PARTNER, BRAND, "lagerbestand")
NAME = PersonalAnswer("personen.name", "c1", sealed(f"{PARTNER}/c1", "name"), "r1")
ONE = Content(1, (FormRow("personen", "r1"),), (Answer("bestand", "5"),), (NAME,))
OTHER = Content(1, answers=(Answer("bestand", "6"),))


def draft(content: Content = ONE) -> DraftSaved:
    return DraftSaved(
        PARTNER, BRAND, "lagerbestand", 1, content.rows, content.answers, content.personal
    )


def submitted(content: Content = ONE, source: Source = "partner") -> FormSubmitted:
    return FormSubmitted(
        partner=PARTNER,
        brand=BRAND,
        form="lagerbestand",
        version=content.version,
        rows=content.rows,
        answers=content.answers,
        personal=content.personal,
        source=source,
        submitted_at=NOON,
    )


ACCEPTED = FormAccepted(PARTNER, BRAND, "lagerbestand", NOON)
SENT_BACK = FormSentBack(PARTNER, BRAND, "lagerbestand", "Lager", CONTACT, "Maße fehlen", NOON)


def submit(revision: int, content: Content = ONE) -> SubmitForm:
    return SubmitForm(KEY, revision, content, NOON)


def accept(revision: int) -> AcceptForm:
    return AcceptForm(KEY, revision, NOON)


def send_back(revision: int) -> SendBack:
    return SendBack(KEY, revision, "Maße fehlen", "Lager", CONTACT, NOON)


def test_drafts_are_saved_as_often_as_they_change() -> None:
    given(FORM_DECIDER).when(SaveDraft(KEY, 0, ONE)).then(draft())
    given(FORM_DECIDER, draft()).when(SaveDraft(KEY, 1, OTHER)).then(draft(OTHER))
    given(FORM_DECIDER, draft()).when(SaveDraft(KEY, 1, ONE)).then()


def test_a_form_is_submitted_accepted_and_then_rests() -> None:
    given(FORM_DECIDER, draft()).when(submit(1)).then(submitted())
    given(FORM_DECIDER, submitted()).when(accept(1)).then(ACCEPTED)
    rests = given(FORM_DECIDER, submitted(), ACCEPTED)
    rests.when(accept(1)).then()
    rests.when(submit(2)).refused(FormStatusError, "form-accepted")
    rests.when(SaveDraft(KEY, 2, OTHER)).refused(FormStatusError, "form-accepted")


def test_of_two_who_submit_the_second_is_told_and_overwrites_nothing() -> None:
    first = given(FORM_DECIDER, draft(), submitted())
    refusal = first.when(submit(1, OTHER)).refused(FormChangedError, "form-changed")
    assert refusal.facts["revision"] == 2
    first.when(submit(2, OTHER)).then(submitted(OTHER))
    first.when(submit(2)).then()


def test_nobody_accepts_what_he_has_not_seen() -> None:
    given(FORM_DECIDER, submitted(), submitted(OTHER)).when(accept(1)).refused(FormChangedError)
    given(FORM_DECIDER, submitted(), submitted(OTHER)).when(send_back(1)).refused(FormChangedError)


def test_what_is_sent_back_says_why_and_is_submitted_again() -> None:
    given(FORM_DECIDER, submitted()).when(send_back(1)).then(SENT_BACK)
    back = given(FORM_DECIDER, submitted(), SENT_BACK)
    back.when(submit(2, OTHER)).then(submitted(OTHER))
    back.when(SaveDraft(KEY, 2, OTHER)).then(draft(OTHER))
    back.when(accept(2)).refused(FormStatusError, "form-not-submitted")
    assert FORM_DECIDER.fold([submitted(), SENT_BACK, draft(OTHER)]).reason == "Maße fehlen"
    assert FORM_DECIDER.fold([submitted(), SENT_BACK, submitted(OTHER)]).reason == ""


def test_an_accepted_form_can_be_opened_again_by_sending_it_back() -> None:
    given(FORM_DECIDER, submitted(), ACCEPTED).when(send_back(2)).then(SENT_BACK)


@pytest.mark.parametrize("before", [(), (draft(),)])
def test_only_what_is_submitted_is_looked_through(before: tuple[FormEvent, ...]) -> None:
    there = given(FORM_DECIDER, *before)
    there.when(accept(len(before))).refused(FormStatusError, "form-not-submitted")
    there.when(send_back(len(before))).refused(FormStatusError, "form-not-submitted")


def test_a_submitted_form_has_no_draft_beside_it() -> None:
    given(FORM_DECIDER, submitted()).when(SaveDraft(KEY, 1, OTHER)).refused(
        FormStatusError, "form-submitted"
    )


def test_a_form_from_the_sales_phase_is_accepted_at_once() -> None:
    """ON-17"""
    command = CarryOver(KEY, 0, ONE, NOON)
    given(FORM_DECIDER).when(command).then(submitted(source="sales"), ACCEPTED)
    given(FORM_DECIDER, submitted(source="sales"), ACCEPTED).when(command).refused(
        FormStatusError, "form-accepted"
    )
