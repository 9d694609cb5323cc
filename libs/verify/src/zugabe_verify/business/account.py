"""A user's bonus account, folded again: every lot, hold and debt, against checkout's orders."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from zugabe_verify.business.discounts import points_of
from zugabe_verify.business.orders import Order
from zugabe_verify.business.scope import Case
from zugabe_verify.records import Body, LoggedEvent, day_in_berlin

POLICY = "bonus.orders"


@dataclass(slots=True)
class Account:
    """`lots` are points left by ordinal; what is booked goes by order; `total` is the balance."""

    lots: dict[int, int] = field(default_factory=dict)
    holds: dict[str, Body] = field(default_factory=dict)
    owed: int = 0
    total: int = 0
    accrued: dict[str, Body] = field(default_factory=dict)
    redeemed: dict[str, Body] = field(default_factory=dict)
    ever_held: dict[str, Body] = field(default_factory=dict)
    times: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def stands_at(self) -> int:
        on_hold = sum(hold["points"] for hold in self.holds.values())
        return int(sum(self.lots.values()) + on_hold - self.owed)


def check_account(events: Sequence[LoggedEvent], case: Case) -> None:
    account = Account()
    for event in events:
        take(event, account, case)
        if account.stands_at != account.total:
            what = (
                f"after {event.name} of {event.body['order_id']} its lots and holds less debts are"
            )
            case.tell(
                "balance-wrong", f"{what} {account.stands_at}, and the balance {account.total}"
            )
            account.total = account.stands_at
    for hold in account.holds.values():
        if case.scope.overdue(hold["deadline"]):
            what = f"hold {hold['hold_id']} is open, and its deadline was {hold['deadline']}"
            case.tell("hold-open", what)
    for order_id, order in case.orders.items():
        check_effects(order_id, order, account, case)


def take(event: LoggedEvent, account: Account, case: Case) -> None:
    match event.name:
        case "points-accrued":
            accrue(event, account, case)
        case "reward-held":
            hold(event.body, account, case)
        case "reward-redeemed":
            redeem(event, account, case)
        case "reward-released":
            release(event.body, account, case)
        case "reward-returned":
            give_back(event, account, case)
        case "points-reversed":
            reverse(event, account, case)
        case _:
            pass


def accrue(event: LoggedEvent, account: Account, case: Case) -> None:
    body = event.body
    order_id, points = body["order_id"], body["points"]
    account.times[order_id, "accrued"] += 1
    if account.times[order_id, "accrued"] > 1:
        case.tell("points-twice", f"order {order_id} earned points again")
    settle(body, account, case)
    account.lots[body["ordinal"]] = account.lots.get(body["ordinal"], 0) + points - body["settled"]
    account.accrued[order_id] = body
    account.total += points
    placed = case.order(order_id).placed
    if placed is None or placed.id != event.cause:
        case.tell("points-unfounded", f"no order caused the points of {order_id}")
        return
    check_points(body, placed, case)


def check_points(body: Body, placed: LoggedEvent, case: Case) -> None:
    rules, dealer, version = case.scope.rules, body["dealer"], body["programme_version"]
    programme = rules.programme(dealer, version)
    due = points_of(placed.body, programme)
    given = [(line["number"], line["points"]) for line in body["lines"]]
    if due != given or body["points"] != sum(points for _, points in given):
        what = f"order {body['order_id']} earned {body['points']} points;"
        what += f" version {version} of the programme gives {sum(points for _, points in due)}"
        case.tell("points-wrong", what)
    if version not in rules.versions_for(dealer, placed.body["placed_at"], placed.seconds):
        what = f"order {body['order_id']} earned points by version {version}, not in force for it"
        case.tell("points-wrong", what)
    pending = timedelta(days=programme.terms["pending_days"] if programme.terms else 0)
    first = day_in_berlin(placed.body["placed_at"]) + pending
    if body["active_from"] != first.isoformat():
        what = f"points of order {body['order_id']} count from {body['active_from']}, not {first}"
        case.tell("points-wrong", what)


def hold(body: Body, account: Account, case: Case) -> None:
    order, hold_id = case.order(body["order_id"]), body["hold_id"]
    asked = order.asked.get(body["attempt"])
    if asked is None or asked.body["reward_id"] != body["reward_id"]:
        case.tell("hold-unasked", f"hold {hold_id} was not asked for by its checkout")
    if body["order_id"] in account.holds or hold_id in account.ever_held:
        case.tell("hold-twice", f"hold {hold_id} was made while its order had one")
    account.holds[body["order_id"]] = account.ever_held[hold_id] = body
    empty(body["lots"], account, case, hold_id)
    programme = case.scope.rules.programme(body["dealer"], body["programme_version"])
    reward = programme.rewards.get(body["reward_id"])
    due = (reward["points"], min(reward["discount_cents"], body["base_cents"])) if reward else None
    if (
        due != (body["points"], body["discount_cents"])
        or sum(body["shares"]) != body["discount_cents"]
    ):
        what = f"hold {hold_id} takes {body['points']} points for {body['discount_cents']} cents;"
        case.tell("reward-wrong", f"{what} the programme says {due}")
    if order.placed and order.held_by("reward") == hold_id:
        tomorrow = day_in_berlin(order.placed.body["placed_at"]) + timedelta(days=1)
        if any(lot["active_from"] > tomorrow.isoformat() for lot in body["lots"]):
            case.tell("points-pending", f"hold {hold_id} takes points that do not count yet")


def redeem(event: LoggedEvent, account: Account, case: Case) -> None:
    body = event.body
    order_id, hold_id = body["order_id"], body["hold_id"]
    account.times[order_id, "redeemed"] += 1
    if account.times[order_id, "redeemed"] > 1:
        case.tell("redeemed-twice", f"order {order_id} redeemed a reward again with hold {hold_id}")
    open_hold = account.holds.get(order_id)
    if open_hold and open_hold["hold_id"] == hold_id:
        del account.holds[order_id]
    elif hold_id not in account.ever_held:
        case.tell(
            "redeemed-without-hold", f"order {order_id} redeemed {hold_id}, which was not held"
        )
    empty(body.get("unheld", ()), account, case, hold_id)
    account.owed += body.get("owed", 0)
    account.redeemed[order_id] = body
    account.total -= body["points"]
    placed = case.order(order_id).placed
    if placed is None or placed.id != event.cause or not placed.body["reward"]:
        case.tell(
            "redemption-unfounded", f"no order with a reward caused the redemption of {hold_id}"
        )
        return
    used, original = placed.body["reward"], account.ever_held.get(hold_id)
    for name in ("hold_id", "reward_id", "points", "discount_cents"):
        if used[name] != body[name] or (original and original[name] != body[name]):
            case.tell(
                "redemption-differs", f"{name} of {hold_id} is not the same as in its order or hold"
            )


def release(body: Body, account: Account, case: Case) -> None:
    order_id, hold_id = body["order_id"], body["hold_id"]
    open_hold = account.holds.get(order_id)
    if open_hold is None or open_hold["hold_id"] != hold_id:
        case.tell("release-without-hold", f"{hold_id} was released and not held")
        return
    del account.holds[order_id]
    settle(body, account, case)
    fill(body, account, case)
    if not case.order(order_id).gave_up(body["attempt"], hold_id, "reward"):
        case.tell(
            "hold-robbed", f"hold {hold_id} was released, and its checkout had not decided so"
        )


def give_back(event: LoggedEvent, account: Account, case: Case) -> None:
    body = event.body
    order_id = body["order_id"]
    account.times[order_id, "returned"] += 1
    booked, cancelled = account.redeemed.pop(order_id, None), case.order(order_id).cancelled
    settle(body, account, case)
    fill(body, account, case)
    account.total += body["points"]
    if cancelled is None or cancelled.id != event.cause:
        case.tell("return-unfounded", f"no cancellation caused the return of {body['hold_id']}")
    elif booked is None or booked["points"] != body["points"]:
        case.tell("return-unfounded", f"{body['hold_id']} returns other points than were redeemed")


def reverse(event: LoggedEvent, account: Account, case: Case) -> None:
    body = event.body
    order_id = body["order_id"]
    account.times[order_id, "reversed"] += 1
    earned, cancelled = account.accrued.pop(order_id, None), case.order(order_id).cancelled
    empty(body["lots"], account, case, f"the reversal of {order_id}")
    account.owed += body["owed"]
    account.total -= body["points"]
    if cancelled is None or cancelled.id != event.cause:
        case.tell("return-unfounded", f"no cancellation caused the reversal of {order_id}")
    elif earned is None or earned["points"] != body["points"]:
        case.tell(
            "return-unfounded", f"the reversal of {order_id} takes other points than it earned"
        )


def settle(body: Body, account: Account, case: Case) -> None:
    """Points that come in pay a debt first."""
    due = min(account.owed, body["points"])
    if body["settled"] != due:
        what = f"{body['settled']} points of {body['order_id']} paid a debt of {account.owed}"
        case.tell("balance-wrong", f"{what}, and not {due}")
    account.owed -= body["settled"]


def fill(body: Body, account: Account, case: Case) -> None:
    for lot in body["lots"]:
        if lot["ordinal"] not in account.lots:
            case.tell(
                "lot-unknown",
                f"{body['hold_id']} gives points to lot {lot['ordinal']}, never earned",
            )
        account.lots[lot["ordinal"]] = account.lots.get(lot["ordinal"], 0) + lot["points"]


def empty(lots: Iterable[Body], account: Account, case: Case, why: str) -> None:
    for lot in lots:
        left = account.lots.get(lot["ordinal"])
        if left is None:
            case.tell("lot-unknown", f"{why} takes points from lot {lot['ordinal']}, never earned")
        elif left < lot["points"]:
            what = f"{why} takes {lot['points']} points from lot {lot['ordinal']}, which has {left}"
            case.tell("lot-overdrawn", what)
        account.lots[lot["ordinal"]] = (left or 0) - lot["points"]


def check_effects(order_id: str, order: Order, account: Account, case: Case) -> None:
    placed, cancelled, scope = order.placed, order.cancelled, case.scope
    if placed is None or not scope.consumed(POLICY, placed):
        return
    hold_id = order.held_by("reward")
    if hold_id and not account.times[order_id, "redeemed"]:
        case.tell(
            "redemption-missing", f"order {order_id} used {hold_id}, and nothing was redeemed"
        )
        if hold_id not in account.ever_held:
            case.tell(
                "order-without-hold", f"order {order_id} was placed with {hold_id}, never held"
            )
    if not account.times[order_id, "accrued"]:
        dealer = placed.body["dealer"]
        versions = scope.rules.versions_for(dealer, placed.body["placed_at"], placed.seconds)
        due = [
            sum(
                points
                for _, points in points_of(placed.body, scope.rules.programme(dealer, version))
            )
            for version in versions
        ]
        if min(due):
            case.tell("points-missing", f"order {order_id} earned none of its {min(due)} points")
    if cancelled is None or not scope.consumed(POLICY, cancelled):
        return
    for done, undone in (("redeemed", "returned"), ("accrued", "reversed")):
        if account.times[order_id, done] and account.times[order_id, undone] != 1:
            what = f"order {order_id} was cancelled, what it {done}"
            case.tell(
                "return-missing", f"{what} was {undone} {account.times[order_id, undone]} times"
            )
