"""A user's wallet, folded again: holds and redemptions against checkout's orders."""

from collections.abc import Sequence

from zugabe_verify.business.bases import check_bases
from zugabe_verify.business.discounts import discount_of
from zugabe_verify.business.earned import (
    MAX_NOTED,
    POLICY,
    by_time,
    check_earned,
    check_first_order,
    claw_back,
    earn,
    note,
    revoke,
)
from zugabe_verify.business.orders import Order
from zugabe_verify.business.scope import Case
from zugabe_verify.business.wallet_state import Wallet
from zugabe_verify.records import Body, LoggedEvent


def check_wallet(events: Sequence[LoggedEvent], case: Case) -> None:
    wallet = Wallet()
    for commit in commits_of(events):
        check_first_order(commit, wallet, case)
        for event in commit:
            take(event, wallet, case)
    check_open_holds(wallet, case)
    for order_id, order in case.orders.items():
        check_bases(order_id, order, case)
        check_effects(order_id, order, wallet, case)


def commits_of(events: Sequence[LoggedEvent]) -> list[list[LoggedEvent]]:
    commits: list[list[LoggedEvent]] = []
    for event in events:
        if commits and commits[-1][0].commit == event.commit:
            commits[-1].append(event)
        else:
            commits.append([event])
    return commits


def take(event: LoggedEvent, wallet: Wallet, case: Case) -> None:
    body = event.body
    match event.name:
        case "voucher-held":
            hold(body, wallet, case)
        case "voucher-released":
            release(body, wallet, case)
        case "voucher-redeemed":
            redeem(event, wallet, case)
        case "voucher-returned" | "voucher-use-lost":
            give_back(event, wallet, case)
        case "order-noted" | "order-forgotten":
            note(event, wallet, case)
        case "voucher-issued" | "voucher-awaited":
            earn(event, wallet, case)
        case "voucher-revoked":
            revoke(body, wallet, case)
        case "voucher-clawed-back":
            claw_back(body, wallet, case)
        case "past-uses-imported":
            wallet.past[body["campaign_id"]] += body["uses"]
        case _:
            pass


def hold(body: Body, wallet: Wallet, case: Case) -> None:
    order_id, hold_id, campaign = body["order_id"], body["hold_id"], body["campaign_id"]
    check_asked(body, wallet, case)
    if hold_id in wallet.ever_held or any(
        other["attempt"] != body["attempt"] or other["campaign_id"] == campaign
        for other in wallet.holds[order_id].values()
    ):
        case.tell("hold-twice", f"hold {hold_id} was made while its order had one")
    wallet.holds[order_id][hold_id] = body
    wallet.ever_held[hold_id] = body
    terms = case.scope.rules.terms(body["dealer"], campaign, body["campaign_version"])
    if terms is None:
        case.tell("hold-unasked", f"hold {hold_id} is of campaign {campaign}, which is not active")
        return
    together = wallet.holds[order_id].values()
    if len(together) > 1 and not all(combines(use, case) for use in together):
        case.tell("hold-combined", f"hold {hold_id} is of a campaign that does not combine")
    most = case.scope.rules.most_per_user(terms)
    if most is not None and wallet.uses_of(campaign) > most:
        uses = f"use {wallet.uses_of(campaign)} of {campaign}"
        what = f"hold {hold_id} is {uses}; {most} are allowed per user"
        case.tell("limit-exceeded", what)
    is_issued = terms["kind"] == "second-purchase" or terms.get("newsletter")
    is_lent = body.get("lent_voucher_id") and not terms.get("unique_codes")
    if is_issued and not is_lent and body["voucher_id"] not in wallet.issued:
        case.tell("hold-unasked", f"hold {hold_id} uses a voucher that the user does not have")
    off = discount_of(terms, body["base_cents"])
    if (body["discount_cents"], sum(body["shares"])) != (off, off):
        what = f"hold {hold_id} takes off {body['discount_cents']} cents; its campaign gives {off}"
        case.tell("discount-wrong", what)


def check_asked(body: Body, wallet: Wallet, case: Case) -> None:
    """An attempt holds no more vouchers than codes were asked for."""
    asked = case.order(body["order_id"]).asked.get(body["attempt"])
    codes = 0
    if asked is not None and asked.body["voucher_code"] is not None:
        codes = 1 + len(asked.body.get("more_codes", ()))
    if len(wallet.holds[body["order_id"]]) >= codes:
        case.tell("hold-unasked", f"hold {body['hold_id']} was not asked for by its checkout")


