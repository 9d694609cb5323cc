"""A form beside the version that Customer Success looked at last."""

from onboarding_tests.office import Office
from onboarding_tests.samples import CONTACT, PARTNER, brand_added, welcomed

from onboarding.partner.decider import partner_history
from zugabe_events.contracts.onboarding import OnboardingOpened
from zugabe_events.domain.event import Context
from zugabe_events.domain.event_store import Commit

FORM = f"/partners/{PARTNER}/forms/ansprechpartner"
KIM = {"abteilung": "Logistik", "name": "Kim Kai", "email": "kim@nordwind.example"}


def contacts(**changed: str) -> dict[str, object]:
    return {"ansprechpartner": [{"row": "r1", "answers": {**KIM, **changed}}]}


async def test_a_form_is_compared_with_what_was_reviewed_last(office: Office) -> None:
    """ON-13: personal answers are opened there, too, and partners have no use for it."""
    context = Context("carla", "central", PARTNER, office.now, "correlation")
    events = (OnboardingOpened(PARTNER, "Nordwind GmbH", CONTACT), brand_added, welcomed)
    stream = partner_history(PARTNER).stream
    await office.store.append([Commit(office.access.new_id(), stream, 1, events, context)])
    first = {"revision": 0, "tables": contacts()}
    await office.ask("kim", "PUT", f"{FORM}/submission", first)
    unknown = await office.ask("carla", "GET", f"{FORM}/reviewed")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "form-not-reviewed")
    back = {"revision": 1, "reason": "Bitte mit Durchwahl."}
    assert (await office.ask("carla", "POST", f"{FORM}/return", back)).status_code == 204
    second = {"revision": 2, "tables": contacts(name="Lou Lachs")}
    await office.ask("kim", "PUT", f"{FORM}/submission", second)
    names = [
        (await office.ask("carla", "GET", path)).json()["tables"]["ansprechpartner"][0]["answers"][
            "name"
        ]
        for path in (FORM, f"{FORM}/reviewed")
    ]
    assert names == ["Lou Lachs", "Kim Kai"]
    await office.ask("carla", "POST", f"{FORM}/acceptance", {"revision": 3})
    accepted = (await office.ask("carla", "GET", f"{FORM}/reviewed")).json()
    assert accepted["tables"] == contacts(name="Lou Lachs")
    assert (await office.ask("kim", "GET", f"{FORM}/reviewed")).status_code == 403
