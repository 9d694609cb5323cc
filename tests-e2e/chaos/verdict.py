"""What must be true once it is calm: nothing lost, nothing doubled, nothing beyond a limit.

It reads the logs, the topics and the buyers' history, and shares no code with who wrote them.
"""

import json
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import topics
from chaos.history import PLACED
from chaos.system import LOGS
from pymongo import AsyncMongoClient

type Matter = Literal["lost", "doubled", "beyond a limit", "wrong"]
type Mongo = AsyncMongoClient[dict[str, Any]]
type Events = dict[str, list[dict[str, Any]]]
"""By name, in the order of their streams."""

LIMITED = {"campaign": "max_uses", "customer": "max_per_customer", "user": "max_per_user"}
TAKEN, GIVEN = (
    {"use-counted", "voucher-held"},
    {"use-returned", "voucher-released", "voucher-returned"},
)
USES = "uses"
"""Not a name of an event: everything taken and given back, in the order of the streams."""


class Finding(NamedTuple):
    matter: Matter
    text: str


class Told(NamedTuple):
    """What a buyer knows of an order: `placed` is the answer, `over` that he was only refused."""

    placed: dict[str, Any] | None
    over: bool
    cancelled: bool


async def verdict(mongo_url: str, kafka: str, history: Path) -> list[Finding]:
    events: Events = defaultdict(list)
    found: list[Finding] = []
    async with AsyncMongoClient[dict[str, Any]](mongo_url) as mongo:
        for log in LOGS:
            count = 0
            async for stream, name, data in _events(mongo, log):
                events[name].append(data)
                if name in TAKEN | GIVEN:
                    events[USES].append({**data, "stream": stream, "name": name})
                count += 1
            found += await _sent(kafka, log, count)
    found += _orders(events, told_by(history))
    found += _holds(events, "voucher") + _holds(events, "reward")
    found += _points(events) + _beyond(events)
    return found


async def _events(mongo: Mongo, log: str) -> AsyncGenerator[tuple[str, str, dict[str, Any]]]:
    cursor = mongo[log].commits.find({}, {"stream": 1, "version": 1, "events": 1})
    stream, version = "", 0
    async for commit in cursor.sort([("stream", 1), ("version", 1)]):
        version = version if commit["stream"] == stream else 0
        stream = commit["stream"]
        assert commit["version"] == version + 1, f"{log}: {stream} has no version {version + 1}"
        version += len(commit["events"])
        for event in commit["events"]:
            yield stream, event["name"], json.loads(event["data"])


async def _sent(kafka: str, log: str, appended: int) -> list[Finding]:
    """`everything` raises AssertionError for holes and for two events at one position."""
    try:
        sent = len(await topics.everything(kafka, log))
    except AssertionError as error:
        return [Finding("lost", str(error))]
    matter: Matter = "lost" if sent < appended else "doubled"
    text = f"{log}: {appended} events in the log, {sent} in Kafka"
    return [Finding(matter, text)] if sent != appended else []


def told_by(history: Path) -> Mapping[tuple[str, str], Told]:
    told: dict[tuple[str, str], Told] = {}
    with history.open() as lines:
        for line in lines:
            one = json.loads(line)
            place = one["dealer"], one["order"]
            before = told.get(place, Told(None, True, False))
            placed, over, cancelled = before.placed, before.over, before.cancelled
            if one["kind"] == "cancel":
                cancelled = cancelled or one["status"] == 204
            elif one["status"] in PLACED:
                placed = one["body"]
            over = over and one["status"] == 409
            told[place] = Told(placed, over, cancelled)
    return told


