"""Lists of the liability over real documents and indexes."""

from collections.abc import AsyncGenerator
from datetime import date
from uuid import uuid4

import msgspec
import pytest
from bonus_tests.owed import folded
from bonus_tests.samples import DEALER, MARCH_1, TERMS

from bonus.liability.figures import Liability, LiabilityViews
from bonus.liability.listing import CustomerByCustomer, DayByDay
from bonus.liability.view import CUSTOMER_LIABILITY, LIABILITY
from bonus.programme.view import PROGRAMMES
from zugabe_events.contracts.bonus import PointsCredited, ProgrammeSetUp
from zugabe_events.domain.calendar import start_of
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.views import Between
from zugabe_events.mongo.client import LogIdentity, connect, database, deploy_log
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.mongo_views import MongoViews, deploy_views, to_document
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_testing.views import InMemoryViews

pytestmark = pytest.mark.integration

CUSTOMERS = ("a", "a b", "ab", "b", "z~")


def credited(customer: str, number: int) -> PointsCredited:
    """Available 20 days after the first of March and later, in months of their own."""
    return PointsCredited(
        credit_id=f"{customer}-{number}",
        origin="correction",
        lot_id=f"credit:{customer}-{number}",
        ordinal=number,
        dealer=DEALER,
        customer=customer,
        user=customer,
        points=10,
        settled=0,
        active_from=date(2026, 3 + number, 20),
        active_until=date(2027, 3 + number, 19),
        reason="Kulanz",
        credited_by="chef",
        consented_by="",
        credited_at=MARCH_1,
    )


@pytest.fixture
async def views(mongo_url: str) -> AsyncGenerator[LiabilityViews]:
    async def nobody(token: Token) -> LanePosition:
        raise AssertionError(token)

    client = connect(mongo_url)
    name = f"t{uuid4().hex[:12]}"
    db = database(client, name)
    log = await deploy_log(db, uuid4(), 4)
    serving = ReadYourWrites(db, LogIdentity("bonus", log.id, log.parts), {}, nobody)
    events = [credited(customer, number) for customer in CUSTOMERS for number in range(4)]
    others = [msgspec.structs.replace(event, dealer="d0") for event in events]
    for model in (LIABILITY, CUSTOMER_LIABILITY):
        await deploy_views(db, model, 1)
        for month in (*folded(model, events), *folded(model, others)):
            whose = f"{month.dealer}/{month.customer}" if month.customer else month.dealer
            document = to_document(f"{whose}/{month.month}", month, {})
            await db[build_of(model, 1)].insert_one(document)
    yield LiabilityViews(
        MongoViews(db, LIABILITY, serving), MongoViews(db, CUSTOMER_LIABILITY, serving)
    )
    await client.drop_database(name)
    await client.close()


async def test_pages_of_days_and_customers_are_complete(views: LiabilityViews) -> None:
    """N-10"""
    programmes = InMemoryViews(PROGRAMMES, [])
    programmes.fold(ProgrammeSetUp(DEALER, 1, TERMS))
    for limit in (1, 2, 5, 9):
        rows: list[Liability] = []
        after: str | None = None
        while True:
            where = {"dealer": DEALER, "day": "2026-05-01"}
            page = await CustomerByCustomer(views, programmes).page(
                where, sort="customer", after=after, limit=limit
            )
            rows += page.items
            after = page.next
            if after is None:
                break
        assert [row.customer for row in rows] == sorted(CUSTOMERS)
        assert [(row.active_points, row.pending_points) for row in rows] == [(20, 20)] * 5
    span = Between(start_of(date(2026, 5, 19)), start_of(date(2026, 5, 22)))
    days = await DayByDay(views, programmes).page({"dealer": DEALER, "day": span}, sort="day")
    assert [row.active_points for row in days.items] == [100, 150, 150]
    assert [row.redeemable_cents for row in days.items] == [100, 150, 150]
