"""A user's bonus account, folded again: every lot, hold and debt, against checkout's orders."""

from collections.abc import Sequence
from datetime import timedelta

from zugabe_verify.business.account_state import Account, empty, fill, settle
from zugabe_verify.business.discounts import reward_cents
from zugabe_verify.business.earned_points import POLICY, accrue, check_earned, schedule
from zugabe_verify.business.moves import is_pool, take_move
from zugabe_verify.business.opt_out import check_released, take_opt_out
from zugabe_verify.business.orders import Order
from zugabe_verify.business.scope import Case
from zugabe_verify.business.undone import check_undone, give_back, reverse
from zugabe_verify.business.without_orders import take_without_order
from zugabe_verify.records import Body, LoggedEvent, day_in_berlin


def check_account(events: Sequence[LoggedEvent], case: Case) -> None:
    account = Account()
    for event in events:
        take(event, account, case)
        if account.stands_at != account.total:
            what = (
                f"after {event.name} of {event.body.get('order_id', 'no order')} its lots and"
                " holds less debts are"
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


def pays(order: Order, case: Case) -> bool:
    """This account keeps the hold of the order's reward: its user's own, or the shared one."""
    reward = order.placed.body["reward"] if order.placed else None
    return reward is not None and case.stream in reward.get("streams", (case.stream,))


def take(event: LoggedEvent, account: Account, case: Case) -> None:
    match event.name:
        case "points-accrued":
            accrue(event, account, case)
        case "points-scheduled":
            schedule(event, account, case)
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
        case "programme-texts-accepted":
            account.accepted.append(event.body["accepted_at"])
        case _:
            take_move(event, account, case)
            take_opt_out(event, account, case)
            take_without_order(event, account, case)


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
    reward = programme.rewards.get(body["reward_id"]) if programme.redeems else None
    due = (reward["points"], reward_cents(reward, body, programme.terms)) if reward else None
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
    if hold_id not in account.voided:
        account.redeemed[order_id] = body
    account.voided.discard(hold_id)
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
    if hold_id not in account.voided:
        settle(body, account, case)
    fill(body, account, case)
    check_released(body, account, case)
    if not case.order(order_id).gave_up(body["attempt"], hold_id, "reward"):
        case.tell(
            "hold-robbed", f"hold {hold_id} was released, and its checkout had not decided so"
        )


def check_effects(order_id: str, order: Order, account: Account, case: Case) -> None:
    placed = order.placed
    if placed is None or not case.scope.consumed(POLICY, placed):
        return
    hold_id = order.held_by("reward")
    if hold_id and pays(order, case) and not account.times[order_id, "redeemed"]:
        case.tell(
            "redemption-missing", f"order {order_id} used {hold_id}, and nothing was redeemed"
        )
        if hold_id not in account.ever_held:
            case.tell(
                "order-without-hold", f"order {order_id} was placed with {hold_id}, never held"
            )
    if not is_pool(case.stream):
        check_earned(order_id, order, account, case)
    check_undone(order_id, order, account, case)
