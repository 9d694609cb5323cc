"""Callers whom the system trusts for what they are, and who ask for more."""

import httpx
import pytest
from stories.attacker import sent, signed
from stories.dealer import Dealer, cart, line

CHECKOUT, VOUCHERS = "checkout", "vouchers"


@pytest.fixture
def other(dealer: Dealer) -> Dealer:
    return Dealer(dealer.stack, dealer.http)


@pytest.mark.parametrize("role", ["service", "central"])
async def test_a_token_of_one_tenant_reads_and_writes_nothing_of_another(
    dealer: Dealer, other: Dealer, role: str
) -> None:
    """S4"""
    await other.user("anna").place("a-1", cart(line(5_000)))
    bearer = signed(dealer, sub="checkout", role=role, customer=None)
    own = await sent(dealer, "GET", CHECKOUT, "/orders", bearer)
    foreign = await sent(dealer, "GET", CHECKOUT, "/orders", bearer, of=other.name)
    assert foreign.status_code == 403
    assert own.status_code in (200, 403)
    body = {"orders": [{"order_id": "x", "user": "anna", "lines": []}]}
    for path in ("/order-imports", "/orders/x/cancellation"):
        answer = await sent(dealer, "POST", CHECKOUT, path, bearer, of=other.name, json=body)
        assert answer.status_code == 403, path


async def test_a_text_that_looks_sealed_names_no_owner_to_send_a_token_to(dealer: Dealer) -> None:
    """S7: it is refused at the edge, and everybody's pages and exports go on."""
    fake = f"~zp1:mongo:{dealer.name}/mallory:note:{'A' * 40}"
    order = cart(line(5_000), note=fake)
    bearer = signed(dealer, rights=["set-prices"])
    answer = await sent(dealer, "PUT", CHECKOUT, "/orders/m-1", bearer, json=order)
    assert answer.status_code == 422
    assert (await sent(dealer, "GET", CHECKOUT, "/orders", bearer)).status_code == 200
    export = await sent(dealer, "POST", CHECKOUT, "/people/mallory/export", bearer, json=REASON)
    assert export.status_code == 200
    assert export.text.endswith('"complete":true}\n')


REASON = {"reason": "Neugier"}


async def test_a_token_from_the_future_waits_for_nothing(dealer: Dealer) -> None:
    """S8: it is refused at once, so that it holds no place."""
    anna = dealer.user("anna")
    await anna.place("a-1", cart(line(5_000)))
    log, part, _, _ = anna.tokens.split(".", 3) if anna.tokens.count(".") == 3 else ("", "", "", "")
    token = anna.tokens.rsplit(".", 2)[0] + ".99999999999.1"
    assert log is not None
    assert part is not None
    answer = await sent(
        dealer, "GET", CHECKOUT, "/orders", anna.bearer, headers={"Zugabe-Token": token}
    )
    assert answer.status_code in (400, 403, 422)
    assert answer.elapsed.total_seconds() < 1


@pytest.mark.parametrize("subject", ["vouchers.orders", "bonus.orders", "checkout.catalogue"])
async def test_a_person_named_like_a_policy_is_told_nothing_of_others(
    dealer: Dealer, subject: str
) -> None:
    """S10"""
    await dealer.campaign("zweitkauf", "ZWEITER", kind="second-purchase")
    anna = dealer.user("anna")
    await anna.place("a-1", cart(line(5_000)))
    assert await anna.vouchers()
    bearer = signed(dealer, sub=subject)
    for service in (VOUCHERS, "bonus"):
        told: httpx.Response = await sent(
            dealer, "POST", service, f"/people/{subject}/export", bearer, json=REASON
        )
        assert told.status_code in (200, 401, 403), told.text
        if told.status_code == 200:
            assert told.json()["events"] == []
            assert "anna" not in told.text


async def test_a_token_for_somebody_else_is_for_nobody_here(dealer: Dealer) -> None:
    """S16: the issuer's signature alone opens nothing."""
    for audience in ("web", "billing", ["billing"], None):
        bearer = signed(dealer, aud=audience)
        assert (await sent(dealer, "GET", CHECKOUT, "/orders", bearer)).status_code == 401
