"""Many want the same at once, and clocks run out at the worst moment."""

import asyncio
import os
import signal
from collections import defaultdict
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from stories import topics
from stories.dealer import SHARED_CUSTOMER, Dealer, Person, cart, line

from zugabe.supervisor import Stack
from zugabe_testing.eventually import eventually

BUYERS, LIMIT = 64, 20
HOLD_SECONDS = 2
ATTEMPT_ENDS = {"order-placed", "voucher-taken-off", "reward-taken-off", "checkout-lapsed"}


@pytest.fixture(scope="module")
def hurried(zugabe: Stack) -> Generator[Stack]:
    """A checkout whose attempts lapse after two seconds."""

    async def restart(env: Mapping[str, str]) -> None:
        await zugabe.stop_process("checkout")
        await zugabe.start_process("checkout", extra_env=env)

    asyncio.run(restart({"ZUGABE_HOLD_SECONDS": f"{HOLD_SECONDS}"}))
    yield zugabe
    asyncio.run(restart({}))


@contextmanager
def paused(stack: Stack, name: str) -> Generator[None]:
    """The process stands still; what it is asked meanwhile waits for it."""
    pid = stack.pid(name)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_sixty_four_buyers_want_a_code_that_works_twenty_times(dealer: Dealer) -> None:
    """VO-11, VO-12, VO-14, VO-15, X-1, X-7, N-2: they are one customer, and exactly 20 get it."""
    await dealer.campaign("sturm", "STURM", max_per_customer=LIMIT)
    users = [dealer.user(f"b{number:02}") for number in range(BUYERS)]
    wanted = cart(line(1_000), voucher_code="STURM")
    answers = await asyncio.gather(
        *(user.insist("PUT", "checkout", f"/orders/{user.name}", wanted) for user in users)
    )
    placed = [answer.body for answer in answers if answer.status in (200, 201)]
    assert [order["voucher"]["discount_cents"] for order in placed] == [100] * LIMIT
    for answer in answers:
        if answer.status not in (200, 201):
            refusal = answer.refused("customer-limit")
            assert (refusal["max_uses"], refusal["remaining_uses"]) == (LIMIT, 0)

    for user in users:
        dealer.staff.saw(user)

    async def counted() -> None:
        page = (
            await dealer.staff.ask("GET", "vouchers", "/redeemed-vouchers", limit=f"{BUYERS}")
        ).of(200)
        redeemed = sorted(use["order_id"] for use in page["items"])
        assert redeemed == sorted(order["order_id"] for order in placed)

    await eventually(counted)

    freed = next(user for user in users if user.name == placed[0]["user"])
    await freed.cancel(freed.name)
    last = dealer.user("last")

    async def again() -> None:
        (await last.ask("PUT", "checkout", "/orders/last", wanted)).of(201)

    await eventually(again)
    too_late = dealer.user("too-late")
    (await too_late.ask("PUT", "checkout", "/orders/x", wanted)).refused("customer-limit")


@pytest.mark.parametrize("seconds", [HOLD_SECONDS - 0.3, HOLD_SECONDS, None])
async def test_order_and_lapse_race_and_the_hold_follows_the_winner(
    hurried: Stack, dealer: Dealer, seconds: float | None
) -> None:
    """X-1: the voucher answers around the deadline of the attempt that asks for it, or (None) when
    each attempt has lapsed."""
    await dealer.campaign("rennen", "RENNEN", max_per_customer=1_000)
    await dealer.programme(reward_points=100, reward_cents=500)
    users = [dealer.user(f"r{number}") for number in range(8)]
    await asyncio.gather(*(user.place(f"{user.name}-1", cart(line(10_000))) for user in users))
    await asyncio.gather(*(user.account() for user in users))

    wanted = cart(line(10_000), voucher_code="RENNEN", reward_id="praemie")
    with paused(hurried, "vouchers"):
        racing = [
            asyncio.create_task(user.insist("PUT", "checkout", f"/orders/{user.name}-2", wanted))
            for user in users
        ]
        if seconds is None:
            await have_lapsed(dealer, {f"{user.name}-2" for user in users})
        else:
            await asyncio.sleep(seconds)
    orders = [(await one).of(200, 201) for one in racing]
    assert {order["net_cents"] for order in orders} == {10_000 - 1_000 - 500}

    await eventually(lambda: fates_and_holds_agree(dealer))
    for user in users:
        account = await user.account()
        assert (account["points_redeemed"], account["points_held"]) == (100, 0)
        uses = (await dealer.staff.ask("GET", "vouchers", "/redeemed-vouchers", user=user.name)).of(
            200
        )
        assert [use["order_id"] for use in uses["items"]] == [f"{user.name}-2"]


