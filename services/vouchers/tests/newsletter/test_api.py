"""A user subscribes to the newsletter: a mail, its link, and one voucher for the address."""

from datetime import timedelta
from typing import Any

import pytest

from vouchers.mail_link.links import Link
from vouchers.mails import mails_of
from zugabe_events.contracts.checkout import PersonErased
from zugabe_events.contracts.vouchers import (
    NewsletterSubscribed,
    NewsletterSubscriptionRequested,
    NewsletterUnsubscribed,
    NewsletterVoucherGiven,
    VoucherIssued,
)
from zugabe_events.domain.event import Event
from zugabe_events.domain.mail import Mail
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.encryption.sealed_text import is_sealed

PATH = "/users/anna/newsletter-subscription"
HTML = {"Accept": "text/html"}


async def subscribe(shop: Any, user: str = "anna", **body: Any) -> Any:
    path = f"/users/{user}/newsletter-subscription"
    if user != "anna":
        body = {"customer": "So.COMMERCE", "email": f"{user}@example.org", **body}
    who = "anna" if user == "anna" else "backend"
    return await shop.ask(who, "PUT", path, {"text_version": 1, **body})


def mail_about(shop: Any, event: Event) -> Mail:
    mail = mails_of(shop.links).render(ReceivedEvent("1", event, "stream", shop.now))
    assert mail is not None
    return mail


def last_mail(shop: Any, kind: type[Event] = NewsletterSubscriptionRequested) -> Mail:
    return mail_about(shop, shop.said(kind)[-1])


def link_in(shop: Any, purpose: str, user: str = "anna", number: int = 0) -> str:
    url: str = shop.links.url(Link(purpose, "acme", user, number))  # type: ignore[arg-type]
    return url


async def confirm(shop: Any, user: str = "anna", number: int = 1) -> Any:
    return await shop.open("POST", link_in(shop, "confirmation", user, number))


async def subscribed(shop: Any, user: str = "anna", number: int = 1, **body: Any) -> None:
    assert (await subscribe(shop, user, **body)).status_code == 202
    assert (await confirm(shop, user, number)).status_code == 200


async def test_a_mail_asks_for_the_confirmation(shop: Any) -> None:
    """X-21, VO-34"""
    answer = await subscribe(shop)
    assert answer.status_code == 202
    assert answer.json()["status"] == "requested"
    mail = last_mail(shop)
    assert shop.sealing.opened(mail.to) == "anna@example.org"
    assert mail.subject == "Bitte bestätigen Sie Ihre Anmeldung zum Newsletter"
    text = shop.sealing.opened(mail.text)
    assert text.startswith("Sehr geehrte Frau Ast,\n\nbitte bestätigen Sie Ihre Anmeldung")
    assert link_in(shop, "confirmation", number=1) in text
    assert "Er gilt bis zum 03.06.2026." in text
    assert "„Ja, ich möchte den Newsletter mit Angeboten und Gutscheinen" in text
    assert mail.unsubscribe == link_in(shop, "unsubscription")
    assert mail.unsubscribe in text
    assert "anna@" not in str(shop.said(NewsletterSubscriptionRequested))


async def test_a_confirmed_subscription_gets_its_voucher_at_once(shop: Any) -> None:
    """VO-38, VO-36, X-21: with the proof of the consent."""
    await shop.run("letter", kind="newsletter", max_per_user=1, minimum_cents=5_000)
    await subscribe(shop)
    assert shop.said(VoucherIssued) == [], "nobody has confirmed anything"
    shop.now += timedelta(hours=1)
    page = await shop.open("GET", link_in(shop, "confirmation", number=1), **HTML)
    assert "Möchten Sie den Newsletter erhalten?" in page.text
    assert shop.said(NewsletterSubscribed) == [], "programs open links, too"
    assert (await confirm(shop)).status_code == 200
    [proof] = shop.said(NewsletterSubscribed)
    assert proof.confirmed_at == shop.now
    assert proof.requested_at == shop.now - timedelta(hours=1)
    assert (proof.text_version, proof.text[:22]) == (1, "Ja, ich möchte den New")
    [issued] = shop.said(VoucherIssued)
    assert (issued.user, issued.campaign_id, issued.code) == ("anna", "letter", "A12345")
    mail = last_mail(shop, VoucherIssued)
    text = shop.sealing.opened(mail.text)
    assert "durch Ihre Anmeldung zu unserem Newsletter erhalten Sie einen" in text
    assert "Ihr Gutscheincode: A12345" in text
    assert "Der Mindestbestellwert beträgt 50,00 € netto." in text
    assert mail.unsubscribe == link_in(shop, "unsubscription")
    assert mail.unsubscribe in text
    shown = (await shop.ask("anna", "GET", PATH)).json()
    assert (shown["status"], shown["text_version"]) == ("subscribed", 1)
    [voucher] = (await shop.ask("anna", "GET", "/users/anna/vouchers")).json()["items"]
    assert (voucher["code"], voucher["order_id"]) == ("A12345", "")
    assert (await shop.hold("o1")).status_code == 200


