"""A user's wallet, folded again: holds, redemptions and vouchers against checkout's orders."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from zugabe_verify.business.discounts import discount_of
from zugabe_verify.business.orders import Order
from zugabe_verify.business.scope import Case
from zugabe_verify.records import Body, LoggedEvent, day_in_berlin, instant

POLICY = "vouchers.orders"
MAX_NOTED = 10
"""The number of a user's earliest orders that the service remembers."""


@dataclass(slots=True)
class Wallet:
    """Open `holds` by order, `redeemed` by hold, `issued` by voucher, `noted` as time and order."""

    holds: dict[str, Body] = field(default_factory=dict)
    redeemed: dict[str, Body] = field(default_factory=dict)
    issued: dict[str, Body] = field(default_factory=dict)
    noted: set[tuple[str, str]] = field(default_factory=set)
    ever_held: set[str] = field(default_factory=set)
    ever_noted: set[tuple[str, str]] = field(default_factory=set)
    redemptions: Counter[str] = field(default_factory=Counter)
    returns: Counter[str] = field(default_factory=Counter)

    def uses(self, campaign_id: str) -> int:
        every = [*self.holds.values(), *self.redeemed.values()]
        return sum(use["campaign_id"] == campaign_id for use in every)

    def voucher_of(self, campaign_id: str) -> Body | None:
        every = self.issued.values()
        return next((voucher for voucher in every if voucher["campaign_id"] == campaign_id), None)


def check_wallet(events: Sequence[LoggedEvent], case: Case) -> None:
    wallet = Wallet()
    for commit in commits_of(events):
        check_first_order(commit, wallet, case)
        for event in commit:
            take(event, wallet, case)
    check_open_holds(wallet, case)
    for order_id, order in case.orders.items():
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
        case "voucher-returned":
            give_back(event, wallet, case)
        case "order-noted" | "order-forgotten":
            note(event, wallet, case)
        case "voucher-issued":
            issue(event, wallet, case)
        case "voucher-revoked":
            wallet.issued.pop(body["voucher_id"], None)
            if not case.order(body["order_id"]).cancelled:
                what = f"voucher {body['voucher_id']} was revoked, its order is not cancelled"
                case.tell("return-unfounded", what)
        case _:
            pass


def note(event: LoggedEvent, wallet: Wallet, case: Case) -> None:
    order_id = event.body["order_id"]
    if event.name == "order-noted":
        key = (event.body["placed_at"], order_id)
        wallet.noted = set(sorted({*wallet.noted, key}, key=by_time)[:MAX_NOTED])
        wallet.ever_noted.add(key)
        return
    wallet.noted = {order for order in wallet.noted if order[1] != order_id}
    if not case.order(order_id).cancelled:
        case.tell("return-unfounded", f"order {order_id} was forgotten, not cancelled")


def by_time(noted: tuple[str, str]) -> tuple[object, str]:
    return instant(noted[0]), noted[1]


def hold(body: Body, wallet: Wallet, case: Case) -> None:
    order, hold_id, campaign = case.order(body["order_id"]), body["hold_id"], body["campaign_id"]
    asked = order.asked.get(body["attempt"])
    if asked is None or asked.body["voucher_code"] is None:
        case.tell("hold-unasked", f"hold {hold_id} was not asked for by its checkout")
    if body["order_id"] in wallet.holds or hold_id in wallet.ever_held:
        case.tell("hold-twice", f"hold {hold_id} was made while its order had one")
    wallet.holds[body["order_id"]] = body
    wallet.ever_held.add(hold_id)
    terms = case.scope.rules.terms(body["dealer"], campaign, body["campaign_version"])
    if terms is None:
        case.tell("hold-unasked", f"hold {hold_id} is of campaign {campaign}, which is not active")
        return
    most = case.scope.rules.most_per_user(terms)
    if most is not None and wallet.uses(campaign) > most:
        uses = f"use {wallet.uses(campaign)} of {campaign}"
        what = f"hold {hold_id} is {uses}; {most} are allowed per user"
        case.tell("limit-exceeded", what)
    if terms["kind"] == "second-purchase" and body["voucher_id"] not in wallet.issued:
        case.tell("hold-unasked", f"hold {hold_id} uses a voucher that the user does not have")
    off = discount_of(terms, body["base_cents"])
    if (body["discount_cents"], sum(body["shares"])) != (off, off):
        what = f"hold {hold_id} takes off {body['discount_cents']} cents; its campaign gives {off}"
        case.tell("discount-wrong", what)


def release(body: Body, wallet: Wallet, case: Case) -> None:
    order_id, hold_id = body["order_id"], body["hold_id"]
    open_hold = wallet.holds.get(order_id)
    if open_hold is None or open_hold["hold_id"] != hold_id:
        case.tell("release-without-hold", f"{hold_id} was released and not held")
        return
    del wallet.holds[order_id]
    if not case.order(order_id).gave_up(body["attempt"], hold_id, "voucher"):
        case.tell(
            "hold-robbed", f"hold {hold_id} was released, and its checkout had not decided so"
        )


