"""Read models of vouchers: codes that users earned, redemptions, campaigns, users' revenue."""

from collections import Counter
from collections.abc import Sequence

from zugabe_verify.records import Body, LoggedEvent, day_in_berlin
from zugabe_verify.rules import CAMPAIGN_LIFE, PARTICIPATION, UNLIMITED_USES
from zugabe_verify.views.model import Model, picked

USUAL_TERMS = {
    "combines": False,
    "earning_minimum_cents": 0,
    "budget_cents": None,
    "rank": 0,
    "unique_codes": False,
    "valid_days": None,
    "outlasts_cancellation": False,
    "gives_back": True,
    "grace_days": 14,
}
"""Terms that older campaigns do not say."""

SOLD = {"order-placed", "order-cancelled", "order-returned"}
USES = {"voucher-held", "voucher-released", "voucher-redeemed", "voucher-returned"}


def issued_key(event: LoggedEvent) -> str | None:
    voucher_id = event.body.get("voucher_id")
    relevant = event.name in USES or event.name in ("voucher-issued", "voucher-revoked")
    return f"{event.body['dealer']}/{voucher_id}" if relevant and voucher_id else None


def issued(events: Sequence[LoggedEvent]) -> Body | None:
    view: Body | None = None
    for event in events:
        body = event.body
        if view is None:
            view = earned(body) if event.name == "voucher-issued" else None
            continue
        match event.name:
            case "voucher-held":
                view["holds"] = [*view["holds"], body["hold_id"]]
            case "voucher-released" | "voucher-redeemed":
                view["holds"] = [hold_id for hold_id in view["holds"] if hold_id != body["hold_id"]]
                view["redeemed"] += event.name == "voucher-redeemed"
            case "voucher-returned":
                view["redeemed"] -= 1
            case "voucher-revoked":
                view["status"] = "revoked"
            case _:
                pass
    return None if view is None else view | counted(view)


def earned(body: Body) -> Body:
    terms = body["terms"]
    most = terms["max_per_user"]
    names = (
        "dealer", "voucher_id", "customer", "user", "campaign_id", "code", "order_id",
        "order_number",
    )  # fmt: skip
    return (
        picked(body, *names)
        | picked(terms, "title", "discount_type", "value", "minimum_cents")
        | {"valid_until": body.get("valid_until") or terms["valid_until"]}
        | {"status": "unused", "holds": [], "redeemed": 0}
        | {"max_per_user": None if most is None or most >= UNLIMITED_USES else most}
    )


def counted(view: Body) -> Body:
    uses, most = len(view["holds"]) + view["redeemed"], view["max_per_user"]
    status = view["status"]
    if status != "revoked":
        status = "redeemed" if view["redeemed"] else "held" if view["holds"] else "unused"
    left = None if most is None else max(most - uses, 0)
    if status == "revoked":
        left = 0
    return {"status": status, "uses": uses, "remaining_uses": left}


def redeemed_key(event: LoggedEvent) -> str | None:
    if event.name in ("voucher-redeemed", "voucher-returned"):
        return f"{event.body['dealer']}/{event.body['hold_id']}"
    return None


def redeemed(events: Sequence[LoggedEvent]) -> Body | None:
    view: Body | None = None
    for event in events:
        if event.name == "voucher-redeemed":
            names = (
                "dealer", "hold_id", "user", "customer", "redeemed_at", "campaign_id", "code",
                "order_id", "order_number", "base_cents", "discount_cents",
            )  # fmt: skip
            view = picked(event.body, *names)
            view |= {"title": event.body.get("title", ""), "returned": False}
        elif view is not None:
            view["returned"] = True
    return view


STATUS = {
    "campaign-created": "draft",
    "campaign-draft-edited": "draft",
    "campaign-deleted": "deleted",
    "campaign-activated": "active",
    "campaign-paused": "paused",
    "campaign-resumed": "active",
    "campaign-ended": "ended",
}


def campaign_key(event: LoggedEvent) -> str | None:
    if event.name in CAMPAIGN_LIFE:
        return f"{event.body['dealer']}/{event.body['campaign_id']}"
    return None


def campaign(events: Sequence[LoggedEvent]) -> Body | None:
    view: Body | None = None
    for event in events:
        body, name = event.body, event.name
        if "terms" in body:
            view = (view or {}) | picked(body, "dealer", "campaign_id", "version")
            view |= shown_terms(body["terms"])
        if view is None:
            continue
        if name in STATUS:
            view["status"] = STATUS[name]
        match name:
            case "campaign-paused" | "campaign-ended":
                view["reason"] = body.get("reason", "")
            case "campaign-resumed":
                view["reason"] = ""
            case _:
                pass
    return view


def shown_terms(terms: Body) -> Body:
    names = (
        "title", "description", "code", "discount_type", "value", "valid_from",
        "valid_until", "minimum_cents", "max_uses", "max_per_customer", "max_per_user",
    )  # fmt: skip
    return (
        picked(terms, *names)
        | {name: terms.get(name, usual) for name, usual in USUAL_TERMS.items()}
        | {"kind": "newsletter" if terms.get("newsletter") else terms["kind"]}
    )


def participation_key(event: LoggedEvent) -> str | None:
    if event.name in PARTICIPATION:
        return f"{event.body['dealer']}/{event.body['campaign_id']}"
    return None


def participation(events: Sequence[LoggedEvent]) -> Body | None:
    view: Body = {}
    for event in events:
        body = event.body
        view |= picked(body, "dealer", "campaign_id", "version")
        match event.name:
            case "campaign-joined":
                view |= picked(body, "minimum_cents", "joined_at")
                view |= {"status": "joined", "left_at": None}
            case "campaign-minimum-changed":
                view |= picked(body, "minimum_cents")
            case _:
                view |= picked(body, "left_at") | {"status": "left"}
    return view or None


def revenue_key(event: LoggedEvent) -> str | None:
    body = event.body
    if event.name not in SOLD:
        return None
    return f"{body['dealer']}/{body['user']}/{day_in_berlin(body['placed_at']).isoformat()[:7]}"


def revenue(events: Sequence[LoggedEvent]) -> Body | None:
    """The value of a user's orders of each day of a month, less what was undone of them."""
    days: Counter[str] = Counter()
    for event in events:
        sign = 1 if event.name == "order-placed" else -1
        days[day_in_berlin(event.body["placed_at"]).isoformat()] += sign * event.body.get(
            "net_cents", 0
        )
    if not events:
        return None
    return picked(events[0].body, "dealer", "user") | {"days": dict(days)}


MODELS = (
    Model("vouchers.participations", "vouchers", participation_key, participation),
    Model("vouchers.issued", "vouchers", issued_key, issued),
    Model("vouchers.redeemed", "vouchers", redeemed_key, redeemed),
    Model("vouchers.revenue", "checkout", revenue_key, revenue),
    Model("vouchers.campaigns", "vouchers", campaign_key, campaign),
)
