"""Points that came back with their order, as a whole or line by line (X-2, X-3)."""

from collections.abc import Iterator

from zugabe_verify.business.account_state import Account, empty, fill, settle
from zugabe_verify.business.orders import Order
from zugabe_verify.business.scope import Case
from zugabe_verify.records import Body, LoggedEvent

POLICY = "bonus.orders"


def give_back(event: LoggedEvent, account: Account, case: Case) -> None:
    body = event.body
    settle(body, account, case)
    fill(body, account, case)
    account.total += body["points"]
    check_share(event, "returned", account, case)


def reverse(event: LoggedEvent, account: Account, case: Case) -> None:
    body = event.body
    order_id = body["order_id"]
    waiting = body.get("waiting", 0)
    if waiting != (body["points"] if account.waiting.get(order_id) else 0):
        case.tell("points-wrong", f"{waiting} points of order {order_id} waited when it came back")
    if waiting:
        account.waiting[order_id] = account.waiting.get(order_id, 0) - waiting
    empty(body["lots"], account, case, f"the reversal of {order_id}")
    account.owed += body["owed"]
    account.total += body.get("let_off", 0) - body["points"]
    check_claw_back(body, account, case)
    check_share(event, "reversed", account, case)


def check_claw_back(body: Body, account: Account, case: Case) -> None:
    """Points are owed or let off as the terms of the order say (X-4)."""
    policy = account.accrued.get(body["order_id"], {}).get("claw_back", "negative")
    if account.passes_on:
        return  # what is owed moves, and is let off in the account that users share
    if body.get("let_off", 0) if policy == "negative" else body["owed"]:
        what = f"{body['owed']} points of {body['order_id']} were owed, {body.get('let_off', 0)}"
        case.tell("claw-back-wrong", f"{what} let off; the terms say {policy}")


def check_share(event: LoggedEvent, kind: str, account: Account, case: Case) -> None:
    """Points that come back match the cancellation or return, once."""
    body = event.body
    order_id = body["order_id"]
    if kind == "reversed" and body["points"] <= account.companys.get(order_id, 0):
        account.companys[order_id] -= body["points"]
        return
    account.undone[kind, event.cause] += 1
    due = {
        undoing.id: points
        for undoing, done, points in due_back(order_id, case.order(order_id), account)
        if done == kind
    }
    if event.cause not in due:
        case.tell("return-unfounded", f"nothing of order {order_id} came back, points were {kind}")
    elif account.undone[kind, event.cause] > 1 or due[event.cause] != body["points"]:
        what = f"{body['points']} points of order {order_id} were {kind}, and not"
        case.tell("return-unfounded", f"{what} {due[event.cause]}, once")


def due_back(
    order_id: str, order: Order, account: Account
) -> Iterator[tuple[LoggedEvent, str, int]]:
    """The points to take and to give back with each cancellation or return, in their order."""
    accrued, redeemed = account.accrued.get(order_id), account.redeemed.get(order_id)
    left = {
        "reversed": accrued["points"] if accrued else 0,
        "returned": redeemed["points"] if redeemed else 0,
    }
    for undoing in order.undoings:
        due = dict(left)
        if undoing.name == "order-returned" and not undoing.body["is_complete"]:
            due["reversed"] = min(due["reversed"], of_lines(undoing.body, accrued))
            due["returned"] = min(due["returned"], of_reward(undoing.body, redeemed))
        for kind, points in due.items():
            left[kind] -= points
            yield undoing, kind, points


def of_lines(returned: Body, accrued: Body | None) -> int:
    points = {line["number"]: line["points"] for line in accrued["lines"]} if accrued else {}
    return sum(
        up_to(line["returned_before"] + line["quantity"], line["ordered"], of_line)
        - up_to(line["returned_before"], line["ordered"], of_line)
        for line in returned["lines"]
        if (of_line := points.get(line["number"], 0))
    )


def of_reward(returned: Body, redeemed: Body | None) -> int:
    if redeemed is None:
        return 0
    before, whole = returned["reward_cents_before"], returned["reward_discount_cents"]
    after = before + sum(line["reward_cents"] for line in returned["lines"])
    return up_to(after, whole, redeemed["points"]) - up_to(before, whole, redeemed["points"])


def up_to(part: int, whole: int, points: int) -> int:
    """The points of the first `part` of a whole, in whole numbers."""
    return points * part // whole if whole else 0


def check_undone(order_id: str, order: Order, account: Account, case: Case) -> None:
    """Whatever came back by now has moved its points."""
    for undoing, kind, points in due_back(order_id, order, account):
        is_due = points and case.scope.consumed(POLICY, undoing)
        if is_due and not account.undone[kind, undoing.id]:
            what = f"order {order_id} came back, {points} of its points were not {kind}"
            case.tell("return-missing", what)
