"""Tokens and links that are not what they seem."""

import time
from collections.abc import AsyncGenerator

import httpx
import pytest
from stories.attacker import sent, signed
from stories.dealer import Dealer
from stories.onboarder import Onboarder

from zugabe.supervisor import Stack
from zugabe_testing.eventually import eventually

CHECKOUT = "checkout"
NOW = time.time


@pytest.mark.parametrize(
    ("head", "claims"),
    [
        ({"typ": "ID"}, {}),
        ({"typ": "logout+jwt"}, {}),
        ({}, {"typ": "Refresh"}),
        ({}, {"typ": "ID"}),
        ({}, {"exp": 9_999_999_999}),
        ({"kid": "another"}, {}),
        ({}, {"iss": "https://issuer.example"}),
        ({}, {"exp": 1_000_000_000, "iat": 999_999_000}),
        ({}, {"sub": ""}),
        ({}, {"role": "root"}),
    ],
)
async def test_a_token_for_another_purpose_is_refused(
    dealer: Dealer, head: dict[str, str], claims: dict[str, object]
) -> None:
    """S19: with the issuer's true key."""
    bearer = signed(dealer, head, **claims)
    assert (await sent(dealer, "GET", CHECKOUT, "/orders", bearer)).status_code == 401


async def test_an_unsigned_token_is_refused(dealer: Dealer) -> None:
    """S19"""
    head, body, _ = signed(dealer).split(".")
    for bearer in (f"{head}.{body}.", f"eyJhbGciOiJub25lIn0.{body}.", "x" * 9_000):
        assert (await sent(dealer, "GET", CHECKOUT, "/orders", bearer)).status_code == 401


@pytest.fixture
async def partner(zugabe: Stack) -> AsyncGenerator[Onboarder]:
    async with httpx.AsyncClient(timeout=60) as http:
        one = Onboarder(zugabe, http)
        await one.open()
        yield one


async def test_a_mailed_link_opens_sessions_and_nothing_else(partner: Onboarder) -> None:
    """S17: it is no token for any route, and one of another partner fits nowhere."""
    await partner.by(partner.central, "POST", "/welcome")
    link = await eventually(partner.link)
    base = partner.stack.addresses["onboarding"]
    own = f"{base}/partners/{partner.id}"
    used = await partner.http.get(own, headers={"Authorization": f"Bearer {link}"})
    assert used.status_code == 401
    elsewhere = await partner.http.post(f"{base}/partners/p-other/sessions", json={"link": link})
    assert elsewhere.json()["code"] in ("link-invalid", "link-outdated")
    broken = link[:-8] + ("A" * 8 if not link.endswith("A" * 8) else "B" * 8)
    forged = await partner.http.post(f"{own}/sessions", json={"link": broken})
    assert forged.json()["code"] == "link-invalid"
    session = await partner.session(link)
    for service in ("checkout", "vouchers", "bonus"):
        url = f"{partner.stack.addresses[service]}/dealers/{partner.id}/orders"
        answer = await partner.http.get(url, headers={"Authorization": f"Bearer {session}"})
        assert answer.status_code in (401, 403, 404)
