"""What happened to a brand, as central staff read it."""

from datetime import timedelta
from uuid import uuid4

from onboarding_tests.office import Office
from onboarding_tests.samples import (
    CONTACT,
    IN_CONTENT,
    PARTNER,
    brand_added,
    brand_opened,
    welcomed,
)

from onboarding.board.history import of_brand, of_form, of_partner
from onboarding.brand.decider import brand_history
from onboarding.partner.decider import partner_history
from zugabe_events.contracts.onboarding import (
    BrandAdded,
    ContentCreated,
    FormSentBack,
    GoodsReceived,
    OnboardingClosed,
    OnboardingOpened,
    ReleaseRefused,
    WaiverGranted,
)
from zugabe_events.domain.event import Context, Event, Stream
from zugabe_events.domain.event_store import Commit

BRAND = "nordkap"
PATH = f"/partners/{PARTNER}/brands/{BRAND}/history"


async def say(office: Office, stream: Stream, version: int, role: str, *events: Event) -> None:
    context = Context("maxi" if role == "central" else "kim", role, PARTNER, office.now, "c")
    await office.store.append([Commit(uuid4(), stream, version, events, context)])
    office.now += timedelta(minutes=1)


async def begun(office: Office) -> None:
    partner = partner_history(PARTNER).stream
    opened = OnboardingOpened(PARTNER, "Nordwind GmbH", CONTACT)
    await say(office, partner, 1, "central", opened, brand_added)
    await say(office, partner, 3, "central", BrandAdded(PARTNER, "other", "Andere"))
    await say(office, partner, 4, "central", welcomed)
    brand = brand_history(PARTNER, BRAND).stream
    await say(office, brand, 1, "policy", brand_opened)
    refused = ReleaseRefused(PARTNER, BRAND, "otto", "Sortiment", office.now)
    await say(office, brand, 2, "central", refused)


async def test_a_brands_history_says_what_happened_when_and_by_whom(office: Office) -> None:
    """ON-13, X-13: of the brand, its partner and its forms, and nothing of other brands."""
    await begun(office)
    answer = (await office.ask("carla", "GET", PATH)).json()
    assert [(one["by"], one["actor"], one["text"]) for one in answer["items"]] == [
        ("central", "maxi", "Otto hat die Marke abgelehnt: Sortiment"),
        ("central", "maxi", "Der Partner wurde willkommen geheißen."),
        ("central", "maxi", "Die Marke Nordkap wurde aufgenommen."),
        ("central", "maxi", "Das Onboarding von Nordwind GmbH wurde vorbereitet."),
    ]
    assert answer["next"] is None
    assert len({one["id"] for one in answer["items"]}) == 4


async def test_a_long_history_comes_in_pages(office: Office) -> None:
    """X-18"""
    await begun(office)
    texts, after, pages = [], "", 0
    while pages < 10:
        answer = (await office.ask("carla", "GET", f"{PATH}?limit=1{after}")).json()
        texts += [one["text"] for one in answer["items"]]
        pages += 1
        if answer["next"] is None:
            break
        after = f"&after={answer['next']}"
    assert len(texts) == len(set(texts)) == 4
    for wrong in ("guessed", "WyJ4IiwieSIsImhpc3RvcnkiXQ"):
        refused = await office.ask("carla", "GET", f"{PATH}?after={wrong}")
        assert (refused.status_code, refused.json()["code"]) == (422, "cursor-invalid")


async def test_a_history_is_for_central_staff_and_of_known_brands(office: Office) -> None:
    """X-16"""
    await begun(office)
    assert (await office.ask("kim", "GET", PATH)).status_code == 403
    unknown = await office.ask("carla", "GET", PATH.replace(BRAND, "unknown"))
    assert unknown.status_code == 404


def test_sentences_are_as_people_write_them(office: Office) -> None:
    """D20"""
    at = office.now
    day = at.date()
    back = FormSentBack(PARTNER, "", "ansprechpartner", "K", CONTACT, "bitte alle", at)
    assert of_form(back) == "„Kontaktübersicht“ wurde zurückgegeben: bitte alle"
    closed = OnboardingClosed(PARTNER, (BRAND,), "kein Bedarf", at)
    assert of_partner(closed, BRAND) == "Das Onboarding wurde beendet: kein Bedarf"
    waived = WaiverGranted(PARTNER, BRAND, "warehouse", "Eigenes Lager", at)
    received = GoodsReceived(PARTNER, BRAND, "r1", day, 1200, at)
    created = ContentCreated(PARTNER, BRAND, ("a",), ("a", "b"), at)
    assert [of_brand(event) for event in (waived, received, created)] == [
        "Verzicht auf „Auswahl des Lagers“: Eigenes Lager",
        f"Wareneingang gebucht: 1.200 Stück am {day:%d.%m.%Y}.",
        "Content ist da: Text für einen Artikel, Bilder für 2 Artikel.",
    ]
    assert any(of_brand(event) for event in IN_CONTENT)