async def test_nobody_else_can_use_the_code(shop: Any) -> None:
    """VO-38"""
    await shop.run("letter", kind="newsletter", max_per_user=1)
    assert (await shop.hold("o1")).status_code == 409


async def test_a_link_that_is_opened_twice_gives_one_voucher(shop: Any) -> None:
    """X-21"""
    await shop.run("letter", kind="newsletter", max_per_user=1)
    await subscribed(shop)
    assert (await confirm(shop)).status_code == 200
    assert len(shop.said(VoucherIssued)) == len(shop.said(NewsletterSubscribed)) == 1


async def test_an_address_has_one_voucher_of_a_campaign_even_after_leaving(shop: Any) -> None:
    """X-21"""
    await shop.run("letter", kind="newsletter", max_per_user=1)
    await subscribed(shop)
    await shop.open("POST", link_in(shop, "unsubscription"))
    assert (await shop.ask("anna", "GET", PATH)).json()["status"] == "none"
    shop.now += timedelta(days=1)
    await subscribed(shop, number=2)
    assert len(shop.said(NewsletterSubscribed)) == 2
    assert len(shop.said(VoucherIssued)) == 1


async def test_an_address_has_one_voucher_whoever_names_it(shop: Any) -> None:
    """X-21"""
    await shop.run("letter", kind="newsletter", max_per_user=1)
    await subscribed(shop)
    await subscribed(shop, "carl", email="Anna+carl@EXAMPLE.org")
    assert [voucher.user for voucher in shop.said(VoucherIssued)] == ["anna"]
    assert len(shop.said(NewsletterVoucherGiven)) == 1
    assert "anna" not in str(shop.said(NewsletterVoucherGiven)[0])


async def test_who_was_erased_gets_no_newsletter_and_no_second_voucher(shop: Any) -> None:
    """X-15, X-21"""
    await shop.run("letter", kind="newsletter", max_per_user=1)
    await subscribed(shop)
    await shop.deliver("checkout", PersonErased("acme", "anna"))
    assert len(shop.said(NewsletterUnsubscribed)) == 1
    shop.sealing.erased.add("anna")
    refused = await subscribe(shop)
    assert (refused.status_code, refused.json()["code"]) == (409, "person-erased")
    await subscribed(shop, "anna2", email="anna@example.org")
    assert len(shop.said(VoucherIssued)) == 1


async def test_only_campaigns_in_force_at_the_confirmation_give_a_voucher(shop: Any) -> None:
    """VO-38, X-29, X-40"""
    await shop.run("letter", kind="newsletter", code="AAA", max_per_user=1)
    await shop.run("later", kind="newsletter", code="BBB", valid_from="2026-05-10", max_per_user=1)
    await shop.run("paused", kind="newsletter", code="CCC", max_per_user=1)
    await shop.run("own", code="DDD")
    await shop.run("second", kind="second-purchase", code="EEE", max_per_user=1)
    await subscribe(shop)
    assert (await shop.ask("staff", "POST", "/campaigns/paused/pause")).status_code == 200
    shop.now += timedelta(minutes=1)
    await confirm(shop)
    assert [voucher.campaign_id for voucher in shop.said(VoucherIssued)] == ["letter"]


async def test_an_outdated_link_confirms_nothing(shop: Any) -> None:
    """X-21"""
    await subscribe(shop)
    await subscribe(shop, email="anna@other.example")
    older = await shop.open("POST", link_in(shop, "confirmation", number=1), **HTML)
    assert older.status_code == 409
    assert "Dieser Link gilt nicht mehr." in older.text
    shop.now += timedelta(days=30)
    expired = await confirm(shop, number=2)
    assert (expired.status_code, expired.json()["code"]) == (409, "link-outdated")
    assert shop.said(NewsletterSubscribed) == []


async def test_a_second_click_sends_no_second_mail(shop: Any) -> None:
    for _ in range(3):
        assert (await subscribe(shop)).status_code == 202
    assert len(shop.said(NewsletterSubscriptionRequested)) == 1
    shop.now += timedelta(minutes=5)
    await subscribe(shop)
    assert [each.number for each in shop.said(NewsletterSubscriptionRequested)] == [1, 2]


