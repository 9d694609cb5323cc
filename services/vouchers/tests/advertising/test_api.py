"""Users object to advertising by a link of their mail or in the shop; then only the shop tells."""

from typing import Any

from vouchers.mail_link.links import Link
from vouchers.mails import mails_of
from zugabe_events.contracts.catalog_shops import DealerNamed
from zugabe_events.contracts.vouchers import (
    AdvertisingAllowed,
    AdvertisingObjected,
    MailSender,
    MailSenderNamed,
    VoucherIssued,
)
from zugabe_events.domain.policy import ReceivedEvent

HTML = {"Accept": "text/html,application/xhtml+xml"}


async def earned(shop: Any, order_id: str, user: str) -> VoucherIssued:
    await shop.place(order_id, user=user)
    issued: VoucherIssued = shop.said(VoucherIssued)[-1]
    assert (issued.order_id, issued.user) == (order_id, user)
    return issued


def is_mailed(shop: Any, issued: VoucherIssued) -> bool:
    received = ReceivedEvent("1", issued, "wallet", shop.now)
    return mails_of(shop.links).render(received) is not None


async def test_the_link_of_a_mail_asks_first_and_changes_nothing(shop: Any) -> None:
    """X-22: programs open links before people do."""
    url = shop.links.url(Link("objection", "acme", "anna"))
    page = await shop.open("GET", url, **HTML)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert '<form method="post">' in page.text
    assert "script" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert page.headers["referrer-policy"] == "no-referrer"
    assert shop.said(AdvertisingObjected) == []


async def test_after_an_objection_only_the_shop_shows_the_code(shop: Any) -> None:
    """X-22, VO-33"""
    await shop.run("again", kind="second-purchase", max_per_user=1)
    url = shop.links.url(Link("objection", "acme", "anna"))
    # As a mail program does it.
    clicked = await shop.open("POST", url)
    assert clicked.status_code == 200
    assert "Ihr Widerspruch ist gespeichert" in clicked.text
    issued = await earned(shop, "o1", "anna")
    assert not is_mailed(shop, issued)
    shown = await shop.ask("anna", "GET", "/users/anna/order-vouchers/o1")
    assert shown.json()["issued"][0]["code"] == "A12345"
    assert is_mailed(shop, await earned(shop, "o2", "bert")), "others get their mail"


async def test_an_objection_is_stored_once(shop: Any) -> None:
    """X-22"""
    url = shop.links.url(Link("objection", "acme", "anna"))
    for _ in range(2):
        assert (await shop.open("POST", url)).status_code == 200
    assert shop.said(AdvertisingObjected) == [AdvertisingObjected("acme", "anna", shop.now)]


async def test_users_object_in_the_shop_and_withdraw_it(shop: Any) -> None:
    """X-22"""
    path = "/users/anna/advertising-objection"
    assert (await shop.ask("anna", "GET", path)).json() == {"objected_at": None}
    assert (await shop.ask("bert", "PUT", path)).status_code == 403
    assert (await shop.ask("staff", "PUT", path)).status_code == 204
    assert (await shop.ask("anna", "GET", path)).json() == {"objected_at": "2026-05-04T12:00:00Z"}
    assert (await shop.ask("staff", "DELETE", path)).status_code == 403
    assert (await shop.ask("anna", "DELETE", path)).status_code == 204
    assert len(shop.said(AdvertisingAllowed)) == 1
    await shop.run("again", kind="second-purchase", max_per_user=1)
    assert is_mailed(shop, await earned(shop, "o1", "anna"))


async def test_a_link_that_nobody_wrote_is_a_page_for_people_and_a_problem_for_programs(
    shop: Any,
) -> None:
    """X-7"""
    url = "https://vouchers.example/dealers/acme/mail-links/" + "A" * 80
    page = await shop.open("GET", url, **HTML)
    assert page.status_code == 404
    assert "Dieser Link ist nicht gültig." in page.text
    problem = await shop.open("POST", url)
    assert (problem.status_code, problem.json()["code"]) == (404, "link-unknown")
    elsewhere = shop.links.url(Link("objection", "other", "anna")).replace("/other/", "/acme/")
    assert (await shop.open("POST", elsewhere)).status_code == 404


async def test_mails_name_the_dealer_as_the_catalogue_does(shop: Any) -> None:
    await shop.run("again", kind="second-purchase", max_per_user=1)
    imprint = {"imprint": "Marktplatz 1\n50667 Köln"}
    assert (await shop.ask("anna", "PUT", "/mail-sender", imprint)).status_code == 403
    for _ in range(2):
        assert (await shop.ask("staff", "PUT", "/mail-sender", imprint)).status_code == 204
        await shop.deliver("catalog-shops", DealerNamed("acme", "Musikhaus Müller"))
    named = (await shop.ask("staff", "GET", "/mail-sender")).json()
    assert named == {"name": "Musikhaus Müller", **imprint}
    assert len(shop.said(MailSenderNamed)) == 2
    issued = await earned(shop, "o1", "anna")
    assert issued.sender == MailSender("Musikhaus Müller", "Marktplatz 1\n50667 Köln")


def test_without_links_there_are_no_mails(shop: Any) -> None:
    """X-22"""
    objected = AdvertisingObjected("acme", "anna", shop.now)
    assert mails_of(None).render(ReceivedEvent("1", objected, "s", shop.now)) is None
