"""Returns: at most what left, at its exact share, and in the end all of the order (X-3)."""

from collections import Counter
from collections.abc import Iterator

from zugabe_verify.business.checkout import gifts
from zugabe_verify.business.checkout.fulfilled import Fulfilled
from zugabe_verify.business.checkout.paid_back import wrong_totals_back
from zugabe_verify.business.checkout.rounding import left_of, share
from zugabe_verify.business.orders import vouchers_of
from zugabe_verify.records import Body

AMOUNTS = ("net_cents", "voucher_cents", "reward_cents", "tax_cents")


def wrong_return(body: Body, order: Fulfilled) -> Iterator[str]:
    """Call this before the return is folded."""
    if body["return_id"] in {one["return_id"] for one in order.returns}:
        yield "it came back twice"
    back = {line["number"]: line for line in body["lines"]}
    if len(back) < len(body["lines"]):
        yield "it has a line twice"
    for line in back.values():
        yield from wrong_line(line, order, unshipped=body.get("unshipped", False))
    is_complete = all(
        pieces.returned + (back[number]["quantity"] if number in back else 0) == pieces.ordered
        for number, pieces in order.lines.items()
    )
    if body["is_complete"] != is_complete:
        yield f"it leaves {'nothing' if is_complete else 'something'} of the order"
    cancels = order.body.get("after_sales", {}).get("full_return_cancels", True)
    if body["is_cancellation"] != (is_complete and cancels):
        yield "its order's terms say otherwise about a cancellation"
    sums = sum(line["net_cents"] for line in body["lines"]), sum(map(left_of, body["lines"]))
    if (body["goods_cents"], body["net_cents"]) != sums:
        yield f"its lines sum up to {sums[0]} cents, {sums[1]} after discounts"
    yield from wrong_totals_back(body, order)
    yield from wrong_discounts(body, order)
    yield from wrong_gifts_back(body, order)


def wrong_line(line: Body, order: Fulfilled, *, unshipped: bool) -> Iterator[str]:
    number, quantity, before = line["number"], line["quantity"], line["returned_before"]
    pieces = order.lines.get(number)
    if pieces is None:
        yield f"line {number} was not ordered"
        return
    left = pieces.to_ship if unshipped else pieces.out
    if not 1 <= quantity <= left:
        yield f"{quantity} of line {number} came back, of {left} that could"
    if (before, line["ordered"]) != (pieces.returned, pieces.ordered):
        yield f"of line {number}, {pieces.returned} of {pieces.ordered} were back before"
    [ordered] = (one for one in order.body["lines"] if one["number"] == number)
    first = shares_of(ordered, pieces.returned)
    until = shares_of(ordered, pieces.returned + quantity)
    due = tuple(after - earlier for after, earlier in zip(until, first, strict=True))
    if due != tuple(line[name] for name in AMOUNTS):
        yield f"{quantity} of line {number} are worth {due} cents (net, voucher, reward, VAT)"


def shares_of(line: Body, pieces: int) -> tuple[int, int, int, int]:
    """Value of the first pieces of a line; discounts go by the value that they reduced."""
    net_cents, quantity = line["net_cents"], line["quantity"]
    voucher_cents, reward_cents = line.get("voucher_cents", 0), line.get("reward_cents", 0)
    net = share(net_cents, pieces, quantity)
    voucher = share(voucher_cents, net, net_cents)
    reward = share(reward_cents, net - voucher, net_cents - voucher_cents)
    return net, voucher, reward, share(line.get("tax_cents", 0), pieces, quantity)


def wrong_discounts(body: Body, order: Fulfilled) -> Iterator[str]:
    reward = order.body["reward"]
    due = (
        [voucher["hold_id"] for voucher in vouchers_of(order.body)],
        reward["hold_id"] if reward else None,
        reward["discount_cents"] if reward else 0,
        sum(line["reward_cents"] for one in order.returns for line in one["lines"]),
    )
    names = ("voucher_hold_ids", "reward_hold_id", "reward_discount_cents", "reward_cents_before")
    if due != tuple(body[name] for name in names):
        yield "it names other holds, or another discount, than its order"


def wrong_gifts_back(body: Body, order: Fulfilled) -> Iterator[str]:
    """Pieces go whose limit is not reached any more, and only those, if the terms say so."""
    back = {one["number"]: one["quantity"] for one in body["gifts"]}
    for number, quantity in back.items():
        left = order.gifts[number].ordered - order.gifts[number].returned if (
            number in order.gifts
        ) else 0  # fmt: skip
        if not 1 <= quantity <= left:
            yield f"{quantity} of gift {number} came back, of {left} that were left"
    if order.body.get("after_sales", {}).get("gifts_below_limit", "kept") == "kept":
        if back:
            yield "gifts came back that its order's terms leave"
        return
    limits = {gift["number"]: gift["limit_cents"] for gift in order.body.get("gifts", ())}
    kept = {
        number: one.ordered - one.returned - back.get(number, 0)
        for number, one in order.gifts.items()
    }
    mode, value = gifts.mode_of(order.body), kept_cents(body, order)

    def fit(more: int | None = None) -> bool:
        given = ((limits[number], kept[number] + (number == more)) for number in kept)
        return gifts.fits(mode, given, value)

    if not fit():
        yield f"gifts were left that {value} cents do not allow"
    elif any(fit(number) for number in back if number in kept):
        yield f"gifts came back that {value} cents allow"


def kept_cents(body: Body, order: Fulfilled) -> int:
    """The value that counts for gifts of what did not come back."""
    back: Counter[int] = Counter()
    for one in (*order.returns, body):
        for line in one["lines"]:
            back[line["number"]] += line["net_cents"]
    return sum(
        line["net_cents"] - back[line["number"]]
        for line in order.body["lines"]
        if gifts.counts(line)
    )
