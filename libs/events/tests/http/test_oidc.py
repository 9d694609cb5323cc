"""A token is believed when our issuer signed it for us, and as long as it says."""

import hashlib
import hmac
import json
import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jwt.algorithms import RSAAlgorithm

from zugabe_events.domain.errors import UnauthenticatedError, UnavailableError
from zugabe_events.http.oidc import SigningKeys, TokenVerifier
from zugabe_events.http.principal import Principal
from zugabe_events.runtime.setting_types import claims_of
from zugabe_testing.eventually import eventually

CONFIGURATION = "/.well-known/openid-configuration"
PAST = datetime.now(UTC) - timedelta(minutes=10)


def name_of(value: object) -> object:
    """Of a case; the same in every process that runs the tests."""
    return f"{(value - PAST).seconds // 60} minutes" if isinstance(value, datetime) else value


@pytest.fixture
def verify(issuer: Any, session: aiohttp.ClientSession, clock: Any) -> TokenVerifier:
    return TokenVerifier(issuer.url, "zugabe", SigningKeys(issuer.url, session, clock), clock)


def encoded(part: bytes) -> str:
    return urlsafe_b64encode(part).decode().rstrip("=")


async def test_a_token_says_who_calls(issuer: Any, verify: TokenVerifier) -> None:
    """X-16"""
    token = issuer.token(
        customer="So.COMMERCE", rights=["a.b"], name="Änne", email="a@b.de", email_verified=True
    )
    assert await verify(token) == Principal(
        "anna", "user", "acme", "So.COMMERCE", frozenset({"a.b"}), "Änne", "a@b.de"
    )


async def test_a_token_says_how_to_address_the_person(issuer: Any, verify: TokenVerifier) -> None:
    """VO-34"""
    for gender, title in (("female", "Frau"), ("male", "Herr"), ("other", None), (7, None)):
        principal = await verify(issuer.token(family_name="Muster", gender=gender))
        assert (principal.title, principal.family_name) == (title, "Muster")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere"},
        {"aud": "another"},
        {"aud": None},
        {"iss": None},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"exp": PAST},
        {"exp": "soon"},
        {"exp": float("inf")},
        {"iat": datetime.now(UTC) + timedelta(minutes=10)},
        {"nbf": datetime.now(UTC) + timedelta(minutes=10)},
        {"role": None},
        {"role": "root"},
        {"role": ["offline_access"]},
        {"role": ["user", "central"]},
        {"role": [["user"]]},
        {"sub": "anna\n"},
        {"sub": "änna"},
        {"sub": ["anna"]},
        {"sub": ""},
        {"sub": "x" * 256},
        {"dealer": "acme\x00"},
        {"dealer": 7},
        {"dealer": "central"},
        {"partner": "a/b"},
        {"partner": "central"},
        {"customer": {"$gt": ""}},
        {"rights": "a.b"},
        {"rights": [1]},
        {"rights": ["r"] * 101},
        {"name": "a\r\nBcc: x"},
        {"name": "x" * 201},
        {"name": "\ud800"},
        {"email": "a@b.de, c@d.de"},
        {"email": "a@b.de\n"},
        {"email": "nobody"},
    ],
    ids=lambda claims: str({name: name_of(value) for name, value in claims.items()}),
)
async def test_no_other_claims_are_believed(
    issuer: Any, verify: TokenVerifier, claims: dict[str, Any]
) -> None:
    with pytest.raises(UnauthenticatedError):
        await verify(issuer.token(**claims))


@pytest.mark.parametrize(
    "subject",
    [
        "auth0|5f7c1f77bcf86cd799439011",
        "f:550e8400-e29b-41d4-a716-446655440000:max.muster",
        "-bWFydGlu_b64",
        "_bWFydGlu",
        "a/b",
        "Max Muster",
        "x" * 65,
        "x" * 255,
        f"s-{'0' * 40}",
    ],
)
async def test_any_subject_of_an_issuer_is_somebody(
    issuer: Any, verify: TokenVerifier, subject: str
) -> None:
    """P1: 255 ASCII characters (OpenID Connect Core 1.0, 2), mapped to an id, always the same"""
    token = issuer.token(sub=subject)
    found = (await verify(token)).subject
    assert re.fullmatch(r"s-[0-9a-f]{40}", found)
    assert found == f"s-{hashlib.sha256(subject.encode()).hexdigest()[:40]}"
    assert found != subject


