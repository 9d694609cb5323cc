"""Points that orders earned, and those among them that wait for their order (S6)."""

from datetime import timedelta

from zugabe_verify.business.account_state import Account, settle
from zugabe_verify.business.discounts import points_of
from zugabe_verify.business.earned import of_state
from zugabe_verify.business.orders import Order
from zugabe_verify.business.scope import Case
from zugabe_verify.business.without_orders import note_last_day
from zugabe_verify.records import Body, LoggedEvent, day_in_berlin

POLICY = "bonus.orders"


def accrue(event: LoggedEvent, account: Account, case: Case) -> None:
    body = event.body
    order_id, points = body["order_id"], body["points"]
    account.times[order_id, "accrued"] += 1
    if account.times[order_id, "accrued"] > 1:
        case.tell("points-twice", f"order {order_id} earned points again")
    if body.get("waits_for"):
        account.waiting[order_id] = points
    else:
        settle(body, account, case)
        left = points - body["settled"]
        account.lots[body["ordinal"]] = account.lots.get(body["ordinal"], 0) + left
    note_last_day(body, account)
    account.accrued[order_id] = body
    account.total += points
    placed = case.order(order_id).placed
    if placed is None or placed.id != event.cause:
        case.tell("points-unfounded", f"no order caused the points of {order_id}")
        return
    if account.was_left(placed.body["placed_at"]):
        case.tell("points-unfounded", f"order {order_id} earned points, and its user had left")
    collected = case.scope.rules.collected(placed, body["programme_version"], account.accepted)
    if collected == {False}:
        case.tell("points-unfounded", f"order {order_id} earned points, and its user took no part")
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
    awaited = placed.body.get("earning", {}).get("points_on", "placed")
    if (body.get("waits_for") or "placed") != awaited:
        case.tell("points-wrong", f"points of order {body['order_id']} do not wait for {awaited}")
    pending = timedelta(days=programme.terms["pending_days"] if programme.terms else 0)
    first = day_in_berlin(placed.body["placed_at"]) + pending
    if body["active_from"] != first.isoformat():
        what = f"points of order {body['order_id']} count from {body['active_from']}, not {first}"
        case.tell("points-wrong", what)


def schedule(event: LoggedEvent, account: Account, case: Case) -> None:
    """The points that returns have left count from the later of two days."""
    body = event.body
    order_id = body["order_id"]
    waited = account.waiting.pop(order_id, 0)
    settle(body, account, case)
    account.lots[body["ordinal"]] = body["points"] - body["settled"]
    note_last_day(body, account)
    accrued = account.accrued.get(order_id)
    if accrued is None or body["points"] != waited:
        what = f"{body['points']} points of order {order_id} were scheduled, {waited} waited"
        case.tell("points-unfounded", what)
        return
    reached = of_state(case.order(order_id), accrued["waits_for"])
    if event.cause not in {step.id for step in reached}:
        case.tell("points-unfounded", f"order {order_id} had not come to what its points wait for")
    first = max(accrued["active_from"], day_in_berlin(body["reached_at"]).isoformat())
    if body["active_from"] != first:
        what = f"points of order {order_id} count from {body['active_from']}, not {first}"
        case.tell("points-wrong", what)


def check_earned(order_id: str, order: Order, account: Account, case: Case) -> None:
    """The order earned what the programme gives, and nothing waits longer than it has to."""
    placed, scope = order.placed, case.scope
    is_void = placed and account.was_left(placed.body["placed_at"])
    if placed and not is_void and not account.times[order_id, "accrued"]:
        dealer = placed.body["dealer"]
        versions = scope.rules.versions_for(dealer, placed.body["placed_at"], placed.seconds)
        due = [
            sum(
                points
                for _, points in points_of(placed.body, scope.rules.programme(dealer, version))
            )
            for version in versions
        ]
        took_part = all(
            scope.rules.collected(placed, version, account.accepted) == {True}
            for version in versions
        )
        if took_part and min(due):
            case.tell("points-missing", f"order {order_id} earned none of its {min(due)} points")
    if account.waiting.get(order_id):
        reached = of_state(order, account.accrued[order_id]["waits_for"])
        if any(scope.consumed(POLICY, step) for step in reached):
            case.tell("points-unscheduled", f"points of order {order_id} wait for nothing")