async def fates_and_holds_agree(dealer: Dealer) -> None:
    """Each attempt has one end; a hold is redeemed if its attempt was placed, else released."""
    kafka = dealer.stack.addresses["kafka"]
    ends, placed, asked = defaultdict[str, set[str]](set), set[str](), set[str]()
    for told in await topics.everything(kafka, "checkout", dealer.name):
        attempt = f"{told.data.get('order_id')}/{told.data.get('attempt')}"
        if told.name == "holds-asked":
            asked.add(attempt)
        if told.name in ATTEMPT_ENDS:
            taken_off = told.name.endswith("taken-off")  # one for each kind, in one commit
            ends[attempt].add("taken-off" if taken_off else told.name)
        if told.name == "order-placed" and (told.data["voucher"] or told.data["reward"]):
            placed.add(attempt)
    assert all(len(ends[attempt]) == 1 for attempt in asked), ends
    assert placed <= asked
    for topic, kind in (("vouchers", "voucher"), ("bonus", "reward")):
        held, redeemed, released = set[str](), set[str](), set[str]()
        for told in await topics.everything(kafka, topic, dealer.name):
            for name, holds in (("held", held), ("redeemed", redeemed), ("released", released)):
                if told.name == f"{kind}-{name}":
                    hold_id = told.data["hold_id"]
                    assert hold_id not in holds, f"{hold_id} was {name} twice"
                    holds.add(hold_id)
        assert redeemed == placed
        assert held == redeemed | released
        assert not redeemed & released


async def test_a_hold_request_that_arrives_after_its_checkout_ended_is_refused(
    hurried: Stack, dealer: Dealer
) -> None:
    """X-1: after a cancellation, after the voucher was taken off, and after the attempt lapsed."""
    await dealer.campaign("spaet", "SPAET", minimum_cents=2_000)
    await dealer.programme(reward_points=100, reward_cents=500)
    ida = dealer.user("ida")
    await ida.place("i-1", cart(line(50_000)))
    await ida.account()
    await ida.vouchers()

    wanted = cart(line(10_000), voucher_code="SPAET", reward_id="praemie")
    await ida.place("cancelled", wanted)
    await ida.cancel("cancelled")
    await ida.vouchers()
    small = cart(line(1_999), voucher_code="SPAET", reward_id="praemie")
    no = await ida.ask("PUT", "checkout", "/orders/taken-off", small)
    no.refused("minimum-not-reached")
    for name in ("vouchers", "bonus"):
        with paused(hurried, name):
            no = await ida.ask("PUT", "checkout", f"/orders/lapsed-{name}", wanted)
            no.refused("unavailable", status=httpx.codes.SERVICE_UNAVAILABLE)
            await have_lapsed(dealer, {f"lapsed-{name}"})

    order_ids = {"cancelled", "taken-off", "lapsed-vouchers", "lapsed-bonus"}
    await eventually(lambda: ends_are_known(dealer, order_ids))
    for order_id in order_ids:
        await late(dealer, ida, order_id, "vouchers", {"codes": ["SPAET"]})
        await late(dealer, ida, order_id, "bonus", {"reward_id": "praemie"})
    account = await ida.account()
    assert (account["points_held"], account["active_points"]) == (0, 500)
    await eventually(lambda: fates_and_holds_agree(dealer))
    await ida.place("i-2", wanted)


async def have_lapsed(dealer: Dealer, order_ids: set[str]) -> None:
    async def look() -> None:
        kafka = dealer.stack.addresses["kafka"]
        found = await topics.everything(kafka, "checkout", dealer.name)
        assert order_ids <= {one.data["order_id"] for one in found if one.name == "checkout-lapsed"}

    await eventually(look)


async def ends_are_known(dealer: Dealer, order_ids: set[str]) -> None:
    """To `vouchers` and to `bonus`."""
    for topic, kind in (("vouchers", "voucher"), ("bonus", "reward")):
        names = {f"{kind}-{name}" for name in ("attempt-ended", "released", "returned")}
        told = await topics.everything(dealer.stack.addresses["kafka"], topic, dealer.name)
        assert order_ids <= {one.data["order_id"] for one in told if one.name in names}


async def late(
    dealer: Dealer, user: Person, order_id: str, service: str, offered: Mapping[str, object]
) -> None:
    """The first attempt's request, with all the time in the world."""
    now = datetime.now(UTC)
    body = {
        **offered,
        "customer": SHARED_CUSTOMER,
        "user": user.name,
        "placed_at": now.isoformat(),
        "deadline": (now + timedelta(minutes=15)).isoformat(),
        "lines": [{"number": 1, "net_cents": 10_000}],
    }
    path = f"/holds/{order_id}/1"
    (await dealer.service.ask("PUT", service, path, body)).refused("attempt-over")