def redeem(event: LoggedEvent, wallet: Wallet, case: Case) -> None:
    body = event.body
    order_id, hold_id = body["order_id"], body["hold_id"]
    wallet.redemptions[order_id] += 1
    if wallet.redemptions[order_id] > 1:
        case.tell(
            "redeemed-twice", f"order {order_id} redeemed a voucher again with hold {hold_id}"
        )
    open_hold = wallet.holds.get(order_id)
    if open_hold and open_hold["hold_id"] == hold_id:
        del wallet.holds[order_id]
    elif hold_id not in wallet.ever_held:
        case.tell(
            "redeemed-without-hold", f"order {order_id} redeemed {hold_id}, which was not held"
        )
    wallet.redeemed[hold_id] = body
    placed = case.order(order_id).placed
    if placed is None or placed.id != event.cause or not placed.body["voucher"]:
        case.tell(
            "redemption-unfounded", f"no order with a voucher caused the redemption of {hold_id}"
        )
        return
    used = placed.body["voucher"]
    for name in ("hold_id", "campaign_id", "base_cents", "discount_cents"):
        if used[name] != body[name] or (open_hold and open_hold[name] != body[name]):
            case.tell(
                "redemption-differs", f"{name} of {hold_id} is not the same as in its order or hold"
            )


def give_back(event: LoggedEvent, wallet: Wallet, case: Case) -> None:
    body = event.body
    wallet.returns[body["order_id"]] += 1
    cancelled = case.order(body["order_id"]).cancelled
    if wallet.redeemed.pop(body["hold_id"], None) is None:
        case.tell("return-unfounded", f"{body['hold_id']} was given back and not redeemed")
    elif cancelled is None or cancelled.id != event.cause:
        what = f"{body['hold_id']} was given back, and no cancellation caused it"
        case.tell("return-unfounded", what)


def issue(event: LoggedEvent, wallet: Wallet, case: Case) -> None:
    body = event.body
    voucher_id, order_id, campaign_id = body["voucher_id"], body["order_id"], body["campaign_id"]
    placed = case.order(order_id).placed
    if wallet.voucher_of(campaign_id):
        case.tell(
            "voucher-twice", f"{voucher_id} was issued to somebody who had one of {campaign_id}"
        )
    wallet.issued[voucher_id] = body
    terms = case.scope.rules.terms(body["dealer"], campaign_id, body["campaign_version"])
    if placed is None or placed.id != event.cause:
        case.tell("voucher-unfounded", f"no order caused {voucher_id}")
        return
    key = (placed.body["placed_at"], order_id)
    if any(by_time(other) < by_time(key) for other in wallet.noted):
        case.tell(
            "voucher-unfounded", f"{voucher_id} was issued for an order that was not the first"
        )
    if terms != body["terms"] or not is_valid(body["terms"], placed):
        case.tell("voucher-unfounded", f"{voucher_id} is not what its campaign grants")


def is_valid(terms: Body, placed: LoggedEvent) -> bool:
    day = day_in_berlin(placed.body["placed_at"]).isoformat()
    return bool(terms["valid_from"] <= day <= terms["valid_until"])


def check_first_order(commit: Sequence[LoggedEvent], wallet: Wallet, case: Case) -> None:
    """An order that was the first when it was consumed earned a voucher of every offer."""
    caused = [
        order.placed for order in case.orders.values()
        if order.placed and order.placed.id == commit[0].cause
    ]  # fmt: skip
    if not caused:
        return
    [placed] = caused
    key = (placed.body["placed_at"], placed.body["order_id"])
    if any(by_time(other) < by_time(key) for other in wallet.noted):
        return
    issued = [event.body["campaign_id"] for event in commit if event.name == "voucher-issued"]
    for offer in case.scope.rules.offers[placed.body["dealer"]]:
        campaign_id = offer.body["campaign_id"]
        due = offer.seconds < placed.seconds and is_valid(offer.body["terms"], placed)
        if due and campaign_id not in issued and not wallet.voucher_of(campaign_id):
            what = f"first order {placed.body['order_id']} earned no voucher of {campaign_id}"
            case.tell("voucher-missing", what)


def check_open_holds(wallet: Wallet, case: Case) -> None:
    for open_hold in wallet.holds.values():
        if case.scope.overdue(open_hold["deadline"]):
            what = (
                f"hold {open_hold['hold_id']} is open, and its deadline was {open_hold['deadline']}"
            )
            case.tell("hold-open", what)


def check_effects(order_id: str, order: Order, wallet: Wallet, case: Case) -> None:
    """Every decision of checkout that the policy has consumed took effect."""
    placed, cancelled, scope = order.placed, order.cancelled, case.scope
    if placed is None or not scope.consumed(POLICY, placed):
        return
    hold_id = order.held_by("voucher")
    if hold_id and not wallet.redemptions[order_id]:
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
    if cancelled is None or not scope.consumed(POLICY, cancelled):
        return
    if hold_id and wallet.redemptions[order_id] and wallet.returns[order_id] != 1:
        times = f"{wallet.returns[order_id]} times"
        what = f"order {order_id} was cancelled, its voucher given back {times}"
        case.tell("return-missing", what)
    uses = [*wallet.holds.values(), *wallet.redeemed.values()]
    for voucher in wallet.issued.values():
        used = any(use["voucher_id"] == voucher["voucher_id"] for use in uses)
        if voucher["order_id"] == order_id and not used:
            case.tell(
                "return-missing", f"voucher {voucher['voucher_id']} outlived its cancelled order"
            )
