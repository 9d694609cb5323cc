"""Rebuild of statistics of vouchers, against raw reads and bulk writes of the same documents."""

import time
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from benchmarks.measuring import Result, console, in_turns
from benchmarks.samples import NOON, bare_rebuild, fresh_log, one_event, write_log
from vouchers.statistics.revenue import REVENUE
from vouchers.statistics.view import USER_STATISTICS
from zugabe.testing import Parts
from zugabe_events.contracts.checkout import CheckoutEvent, OrderLine, OrderPlaced, VoucherApplied
from zugabe_events.domain.event import EventTypes
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.mongo.client import Database, Document, LogIdentity
from zugabe_events.projections.mongo_views import to_document
from zugabe_events.projections.rebuild import Rebuild

ORDERS = 200_000
USERS = 100_000
MODELS: Sequence[AnyReadModel] = (REVENUE, USER_STATISTICS)
TYPES = EventTypes.of(CheckoutEvent)


def placed(user: str, ordinal: int) -> OrderPlaced:
    """An order of three lines with a voucher of 10 %."""
    order_id = f"o-{user}-{ordinal}"
    voucher = VoucherApplied(
        hold_id=f"{order_id}/1",
        campaign_id="spring",
        campaign_version=1,
        code="SPRING",
        discount_type="percent",
        base_cents=9_000,
        discount_cents=900,
        shares=(300, 300, 300),
        free_shipping=False,
        streams=(f"wallet/d1/{user}",),
        explanation="10 % auf den Netto-Warenwert 90,00 €: 9,00 €",
    )
    return OrderPlaced(
        order_id=order_id,
        order_number="1000001",
        dealer="d1",
        customer="c1",
        user=user,
        attempt=1,
        lines=tuple(
            OrderLine(number, f"a{number}", "g1", "b1", 3, 1_000, 3_000, 300) for number in range(3)
        ),
        goods_cents=9_000,
        voucher=voucher,
        reward=None,
        refused=(),
        net_cents=8_100,
        explanation=(voucher.explanation,),
        placed_at=NOON + timedelta(days=ordinal),
        imported=False,
    )


async def run(parts: Parts) -> list[Result]:
    async with fresh_log(parts.mongo) as (db, identity):
        identity = LogIdentity("checkout", identity.id, identity.parts)
        await fill(db, identity)
        return [await measured(parts, db, identity, model) for model in MODELS]


async def measured(
    parts: Parts, db: Database, identity: LogIdentity, model: AnyReadModel
) -> Result:
    async def ours() -> float:
        began = time.perf_counter()
        await Rebuild(db, identity, parts.kafka, model, TYPES).run()
        return ORDERS / (time.perf_counter() - began)

    async def raw() -> float:
        return await by_hand(db, identity, model)

    return await in_turns(f"rebuild of {model.name}", ours, raw, bar=0.5, rounds=3)


async def fill(db: Database, identity: LogIdentity) -> None:
    """Write a log in which the orders of each user are spread evenly, and in one month.

    Its streams are the users, so that the raw side writes a document for each as well.
    """
    last: dict[int, int] = {}
    versions: dict[str, int] = {}
    for first in range(0, ORDERS, 10_000):
        commits: list[Document] = []
        with console.status(f"writing the log: {first:,} of {ORDERS:,} orders"):
            for number in range(first, first + 10_000):
                user = f"u{number * 7919 % USERS}"
                version = versions[user] = versions.get(user, 0) + 1
                key, event = f"d1/{user}", placed(user, version)
                commits.append(one_event(f"orders/{key}", key, version, event, identity.parts))
            await write_log(db, commits, last)


async def by_hand(db: Database, identity: LogIdentity, model: AnyReadModel) -> float:
    """Measure the events per second of a bare rebuild that writes what a fold leaves."""
    view = None
    [key] = model.keys(placed("u0", 1))
    for ordinal in range(1, ORDERS // USERS + 1):
        view = model.folded(key, view, placed("u0", ordinal))
    document = to_document(key, view, {"checkout:12345678:0": ORDERS})
    decoders = {OrderPlaced.stored_as: msgspec.json.Decoder(OrderPlaced)}
    began = time.perf_counter()
    await bare_rebuild(db, identity.parts, decoders, document)
    return ORDERS / (time.perf_counter() - began)
