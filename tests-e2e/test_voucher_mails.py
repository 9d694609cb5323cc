"""Campaigns whose vouchers come by mail: newsletter and second purchase, with all that follows."""

from email.message import EmailMessage
from typing import Any
from uuid import uuid4

from stories.catalogue import editor
from stories.dealer import Dealer, Person, cart, line
from stories.exports import xlsx_rows
from stories.voucher_figures import by_user, of_campaign, orders_of, told

from zugabe import mails
from zugabe_testing.eventually import eventually

CHECKOUT, VOUCHERS = "checkout", "vouchers"
COMPANY = "k-metall"


async def clicked(dealer: Dealer, link: str, method: str = "POST", **sent: Any) -> str:
    """The page behind a link of a mail, for somebody who is not signed in."""
    answer = await dealer.http.request(method, link, **sent)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/html")
    return answer.text


async def mail_to(dealer: Dealer, address: str, count: int) -> EmailMessage:
    """The latest of so many mails to an address."""

    async def arrived() -> EmailMessage:
        found = mails.to(address, dealer.stack.addresses["mails"])
        assert len(found) == count, [str(mail["Subject"]) for mail in found]
        return found[-1]

    return await eventually(arrived)


async def test_a_newsletter_campaign_from_the_subscription_to_the_statistics(
    dealer: Dealer,
) -> None:
    """VO-36 to VO-40, X-21: double opt-in by mail, a voucher by mail, one click that ends it, and
    no second voucher, neither for the user nor for the address."""
    keeper = editor(dealer, "central", dealer.name)
    anna, berta = dealer.user("anna", COMPANY), dealer.user("berta")
    address, path = f"anna@{dealer.name}.test", "/users/{}/newsletter-subscription"
    await dealer.campaign(
        "letter", "POST10", kind="newsletter", title="Willkommen", minimum_cents=2_000
    )
    container = (await anna.ask("GET", VOUCHERS, "/newsletter")).of(200)
    [offer] = container["offers"]
    assert offer["title"] == "Willkommen"
    graphic = await dealer.http.get(offer["graphic"]["url"])
    assert graphic.headers["Content-Type"] == "image/png"
    wanted = cart(line(4_000), voucher_code="post10")
    (await anna.ask("PUT", CHECKOUT, "/orders/a-0", wanted)).refused("not-issued")

    consent = {"text_version": container["text_version"]}
    own = path.format("anna")
    asked = (await anna.ask("PUT", VOUCHERS, own, consent)).of(202)
    assert (asked["status"], asked["text"]) == ("requested", container["text"])
    asking = await mail_to(dealer, address, 1)
    assert str(asking["Subject"]).startswith("Bitte bestätigen Sie Ihre Anmeldung")
    assert container["text"] in mails.text(asking)
    link = mails.links(asking)[0]
    assert "Möchten Sie den Newsletter erhalten?" in await clicked(dealer, link, "GET")
    assert (await anna.ask("GET", VOUCHERS, own)).of(200)["status"] == "requested"
    for _ in range(2):
        assert "bestätigt" in await clicked(dealer, link)
    confirmed = (await anna.ask("GET", VOUCHERS, own)).of(200)
    assert (confirmed["status"], confirmed["text"]) == ("subscribed", container["text"])
    assert confirmed["requested_at"] < confirmed["confirmed_at"]

    sent = await mail_to(dealer, address, 2)
    assert "Ihr Gutscheincode: POST10" in mails.text(sent)
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    ending = str(sent["List-Unsubscribe"]).strip("<>")
    assert ending in mails.text(sent)
    order = await anna.place("a-1", wanted)
    assert order["net_cents"] == 3_600
    (await anna.ask("PUT", CHECKOUT, "/orders/a-2", wanted)).refused("user-limit")
    (await berta.ask("PUT", CHECKOUT, "/orders/b-1", wanted)).refused("not-issued")

    await clicked(dealer, ending, "GET")
    assert (await anna.ask("GET", VOUCHERS, own)).of(200)["status"] == "subscribed"
    one_click = {"List-Unsubscribe": "One-Click"}
    await clicked(dealer, ending, data=one_click)
    await clicked(dealer, ending, data=one_click)
    assert (await anna.ask("GET", VOUCHERS, own)).of(200)["status"] == "none"

    (await anna.ask("PUT", VOUCHERS, own, consent)).of(202)
    await clicked(dealer, mails.links(await mail_to(dealer, address, 3))[0])
    assert (await anna.ask("GET", VOUCHERS, own)).of(200)["status"] == "subscribed"
    again = {**consent, "email": address.replace("anna@", "Anna+2@")}
    (await berta.ask("PUT", VOUCHERS, path.format("berta"), again)).of(202)
    await clicked(dealer, mails.links(await mail_to(dealer, again["email"], 1))[0])
    berta.saw(anna)
    assert await berta.vouchers() == []

    dealer.staff.saw(anna)
    issued = (await dealer.staff.ask("GET", VOUCHERS, "/vouchers")).of(200)["items"]
    assert [(one["user"], one["status"]) for one in issued] == [("anna", "redeemed")]
    assert len(mails.to(address, dealer.stack.addresses["mails"])) == 3
    [row] = (await dealer.staff.ask("GET", VOUCHERS, "/campaign-statistics")).of(200)["items"]
    assert (row["title"], row["uses"], row["revenue_cents"]) == ("Willkommen", 1, 3_600)
    (await keeper.ask("GET", VOUCHERS, own)).of(403)