def combines(use: Body, case: Case) -> bool:
    terms = case.scope.rules.terms(use["dealer"], use["campaign_id"], use["campaign_version"])
    return terms is not None and bool(terms.get("combines"))


def release(body: Body, wallet: Wallet, case: Case) -> None:
    order_id, hold_id = body["order_id"], body["hold_id"]
    if wallet.holds[order_id].pop(hold_id, None) is None:
        case.tell("release-without-hold", f"{hold_id} was released and not held")
        return
    if not case.order(order_id).gave_up(body["attempt"], hold_id, "voucher"):
        case.tell(
            "hold-robbed", f"hold {hold_id} was released, and its checkout had not decided so"
        )


def redeem(event: LoggedEvent, wallet: Wallet, case: Case) -> None:
    body = event.body
    order_id, hold_id = body["order_id"], body["hold_id"]
    wallet.redemptions[hold_id] += 1
    if wallet.redemptions[hold_id] > 1:
        case.tell(
            "redeemed-twice", f"order {order_id} redeemed a voucher again with hold {hold_id}"
        )
    open_hold = wallet.holds[order_id].pop(hold_id, None)
    if open_hold is None and hold_id not in wallet.ever_held:
        case.tell(
            "redeemed-without-hold", f"order {order_id} redeemed {hold_id}, which was not held"
        )
    wallet.redeemed[hold_id] = body
    order = case.order(order_id)
    used = order.vouchers.get(hold_id)
    if order.placed is None or order.placed.id != event.cause or used is None:
        case.tell(
            "redemption-unfounded", f"no order with a voucher caused the redemption of {hold_id}"
        )
        return
    for name in ("hold_id", "campaign_id", "base_cents", "discount_cents"):
        if used[name] != body[name] or (open_hold and open_hold[name] != body[name]):
            case.tell(
                "redemption-differs", f"{name} of {hold_id} is not the same as in its order or hold"
            )


def give_back(event: LoggedEvent, wallet: Wallet, case: Case) -> None:
    """A use is given back, or lost if its terms say so."""
    body = event.body
    wallet.returns[body["hold_id"]] += 1
    undone = case.order(body["order_id"]).undone
    hold = wallet.ever_held.get(body["hold_id"])
    gives_back = hold.get("gives_back", True) if hold else True
    if gives_back != (event.name == "voucher-returned"):
        what = f"{body['hold_id']} is {event.name}, and its terms say otherwise"
        case.tell("return-unfounded", what)
    if wallet.redeemed.pop(body["hold_id"], None) is None:
        case.tell("return-unfounded", f"{body['hold_id']} was given back and not redeemed")
    elif undone is None or undone.id != event.cause:
        what = f"{body['hold_id']} was given back, and no cancellation caused it"
        case.tell("return-unfounded", what)


def check_open_holds(wallet: Wallet, case: Case) -> None:
    for holds in wallet.holds.values():
        for open_hold in holds.values():
            if case.scope.overdue(open_hold["deadline"]):
                what = f"hold {open_hold['hold_id']} is open, and its deadline was "
                case.tell("hold-open", f"{what}{open_hold['deadline']}")


def check_effects(order_id: str, order: Order, wallet: Wallet, case: Case) -> None:
    """Every decision of checkout that the policy has consumed took effect."""
    placed, undone, scope = order.placed, order.undone, case.scope
    if placed is None or not scope.consumed(POLICY, placed):
        return
    for hold_id in order.vouchers:
        if not wallet.redemptions[hold_id]:
            case.tell(
                "redemption-missing", f"order {order_id} used {hold_id}, and nothing was redeemed"
            )
            if hold_id not in wallet.ever_held:
                case.tell(
                    "order-without-hold", f"order {order_id} was placed with {hold_id}, never held"
                )
    key = (placed.body["placed_at"], order_id)
    earlier = sum(by_time(other) < by_time(key) for other in wallet.ever_noted)
    if key not in wallet.ever_noted and earlier < MAX_NOTED:
        case.tell("order-not-noted", f"order {order_id} does not count among the user's first ones")
    if undone is not None and scope.consumed(POLICY, undone):
        for hold_id in order.vouchers:
            if wallet.redemptions[hold_id] and wallet.returns[hold_id] != 1:
                times = f"{wallet.returns[hold_id]} times"
                what = f"order {order_id} was cancelled, its voucher given back {times}"
                case.tell("return-missing", what)
    check_earned(order_id, order, wallet, case)
