"""X-21: one voucher per address and campaign, whoever subscribes how often and in which order."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from vouchers.mail_link.links import Link, Purpose
from zugabe_events.contracts.checkout import PersonErased
from zugabe_events.contracts.vouchers import (
    NewsletterSubscribed,
    NewsletterSubscriptionRequested,
    NewsletterUnsubscribed,
    NewsletterVoucherGiven,
    VoucherIssued,
)

USERS = ("u0", "u1", "u2")
ADDRESSES = ("anna@example.org", "ANNA+x@example.org", "bert@example.org")

type Step = tuple[str, str, str, int]

steps = st.lists(
    st.tuples(
        st.sampled_from(("ask", "ask", "confirm", "confirm", "leave", "object", "erase")),
        st.sampled_from(USERS),
        st.sampled_from(ADDRESSES),
        st.integers(1, 4),
    ),
    min_size=5,
    max_size=40,
)


async def ask(shop: Any, user: str, email: str) -> None:
    body = {"text_version": 1, "customer": "c1", "email": email}
    path = f"/users/{user}/newsletter-subscription"
    answer = await shop.ask("backend", "PUT", path, body)
    assert answer.status_code in (202, 429)


async def follow(shop: Any, purpose: Purpose, user: str, number: int = 0) -> None:
    url = shop.links.url(Link(purpose, "acme", user, number))
    answer = await shop.open("POST", url)
    assert answer.status_code in (200, 409)


async def take(shop: Any, step: Step) -> None:
    what, user, email, number = step
    shop.now += timedelta(hours=7)
    match what:
        case "ask":
            await ask(shop, user, email)
        case "confirm":
            await follow(shop, "confirmation", user, number)
        case "leave":
            await follow(shop, "unsubscription", user)
        case "object":
            await follow(shop, "objection", user)
        case _:
            await shop.deliver("checkout", PersonErased("acme", user))


def check(shop: Any) -> None:
    issued = Counter(voucher.voucher_id for voucher in shop.said(VoucherIssued))
    kept = Counter(
        f"{event.campaign_id}/{event.fingerprint}" for event in shop.said(NewsletterVoucherGiven)
    )
    assert issued == kept
    assert max(issued.values(), default=1) == 1
    assert len(issued) <= 2 * 2, "two mailboxes, two campaigns"
    asked = {(each.user, each.number) for each in shop.said(NewsletterSubscriptionRequested)}
    proven = Counter((each.user, each.number) for each in shop.said(NewsletterSubscribed))
    assert proven.keys() <= asked
    assert max(proven.values(), default=1) == 1
    ended = Counter(each.user for each in shop.said(NewsletterUnsubscribed))
    begun = Counter(user for user, _ in asked)
    assert all(ended[user] <= begun[user] for user in ended)


@settings(max_examples=30, deadline=None)
@given(taken=steps)
def test_whatever_happens(open_shop: Callable[[], Any], taken: list[Step]) -> None:
    """X-21, X-22"""

    async def story() -> None:
        shop = open_shop()
        for number in range(2):
            await shop.run(f"letter{number}", kind="newsletter", code=f"CODE{number}")
        for step in taken:
            await take(shop, step)
        check(shop)

    asyncio.run(story())


async def test_clicks_at_once_give_one_voucher(shop: Any) -> None:
    """X-21: users of one mailbox, and a link that is opened several times."""
    await shop.run("letter", kind="newsletter")
    for user in USERS:
        await ask(shop, user, "anna@example.org")
    clicks = [follow(shop, "confirmation", user, 1) for user in USERS for _ in range(4)]
    await asyncio.gather(*clicks)
    assert len(shop.said(NewsletterSubscribed)) == len(USERS)
    assert len(shop.said(VoucherIssued)) == len(shop.said(NewsletterVoucherGiven)) == 1


async def test_a_unique_code_is_the_subscribers_own(shop: Any) -> None:
    """VO-38, X-5, Q6"""
    await shop.run("letter", kind="newsletter", code="WILLKOMMEN", unique_codes=True)
    for user, email in (("u0", "anna@example.org"), ("u1", "bert@example.org")):
        await ask(shop, user, email)
        await follow(shop, "confirmation", user, 1)
    first, second = (voucher.code for voucher in shop.said(VoucherIssued))
    assert first != second
    assert first.startswith("WILLKOMMEN")
    own = {"codes": [first], "customer": "c1"}
    assert (await shop.hold("o1", user="u1", **own)).status_code == 409
    assert (await shop.hold("o2", user="u0", **own)).status_code == 200
