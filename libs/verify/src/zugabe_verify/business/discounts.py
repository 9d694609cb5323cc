"""Discounts of campaigns and points of orders, computed from the dealers' rules."""

from collections.abc import Iterable
from unicodedata import normalize

from zugabe_verify.records import Body, day_in_berlin
from zugabe_verify.rules import Programme


def discount_of(terms: Body, base_cents: int) -> int:
    """Percentages are basis points and round half up; nothing exceeds its base."""
    match terms["discount_type"]:
        case "fixed":
            return min(int(terms["value"]), base_cents)
        case "percent":
            whole, rest = divmod(base_cents * int(terms["value"]), 10_000)
            return whole + (rest >= 5_000)
        case _:
            return 0


def reward_cents(reward: Body, hold: Body, terms: Body | None) -> int:
    """A fixed amount or a percentage, within what is left to pay and the share points may pay."""
    base, percent = hold["base_cents"], reward.get("percent_basis_points")
    worth = reward["discount_cents"]
    if percent is not None:
        worth = discount_of({"discount_type": "percent", "value": percent}, base)
    share = (terms or {}).get("max_share_basis_points")
    return int(min(worth, base, base if share is None else base * share // 10_000))


def points_of(order: Body, programme: Programme) -> list[tuple[int, int]]:
    """Line numbers and points: whole euros, times rate, times the best factor."""
    terms = programme.terms
    day = day_in_berlin(order["placed_at"]).isoformat()
    if not programme.active or terms is None or day < terms["starts_on"]:
        return []
    goods = sum(
        line["net_cents"] for line in order["lines"] if "thresholds" not in line.get("excluded", ())
    )
    if goods < order.get("earning", {}).get("minimum_cents", 0):
        return []
    running = [
        promotion for promotion in programme.promotions.values()
        if (promotion["valid_from"] or day) <= day <= (promotion["valid_until"] or day)
    ]  # fmt: skip
    return [(line["number"], line_points(line, terms, running)) for line in order["lines"]]


def line_points(line: Body, terms: Body, running: Iterable[Body]) -> int:
    said = line.get("from_catalogue")
    groups = {*said["groups"]} if said else {line["product_group"]}
    groups = {spelled(group) for group in groups}
    if "points" in line.get("excluded", ()) or groups & same(terms["excluded_groups"]):
        return 0
    base = line["net_cents"]
    if terms["count_after_discounts"]:
        base -= line.get("voucher_cents", 0) + line.get("reward_cents", 0)
    factors = [
        promotion["factor"]
        for promotion in running
        if (not promotion["brands"] or spelled(line["brand"]) in same(promotion["brands"]))
        and (not promotion["product_groups"] or groups & same(promotion["product_groups"]))
    ]
    return int(max(0, base) // 100 * terms["points_per_euro"] * max(factors, default=1))


def spelled(label: str) -> str:
    """A brand or group without regard to composition, case and blanks."""
    return " ".join(normalize("NFC", normalize("NFKC", label).casefold()).split())


def same(labels: Iterable[str]) -> set[str]:
    return {spelled(label) for label in labels}