def lady(dealer: Dealer, name: str, customer: str = COMPANY) -> Person:
    """A user whom letters address by their family name."""
    claims = {"name": f"{name.title()} Ast", "family_name": "Ast", "gender": "female"}
    email = f"{name}@{dealer.name}.test"
    bearer = dealer.token("user", name, ["set-prices"], customer=customer, email=email, **claims)
    return Person(dealer.http, dealer.stack.addresses, f"/dealers/{dealer.name}", name, bearer)


def subjects(dealer: Dealer, person: Person) -> list[str]:
    found = mails.to(f"{person.name}@{dealer.name}.test", dealer.stack.addresses["mails"])
    return [str(mail["Subject"]) for mail in found]


async def test_a_second_purchase_campaign_from_the_first_order_to_a_use_given_back(
    dealer: Dealer,
) -> None:
    """VO-31 to VO-35, VO-39 to VO-42, X-2, X-22, Q6, Q7: earned, mailed, objected to, used by two
    users of the customer, cancelled after the end, and used once more; the statistics are what
    the orders say."""
    await dealer.campaign(
        "zweitkauf",
        "ZWEITER",
        kind="second-purchase",
        title="Zweitkauf",
        max_per_user=2,
        max_per_customer=4,
        minimum_cents=1_000,
        grace_days=10,
    )
    anna, berta, carla = (lady(dealer, name) for name in ("anna", "berta", "carla"))
    dora, eva = lady(dealer, "dora", "k-holz"), dealer.user("eva")

    first = await anna.place("a-1", cart(line(5_000)))
    assert [one["code"] for one in await anna.vouchers(order_id="a-1")] == ["ZWEITER"]
    sent = await mail_to(dealer, f"anna@{dealer.name}.test", 1)
    text = mails.text(sent)
    assert text.startswith(
        f"Sehr geehrte Frau Ast,\n\ndurch Ihre Bestellung {first['order_number']} am "
    )
    assert "insgesamt 2 Mal" in text
    assert "insgesamt 4 Mal in Ihrem Unternehmen" in text
    objection = str(sent["List-Unsubscribe"]).strip("<>")
    assert mails.links(sent)[-1] == objection
    stored = "/users/anna/advertising-objection"
    assert "Werbung" in await clicked(dealer, objection, "GET")
    assert (await anna.ask("GET", VOUCHERS, stored)).of(200)["objected_at"] is None
    await clicked(dealer, objection, data={"List-Unsubscribe": "One-Click"})
    assert (await anna.ask("GET", VOUCHERS, stored)).of(200)["objected_at"]

    (await dora.ask("PUT", VOUCHERS, "/users/dora/advertising-objection")).of(204)
    await dora.place("d-1", cart(line(3_000)))
    assert [one["remaining_uses"] for one in await dora.vouchers()] == [2]
    await carla.place("c-1", cart(line(2_000)))
    await mail_to(dealer, f"carla@{dealer.name}.test", 1)
    await carla.cancel("c-1")
    assert [one["status"] for one in await carla.vouchers()] == ["revoked"]
    await mail_to(dealer, f"carla@{dealer.name}.test", 2)

    half = cart(line(1_000), line(3_000), voucher_code="zweiter")
    assert (await anna.place("a-2", half))["net_cents"] == 3_600
    assert (await anna.place("a-3", half))["net_cents"] == 3_600
    (await anna.ask("PUT", CHECKOUT, "/orders/a-4", half)).refused("user-limit")
    berta.saw(anna)
    shared = await berta.insist("PUT", CHECKOUT, "/orders/b-1", half, tokens=berta.tokens)
    assert shared.of(201)["net_cents"] == 3_600
    (await eva.ask("PUT", CHECKOUT, "/orders/e-1", half)).refused("not-issued")
    await eva.place("e-1", cart(line(700)))
    (await dealer.staff.ask("PUT", CHECKOUT, "/orders/a-2/shipments/s-1", {})).of(201)
    part = {"reason": "wrong-article", "lines": [{"number": 1, "quantity": 1}]}
    (await anna.ask("PUT", CHECKOUT, "/orders/a-2/returns/r-1", part)).of(201)

    (await dealer.staff.ask("POST", VOUCHERS, "/campaigns/zweitkauf/end")).of(200)
    (await dora.ask("PUT", CHECKOUT, "/orders/d-2", half)).refused("campaign-ended")
    await anna.cancel("a-3")

    async def told_that_it_is_back() -> None:
        assert subjects(dealer, anna)[1:] == ["Ihr Gutschein gilt wieder"]
        [voucher] = await anna.vouchers()
        assert (voucher["remaining_uses"], bool(voucher["grace_until"])) == (1, True)

    await eventually(told_that_it_is_back)
    assert (await anna.place("a-4", half))["net_cents"] == 3_600
    again = await anna.ask("PUT", CHECKOUT, "/orders/a-5", half)
    assert again.status == 409, again.body
    assert again.body["code"] in ("user-limit", "campaign-ended")
    assert subjects(dealer, dora) == []

    for one in (anna, berta, carla, dora, eva):
        dealer.staff.saw(one)
    orders = await orders_of(dealer.staff)
    assert {one["order_id"]: one["status"] for one in orders if one["voucher"]} == {
        "a-2": "partly-returned",
        "a-3": "cancelled",
        "a-4": "placed",
        "b-1": "placed",
    }
    page = (await dealer.staff.ask("GET", VOUCHERS, "/campaign-statistics", sums="true")).of(200)
    [row] = page["items"]
    expected = of_campaign(orders, "zweitkauf")
    assert (row["title"], told(row)) == ("Zweitkauf", expected)
    assert told(page["sums"]) == expected
    assert expected == {
        "uses": 3,
        "cancelled_uses": 1,
        "goods_cents": 11_000,
        "revenue_cents": 9_900,
        "discount_cents": 1_100,
    }
    path = "/campaign-statistics/zweitkauf/users"
    page = (await dealer.staff.ask("GET", VOUCHERS, path)).of(200)
    users = {one["user"]: told(one, "total_revenue_cents") for one in page["items"]}
    assert users == by_user(orders, "zweitkauf")
    assert {one["user"]: one["name"] for one in page["items"]} == {
        "anna": "Anna Ast",
        "berta": "Berta Ast",
    }
    rows = await xlsx_rows(dealer.staff, VOUCHERS, f"{path}.xlsx")
    assert {row["Benutzer"]: round(row["Umsätze gesamt (EUR)"] * 100) for row in rows} == {
        user: figures["total_revenue_cents"] for user, figures in users.items()
    }
    given_back = await dealer.staff.ask("GET", VOUCHERS, "/redeemed-vouchers", returned="true")
    assert [one["order_id"] for one in given_back.of(200)["items"]] == ["a-3"]
    used = (await dealer.staff.ask("GET", VOUCHERS, "/redeemed-vouchers")).of(200)["items"]
    assert {(one["name"], one["order_id"]) for one in used} == {
        ("Anna Ast", "a-2"),
        ("Anna Ast", "a-4"),
        ("Berta Ast", "b-1"),
    }