@pytest.mark.parametrize("subject", ["anna", "anna@acme.de", "550e8400-e29b-41d4", "s-0"])
async def test_a_subject_that_is_an_id_stays(
    issuer: Any, verify: TokenVerifier, subject: str
) -> None:
    """P1"""
    assert (await verify(issuer.token(sub=subject))).subject == subject


async def test_a_role_may_stand_in_an_array_with_others(issuer: Any, verify: TokenVerifier) -> None:
    """P1: as Keycloak and Entra send them"""
    roles = ["default-roles-zugabe", "central", "uma_authorization"]
    assert (await verify(issuer.token(role=roles))).role == "central"


async def test_claims_may_have_other_names(
    issuer: Any, session: aiohttp.ClientSession, clock: Any
) -> None:
    """P1: a setting, with paths and with names that are addresses"""
    names = claims_of("role=realm_access.roles, subject=oid,dealer=https://zugabe.example/dealer")
    keys = SigningKeys(issuer.url, session, clock)
    verify = TokenVerifier(issuer.url, "zugabe", keys, clock, names)
    more = {"realm_access": {"roles": ["user"]}, "https://zugabe.example/dealer": "nord"}
    found = await verify(issuer.token(role=None, dealer=None, oid="0-1", **more))
    assert (found.subject, found.role, found.dealer) == ("0-1", "user", "nord")
    with pytest.raises(UnauthenticatedError):
        await verify(issuer.token(realm_access="user", oid="0-1"))


@pytest.mark.parametrize("text", ["roles=x", "role", "role=", "=x"])
def test_claims_are_named_as_we_know_them(text: str) -> None:
    """P1"""
    with pytest.raises(ValueError, match="claims are a list"):
        claims_of(text)


async def test_the_only_fitting_key_serves_tokens_that_name_none(
    issuer: Any, verify: TokenVerifier, clock: Any
) -> None:
    """P2: `kid` is optional (RFC 7517, 4.5)"""
    issuer.more = {"k1": {"kid": None}}
    claims = jwt.decode(issuer.token(), options={"verify_signature": False})
    token = jwt.encode(claims, issuer.keys["k1"], "ES256")
    assert (await verify(token)).subject == "anna"
    issuer.add_key("k2")
    clock.ahead = timedelta(minutes=11)
    await verify(issuer.token("k2"))
    with pytest.raises(UnauthenticatedError):
        await verify(jwt.encode({**claims, "n": 1}, issuer.keys["k1"], "ES256"))


async def test_a_key_that_takes_the_place_of_another_ends_what_that_one_signed(
    issuer: Any, verify: TokenVerifier, clock: Any
) -> None:
    """P2: under the same `kid`, also for tokens that were verified before"""
    issuer.add_key("k2")
    token = issuer.token(exp=datetime.now(UTC) + timedelta(hours=8))
    await verify(token)
    issuer.add_key("k1")
    clock.ahead = timedelta(minutes=11)
    await verify(issuer.token("k2"))
    await eventually(lambda: refused(verify, token))
    assert await verify(issuer.token())


async def refused(verify: TokenVerifier, token: str) -> None:
    try:
        await verify(token)
    except UnauthenticatedError:
        return
    raise AssertionError("the token is believed")


@pytest.mark.parametrize("name", ["at_hash", "c_hash", "events"])
async def test_a_token_about_a_sign_in_opens_nothing(
    issuer: Any, verify: TokenVerifier, name: str
) -> None:
    """P3: ID tokens and logout tokens, though their heads say `JWT` and the audience is ours"""
    with pytest.raises(UnauthenticatedError):
        await verify(issuer.token(**{name: "x"}))


async def test_an_expired_token_says_so(issuer: Any, verify: TokenVerifier) -> None:
    with pytest.raises(UnauthenticatedError) as caught:
        await verify(issuer.token(exp=PAST))
    assert caught.value.code == "token-expired"


