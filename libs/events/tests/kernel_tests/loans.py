"""A list of loans, whose documents are written as a projection would have."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal, Protocol

from pymongo import ReplaceOne

from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ListOptions, ReadModel
from zugabe_events.domain.views import Views
from zugabe_events.export.table import Column, Table
from zugabe_events.http.fields import Day, Id
from zugabe_events.http.list_query import Days, ListQuery
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.mongo_views import MongoViews, deploy_views, to_document
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_testing.views import InMemoryViews

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Loan:
    dealer: str
    number: str
    reader: str
    fee_cents: int
    lent_at: datetime
    rating: int | None = None
    note: str = ""


def ignore(view: Loan | None, event: Event) -> Loan | None:
    return view


LOANS = ReadModel(
    "loans",
    1,
    (),
    Loan,
    lambda event: [],
    ignore,
    lists=ListOptions(("reader",), ("lent_at", "fee_cents", "rating")),
)

TABLE = Table(
    "ausleihen",
    LOANS,
    (
        Column("Nummer", lambda loan: loan.number),
        Column("Leser", lambda loan: loan.reader),
        Column("Gebühr (EUR)", lambda loan: loan.fee_cents, "hundredths"),
        Column("Seit", lambda loan: loan.lent_at),
        Column("Note", lambda loan: loan.rating),
        Column("Notiz", lambda loan: loan.note),
    ),
)


class LoanQuery(ListQuery):
    reader: Id | None = None
    lent_from: Annotated[Day | None, Days("lent_at")] = None
    lent_until: Annotated[Day | None, Days("lent_at", is_last=True)] = None
    sort: Literal["lent_at", "-lent_at", "fee_cents", "-fee_cents"] = "-lent_at"


class Shelf(Protocol):
    """A store to write loans to and read them from."""

    @property
    def views(self) -> Views[Loan]: ...

    async def put(self, *loans: Loan) -> None: ...


class InMemory:
    def __init__(self) -> None:
        self.views = InMemoryViews(LOANS, [])

    async def put(self, *loans: Loan) -> None:
        self.views.documents |= {f"{loan.dealer}/{loan.number}": loan for loan in loans}


async def unreachable(token: Token) -> LanePosition:
    raise AssertionError(token)


class InMongo:
    def __init__(self, db: Database, identity: LogIdentity) -> None:
        self.collection = db[build_of(LOANS, 1)]
        self.views = MongoViews(db, LOANS, ReadYourWrites(db, identity, {}, unreachable))

    @classmethod
    async def deployed(cls, db: Database, identity: LogIdentity) -> "InMongo":
        await deploy_views(db, LOANS, 1)
        return cls(db, identity)

    async def put(self, *loans: Loan) -> None:
        documents = [to_document(f"{loan.dealer}/{loan.number}", loan, {}) for loan in loans]
        await self.collection.bulk_write(
            [ReplaceOne({"_id": one["_id"]}, one, upsert=True) for one in documents]
        )

    async def fill(self, *loans: Loan) -> None:
        """Only what is not there yet."""
        documents = [to_document(f"{loan.dealer}/{loan.number}", loan, {}) for loan in loans]
        await self.collection.insert_many(documents, ordered=False)
