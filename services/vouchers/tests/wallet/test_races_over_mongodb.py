"""Two processes over one real log: buyers at the same moment exceed no limit of any kind."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from vouchers.budget.decider import budget_history
from vouchers.campaign.discount import Line
from vouchers.limit.decider import Limit, limit_history
from vouchers.unique_code.use import Taken, unique_code_history
from vouchers.wallet.hold import HoldVouchers
from vouchers.wallet.refusals import Use
from vouchers.wallet.shared_limits import hold_within_limits
from vouchers.wallet.shared_states import histories_of
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    VoucherHeld,
    VouchersEvent,
)
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Context, EventTypes
from zugabe_events.domain.event_store import state_of
from zugabe_events.eventstore.command_handler import CommandResult, handle_together
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import connect, database, deploy_log

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
CONTEXT = Context("checkout", "service", "acme", NOON, "correlation")
BUYERS = 40

type Terms = Callable[..., CampaignTerms]


@pytest.fixture
async def stores(mongo_url: str) -> AsyncGenerator[Sequence[MongoEventStore]]:
    """The log as two processes see it."""
    client = connect(mongo_url)
    db = database(client, f"t{uuid4().hex[:12]}")
    identity = await deploy_log(db, uuid4(), 4)
    types = EventTypes.of(VouchersEvent)
    yield [MongoEventStore(db, identity, types) for _ in range(2)]
    await client.drop_database(db.name)
    await client.close()


async def hold(
    store: MongoEventStore, terms: CampaignTerms, number: int, **changes: Any
) -> str | VoucherHeld:
    """The hold of a buyer, or the code of the refusal."""
    try:
        handled = await hold_uses(store, (use_of(terms, number, **changes),), number)
    except RefusedError as refusal:
        return refusal.code
    held = handled.of(VoucherHeld)
    assert held is not None
    return held


def use_of(terms: CampaignTerms, number: int, **changes: Any) -> Use:
    fields: dict[str, Any] = {"customer": "muster", "user": f"u{number}"} | changes
    return Use(
        voucher_code="A12345",
        dealer="acme",
        campaign_id="spring",
        campaign_version=1,
        terms=terms,
        lines=(Line(1, 10_000 + number % 3),),
        placed_at=NOON,
        **fields,
    )


async def hold_uses(store: MongoEventStore, uses: tuple[Use, ...], number: int) -> CommandResult:
    command = HoldVouchers(uses, f"o{number}", 1, NOON + timedelta(minutes=10), NOON)
    return await handle_together(
        store,
        histories_of(uses),
        lambda states: hold_within_limits(command, states),
        CONTEXT,
        attempt=uuid4(),
    )


async def rush(
    stores: Sequence[MongoEventStore], terms: CampaignTerms, **changes: Any
) -> Counter[str]:
    """What buyers at the same moment are told, half of them by each process."""
    answers = await asyncio.gather(
        *(hold(stores[number % 2], terms, number, **changes) for number in range(BUYERS))
    )
    return Counter(answer if isinstance(answer, str) else "held" for answer in answers)


async def test_a_budget_is_exact(stores: Sequence[MongoEventStore], terms: Terms) -> None:
    """X-29, N-2: to the last use that fits."""
    limited = terms(budget_cents=7_999, max_uses=30, max_per_customer=20, max_per_user=1)
    assert await rush(stores, limited) == {"held": 7, "budget-used-up": BUYERS - 7}
    budget = await state_of(stores[0], budget_history("acme", "spring"))
    assert 7_000 <= budget.spent_cents <= 7_999


@pytest.mark.parametrize(
    ("limits", "most", "code"),
    [
        ({"max_uses": 5}, 5, "campaign-limit"),
        ({"max_per_customer": 4, "max_uses": 9}, 4, "customer-limit"),
        ({"max_per_customer": 9, "max_uses": 3, "budget_cents": 10**6}, 3, "campaign-limit"),
    ],
)
async def test_shared_limits_are_exact(
    stores: Sequence[MongoEventStore], terms: Terms, limits: dict[str, int], most: int, code: str
) -> None:
    """VO-11, N-2"""
    assert await rush(stores, terms(**limits)) == {"held": most, code: BUYERS - most}
    of_all = limit_history(Limit("acme", "spring", "campaign", None))
    assert (await state_of(stores[1], of_all)).count == most


async def test_a_users_own_limit_is_exact(stores: Sequence[MongoEventStore], terms: Terms) -> None:
    """VO-14, N-2"""
    answers = await rush(stores, terms(max_per_user=2, budget_cents=10**6), user="anna")
    assert answers == {"held": 2, "user-limit": BUYERS - 2}


async def test_a_unique_code_goes_to_one_buyer(
    stores: Sequence[MongoEventStore], terms: Terms
) -> None:
    """X-5, N-2"""
    assert await rush(stores, terms(unique_codes=True), unique_code=7) == {
        "held": 1,
        "code-used": BUYERS - 1,
    }
    code: History[Any, Any] = unique_code_history("acme", "spring", 7)
    assert isinstance(await state_of(stores[0], code), Taken)


async def test_two_codes_are_held_together_or_not_at_all(
    stores: Sequence[MongoEventStore], terms: Terms
) -> None:
    """X-8, X-10, N-2: named in either order, and limited each by its own campaign."""
    first = use_of(terms(combines=True, max_uses=5), 0)
    uses = {
        "A12345": first,
        "B12345": replace(
            first,
            voucher_code="B12345",
            campaign_id="summer",
            terms=terms(code="B12345", combines=True, max_uses=3),
        ),
    }

    async def hold_both(number: int) -> str:
        own = [replace(use, user=f"u{number}") for use in uses.values()]
        wanted = tuple(own[:: 1 if number % 2 else -1])
        try:
            handled = await hold_uses(stores[number // 2 % 2], wanted, number)
        except RefusedError as refusal:
            return refusal.code
        held = [event for event in handled.events if isinstance(event, VoucherHeld)]
        return " and ".join(sorted(event.campaign_id for event in held))

    told = Counter(await asyncio.gather(*map(hold_both, range(BUYERS))))
    assert told == {"spring and summer": 3, "campaign-limit": BUYERS - 3}
    for campaign in ("spring", "summer"):
        limit = limit_history(Limit("acme", campaign, "campaign", None))
        assert (await state_of(stores[0], limit)).count == 3
