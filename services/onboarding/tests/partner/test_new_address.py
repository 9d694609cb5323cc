"""A contact of another address is told, where they were and where they are (ON-11)."""

import pytest
from onboarding_tests.office import Office
from onboarding_tests.samples import PARTNER
from onboarding_tests.story import does, welcome

from onboarding.mail.render import render
from zugabe_events.contracts.onboarding import ContactReplaced, LinkSent, OnboardingEvent
from zugabe_events.domain.mail import Mail
from zugabe_events.domain.policy import ReceivedEvent


@pytest.fixture
async def office() -> Office:
    office = Office()
    await welcome(office)
    return office


async def mail_of(office: Office, event: OnboardingEvent) -> tuple[str, str]:
    """Address and text."""
    mail = render(ReceivedEvent("1", event, f"partner/{PARTNER}", office.now))
    assert isinstance(mail, Mail)
    return (await office.people.open([mail.to]))[mail.to], mail.text


async def test_both_addresses_are_told(office: Office) -> None:
    """ON-11"""
    kim = {"contact_id": "kim", "name": "Kim Kranich", "email": "kim@neu.example.org"}
    await does(office, "carla", "POST /link", {"contact": kim})
    [replaced], [sent] = office.said(ContactReplaced), office.said(LinkSent)
    to, text = await mail_of(office, replaced)
    assert to == "kim@example.org"
    assert "eine andere E-Mail-Adresse von Ihnen" in text
    assert "Nordwind GmbH" in text
    assert "neu.example.org" not in text
    to, text = await mail_of(office, sent)
    assert to == "kim@neu.example.org"
    assert "gehen ab jetzt an diese Adresse" in text


async def test_another_contact_is_not_named_to_the_one_before(office: Office) -> None:
    """ON-11, N-8"""
    lou = {"contact_id": "lou", "name": "Lou Lerche", "email": "lou@example.org"}
    await does(office, "carla", "POST /link", {"contact": lou})
    [replaced] = office.said(ContactReplaced)
    to, text = await mail_of(office, replaced)
    assert to == "kim@example.org"
    assert "eine andere Person" in text
    assert "Lou" not in text


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"contact": {"contact_id": "kim", "name": "Kim Kranich", "email": "kim@example.org"}},
        {"contact": {"contact_id": "kim", "name": "Kim Kai", "email": "kim@example.org"}},
    ],
)
async def test_the_same_address_is_not_told_of_a_change(
    office: Office, body: dict[str, object]
) -> None:
    await does(office, "carla", "POST /link", body)
    assert office.said(ContactReplaced) == []
    [sent] = office.said(LinkSent)
    assert not sent.new_address
