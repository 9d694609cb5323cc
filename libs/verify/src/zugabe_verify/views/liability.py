"""Points that dealers owe, month by month: the read model against the events it has seen.

Computed lot by lot from the stored bodies, by code that the service does not share. Documents are
of all accounts of a dealer, so that events are added up as they are read.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from zugabe_verify.findings import Findings
from zugabe_verify.log import Database
from zugabe_verify.records import Body, LoggedEvent, StoredDocument, day_in_berlin
from zugabe_verify.views.model import by_part

NAME = "bonus.liability"
UNDATED = date(2000, 1, 1)
FIELDS = ("active", "pending", "waiting", "held", "owed", "expiring")

WHEN: dict[str, tuple[str, ...]] = {
    "points-accrued": ("placed_at",),
    "points-scheduled": ("reached_at",),
    "points-credited": ("credited_at",),
    "points-debited": ("debited_at",),
    "points-reversed": ("reversed_at",),
    "points-forfeited": ("forfeited_at",),
    "programme-left": ("left_at",),
    "reward-held": ("held_at", "deadline"),
    "reward-redeemed": ("redeemed_at",),
    "reward-released": ("ended_at",),
    "reward-returned": ("returned_at",),
    "points-moved-out": ("moved_at",),
    "points-moved-in": ("moved_at",),
    "debt-moved-out": ("moved_at",),
    "debt-moved-in": ("moved_at",),
}
"""By event the fields that may say when it counts; the first that does is right."""

EARNING = {"points-accrued", "points-scheduled", "points-credited"}
GIVING = {"reward-released", "reward-returned", "points-moved-in"}

type Amount = tuple[date, str, int]


def amounts(event: LoggedEvent) -> Iterator[Amount]:
    """By how much which figure changes from which day on."""
    if event.name not in WHEN:
        return
    name, body = event.name, event.body
    said = next((body[field] for field in WHEN[name] if body.get(field)), None)
    day = day_in_berlin(said) if said else UNDATED
    lots = body.get("lots", ())
    if name in EARNING and body.get("waits_for"):
        yield day, "waiting", body["points"]
    elif name in EARNING:
        yield from of_lot(body, body["points"] - body["settled"], day)
    elif name in GIVING:
        for lot in lots:
            yield from of_lot(lot, lot["points"], day)
    elif name != "debt-moved-out":
        for lot in (*lots, *body.get("unheld", ())):
            yield from of_lot(lot, -lot["points"], day)
    yield from outside_lots(name, body, day)


def of_lot(lot: Body, points: int, day: date) -> Iterator[Amount]:
    start = date.fromisoformat(lot["active_from"])
    last = date.fromisoformat(lot["active_until"]) if lot.get("active_until") else None
    if last is not None and last < day:
        if points > 0:
            yield day, "expiring", points
        return
    yield day, "pending" if start > day else "active", points
    if start > day:
        yield start, "pending", -points
        yield start, "active", points
    if last is not None:
        yield last, "expiring", points
        if last < date.max:
            yield last + timedelta(days=1), "active", -points


def outside_lots(name: str, body: Body, day: date) -> Iterator[Amount]:
    yield day, "owed", body.get("owed", 0) - body.get("settled", 0)
    match name:
        case "points-scheduled":
            yield day, "waiting", -body["points"]
        case "points-reversed":
            yield day, "waiting", -body.get("waiting", 0)
        case "points-forfeited":
            yield day, "waiting", -sum(lot["points"] for lot in body["waiting"])
        case "programme-left":
            yield day, "owed", -body["let_off"]
        case "debt-moved-out":
            yield day, "owed", -body["points"]
        case "reward-held":
            yield day, "held", body["points"]
        case "reward-released":
            yield day, "held", -body["points"]
        case "reward-redeemed":
            taken = sum(lot["points"] for lot in body.get("unheld", ())) + body.get("owed", 0)
            yield day, "held", taken - body["points"]
        case _:
            pass


class LiabilityAudit:
    """Read the documents before the log, which then contains whatever they have seen."""

    def __init__(self) -> None:
        self.build = ""
        self._documents: dict[str, StoredDocument] = {}
        self._sums: dict[str, Counter[tuple[str, str]]] = {}
        self._missing: dict[str, str] = {}

    async def read(self, db: Database, build: str) -> None:
        self.build = build
        async for document in db[build].find({}, batch_size=1_000):
            key, seen = document.pop("_id"), document.pop("seen", {})
            self._documents[key] = StoredDocument(NAME, key, document, by_part(seen))

    def take(self, event: LoggedEvent, reached: Mapping[int, int]) -> None:
        """`reached` is by part how far the build was when the audit began."""
        if event.log != "bonus" or not event.pos or not self.build:
            return
        changes: Counter[tuple[date, str]] = Counter()
        for day, field, points in amounts(event):
            changes[day, field] += points
        for (day, field), points in changes.items():
            if not points:
                continue
            key = f"{event.body['dealer']}/{day.isoformat()[:7]}"
            document = self._documents.get(key)
            if document is None and event.pos <= reached.get(event.part, 0):
                self._missing[key] = f"{event.name} {event.id}"
            elif document and event.pos <= document.seen.get(f"bonus:{event.part}", 0):
                self._sums.setdefault(key, Counter())[day.isoformat(), field] += points

    def check(self, findings: Findings) -> None:
        for key, last in self._missing.items():
            what = f"{key} is not shown, although {last} was projected"
            findings.add("view-missing", "bonus", f"{self.build} {key}", what)
        for key, document in self._documents.items():
            expected = {place: n for place, n in self._sums.get(key, Counter()).items() if n}
            if expected != shown(document.fields):
                wrong = expected.items() ^ shown(document.fields).items()
                days = sorted({day for (day, _), _ in wrong})
                what = f"days {days[:3]} of {key} are not what the events say"
                findings.add("view-differs", "bonus", f"{self.build} {key}", what)


def shown(fields: dict[str, Any]) -> dict[tuple[str, str], int]:
    return {
        (str(day["day"]), field): day[field]
        for day in fields["days"]
        for field in FIELDS
        if day[field]
    }
