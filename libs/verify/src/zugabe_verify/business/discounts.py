"""Discounts of campaigns and points of orders, computed from the dealers' rules."""

from collections.abc import Iterable

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
    if "points" in line.get("excluded", ()) or groups & {*terms["excluded_groups"]}:
        return 0
    base = line["net_cents"]
    if terms["count_after_discounts"]:
        base -= line.get("voucher_cents", 0) + line.get("reward_cents", 0)
    factors = [
        promotion["factor"]
        for promotion in running
        if (not promotion["brands"] or line["brand"] in promotion["brands"])
        and (not promotion["product_groups"] or groups & {*promotion["product_groups"]})
    ]
    return int(max(0, base) // 100 * terms["points_per_euro"] * max(factors, default=1))
