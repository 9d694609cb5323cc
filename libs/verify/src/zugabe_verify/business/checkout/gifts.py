"""Gifts of an order, by the value before discounts that counts for them (GA-2, Q18, X-24)."""

from collections.abc import Iterable, Iterator

from zugabe_verify.records import Body

NOT_FOR_GIFTS = {"thresholds", "gifts"}

type Given = tuple[int, int]
"""The limit of a gift in cents, and its pieces."""


def wrong_gifts(body: Body) -> Iterator[str]:
    gifts = body.get("gifts", ())
    numbers = [line["number"] for line in (*body["lines"], *gifts)]
    if len({*numbers}) < len(numbers):
        yield "two of its lines and gifts have the same number"
    for gift in gifts:
        if gift["pieces"] < 1:
            yield f"gift {gift['gift']} has {gift['pieces']} pieces"
        if gift["limit_cents"] < 1:
            yield f"gift {gift['gift']} has no limit"
    value = sum(line["net_cents"] for line in body["lines"] if counts(line))
    if not fits(mode_of(body), ((gift["limit_cents"], gift["pieces"]) for gift in gifts), value):
        yield f"a value of {value} cents does not allow its gifts"


def mode_of(body: Body) -> str:
    mode: str = body.get("after_sales", {}).get("gift_mode", "per")
    return mode


def counts(line: Body) -> bool:
    return not NOT_FOR_GIFTS & {*line.get("excluded", ())}


def fits(mode: str, gifts: Iterable[Given], value_cents: int) -> bool:
    """In mode `per` limits add up; in mode `from` there is one piece of one gift."""
    given = [(limit, pieces) for limit, pieces in gifts if pieces]
    if not given:
        return True
    if mode == "per":
        return sum(limit * pieces for limit, pieces in given) <= value_cents
    return sum(pieces for _, pieces in given) == 1 and given[0][0] <= value_cents
