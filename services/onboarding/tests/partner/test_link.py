"""A link admits its contact only, until it expires."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from onboarding_tests.office import CALLERS, LINKS, Office
from onboarding_tests.samples import NOON, PARTNER
from onboarding_tests.story import does, later, prepare, welcome
from pydantic import TypeAdapter, ValidationError

from onboarding.main import Settings
from onboarding.partner.entrance import ACCEPTED_LINKS_TTL_SECONDS
from onboarding.partner.link import (
    ALGORITHM,
    SESSION_TYPE,
    TYPE,
    Environment,
    Links,
    LinkSecretFile,
    id_of,
    secrets_in,
    type_of,
)
from zugabe_events.contracts.onboarding import LinkSent, PartnerReminded, PartnerWelcomed
from zugabe_events.domain.errors import UnauthenticatedError
from zugabe_events.encryption.key_store import StoredKey
from zugabe_events.encryption.sealed_text import is_sealed
from zugabe_events.http.principal import Principal

KIM = Principal("kim", "partner", partner=PARTNER)
SECRET = b"s" * 32


ENVIRONMENT = Environment("https://issuer.example.org", "zugabe")
WHOLE = {
    "iss": ENVIRONMENT.issuer,
    "aud": ENVIRONMENT.audience,
    "sub": "kim",
    "partner": PARTNER,
    "issued_ms": 0,
    "exp": 2**37,
}


def signed(claims: dict[str, Any], secret: bytes = SECRET, **headers: str) -> str:
    return jwt.encode(
        claims, secret, ALGORITHM, headers={"typ": TYPE, "kid": id_of(SECRET), **headers}
    )


def links_of(*secrets: bytes, environment: Environment = ENVIRONMENT) -> Links:
    url = "https://portal.example.org/"
    return Links(secrets, timedelta(days=30), url, environment, timedelta(hours=12))


def token_of(link: str) -> str:
    url, _, token = link.partition("?link=")
    assert url.startswith("https://portal.example.org/einstieg/")
    return token


async def exchange(office: Office, token: str, partner: str = PARTNER) -> httpx.Response:
    return await office.http.post(f"/partners/{partner}/sessions", json={"link": token})


async def use(office: Office, session: str) -> int:
    answer = await office.http.put(
        f"/partners/{PARTNER}/brands/nordkap/product-types",
        json={"product_types": ["Hose"]},
        headers={"Authorization": f"Bearer {session}"},
    )
    return answer.status_code


async def enter(office: Office, token: str) -> int:
    """With a link: exchange it, and do something; 401 if it is refused."""
    answer = await exchange(office, token)
    if answer.status_code == httpx.codes.CONFLICT:
        assert answer.json()["code"] in ("link-outdated", "link-invalid")
        return 401
    return await use(office, answer.json()["token"])


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
        {"exp": 2**60},
        {"iss": "https://issuer.test.example.org"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
    ],
)
def test_a_link_that_nobody_of_ours_would_make_lets_nobody_in(changes: dict[str, Any]) -> None:
    """X-16"""
    LINKS.read(signed(WHOLE), NOON)
    claims = {name: value for name, value in (WHOLE | changes).items() if value is not None}
    token = signed(claims)
    with pytest.raises(UnauthenticatedError):
        LINKS.read(token, NOON)


def test_links_need_a_secret_that_cannot_be_guessed(tmp_path: Path) -> None:
    """And the settings say so, before anything starts."""
    with pytest.raises(ValueError, match="32 bytes"):
        links_of(b"s" * 31)
    with pytest.raises(ValueError, match="32 bytes"):
        links_of()
    file, setting = tmp_path / "secret", TypeAdapter(LinkSecretFile)
    file.write_text("s" * 31 + "\n")
    with pytest.raises(ValidationError, match="32 bytes"):
        setting.validate_python(file)
    file.write_text("s" * 32 + "\n" + "t" * 31 + "\n")
    with pytest.raises(ValidationError, match="32 bytes"):
        setting.validate_python(file)
    file.write_text("s" * 32 + "\n\n" + "t" * 32 + "\n")
    assert secrets_in(setting.validate_python(file)) == [b"s" * 32, b"t" * 32]


def test_a_new_secret_is_put_above_the_old_one() -> None:
    """S17: two secrets, told apart by `kid`"""
    new = b"t" * 32
    old = token_of(links_of(SECRET).issue(PARTNER, "kim", NOON))
    both = links_of(new, SECRET)
    assert both.read(old, NOON).caller == KIM
    latest = token_of(both.issue(PARTNER, "kim", NOON))
    assert links_of(new).read(latest, NOON).caller == KIM
    for links, token in ((links_of(SECRET), latest), (links_of(new), old)):
        with pytest.raises(UnauthenticatedError):
            links.read(token, NOON)


def test_a_link_of_another_environment_lets_nobody_in() -> None:
    """S17: bound to issuer and audience, whatever the secret"""
    for issuer, audience in (("https://test.example.org", "zugabe"), (ENVIRONMENT.issuer, "test")):
        foreign = links_of(SECRET, environment=Environment(issuer, audience))
        with pytest.raises(UnauthenticatedError):
            LINKS.read(token_of(foreign.issue(PARTNER, "kim", NOON)), NOON)


def test_a_forged_link_lets_nobody_in() -> None:
    """X-16"""
    link = jwt.decode(
        token_of(LINKS.issue(PARTNER, "kim", NOON)), options={"verify_signature": False}
    )
    headers = {"typ": TYPE, "kid": id_of(SECRET)}
    forged = [
        signed(link, b"t" * 32),
        signed(link, b"t" * 32, kid=id_of(b"t" * 32)),
        jwt.encode(link, SECRET * 2, "HS512", headers=headers),
        jwt.encode(link, "", "none", headers=headers),
        jwt.encode(link, SECRET, ALGORITHM, headers={"typ": TYPE}),
        token_of(LINKS.issue(PARTNER, "kim", NOON))[:-4] + "AAAA",
    ]
    for token in forged:
        assert type_of(token) == TYPE
        with pytest.raises(UnauthenticatedError):
            LINKS.read(token, NOON)


async def test_our_secret_signs_no_token_of_the_issuer(office: Office) -> None:
    """X-16: told apart by the header, never by trying."""
    claims = {"sub": "carla", "role": "central", "exp": 2**40, "issued_ms": 2**41}
    for headers in ({"typ": "JWT"}, {"typ": "JWT", "kid": "1"}, None):
        token = jwt.encode(claims, SECRET, ALGORITHM, headers=headers)
        assert type_of(token) is None
        assert await use(office, token) == 401
    for token in ("", "x", "a.b.c", "ey.ey.ey", "." * 8000):
        assert type_of(token) is None


async def test_the_welcome_lets_the_contact_in(office: Office) -> None:
    """ON-2, X-16"""
    assert await enter(office, await sent(office)) == 200


async def test_a_link_is_for_its_partner_only(office: Office) -> None:
    """X-16"""
    await welcome(office, "suedwind")
    token = await sent(office)
    assert await enter(office, token) == 401
    answer = await exchange(office, token, "suedwind")
    assert answer.status_code == 201
    assert await use(office, answer.json()["token"]) == 403


async def test_a_link_opens_nothing_of_central(office: Office) -> None:
    """X-16"""
    token = (await exchange(office, await sent(office))).json()["token"]
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
    token = (await exchange(office, await sent(office))).json()["token"]
    later(office, ACCEPTED_LINKS_TTL_SECONDS)
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


async def test_a_link_opens_sessions_of_hours_and_nothing_else(office: Office) -> None:
    """S17: exchanged at once for a session of hours; a session opens no other"""
    link = await sent(office)
    assert await use(office, link) == 401
    first, second = await exchange(office, link), await exchange(office, link)
    session = first.json()["token"]
    assert second.status_code == 201
    assert type_of(session) == SESSION_TYPE
    assert (await exchange(office, session)).json()["code"] == "link-invalid"
    ends = datetime.fromisoformat(first.json()["expires_at"])
    assert ends == office.now + timedelta(hours=12)
    later(office, 12 * 3_600 - 1)
    assert await use(office, session) == 200
    later(office, 1)
    assert await use(office, session) == 401


async def test_no_session_lasts_longer_than_its_link(office: Office) -> None:
    """S17"""
    link = await sent(office)
    later(office, 30 * 86_400 - 3_600)
    session = (await exchange(office, link)).json()["token"]
    later(office, 3_599)
    assert await use(office, session) == 200
    later(office, 1)
    assert await use(office, session) == 401


@pytest.mark.parametrize("path", ["pause", "closure", None])
async def test_revoking_ends_links_and_sessions_in_every_state(
    office: Office, path: str | None
) -> None:
    """S17: also while the onboarding is paused"""
    link = await sent(office)
    session = (await exchange(office, link)).json()["token"]
    if path:
        await does(office, "carla", f"POST /{path}", {"reason": "Umbau"})
    await does(office, "carla", "DELETE /link")
    later(office, ACCEPTED_LINKS_TTL_SECONDS)
    assert await use(office, session) == 401
    assert await enter(office, link) == 401


async def test_a_paused_partner_gets_a_new_link(office: Office) -> None:
    """S17"""
    await does(office, "carla", "POST /pause", {"reason": "Umbau"})
    await does(office, "carla", "POST /link", {})
    later(office, ACCEPTED_LINKS_TTL_SECONDS)
    answer = await exchange(office, await sent(office))
    assert answer.status_code == 201


async def test_a_link_is_mailed_again_to_who_asks_for_it(office: Office) -> None:
    """S17: by the old link, or by the address; the answer tells strangers nothing"""
    link = await sent(office)
    expected = 0
    for body, is_theirs in (
        ({"link": link}, True),
        ({"email": "KIM@example.org"}, True),
        ({"email": "someone@example.org"}, False),
        ({"link": token_of(LINKS.issue(PARTNER, "robin", NOON))}, False),
        ({"link": token_of(LINKS.issue("suedwind", "kim", NOON))}, False),
        ({"link": link[:-4] + "AAAA"}, False),
        ({}, False),
    ):
        later(office, 600)
        answer = await office.http.post(f"/partners/{PARTNER}/link-requests", json=body)
        assert (answer.status_code, answer.content) == (202, b"")
        expected += is_theirs
        assert len(office.said(LinkSent)) == expected, body
    unknown = await office.http.post("/partners/unknown/link-requests", json={"link": link})
    assert (unknown.status_code, unknown.content) == (202, b"")
    assert await enter(office, link) == 200


async def test_an_expired_link_is_replaced_by_who_asks(office: Office) -> None:
    """S17"""
    link = await sent(office)
    later(office, 40 * 86_400)
    assert await enter(office, link) == 401
    path = f"/partners/{PARTNER}/link-requests"
    assert (await office.http.post(path, json={"link": link})).status_code == 202
    later(office, ACCEPTED_LINKS_TTL_SECONDS)
    assert await enter(office, await sent(office)) == 200
