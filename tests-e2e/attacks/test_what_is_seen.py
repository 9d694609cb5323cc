"""Information that attackers get, and records that are kept of them."""

import time
from typing import Any
from uuid import uuid4

import pytest
from stories.attacker import log_of, sent, signed
from stories.dealer import Dealer, cart, line

from zugabe import mails
from zugabe_testing.eventually import eventually

CHECKOUT = "checkout"
SERVICES = ("onboarding", "catalog-shops", "vouchers", "bonus", "checkout")


async def test_a_refusal_is_a_line_and_a_flood_is_not_a_flood(dealer: Dealer) -> None:
    """S11: with subject, tenant, route and address."""
    name = f"m-{uuid4().hex[:8]}"
    bearer = signed(dealer, sub=name)
    for _ in range(60):
        answer = await sent(dealer, "GET", CHECKOUT, "/orders", bearer, of="d-other")
        assert answer.status_code == 403

    def lines() -> list[str]:
        return [line for line in log_of(dealer, CHECKOUT) if name in line]

    async def written() -> None:
        assert lines()

    await eventually(written)
    assert 0 < len(lines()) <= 40
    whole = "refused with 403: GET /dealers/{dealer}/orders by user "
    assert f"{whole}{name} for d-other from 127.0.0.1" in lines()[0]
    counted = await dealer.http.get(f"{dealer.stack.addresses[CHECKOUT]}/metrics")
    assert 'zugabe_refusals_total{kind="refused",status="403"}' in counted.text


async def test_whoever_reads_names_is_on_record(dealer: Dealer) -> None:
    """S11: the person is told who saw them, and not who else was in the list."""
    for user in ("anna", "bert"):
        await dealer.user(user).place(f"{user}-1", cart(line(5_000)))
        dealer.staff.saw(dealer.user(user))
    boss = signed(dealer, sub="boss", role="dealer-staff", customer=None, rights=["see-orderers"])

    async def read() -> None:
        listed = await sent(dealer, "GET", CHECKOUT, "/orders", boss)
        names = [order["orderer"]["name"] for order in listed.json()["items"]]
        assert sorted(names) == ["Anna", "Bert"]

    await eventually(read)
    bearer = signed(dealer, sub="anna")
    reason = {"reason": "Auskunft"}
    told = await sent(dealer, "POST", CHECKOUT, "/people/anna/export", bearer, json=reason)
    found = [one for one in told.json()["disclosures"] if one["actor"] == "boss"]
    assert [(one["reason"], one["user"]) for one in found] == [
        ("GET /dealers/{dealer}/orders", "anna")
    ]
    assert "bert" not in told.text


@pytest.mark.parametrize("claims", [{"email_verified": False}, {}])
async def test_no_mail_goes_where_the_issuer_has_not_looked(
    dealer: Dealer, claims: dict[str, Any]
) -> None:
    """S13: nor does a name say where to go."""
    await dealer.campaign("zweitkauf", "ZWEITER", kind="second-purchase")
    victim, witness = f"victim@{dealer.name}.test", f"witness@{dealer.name}.test"
    name = "Gewinnen Sie jetzt auf www.gewinn.example"
    more: dict[str, Any] = {"name": name, "email": victim, "rights": ["set-prices"], **claims}
    wanted = cart(line(5_000))
    bearer = signed(dealer, sub="mallory", **more)
    placed = await sent(dealer, "PUT", CHECKOUT, "/orders/m-1", bearer, json=wanted)
    assert placed.status_code == 201, placed.text
    assert name not in placed.text
    honest = signed(
        dealer,
        sub="wilma",
        **(more | {"name": "Wilma Witz", "email": witness, "email_verified": True}),
    )
    placed = await sent(dealer, "PUT", CHECKOUT, "/orders/w-1", honest, json=wanted)
    assert placed.status_code == 201

    folder = dealer.stack.addresses["mails"]

    async def mailed() -> None:
        assert mails.to(witness, folder)

    await eventually(mailed)
    assert "gewinn" not in mails.text(mails.to(witness, folder)[0])
    assert not mails.to(victim, folder)


async def test_a_stolen_token_of_this_morning_exports_and_erases_nobody(dealer: Dealer) -> None:
    """S23: and says what would do."""
    rights = ["export-people", "erase-people", "see-orderers"]
    who: dict[str, Any] = {
        "sub": "boss",
        "role": "dealer-staff",
        "customer": None,
        "rights": rights,
    }
    old = signed(dealer, auth_time=int(time.time()) - 4 * 3600, **who)
    fresh = signed(dealer, **who)
    reason = {"reason": "Anfrage"}
    for method, path, body in (
        ("POST", "/people/anna/export", reason),
        ("POST", "/people/anna/erasure", reason),
        ("GET", "/orders.csv", None),
        ("GET", "/orders.xlsx", None),
    ):
        answer = await sent(dealer, method, CHECKOUT, path, old, json=body)
        assert answer.status_code == 401, path
        assert answer.json()["code"] == "sign-in-outdated"
        assert "insufficient_user_authentication" in answer.headers["www-authenticate"]
        again = await sent(dealer, method, CHECKOUT, path, fresh, json=body)
        assert again.status_code in (200, 202), path
    letters = await dealer.http.post(
        f"{dealer.stack.addresses[CHECKOUT]}/dead-letters/{uuid4()}/skip",
        headers={"Authorization": f"Bearer {old_central(dealer)}"},
        json=reason,
    )
    assert letters.json()["code"] == "sign-in-outdated"


def old_central(dealer: Dealer) -> str:
    morning = int(time.time()) - 4 * 3600
    return signed(dealer, sub="zoe", role="central", dealer=None, customer=None, auth_time=morning)


@pytest.mark.parametrize("service", SERVICES)
async def test_every_answer_tells_browsers_to_do_nothing(dealer: Dealer, service: str) -> None:
    """S27"""
    for path in ("/livez", "/nosuch", f"/dealers/{dealer.name}/orders"):
        headers = (await dealer.http.get(f"{dealer.stack.addresses[service]}{path}")).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "sandbox" in headers["content-security-policy"]
        assert "server" not in headers


async def test_the_files_of_the_stack_are_for_their_owner(dealer: Dealer) -> None:
    """S28"""
    home = dealer.stack.home
    assert home.path.stat().st_mode & 0o077 == 0
    for secret in (home.key_file, home.master_key_file, home.status_file):
        assert secret.stat().st_mode & 0o077 == 0, secret
