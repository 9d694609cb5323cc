"""Vouchers that a user's first orders earned, against checkout's orders and the offers."""

from collections.abc import Sequence
from datetime import datetime

from zugabe_verify.business.orders import Order
from zugabe_verify.business.scope import Case
from zugabe_verify.business.wallet_state import Wallet
from zugabe_verify.records import Body, LoggedEvent, day_in_berlin, instant
from zugabe_verify.rules import Rules, owner_of

POLICY = "vouchers.orders"
MAX_NOTED = 10
"""The number of a user's earliest orders that the service remembers."""

OFFERED, SUSPENDED = "second-purchase-offered", "second-purchase-suspended"
LEFT = "campaign-left"

STATES = ("placed", "confirmed", "shipped", "return-period-over")
"""An order that has reached one has passed those before it."""


def note(event: LoggedEvent, wallet: Wallet, case: Case) -> None:
    order_id = event.body["order_id"]
    if event.name == "order-noted":
        key = (event.body["placed_at"], order_id)
        wallet.noted = set(sorted({*wallet.noted, key}, key=by_time)[:MAX_NOTED])
        wallet.ever_noted.add(key)
        return
    wallet.noted = {order for order in wallet.noted if order[1] != order_id}
    wallet.awaited = {
        name: voucher for name, voucher in wallet.awaited.items() if voucher["order_id"] != order_id
    }
    if not case.order(order_id).undone:
        case.tell("return-unfounded", f"order {order_id} was forgotten, not cancelled")


def by_time(noted: tuple[str, str]) -> tuple[object, str]:
    return instant(noted[0]), noted[1]


def earn(event: LoggedEvent, wallet: Wallet, case: Case) -> None:
    """A voucher is issued at once, or awaited and issued later."""
    body = event.body
    awaited = wallet.awaited.pop(body["voucher_id"], None)
    if event.name == "voucher-issued" and awaited is not None:
        wallet.issued[body["voucher_id"]] = body
        reached = of_state(case.order(body["order_id"]), awaited["awaits"])
        if event.cause not in {step.id for step in reached} or body["terms"] != awaited["terms"]:
            case.tell("voucher-unfounded", f"{body['voucher_id']} was not due by its order's state")
        return
    check_founded(event, wallet, case)
    earned = wallet.issued if event.name == "voucher-issued" else wallet.awaited
    earned[body["voucher_id"]] = body


def of_state(order: Order, state: str) -> list[LoggedEvent]:
    """The steps by which an order has reached a state."""
    later = STATES[STATES.index(state) :]
    return [step for reached, step in order.steps.items() if reached in later]


def check_founded(event: LoggedEvent, wallet: Wallet, case: Case) -> None:
    body = event.body
    voucher_id, order_id, campaign_id = body["voucher_id"], body["order_id"], body["campaign_id"]
    placed = case.order(order_id).placed
    if wallet.voucher_of(campaign_id):
        case.tell(
            "voucher-twice", f"{voucher_id} was issued to somebody who had one of {campaign_id}"
        )
    if not order_id and event.name == "voucher-issued":
        return  # for the newsletter, or of the system before
    if placed is None or placed.id != event.cause:
        case.tell("voucher-unfounded", f"no order caused {voucher_id}")
        return
    key = (placed.body["placed_at"], order_id)
    if any(by_time(other) < by_time(key) for other in wallet.noted):
        case.tell(
            "voucher-unfounded", f"{voucher_id} was issued for an order that was not the first"
        )
    rules, dealer = case.scope.rules, body["dealer"]
    terms = rules.terms(dealer, campaign_id, body["campaign_version"])
    known, later = in_force(rules.offers_of(dealer, campaign_id), placed)
    possible = [
        offer
        for offer in (known, *later)
        if offer and is_due(offer, placed) and offer.body["version"] == body["campaign_version"]
    ]
    if not is_granted(body, terms, rules, placed) or not possible:
        case.tell("voucher-unfounded", f"{voucher_id} is not what its campaign grants")
    if body.get("awaits", "placed") != placed.body.get("earning", {}).get("vouchers_on", "placed"):
        case.tell("voucher-unfounded", f"{voucher_id} is due at another state of its order")


def is_granted(voucher: Body, terms: Body | None, rules: Rules, placed: LoggedEvent) -> bool:
    """The voucher has its campaign's terms, a central one with the dealer's minimum (VO-27)."""
    dealer, campaign_id = voucher["dealer"], voucher["campaign_id"]
    if terms is None or owner_of(dealer, campaign_id) == dealer:
        return bool(terms == voucher["terms"])
    known, later = in_force(rules.participation(dealer, campaign_id), placed)
    own = [
        event.body["minimum_cents"]
        for event in (known, *later)
        if event is not None and event.name != LEFT
    ]
    return any(
        (terms if minimum is None else terms | {"minimum_cents": minimum}) == voucher["terms"]
        for minimum in own
    )