async def test_a_subscriber_keeps_the_address_until_another_is_confirmed(shop: Any) -> None:
    """X-21"""
    await subscribed(shop)
    assert (await subscribe(shop)).json()["status"] == "subscribed"
    assert len(shop.said(NewsletterSubscriptionRequested)) == 1
    assert (await subscribe(shop, email="anna@other.example")).json()["status"] == "subscribed"
    await confirm(shop, number=2)
    emails = [
        shop.sealing.opened(each.subscriber.email) for each in shop.said(NewsletterSubscribed)
    ]
    assert emails == ["anna@example.org", "anna@other.example"]


async def test_an_address_gets_few_mails_that_nobody_asked_for(shop: Any) -> None:
    """S13, X-7"""
    for number in range(3):
        answer = await subscribe(shop, f"u{number}", email="victim@example.org")
        assert answer.status_code == 202
    refused = await subscribe(shop, "u3", email="victim@example.org")
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-attempts")
    assert "retry-after" in refused.headers
    shop.now += timedelta(days=1, seconds=1)
    assert (await subscribe(shop, "u3", email="victim@example.org")).status_code == 202


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text_version": 2}, 409, "consent-outdated"),
        ({"email": "nobody"}, 422, "invalid"),
        ({"email": "a@b.de, c@d.de"}, 422, "invalid"),
        ({"email": "a@b.de\r\nBcc: c@d.de"}, 422, "invalid"),
        ({"name": "Gewinnen Sie auf www.evil.example"}, 422, "invalid"),
        ({"name": "Anna"}, 403, "forbidden"),
    ],
)
async def test_what_cannot_be_is_refused(
    shop: Any, body: dict[str, Any], status: int, code: str
) -> None:
    """X-7, S13"""
    answer = await subscribe(shop, **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert shop.store.commits == []


async def test_nobody_subscribes_others(shop: Any) -> None:
    body = {"text_version": 1}
    assert (await shop.ask("bert", "PUT", PATH, body)).status_code == 403
    assert (await shop.ask("staff", "PUT", PATH, body)).status_code == 403
    assert (await shop.ask("bert", "DELETE", PATH)).status_code == 403


async def test_an_objection_to_advertising_ends_the_newsletter(shop: Any) -> None:
    """X-22"""
    await subscribed(shop)
    await shop.open("POST", link_in(shop, "objection"))
    assert len(shop.said(NewsletterUnsubscribed)) == 1


async def test_unsubscribing_before_the_confirmation_withdraws_the_request(shop: Any) -> None:
    """X-21: one click, from any mail."""
    await subscribe(shop)
    body = {"List-Unsubscribe": "One-Click"}
    url = link_in(shop, "unsubscription").removeprefix("https://vouchers.example")
    clicked = await shop.http.post(url, data=body)
    assert clicked.status_code == 200
    assert (await confirm(shop)).status_code == 409
    assert shop.said(NewsletterSubscribed) == []


async def test_nothing_personal_is_stored_in_plain_text(shop: Any) -> None:
    """N-8"""
    await subscribed(shop)
    for event in shop.said(NewsletterSubscribed) + shop.said(NewsletterSubscriptionRequested):
        person = event.subscriber
        assert all(map(is_sealed, (person.name, person.email, person.salutation)))


async def test_a_joined_central_campaign_gives_a_voucher_by_the_dealers_minimum(shop: Any) -> None:
    """VO-38, VO-27"""
    await shop.run_central(kind="newsletter", max_per_user=1)
    await subscribed(shop, "bert")
    assert shop.said(VoucherIssued) == [], "the dealer does not take part"
    assert (await shop.join(minimum_cents=7_500)).status_code < 300
    await subscribed(shop)
    [issued] = shop.said(VoucherIssued)
    assert (issued.user, issued.code, issued.terms.minimum_cents) == ("anna", "2026A", 7_500)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", PATH, {"text_version": 1, "customer": "c1", "email": "anna@example.org"}),
        ("GET", PATH, None),
        ("DELETE", PATH, None),
        ("PUT", "/users/anna/advertising-objection", None),
        ("DELETE", "/users/anna/advertising-objection", None),
        (
            "PUT",
            "/users/manager/newsletter-subscription",
            {"text_version": 1, "customer": "another", "email": "anna@example.org"},
        ),
    ],
)
async def test_a_points_manager_acts_for_themselves_alone(
    shop: Any, method: str, path: str, body: Any
) -> None:
    """S22: whatever single rights they have."""
    assert (await shop.ask("manager", method, path, body)).status_code == 403
    assert shop.store.commits == []