async def test_a_clock_may_be_half_a_minute_off(issuer: Any, verify: TokenVerifier) -> None:
    now = datetime.now(UTC)
    assert await verify(issuer.token(exp=now - timedelta(seconds=20)))
    assert await verify(issuer.token(iat=now + timedelta(seconds=20)))


async def test_a_token_without_signature_is_not_believed(
    issuer: Any, verify: TokenVerifier
) -> None:
    claims = issuer.token().split(".")[1]
    for algorithm in ("none", "None", "ES256"):
        header = encoded(json.dumps({"alg": algorithm, "kid": "k1"}).encode())
        with pytest.raises(UnauthenticatedError):
            await verify(f"{header}.{claims}.")


async def test_the_public_key_is_no_secret_to_sign_with(issuer: Any, verify: TokenVerifier) -> None:
    pem = (
        issuer.keys["k1"]
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    claims = issuer.token().split(".")[1]
    signed = f"{encoded(json.dumps({'alg': 'HS256', 'kid': 'k1'}).encode())}.{claims}"
    mac = hmac.new(pem, signed.encode(), hashlib.sha256).digest()
    with pytest.raises(UnauthenticatedError):
        await verify(f"{signed}.{encoded(mac)}")


@pytest.mark.parametrize(
    "published",
    [
        {"kty": "oct", "k": "c2VjcmV0LXRoYXQtZXZlcnlib2R5LWNhbi1yZWFkIQ", "alg": "HS256"},
        {"use": "enc"},
        {"alg": "ES384"},
    ],
    ids=["a shared secret", "to encrypt with", "another algorithm"],
)
async def test_keys_that_are_not_to_verify_with_are_not_used(
    issuer: Any, verify: TokenVerifier, published: dict[str, str]
) -> None:
    """Even when the issuer publishes them."""
    issuer.more = {"k1": published}
    token = issuer.token()
    if published.get("kty") == "oct":
        secret = jwt.PyJWK({**published, "kid": "k1"}).key
        claims = jwt.decode(token, options={"verify_signature": False})
        token = jwt.encode(claims, secret, "HS256", {"kid": "k1"})
    with pytest.raises(UnauthenticatedError):
        await verify(token)


async def test_another_key_of_the_same_name_is_not_believed(
    issuer: Any, verify: TokenVerifier
) -> None:
    await verify(issuer.token())
    issuer.add_key("k1")
    with pytest.raises(UnauthenticatedError):
        await verify(issuer.token())


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(header=st.binary(max_size=60) | st.just(b"[" * 5000), more=st.text(max_size=20))
async def test_no_token_is_a_bug(verify: TokenVerifier, header: bytes, more: str) -> None:
    for token in (f"{encoded(header)}.e30.{more}", more):
        with pytest.raises(UnauthenticatedError):
            await verify(token)


async def test_a_new_key_is_fetched_when_a_token_names_it(
    issuer: Any, verify: TokenVerifier, clock: Any
) -> None:
    await verify(issuer.token())
    issuer.add_key("k2")
    clock.ahead = timedelta(seconds=31)
    assert await verify(issuer.token("k2"))


async def test_unknown_keys_make_nobody_ask_more_than_twice_a_minute(
    issuer: Any, verify: TokenVerifier
) -> None:
    await verify(issuer.token())
    for number in range(5):
        kid = f"unknown-{number}"
        token = jwt.encode({"sub": "anna"}, issuer.keys["k1"], "ES256", {"kid": kid})
        with pytest.raises(UnauthenticatedError):
            await verify(token)
    assert issuer.asked["/jwks"] == 1


async def test_a_withdrawn_key_ends_what_it_signed(
    issuer: Any, verify: TokenVerifier, clock: Any
) -> None:
    token = issuer.token(exp=datetime.now(UTC) + timedelta(hours=8))
    await verify(token)
    issuer.add_key("k2")
    del issuer.keys["k1"]
    clock.ahead = timedelta(minutes=11)
    await verify(issuer.token("k2"))
    with pytest.raises(UnauthenticatedError):
        await verify(token)


async def test_a_token_is_verified_once_until_it_expires(
    issuer: Any, verify: TokenVerifier, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def expired(*_: object, **__: object) -> None:
        raise jwt.ExpiredSignatureError

    token = issuer.token(exp=datetime.now(UTC) - timedelta(seconds=20))
    await verify(token)
    monkeypatch.setattr(jwt, "decode", expired)
    assert await verify(token)
    clock.ahead = timedelta(seconds=11)
    with pytest.raises(UnauthenticatedError):
        await verify(token)


async def test_without_the_issuer_the_answer_is_not_now(issuer: Any, verify: TokenVerifier) -> None:
    """A caller whose token cannot be checked is not told that it is wrong."""
    issuer.down = True
    with pytest.raises(UnavailableError) as caught:
        await verify(issuer.token())
    assert caught.value.retry_after == 5
    issuer.down = False
    assert await verify(issuer.token())


async def test_known_keys_serve_while_the_issuer_is_away_for_an_hour(
    issuer: Any, verify: TokenVerifier, clock: Any
) -> None:
    await verify(issuer.token())
    issuer.down = True
    clock.ahead = timedelta(minutes=50)
    assert await verify(issuer.token(sub="bert"))
    clock.ahead = timedelta(minutes=61)
    with pytest.raises(UnavailableError):
        await verify(issuer.token(sub="carl"))


async def test_an_issuer_that_calls_itself_otherwise_is_not_ours(
    issuer: Any, verify: TokenVerifier
) -> None:
    issuer.url = "https://elsewhere"
    with pytest.raises(UnavailableError):
        await verify(issuer.token())


@pytest.mark.parametrize("typ", ["logout+jwt", "dpop+jwt", "secevent+jwt", "kb+jwt"])
async def test_a_token_for_another_purpose_is_none(
    issuer: Any, verify: TokenVerifier, typ: str
) -> None:
    """S19: the same issuer signs it, with the same key."""
    said = jwt.decode(issuer.token(), options={"verify_signature": False})
    token = jwt.encode(said, issuer.keys["k1"], "ES256", {"kid": "k1", "typ": typ})
    with pytest.raises(UnauthenticatedError):
        await verify(token)
    known = jwt.encode(said, issuer.keys["k1"], "ES256", {"kid": "k1", "typ": "at+jwt"})
    assert (await verify(known)).subject == "anna"


@pytest.mark.parametrize("typ", ["ID", "Refresh", "Offline", "Logout"])
async def test_keycloaks_other_tokens_are_none(
    issuer: Any, verify: TokenVerifier, typ: str
) -> None:
    """S19"""
    with pytest.raises(UnauthenticatedError):
        await verify(issuer.token(typ=typ))
    assert (await verify(issuer.token(typ="Bearer"))).subject == "anna"


async def test_a_token_lives_for_a_day_at_most(issuer: Any, verify: TokenVerifier) -> None:
    """S19"""
    now = datetime.now(UTC)
    for lifetime, is_valid in ((timedelta(days=1), True), (timedelta(days=1, seconds=1), False)):
        token = issuer.token(iat=now, exp=now + lifetime)
        if is_valid:
            assert (await verify(token)).subject == "anna"
        else:
            with pytest.raises(UnauthenticatedError):
                await verify(token)


@pytest.mark.parametrize(("bits", "is_valid"), [(1_024, False), (2_048, True)])
async def test_a_short_key_signs_for_nobody(
    issuer: Any, verify: TokenVerifier, bits: int, is_valid: bool
) -> None:
    """S19"""
    key = rsa.generate_private_key(65_537, bits)
    issuer.keys["r1"] = issuer.keys["k1"]
    public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    issuer.more["r1"] = {**public, "alg": "RS256"}
    said = jwt.decode(issuer.token(), options={"verify_signature": False})
    token = jwt.encode(said, key, "RS256", {"kid": "r1"})
    if is_valid:
        assert (await verify(token)).subject == "anna"
    else:
        with pytest.raises(UnauthenticatedError):
            await verify(token)
