"""One caller who tries to use up what everybody needs."""

import asyncio
import io
import json
import time
import zipfile

import httpx
from stories.attacker import HalfSent, sent, signed
from stories.dealer import Dealer, cart, line

CHECKOUT, VOUCHERS, CATALOGUE = "checkout", "vouchers", "catalog-shops"
REASON = {"reason": "Neugier"}


async def test_half_sent_bodies_of_strangers_keep_nobody_out(dealer: Dealer) -> None:
    """S3: 500 of them at once, while somebody orders."""
    anna, url = dealer.user("anna"), dealer.stack.addresses[CHECKOUT]
    await anna.place("a-0", cart(line(5_000)))
    async with HalfSent(url, f"/dealers/{dealer.name}/quotes", 500):
        began = time.monotonic()
        for number in range(1, 6):
            answer = await anna.ask("PUT", CHECKOUT, f"/orders/a-{number}", cart(line(5_000)))
            answer.of(201)
        assert time.monotonic() - began < 5


async def test_public_routes_take_no_body(dealer: Dealer) -> None:
    """S3"""
    url = f"{dealer.stack.addresses[CATALOGUE]}/graphics/{dealer.name}/x.png"
    answer = await dealer.http.request("GET", url, content=b"x" * 100_000)
    assert answer.status_code == 413


async def test_a_list_is_bounded_however_long_its_orders_are(dealer: Dealer) -> None:
    """S5: a page has no more bytes than a few orders with a thousand lines."""
    anna = dealer.user("anna")
    long = cart(*(line(100, article=f"A-{number}") for number in range(500)))
    await asyncio.gather(*(anna.place(f"a-{number}", long) for number in range(8)))
    page = (await anna.ask("GET", CHECKOUT, "/orders", limit="200")).of(200)
    assert len(json.dumps(page)) < 4_000_000
    assert page["items"]


async def test_ones_own_export_is_had_a_few_times_a_day(dealer: Dealer) -> None:
    """S9: five times, and one at a time."""
    bearer = signed(dealer, sub="greta")
    path = "/people/greta/export"
    at_once = await asyncio.gather(
        *(sent(dealer, "POST", CHECKOUT, path, bearer, json=REASON) for _ in range(4))
    )
    assert {answer.status_code for answer in at_once} <= {200, 429}
    for _ in range(5):
        last = await sent(dealer, "POST", CHECKOUT, path, bearer, json=REASON)
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0


async def test_campaigns_are_kept_within_a_quota(dealer: Dealer) -> None:
    """S12: an answer of 429 says when to come back; here the one of guesses, which is soon met."""
    bearer = signed(dealer, sub="gustav")
    statuses = []
    for number in range(14):
        body = {
            "codes": [f"RATE{number}"],
            "customer": "So.COMMERCE",
            "user": "gustav",
            "lines": [{"number": 1, "net_cents": 100}],
        }
        answer = await sent(dealer, "POST", VOUCHERS, "/voucher-checks", bearer, json=body)
        statuses.append(answer.status_code)
    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert "retry-after" in answer.headers
    await dealer.campaign("echt", "ECHT10")
    other = signed(dealer, sub="hugo")
    body = {
        "codes": ["ECHT10"],
        "customer": "So.COMMERCE",
        "user": "hugo",
        "lines": [{"number": 1, "net_cents": 10_000}],
    }
    served = await sent(dealer, "POST", VOUCHERS, "/voucher-checks", other, json=body)
    assert served.json()["usable"] is True, "S21: one guesser locks out nobody else"


def workbook(directory: int = 0, content: bytes = b"<x/>", *, spoil: bool = False) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", content)
        for number in range(directory):
            archive.writestr(f"{number}.xml", b"")
    made = file.getvalue()
    if spoil:
        at = made.index(b"[Content_Types].xml") + len("[Content_Types].xml")
        made = made[:at] + bytes(byte ^ 0xFF for byte in made[at : at + 40]) + made[at + 40 :]
    return made


async def upload(dealer: Dealer, content: bytes) -> httpx.Response:
    bearer = signed(
        dealer, sub="staff", role="dealer-staff", customer=None, rights=["edit-campaigns"]
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return await sent(
        dealer,
        "POST",
        CATALOGUE,
        "/dealer-shops/laden/assortment-imports?file_name=a.xlsx",
        bearer,
        content=content,
        headers={"Content-Type": kind},
    )


async def test_a_workbook_that_is_all_directory_costs_nothing(dealer: Dealer) -> None:
    """S14, S26: nor does a damaged one break anything."""
    for content in (workbook(20_000), workbook(content=b"a" * 4_000, spoil=True), b"PK\x03\x04"):
        answer = await upload(dealer, content)
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.elapsed.total_seconds() < 2