async def test_central_campaigns_reward_users_of_the_dealers_who_take_part(
    dealer: Dealer,
) -> None:
    """VO-24, VO-31, VO-32, VO-38, Q21, X-17: a first order that was placed while the dealer took
    part is rewarded, even if it is heard of after they have left; others are not."""
    north, south = dealer, Dealer(dealer.stack, dealer.http)
    marketing = editor(dealer, "central", "central")
    ids = {kind: f"central-{kind}-{north.name}" for kind in ("second-purchase", "newsletter")}
    codes = {kind: f"5{uuid4().hex[:9]}".upper() for kind in ids}
    module = await north.order_module()
    for kind, campaign_id in ids.items():
        terms = {
            "kind": kind,
            "title": kind.title(),
            "code": codes[kind],
            "discount_type": "fixed",
            "value": 700,
            "minimum_cents": 3_000,
            "valid_from": "2020-01-01",
            "valid_until": "2199-12-31",
            "budget_cents": 100_000,
        }
        path = f"/campaigns/{campaign_id}"
        (await marketing.ask("PUT", VOUCHERS, path, terms)).of(200)
        (await marketing.ask("POST", VOUCHERS, f"{path}/activation")).of(200)
        joining = f"/central-campaigns/{campaign_id}/participation"
        own = {"minimum_cents": 1_000}
        (await north.staff.insist("POST", VOUCHERS, joining, own, tokens=module)).of(200)
    leaving = f"/central-campaigns/{ids['second-purchase']}/participation"

    anna, berta, carl = north.user("anna"), north.user("berta"), south.user("carl")
    await carl.place("c-1", cart(line(2_000)))
    assert await carl.vouchers() == []
    assert (await carl.ask("GET", VOUCHERS, "/newsletter")).of(200)["offers"] == []
    await dealer.stack.stop_process("vouchers")
    try:
        await anna.place("a-1", cart(line(2_000)))
    finally:
        await dealer.stack.start_process("vouchers")
    (await north.staff.insist("DELETE", VOUCHERS, leaving)).of(200)
    await berta.place("b-1", cart(line(2_000)))
    [voucher] = await anna.vouchers()
    assert (voucher["code"], voucher["minimum_cents"]) == (codes["second-purchase"], 1_000)
    assert await berta.vouchers() == []
    text = mails.text(await mail_to(dealer, f"anna@{north.name}.test", 1))
    assert "Der Mindestbestellwert beträgt 10,00 € netto." in text

    wanted = cart(line(1_500), voucher_code=codes["second-purchase"])
    (await anna.ask("PUT", CHECKOUT, "/orders/a-2", wanted)).refused("participation-ended")
    assert [one["remaining_uses"] for one in await anna.vouchers()] == [0]
    (await north.staff.ask("POST", VOUCHERS, leaving, {"minimum_cents": 2_000})).of(200)
    assert [one["remaining_uses"] for one in await anna.vouchers()] == [1]
    assert (await anna.place("a-2", wanted))["net_cents"] == 800

    subscription = {"text_version": 1}
    path = "/users/berta/newsletter-subscription"
    (await berta.ask("PUT", VOUCHERS, path, subscription)).of(202)
    asking = await mail_to(dealer, f"berta@{north.name}.test", 1)
    await clicked(dealer, mails.links(asking)[0])
    text = mails.text(await mail_to(dealer, f"berta@{north.name}.test", 2))
    assert f"Ihr Gutscheincode: {codes['newsletter']}" in text
    wanted = cart(line(1_500), voucher_code=codes["newsletter"])
    assert (await berta.place("b-2", wanted))["net_cents"] == 800
    (await carl.ask("PUT", CHECKOUT, "/orders/c-2", wanted)).refused("code-unknown")
    for person in (anna, berta):
        marketing.saw(person)
    for campaign_id in ids.values():
        view = (await marketing.ask("GET", VOUCHERS, f"/campaigns/{campaign_id}")).of(200)
        assert (view["uses"], view["remaining_budget_cents"]) == (1, 99_300)
