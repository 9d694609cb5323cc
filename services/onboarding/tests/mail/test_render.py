"""Every mail of an onboarding: whom it goes to, what it says, and what it keeps to itself."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from onboarding.labels import MAX_SUBJECTS, requirement_lines
from onboarding.mail.letter import Lines, Link, Points, letter
from onboarding.mail.render import render
from onboarding.main import SERVICE, Settings
from zugabe_events.contracts.onboarding import (
    BrandOpened,
    BrandWentLive,
    Contact,
    DataModelsRequested,
    DeliveryDisclosed,
    FormSentBack,
    LinkSent,
    Manager,
    Missing,
    OnboardingEvent,
    PartnerReminded,
    PartnerWelcomed,
    Phase,
    PhaseStarted,
    ReportingSent,
)
from zugabe_events.domain.event import EventTypes
from zugabe_events.domain.mail import Mail
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.encryption.sealed_text import SealedText, sealed_in

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def sealed(person: str, field: str) -> str:
    return str(SealedText("onboarding", person, field, "A" * 40))


CONTACT = Contact("nina", sealed("nord/nina", "name"), sealed("nord/nina", "email"))
MANAGER = Manager("carla", sealed("central/carla", "name"), sealed("central/carla", "email"))
LINK = sealed("nord/nina", "link")


def started(phase: Phase) -> PhaseStarted:
    return PhaseStarted("nord", "fjord", "Fjord", phase, CONTACT, NOON, NOON)


WELCOMED = PartnerWelcomed("nord", "Nord GmbH", ("fjord",), CONTACT, MANAGER, LINK, NOON)
DISCLOSED = DeliveryDisclosed(
    "nord", "fjord", "Fjord", CONTACT, "erfurt", "Erfurt", "Am Kai 1\n99084 Erfurt", "Nur Paletten"
)
REQUESTED = DataModelsRequested(
    partner="nord",
    brand="fjord",
    brand_name="Fjord",
    request="r1",
    product_types=("zelt", "kajak"),
    labels=("Zelt", "Kajak"),
    recipient=MANAGER,
    price_cents=0,
    requested_at=NOON,
    due_on=date(2026, 6, 1),
    overdue_at=NOON,
    partner_name="Nord GmbH",
)
REPORTED = ReportingSent(
    "nord", "fjord", "Fjord", CONTACT, "https://x.example/r?a=1&b=2", ("https://x.example/d",), NOON
)


def reminded(*missing: Missing) -> PartnerReminded:
    return PartnerReminded(
        "nord", "fjord", "Fjord", "organisation", CONTACT, missing, automatic=True, reminded_at=NOON
    )


EVENTS: tuple[OnboardingEvent, ...] = (
    WELCOMED,
    BrandOpened("nord", "Nord", "sund", "Sund", (), "carla", CONTACT, after_welcome=True),
    LinkSent("nord", CONTACT, LINK, NOON),
    started("content"),
    started("live"),
    DISCLOSED,
    reminded(Missing("form:contacts", "partner")),
    FormSentBack("nord", "fjord", "lagerbestand", "Lager", CONTACT, "Bitte in Stück", NOON),
    REQUESTED,
    REPORTED,
    BrandWentLive("nord", "fjord", "Fjord", CONTACT, ("amazon", "otto"), 12, NOON),
)


def mail_of(event: OnboardingEvent) -> Mail:
    mail = render(ReceivedEvent("1", event, "partner/nord", NOON))
    assert mail is not None
    return mail


class Page(HTMLParser):
    """The text of an HTML page, and the resources it would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str | None] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"lang", "charset", "style", "href"}
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.stored_as)
def test_a_mail_says_the_same_as_text_and_as_html_and_loads_nothing(event: OnboardingEvent) -> None:
    mail = mail_of(event)
    assert mail.html is not None
    page = Page(mail.html)
    assert page.tags <= {"html", "head", "meta", "body", "p", "br", "ul", "li", "a"}
    seen = " ".join(page.words)
    for line in mail.text.splitlines():
        said = line.removeprefix("- ").removesuffix(":")
        assert said in seen or line in page.links, line


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.stored_as)
def test_a_mail_goes_to_its_reader_and_holds_nothing_of_others_but_those_it_names(
    event: OnboardingEvent,
) -> None:
    """N-8, ON-12: sealed as it came, so that it is opened on its way out only."""
    mail = mail_of(event)
    reader = MANAGER if event is REQUESTED else CONTACT
    assert mail.to == reader.email
    assert f"Guten Tag {reader.name}," in mail.text
    others = (MANAGER if reader is CONTACT else CONTACT).email
    assert mail.beside == (("central/carla",) if event is WELCOMED else ())
    assert (others in set(sealed_in(mail.text))) is (event is WELCOMED)


