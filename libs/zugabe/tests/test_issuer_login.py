"""People sign in at the local issuer by the authorization code flow with PKCE."""

import re
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import jwt
import pytest

from zugabe.issuer import load_key
from zugabe.issuer_codes import CODE_TTL_SECONDS, Grants, WebClient
from zugabe.issuer_http import issuer_app, serve_issuer
from zugabe.ports import Ports

BACK = "http://127.0.0.1:8106/login/callback"
OUT = "http://127.0.0.1:8106/"
WEB = WebClient("web", (BACK,), (OUT,))
SECRETS = {"web": "open sesame", "checkout": "other"}
VERIFIER = "v" * 50
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
ASKED = {
    "response_type": "code",
    "client_id": "web",
    "redirect_uri": BACK,
    "scope": "openid",
    "state": "s1",
    "nonce": "n1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@dataclass
class Local:
    url: str
    http: aiohttp.ClientSession
    ahead: float = 0
    now: float = field(default=1000.0)

    def clock(self) -> float:
        return self.now + self.ahead

    async def authorize(self, **changed: str) -> aiohttp.ClientResponse:
        asked = {name: text for name, text in {**ASKED, **changed}.items() if text}
        return await self.http.get(f"{self.url}/authorize", params=asked, allow_redirects=False)

    async def code(self, person: str = "zoe", **changed: str) -> str:
        form = {**ASKED, **changed, "person": person}
        chosen = await self.http.post(f"{self.url}/authorize", data=form, allow_redirects=False)
        assert chosen.status == 303
        said = parse_qs(urlsplit(chosen.headers["Location"]).query)
        assert (said["state"], said["iss"]) == (["s1"], [self.url])
        return said["code"][0]

    async def token(self, **form: str) -> tuple[int, dict[str, Any]]:
        said = {
            "grant_type": "authorization_code",
            "client_id": "web",
            "client_secret": "open sesame",
            "redirect_uri": BACK,
            "code_verifier": VERIFIER,
            **form,
        }
        async with self.http.post(f"{self.url}/token", data=said) as answer:
            return answer.status, dict(await answer.json())

    async def claims(self, token: str, audience: str) -> dict[str, Any]:
        async with self.http.get(f"{self.url}/jwks.json") as answer:
            keys = jwt.PyJWKSet.from_dict(await answer.json())
        key = keys[jwt.get_unverified_header(token)["kid"]]
        return dict(jwt.decode(token, key, ["ES256"], audience=audience, issuer=self.url))


@pytest.fixture
async def local(tmp_path: Path) -> AsyncIterator[Local]:
    port = Ports({}, {}).of("issuer")
    url = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as http:
        here = Local(url, http)
        key = load_key(tmp_path / "key.pem")
        app = issuer_app(key, url, SECRETS, [WEB], Grants(here.clock))
        server = await serve_issuer(app, port)
        yield here
        await server.cleanup()


async def test_the_page_says_what_it_is_for_and_names_people(local: Local) -> None:
    page = await local.authorize(state='"><script>alert(1)</script>')
    text = await page.text()
    assert page.status == 200
    assert "Nur für die Entwicklung" in text
    assert "Zoe Zentrale" in text
    assert "<script" not in text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


async def test_who_is_chosen_signs_in_once_per_code(local: Local) -> None:
    code = await local.code("hanna")
    status, granted = await local.token(code=code)
    assert status == 200
    access = await local.claims(granted["access_token"], "zugabe")
    assert (access["sub"], access["role"], access["dealer"]) == (
        "hanna",
        "dealer-staff",
        "musikhaus",
    )
    identity = await local.claims(granted["id_token"], "web")
    assert (identity["sub"], identity["nonce"]) == ("hanna", "n1")
    assert await local.token(code=code) == (400, {"error": "invalid_grant"})


async def test_a_code_used_twice_takes_its_refresh_token_with_it(local: Local) -> None:
    code = await local.code()
    _, granted = await local.token(code=code)
    refresh = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"]}
    status, again = await local.token(**refresh)
    assert status == 200
    assert (await local.claims(again["access_token"], "zugabe"))["sub"] == "zoe"
    await local.token(code=code)
    assert await local.token(**refresh) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_verifier": "w" * 50},
        {"code_verifier": ""},
        {"redirect_uri": BACK + "/"},
        {"code": "guessed"},
    ],
)
async def test_a_code_is_worth_nothing_without_what_belongs_to_it(
    local: Local, wrong: dict[str, str]
) -> None:
    code = await local.code()
    assert await local.token(**{"code": code, **wrong}) == (400, {"error": "invalid_grant"})


async def test_a_code_is_soon_over(local: Local) -> None:
    code = await local.code()
    local.ahead = CODE_TTL_SECONDS
    assert await local.token(code=code) == (400, {"error": "invalid_grant"})


async def test_other_clients_get_no_tokens_for_people(local: Local) -> None:
    code = await local.code()
    wrong = {"code": code, "client_secret": "guess"}
    assert await local.token(**wrong) == (401, {"error": "invalid_client"})
    service = {"code": code, "client_id": "checkout", "client_secret": "other"}
    assert await local.token(**service) == (400, {"error": "unauthorized_client"})
    own = {"grant_type": "client_credentials"}
    assert await local.token(**own) == (400, {"error": "unauthorized_client"})


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "other"},
        {"redirect_uri": "https://evil.invalid/"},
        {"redirect_uri": BACK + "?x=1"},
        {"redirect_uri": ""},
    ],
)
async def test_nobody_is_sent_to_an_unknown_address(local: Local, changed: dict[str, str]) -> None:
    page = await local.authorize(**changed)
    assert page.status == 400
    form = {**ASKED, **changed, "person": "zoe"}
    chosen = await local.http.post(f"{local.url}/authorize", data=form, allow_redirects=False)
    assert chosen.status == 400


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"state": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
    ],
)
async def test_the_application_is_told_what_is_wrong(
    local: Local, changed: dict[str, str], error: str
) -> None:
    refused = await local.authorize(**changed)
    assert refused.status == 303
    assert refused.headers["Location"].startswith(f"{BACK}?")
    assert parse_qs(urlsplit(refused.headers["Location"]).query)["error"] == [error]


async def test_signing_out_leads_back_to_known_addresses_only(local: Local) -> None:
    out = {"client_id": "web", "post_logout_redirect_uri": OUT}
    at = f"{local.url}/logout"
    back = await local.http.get(at, params=out, allow_redirects=False)
    assert (back.status, back.headers["Location"]) == (302, OUT)
    out["post_logout_redirect_uri"] = "https://evil.invalid/"
    stays = await local.http.get(at, params=out, allow_redirects=False)
    assert (stays.status, "abgemeldet" in await stays.text()) == (200, True)


async def test_discovery_names_what_there_is(local: Local) -> None:
    async with local.http.get(f"{local.url}/.well-known/openid-configuration") as answer:
        found = await answer.json()
    assert found["authorization_endpoint"] == f"{local.url}/authorize"
    assert found["end_session_endpoint"] == f"{local.url}/logout"
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert "password" not in found["grant_types_supported"]
    style = re.search(r"client_secret_basic", str(found["token_endpoint_auth_methods_supported"]))
    assert style