def _orders(events: Events, told: Mapping[tuple[str, str], Told]) -> list[Finding]:
    found: list[Finding] = []
    placed: dict[tuple[str, str], dict[str, Any]] = {}
    for order in events["order-placed"]:
        if placed.setdefault((order["dealer"], order["order_id"]), order) is not order:
            found.append(Finding("doubled", f"order {order['order_id']} was placed twice"))
    numbers = Counter((one["dealer"], one["order_number"]) for one in placed.values())
    found += [
        Finding("doubled", f"{times} orders have the number {number}")
        for (_, number), times in numbers.items()
        if times > 1
    ]
    cancelled = Counter((one["dealer"], one["order_id"]) for one in events["order-cancelled"])
    found += [
        Finding("doubled", f"order {order} was cancelled {times} times")
        for (_, order), times in cancelled.items()
        if times > 1
    ]
    for place, what in told.items():
        there, order_id = placed.get(place), place[1]
        if what.placed and there is None:
            found.append(Finding("lost", f"order {order_id} was placed, and is not in the log"))
        elif what.placed and there:
            found += [
                Finding(
                    "wrong", f"order {order_id}: told {what.placed[name]}, logged {there[name]}"
                )
                for name in ("order_number", "net_cents", "goods_cents")
                if what.placed[name] != there[name]
            ]
        elif there and what.over:
            found.append(Finding("wrong", f"order {order_id} was refused, and is in the log"))
        if what.cancelled and place not in cancelled:
            found.append(Finding("lost", f"order {order_id}: its cancellation is not in the log"))
    return found


def _holds(events: Events, kind: str) -> list[Finding]:
    """Each hold ends once; it is redeemed if its order was placed with it, else it is free."""
    times = {
        end: Counter((one["dealer"], one["hold_id"]) for one in events[f"{kind}-{end}"])
        for end in ("held", "redeemed", "released", "returned")
    }
    found = [
        Finding("doubled", f"{kind} hold {hold} of {dealer} was {end} {count} times")
        for end, counted in times.items()
        for (dealer, hold), count in counted.items()
        if count > 1
    ]
    bought = {
        (order["dealer"], order[kind]["hold_id"])
        for order in events["order-placed"]
        if order[kind] is not None
    }
    undone = {
        (one["dealer"], one[f"{kind}_hold_id"])
        for one in events["order-cancelled"]
        if one[f"{kind}_hold_id"]
    }
    held, redeemed, released, returned = (set(counted) for counted in times.values())
    ends: tuple[tuple[str, set[tuple[str, str]], Matter], ...] = (
        ("was ordered with and is not redeemed", bought - redeemed, "lost"),
        ("was redeemed for no order", redeemed - bought, "doubled"),
        ("was redeemed and never held", redeemed - held, "wrong"),
        ("was redeemed and released", redeemed & released, "doubled"),
        ("has not ended", held - redeemed - released, "lost"),
        ("was given back, though its order stands", returned - undone, "doubled"),
        ("was not given back, though its order is cancelled", undone - returned, "lost"),
    )
    for text, some, matter in ends:
        found += [
            Finding(matter, f"{kind} hold {hold} of {dealer} {text}") for dealer, hold in some
        ]
    return found


def _points(events: Events) -> list[Finding]:
    """Each order brought points once; each cancelled one gave them back once."""
    found: list[Finding] = []
    for cause, effect in (
        ("order-placed", "points-accrued"),
        ("order-cancelled", "points-reversed"),
    ):
        causes = {(one["dealer"], one["order_id"]) for one in events[cause]}
        effects = Counter((one["dealer"], one["order_id"]) for one in events[effect])
        for _, order in causes - effects.keys():
            found.append(Finding("lost", f"{order}: {cause} without {effect}"))
        for _, order in effects.keys() - causes:
            found.append(Finding("doubled", f"{order}: {effect} without {cause}"))
        for (_, order), times in effects.items():
            if times > 1:
                found.append(Finding("doubled", f"{order}: {times} times {effect}"))
    return found


def _beyond(events: Events) -> list[Finding]:
    """At every prefix of the streams that count uses: the limits' own, and each user's wallet."""
    terms = {
        (one["dealer"], one["campaign_id"]): one["terms"] for one in events["campaign-activated"]
    }
    orders: dict[tuple[str, str], set[str]] = defaultdict(set)
    found: dict[tuple[str, str], Finding] = {}
    for one in events[USES]:
        order, campaign = one["hold_id"].rpartition("/")[0], one["campaign_id"]
        most = terms[one["dealer"], campaign][LIMITED[one.get("limit", "user")]]
        using = orders[one["stream"], campaign]
        if one["name"] in TAKEN:
            using.add(order)
        else:
            using.discard(order)
        if most is not None and len(using) > most:
            text = f"{one['stream']}: {len(using)} uses of {campaign}, {most} allowed"
            found[one["stream"], campaign] = Finding("beyond a limit", text)
    return list(found.values())