def test_every_other_event_causes_none() -> None:
    """Also organisation and logistics: the welcome and the disclosure tell of them."""
    telling = {type(event) for event in EVENTS}
    silent = set(EventTypes.of(OnboardingEvent).by_name.values()) - telling
    assert len(silent) == len(EventTypes.of(OnboardingEvent).by_name) - 10
    early = BrandOpened("nord", "Nord", "sund", "Sund", (), "carla", CONTACT)
    assert render(ReceivedEvent("1", early, "", NOON)) is None
    for phase in ("organisation", "logistics"):
        assert render(ReceivedEvent("1", started(phase), "", NOON)) is None


def test_the_welcome_names_the_phases_the_steps_the_manager_and_the_link() -> None:
    """ON-1, ON-2, ON-12, ON-14, ON-17, ON-18"""
    text = mail_of(WELCOMED).text
    assert "ist ein erneutes Ausfüllen natürlich nicht erforderlich" in text
    assert "für jede Marke ein gesondertes Formular" in text
    assert "vier Prozessschritte (Organisation, Content, Logistik und Livesetzung)" in text
    assert text.count("\n- ") == 5
    assert f"{MANAGER.name}\n{MANAGER.email}" in text
    assert LINK in text


def test_the_welcome_is_in_the_name_of_the_organisation_that_is_configured() -> None:
    assert "willkommen bei heyconnect." in mail_of(WELCOMED).text
    settings = Settings.model_construct(organisation="Nordhandel")
    [mails] = settings.configured(SERVICE).mails
    mail = mails.render(ReceivedEvent("1", WELCOMED, "partner/nord", NOON))
    assert mail is not None
    assert "willkommen bei Nordhandel." in mail.text
    assert "heyconnect" not in mail.text


def test_the_address_is_told_with_the_start_of_logistics_and_in_no_other_mail() -> None:
    """ON-31"""
    telling = [event for event in EVENTS if "Am Kai 1\n99084 Erfurt" in mail_of(event).text]
    assert telling == [DISCLOSED]
    assert "Nur Paletten" in mail_of(DISCLOSED).text


def test_a_change_of_the_delivery_says_that_it_is_one() -> None:
    """ON-31"""
    again = mail_of(replace(DISCLOSED, again=True))
    assert again.subject == "Fjord: Neue Lageradresse und Anlieferbedingungen"
    assert "hat sich etwas geändert" in again.text
    assert "Initiallieferung" not in again.text
    assert "Guides" not in again.text
    assert "Nur Paletten" in again.text


ENTRIES = (
    BrandOpened("nord", "Nord", "sund", "Sund", (), "carla", CONTACT, after_welcome=True),
    started("content"),
    started("live"),
    DISCLOSED,
    replace(DISCLOSED, again=True),
    reminded(Missing("form:contacts", "partner")),
    FormSentBack("nord", "fjord", "lagerbestand", "Lager", CONTACT, "Bitte in Stück", NOON),
    REPORTED,
)


@pytest.mark.parametrize("event", ENTRIES, ids=lambda event: event.stored_as)
def test_every_mail_that_sends_somebody_to_the_page_carries_the_link(
    event: BrandOpened | PhaseStarted | DeliveryDisclosed | PartnerReminded | FormSentBack,
) -> None:
    """ON-11"""
    contact = replace(CONTACT, link=LINK)
    mail = mail_of(replace(event, contact=contact))
    assert f"Zu Ihrem Onboarding:\n{LINK}" in mail.text
    assert "Zu Ihrem Onboarding" not in mail_of(event).text, "an event from before"