def in_force(
    events: Sequence[LoggedEvent], placed: LoggedEvent
) -> tuple[LoggedEvent | None, Sequence[LoggedEvent]]:
    """The event of a rule that applied to an order, of those that were surely known when it was
    consumed, and the later ones, which may have been known.

    Imported orders of any time follow the latest offer, suspended or not (X-30).
    """
    imported, placed_at = placed.body["imported"], instant(placed.body["placed_at"])
    begun = [
        event
        for event in events
        if (
            event.name not in (SUSPENDED, LEFT)
            if imported
            else (at := since(event)) is None or at <= placed_at
        )
    ]
    sure = [event for event in begun if event.seconds < placed.seconds]
    return sure[-1] if sure else None, [event for event in begun if event not in sure]


def since(event: LoggedEvent) -> datetime | None:
    names = ("offered_at", "suspended_at", "joined_at", "effective_at", "left_at")
    at = next((at for name in names if (at := event.body.get(name))), None)
    return instant(at) if at else None


def is_due(offer: LoggedEvent, placed: LoggedEvent) -> bool:
    """It is an offer, the order is of one of its days, and the goods are worth it."""
    if offer.name != OFFERED:
        return False
    order, terms = placed.body, offer.body["terms"]
    day = day_in_berlin(order["placed_at"]).isoformat()
    goods = order["goods_cents"] - sum(
        line["net_cents"] for line in order["lines"] if "thresholds" in line.get("excluded", ())
    )
    minimum = order.get("earning", {}).get("minimum_cents", 0)
    least = max(0 if order["imported"] else 1, minimum, terms.get("earning_minimum_cents", 0))
    is_in_time: bool = terms["valid_from"] <= day <= terms["valid_until"]
    return is_in_time and goods >= least


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
    earned = [
        event.body["campaign_id"]
        for event in commit
        if event.name in ("voucher-issued", "voucher-awaited")
    ]
    rules, dealer = case.scope.rules, placed.body["dealer"]
    for campaign_id in rules.offered(dealer):
        offer, later = in_force(rules.offers_of(dealer, campaign_id), placed)
        due = offer is not None and not later and is_due(offer, placed)
        due = due and takes_part(rules, dealer, campaign_id, placed)
        if due and campaign_id not in earned and not wallet.voucher_of(campaign_id):
            what = f"first order {placed.body['order_id']} earned no voucher of {campaign_id}"
            case.tell("voucher-missing", what)


def takes_part(rules: Rules, dealer: str, campaign_id: str, placed: LoggedEvent) -> bool:
    """The campaign is the dealer's own, or they surely took part in it (VO-28, VO-29)."""
    if owner_of(dealer, campaign_id) == dealer:
        return True
    known, later = in_force(rules.participation(dealer, campaign_id), placed)
    return known is not None and known.name != LEFT and not later


def revoke(body: Body, wallet: Wallet, case: Case) -> None:
    wallet.issued.pop(body["voucher_id"], None)
    if not case.order(body["order_id"]).undone:
        what = f"voucher {body['voucher_id']} was revoked, its order is not cancelled"
        case.tell("return-unfounded", what)


def claw_back(body: Body, wallet: Wallet, case: Case) -> None:
    """Each use once, of a voucher whose order is cancelled, if its terms said so."""
    wallet.clawed_back[body["hold_id"]] += 1
    voucher, use = wallet.issued.get(body["voucher_id"]), wallet.redeemed.get(body["hold_id"])
    is_right = (
        voucher is not None
        and voucher.get("claw_back") == "charge"
        and case.order(voucher["order_id"]).undone
        and use is not None
        and (use["voucher_id"], use["discount_cents"])
        == (body["voucher_id"], body["discount_cents"])
        and wallet.clawed_back[body["hold_id"]] == 1
    )
    if not is_right:
        case.tell("claw-back-unfounded", f"the discount of {body['hold_id']} is not to be charged")


def check_earned(order_id: str, order: Order, wallet: Wallet, case: Case) -> None:
    """An earned voucher is issued at the state of its order, and gone or charged with its end."""
    for voucher in wallet.awaited.values():
        if voucher["order_id"] == order_id and any(
            case.scope.consumed(POLICY, step) for step in of_state(order, voucher["awaits"])
        ):
            what = f"{voucher['voucher_id']} was not issued, although its order is far enough"
            case.tell("voucher-missing", what)
    if order.undone is None or not case.scope.consumed(POLICY, order.undone):
        return
    for voucher in [*wallet.issued.values(), *wallet.awaited.values()]:
        if voucher["order_id"] != order_id:
            continue
        uses = [use for use in wallet.uses if use["voucher_id"] == voucher["voucher_id"]]
        outlasts = voucher["terms"].get("outlasts_cancellation", False)
        if not uses and not outlasts:
            case.tell(
                "return-missing", f"voucher {voucher['voucher_id']} outlived its cancelled order"
            )
        if voucher.get("claw_back") == "charge" and not outlasts:
            for use in uses:
                is_used = use["hold_id"] in wallet.redeemed
                if is_used and not wallet.clawed_back[use["hold_id"]]:
                    case.tell(
                        "claw-back-missing", f"the discount of {use['hold_id']} is to be charged"
                    )
