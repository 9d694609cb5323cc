"""What vouchers shows: codes that users earned, redemptions, campaigns."""

from collections.abc import Sequence

from zugabe_verify.rules import ALWAYS
from zugabe_verify.told import Body, Told
from zugabe_verify.views.model import Model, picked

USES = {"voucher-held", "voucher-released", "voucher-redeemed", "voucher-returned"}


def issued_key(told: Told) -> str | None:
    voucher_id = told.body.get("voucher_id")
    shown = told.name in USES or told.name in ("voucher-issued", "voucher-revoked")
    return f"{told.body['dealer']}/{voucher_id}" if shown and voucher_id else None


def issued(events: Sequence[Told]) -> Body | None:
    view: Body | None = None
    for told in events:
        body = told.body
        if view is None:
            view = earned(body) if told.name == "voucher-issued" else None
            continue
        match told.name:
            case "voucher-held":
                view["holds"] = [*view["holds"], body["hold_id"]]
            case "voucher-released" | "voucher-redeemed":
                view["holds"] = [one for one in view["holds"] if one != body["hold_id"]]
                view["redeemed"] += told.name == "voucher-redeemed"
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
        | picked(terms, "title", "discount_type", "value", "minimum_cents", "valid_until")
        | {"status": "unused", "holds": [], "redeemed": 0}
        | {"max_per_user": None if most is None or most >= ALWAYS else most}
    )


def counted(view: Body) -> Body:
    uses, most = len(view["holds"]) + view["redeemed"], view["max_per_user"]
    status = view["status"]
    if status != "revoked":
        status = "redeemed" if view["redeemed"] else "held" if view["holds"] else "unused"
    left = None if most is None else max(most - uses, 0)
    return {"status": status, "uses": uses, "remaining_uses": left}


def redeemed_key(told: Told) -> str | None:
    if told.name in ("voucher-redeemed", "voucher-returned"):
        return f"{told.body['dealer']}/{told.body['hold_id']}"
    return None


def redeemed(events: Sequence[Told]) -> Body | None:
    view: Body | None = None
    for told in events:
        if told.name == "voucher-redeemed":
            names = (
                "dealer", "hold_id", "user", "customer", "redeemed_at", "campaign_id", "code",
                "order_id", "order_number", "base_cents", "discount_cents",
            )  # fmt: skip
            view = picked(told.body, *names)
            view |= {"title": told.body.get("title", ""), "returned": False}
        elif view is not None:
            view["returned"] = True
    return view


def campaign_key(told: Told) -> str | None:
    if told.name in ("campaign-created", "campaign-activated"):
        return f"{told.body['dealer']}/{told.body['campaign_id']}"
    return None


def campaign(events: Sequence[Told]) -> Body | None:
    if not events:
        return None
    last = events[-1]
    names = (
        "kind", "title", "description", "code", "discount_type", "value", "valid_from",
        "valid_until", "minimum_cents", "max_uses", "max_per_customer", "max_per_user",
    )  # fmt: skip
    return (
        picked(last.body, "dealer", "campaign_id", "version")
        | picked(last.body["terms"], *names)
        | {"status": "active" if last.name == "campaign-activated" else "draft"}
    )


MODELS = (
    Model("vouchers.issued", "vouchers", issued_key, issued),
    Model("vouchers.redeemed", "vouchers", redeemed_key, redeemed),
    Model("vouchers.campaigns", "vouchers", campaign_key, campaign),
)