def test_a_form_that_is_sent_back_names_its_brand() -> None:
    """ON-18"""
    of_all = FormSentBack("nord", "", "kundenservice", "Service", CONTACT, "Bitte", NOON)
    of_brand = replace(of_all, brand="fjord", brand_name="Fjord")
    assert mail_of(of_brand).subject == "Bitte noch einmal ansehen: Service (Fjord)"
    assert "das Formular „Service“ zu Ihrer Marke Fjord. Bevor" in mail_of(of_brand).text
    assert mail_of(of_all).subject == "Bitte noch einmal ansehen: Service"


def test_missing_product_types_reach_customer_success_as_a_list() -> None:
    """ON-27, ON-28"""
    text = mail_of(REQUESTED).text
    assert "für die Marke Fjord von Nord GmbH fehlen diese Produkttypen:" in text
    earlier = mail_of(replace(REQUESTED, partner_name="")).text
    assert "für die Marke Fjord fehlen diese Produkttypen:" in earlier
    assert "- Zelt\n- Kajak" in text
    assert "bis zum 01.06.2026" in text
    assert "kostenfrei" in text


def test_a_partner_is_reminded_of_what_he_owes_and_of_nothing_else() -> None:
    owed = Missing("form:contacts", "partner"), Missing("texts", "partner", count=7)
    text = mail_of(reminded(*owed, Missing("warehouse", "central"))).text
    assert "- Kontaktübersicht" in text
    assert "- Text-Content für 7 Artikel" in text
    assert "Lager" not in text
    assert render(ReceivedEvent("1", reminded(Missing("warehouse", "central")), "", NOON)) is None


def test_one_missing_product_type_is_one_in_the_mail() -> None:
    """ON-27"""
    mail = mail_of(replace(REQUESTED, product_types=("zelt",), labels=("Zelt",)))
    assert mail.subject == "Fehlender Produkttyp: Fjord"
    assert "fehlt dieser Produkttyp:" in mail.text
    assert "Das Datenmodell ist bis zum" in mail.text


def test_a_brand_is_live_on_platforms_by_their_names() -> None:
    """ON-10"""
    text = mail_of(BrandWentLive("nord", "fjord", "Fjord", CONTACT, ("about-you", "ebay"), 1, NOON))
    assert "- About You\n- eBay" in text.text


def test_many_subjects_are_counted() -> None:
    many = [Missing("data-model", "central", f"typ-{number}") for number in range(500)]
    [line] = requirement_lines(many)
    assert line.endswith(f"typ-{MAX_SUBJECTS - 1} und {500 - MAX_SUBJECTS} weitere")


def test_reporting_and_data_links_come_as_links() -> None:
    """ON-9"""
    mail = mail_of(REPORTED)
    assert mail.html is not None
    assert Page(mail.html).links == ["https://x.example/r?a=1&b=2", "https://x.example/d"]


def test_nobody_to_write_to_is_no_mail() -> None:
    nobody = Contact("nina", "", "")
    assert render(ReceivedEvent("1", LinkSent("nord", nobody, LINK, NOON), "", NOON)) is None


@given(st.text(), st.text())
def test_what_people_typed_is_never_markup_and_no_other_link(typed: str, url: str) -> None:
    mail = letter("nina@nord.example", typed, typed, typed, Points((typed,)), Lines(typed),
                  Link(typed, url))  # fmt: skip
    assert mail is not None
    assert mail.html is not None
    page = Page(mail.html)
    assert page.tags <= {"html", "head", "meta", "body", "p", "br", "ul", "li", "a"}
    assert all((link or "").startswith("https://") for link in page.links)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://x.example", "//x.example"])
def test_a_link_that_is_not_secure_is_shown_and_not_followed(url: str) -> None:
    """ON-9"""
    mail = letter("nina@nord.example", "Reporting", "Nina", Link("Reporting", url))
    assert mail is not None
    assert mail.html is not None
    assert Page(mail.html).links == []
    assert url in mail.text
