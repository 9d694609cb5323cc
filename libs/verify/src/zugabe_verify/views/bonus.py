"""Read models of bonus: accounts and programmes."""

from collections import Counter
from collections.abc import Sequence

from zugabe_verify.records import Body, LoggedEvent
from zugabe_verify.rules import PROGRAMME, fold
from zugabe_verify.views.model import Model, picked

SUMS = {
    "points-accrued": "points_accrued",
    "reward-redeemed": "points_redeemed",
    "points-reversed": "points_reversed",
    "reward-returned": "points_returned",
    "points-forfeited": "points_forfeited",
    "points-expired": "points_expired",
    "points-credited": "points_credited",
    "points-debited": "points_debited",
}
MEMBERSHIP = {"programme-left", "programme-rejoined"}
OPENING = {
    "points-accrued", "reward-held", "reward-redeemed", "programme-left", "points-credited",
    "correction-proposed", "points-moved-in", "debt-moved-in",
}  # fmt: skip
"""Only these open an account that was not shown before."""
MOVING = {
    *SUMS, *OPENING, "reward-released", "points-scheduled", "programme-rejoined",
    "correction-rejected", "points-moved-out", "debt-moved-out",
}  # fmt: skip
MOVED = {"points-moved-in": 1, "points-moved-out": -1, "debt-moved-out": 1, "debt-moved-in": -1}


def holder_of(body: Body) -> str:
    """The user, or what stands for the users of a customer who share their points (BO-33)."""
    return f"pool:{body['pool']}" if body.get("pool") else str(body["user"])


def account_key(event: LoggedEvent) -> str | None:
    return f"{event.body['dealer']}/{holder_of(event.body)}" if event.name in MOVING else None


def account(events: Sequence[LoggedEvent]) -> Body | None:
    """`in_lots` stands for the lots, of which the document shows the oldest as one sum."""
    sums: Counter[str] = Counter()
    view: Body | None = None
    for event in events:
        body = event.body
        if view is None and event.name not in OPENING:
            continue
        if view is None:
            view = picked(body, "dealer", "customer")
            view |= {"user": holder_of(body), "has_left": False}
        if event.name in SUMS:
            sums[SUMS[event.name]] += body["points"]
        sums["points_owed"] += body.get("owed", 0) - body.get("settled", 0)
        sums["points_moved"] += MOVED.get(event.name, 0) * body.get("points", 0)
        sums["points_owed"] -= body["points"] if event.name == "debt-moved-out" else 0
        if event.name in MEMBERSHIP:
            view["has_left"] = event.name == "programme-left"
            sums["points_owed"] -= body.get("let_off", 0)
        sums["points_let_off"] += body.get("let_off", 0)
        sums["points_forfeited"] += body.get("forfeited", 0)
        sums["in_lots"] += moved(event)
        sums["points_waiting"] += waiting(event)
        match event.name:
            case "points-accrued":
                view["customer"] = body["customer"]
                sums["orders_accrued"] += 1
            case "reward-held":
                sums["points_held"] += body["points"]
            case "reward-released":
                sums["points_held"] -= body["points"]
            case "reward-redeemed":
                unheld = sum(lot["points"] for lot in body.get("unheld", ()))
                sums["points_held"] -= body["points"] - unheld - body.get("owed", 0)
            case _:
                pass
    names = (
        *SUMS.values(), "orders_accrued", "points_held", "points_waiting", "points_owed", "in_lots",
        "points_let_off", "points_moved",
    )  # fmt: skip
    return None if view is None else view | {name: sums[name] for name in names}


def moved(event: LoggedEvent) -> int:
    """By how much the points in lots change."""
    body = event.body
    match event.name:
        case "points-accrued" if body.get("waits_for"):
            return 0
        case "points-accrued" | "points-scheduled" | "points-credited":
            return int(body["points"] - body["settled"])
        case "reward-released" | "reward-returned" | "points-moved-in":
            return int(sum(lot["points"] for lot in body["lots"]))
        case (
            "reward-held"
            | "points-reversed"
            | "points-forfeited"
            | "points-expired"
            | "points-debited"
            | "points-moved-out"
            | "debt-moved-in"
        ):
            return -int(sum(lot["points"] for lot in body["lots"]))
        case _:
            return -int(sum(lot["points"] for lot in body.get("unheld", ())))


def waiting(event: LoggedEvent) -> int:
    """By how much the points change that wait for their order."""
    body = event.body
    match event.name:
        case "points-accrued" if body.get("waits_for"):
            return int(body["points"])
        case "points-scheduled":
            return -int(body["points"])
        case "points-reversed":
            return -int(body.get("waiting", 0))
        case "points-forfeited":
            return -int(sum(lot["points"] for lot in body["waiting"]))
        case _:
            return 0


def shown_account(fields: Body) -> Body:
    return fields | {
        "in_lots": sum(lot["points"] for lot in fields["lots"]) + fields["older_points"]
    }


def programme_key(event: LoggedEvent) -> str | None:
    return str(event.body["dealer"]) if event.name in PROGRAMME else None


def programme(events: Sequence[LoggedEvent]) -> Body | None:
    if not events:
        return None
    folded = fold([*events])
    rewards = ("reward_id", "title", "points", "discount_cents")
    since = {"percent_basis_points": None, "minimum_cents": 0, "position": None}
    promotions = (
        "promotion_id", "title", "factor", "brands", "product_groups", "valid_from", "valid_until",
    )  # fmt: skip
    return {
        "dealer": events[0].body["dealer"],
        "version": folded.version,
        "active": folded.active,
        "state": folded.state,
        "run_off_until": folded.ended["run_off_until"] if folded.ended else None,
        "terms": folded.terms,
        "rewards": [
            picked(reward, *rewards) | {name: reward.get(name, at) for name, at in since.items()}
            for reward in folded.rewards.values()
        ],
        "promotions": [picked(promotion, *promotions) for promotion in folded.promotions.values()],
    }


MODELS = (
    Model("bonus.accounts", "bonus", account_key, account),
    Model("bonus.programmes", "bonus", programme_key, programme),
)
