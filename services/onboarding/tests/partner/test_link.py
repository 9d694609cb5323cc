"""A link admits its contact only, until it expires."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from onboarding_tests.office import CALLERS, LINKS, Office
from onboarding_tests.samples import NOON, PARTNER
from onboarding_tests.story import does, later, prepare, welcome
from pydantic import TypeAdapter, ValidationError

from onboarding.main import Settings
from onboarding.partner.link import (
    ACCEPTED_LINKS_TTL_SECONDS,
    ALGORITHM,
    TYPE,
    Links,
    LinkSecretFile,
    is_link,
    links_from,
)
from zugabe_events.contracts.onboarding import LinkSent, PartnerReminded, PartnerWelcomed
from zugabe_events.domain.errors import UnauthenticatedError
from zugabe_events.encryption.key_store import StoredKey
from zugabe_events.encryption.sealed_text import is_sealed
from zugabe_events.http.principal import Principal

KIM = Principal("kim", "partner", partner=PARTNER)
SECRET = b"s" * 32


def token_of(link: str) -> str:
    url, _, token = link.partition("?link=")
    assert url.startswith("https://portal.example.org/einstieg/")
    return token


async def enter(office: Office, token: str) -> int:
    answer = await office.http.put(
        f"/partners/{PARTNER}/brands/nordkap/product-types",
        json={"product_types": ["Hose"]},
        headers={"Authorization": f"Bearer {token}"},
    )
    return answer.status_code


async def sent(office: Office) -> str:
    """The link that was sent last, as the mail shows it."""
    said = [event for commit, _ in office.store.commits for event in commit.events]
    [*_, link] = [event.link for event in said if hasattr(event, "link")]
    assert is_sealed(link)
    return token_of((await office.people.open([link]))[link])


@pytest.fixture
async def office() -> Office:
    office = Office()
    await welcome(office)
    return office


def test_a_link_says_who_comes_in() -> None:
    """X-16"""
    link = LINKS.read(token_of(LINKS.issue(PARTNER, "kim", NOON)), NOON)
    assert (link.caller, link.issued_at) == (KIM, NOON)


def test_a_link_ends() -> None:
    token = token_of(LINKS.issue(PARTNER, "kim", NOON))
    LINKS.read(token, NOON + timedelta(days=30) - timedelta(seconds=1))
    with pytest.raises(UnauthenticatedError) as caught:
        LINKS.read(token, NOON + timedelta(days=30))
    assert caught.value.code == "link-outdated"


@pytest.mark.parametrize(
    "changes",
    [
        {"partner": None},
        {"partner": "central"},
        {"partner": "a/b"},
        {"partner": 7},
        {"sub": "a b"},
        {"issued_ms": "now"},
        {"issued_ms": 1e300},
        {"exp": "soon"},
        {"exp": None},
    ],
)
def test_a_link_that_nobody_of_ours_would_make_lets_nobody_in(changes: dict[str, Any]) -> None:
    """X-16"""
    whole = {"sub": "kim", "partner": PARTNER, "issued_ms": 0, "exp": 2**40}
    LINKS.read(jwt.encode(whole, SECRET, ALGORITHM, headers={"typ": TYPE}), NOON)
    claims = {name: value for name, value in (whole | changes).items() if value is not None}
    token = jwt.encode(claims, SECRET, ALGORITHM, headers={"typ": TYPE})
    with pytest.raises(UnauthenticatedError):
        LINKS.read(token, NOON)


def test_links_need_a_secret_that_cannot_be_guessed(tmp_path: Path) -> None:
    """And the settings say so, before anything starts."""
    with pytest.raises(ValueError, match="32 bytes"):
        Links(b"s" * 31, timedelta(days=1), "https://portal.example.org/")
    file, setting = tmp_path / "secret", TypeAdapter(LinkSecretFile)
    file.write_text("s" * 31 + "\n")
    with pytest.raises(ValidationError, match="32 bytes"):
        setting.validate_python(file)
    file.write_text("s" * 32 + "\n")
    links = links_from(setting.validate_python(file), timedelta(days=30), "https://x.org/")
    assert links.read(links.issue(PARTNER, "kim", NOON).partition("?link=")[2], NOON).caller == KIM


def test_a_forged_link_lets_nobody_in() -> None:
    """X-16"""
    link = jwt.decode(
        token_of(LINKS.issue(PARTNER, "kim", NOON)), options={"verify_signature": False}
    )
    forged = [
        jwt.encode(link, b"t" * 32, "HS256", headers={"typ": TYPE}),
        jwt.encode(link, SECRET * 2, "HS512", headers={"typ": TYPE}),
        jwt.encode(link, "", "none", headers={"typ": TYPE}),
        token_of(LINKS.issue(PARTNER, "kim", NOON))[:-4] + "AAAA",
    ]
    for token in forged:
        assert is_link(token)
        with pytest.raises(UnauthenticatedError):
            LINKS.read(token, NOON)


async def test_our_secret_signs_no_token_of_the_issuer(office: Office) -> None:
    """X-16: told apart by the header, never by trying."""
    claims = {"sub": "carla", "role": "central", "exp": 2**40, "issued_ms": 2**41}
    for headers in ({"typ": "JWT"}, {"typ": "JWT", "kid": "1"}, None):
        token = jwt.encode(claims, SECRET, ALGORITHM, headers=headers)
        assert not is_link(token)
        assert await enter(office, token) == 401
    for token in ("", "x", "a.b.c", "ey.ey.ey", "." * 8000):
        assert not is_link(token)


async def test_the_welcome_lets_the_contact_in(office: Office) -> None:
    """ON-2, X-16"""
    assert await enter(office, await sent(office)) == 200


async def test_a_link_is_for_its_partner_only(office: Office) -> None:
    """X-16"""
    await welcome(office, "suedwind")
    assert await enter(office, await sent(office)) == 403


async def test_a_link_opens_nothing_of_central(office: Office) -> None:
    """X-16"""
    token = await sent(office)
    answer = await office.http.post(
        f"/partners/{PARTNER}/closure",
        json={"reason": "x"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 403


async def test_a_new_link_ends_those_before(office: Office) -> None:
    old = await sent(office)
    later(office, 1)
    answer = await office.ask("carla", "POST", f"/partners/{PARTNER}/link", {})
    assert answer.status_code == 204
    later(office, ACCEPTED_LINKS_TTL_SECONDS)
    assert await enter(office, old) == 401
    assert await enter(office, await sent(office)) == 200


async def test_another_contact_takes_the_place_of_the_one_before(office: Office) -> None:
    old = await sent(office)
    later(office, 1)
    contact = {"contact_id": "robin", "name": "Robin Rabe", "email": "robin@example.org"}
    answer = await office.ask("carla", "POST", f"/partners/{PARTNER}/link", {"contact": contact})
    assert answer.status_code == 204
    later(office, ACCEPTED_LINKS_TTL_SECONDS)
    assert await enter(office, old) == 401
    new = await sent(office)
    assert LINKS.read(new, office.now).caller.subject == "robin"
    assert await enter(office, new) == 200


async def test_later_mails_carry_the_link_that_was_sent_last(office: Office) -> None:
    """ON-11: until it is replaced, a mail of any later phase lets the contact in."""
    await does(office, "carla", "POST ./reminders")
    [first] = office.said(PartnerReminded)
    assert first.contact.link == office.said(PartnerWelcomed)[0].link
    later(office, 100 * 86_400)
    await does(office, "carla", "POST /link", {})
    await does(office, "carla", "POST ./reminders")
    reminded = office.said(PartnerReminded)[-1]
    assert reminded.contact.link == office.said(LinkSent)[0].link
    later(office, ACCEPTED_LINKS_TTL_SECONDS)
    token = token_of((await office.people.open([reminded.contact.link]))[reminded.contact.link])
    assert await enter(office, token) == 200


def test_a_link_works_for_as_long_as_an_onboarding_takes() -> None:
    """ON-11: the usual days of all phases more than twice, by default."""
    usual = [
        Settings.model_fields[f"usual_{phase}_days"].default
        for phase in ("organisation", "content", "logistics", "live")
    ]
    assert Settings.model_fields["link_days"].default > 2 * sum(usual)


async def test_a_paused_onboarding_can_be_entered_and_a_closed_one_not(office: Office) -> None:
    token = await sent(office)
    for ending, status in (("pause", 409), ("closure", 401)):
        path = f"/partners/{PARTNER}/{ending}"
        assert (await office.ask("carla", "POST", path, {"reason": "x"})).status_code == 204
        later(office, ACCEPTED_LINKS_TTL_SECONDS)
        assert await enter(office, token) == status


async def test_a_link_to_nobody_lets_nobody_in() -> None:
    office = Office()
    assert await enter(office, token_of(LINKS.issue(PARTNER, "kim", NOON))) == 401
    await prepare(office)
    later(office, ACCEPTED_LINKS_TTL_SECONDS)
    assert await enter(office, token_of(LINKS.issue(PARTNER, "kim", NOON))) == 401


async def test_a_contact_who_was_erased_or_restricted_does_not_come_in(office: Office) -> None:
    """X-15"""
    token = await sent(office)
    known = office.persons.by_id[f"{PARTNER}/kim"]
    for gone in (StoredKey(None), replace(known, restricted=True)):
        office.persons.by_id[f"{PARTNER}/kim"] = gone
        later(office, ACCEPTED_LINKS_TTL_SECONDS)
        assert await enter(office, token) == 401
    office.persons.by_id[f"{PARTNER}/kim"] = known
    later(office, ACCEPTED_LINKS_TTL_SECONDS)
    assert await enter(office, token) == 200


async def test_the_door_is_not_looked_up_for_every_request(office: Office) -> None:
    token = await sent(office)
    looked = 0
    load = office.store.load

    async def counting(*arguments: Any) -> Any:
        nonlocal looked
        looked += 1
        return await load(*arguments)

    office.store.load = counting  # type: ignore[assignment,method-assign]
    for _ in range(5):
        assert await office.entrance(token) == KIM
    assert looked == 1
    assert await office.entrance("carla") == CALLERS["carla"]
