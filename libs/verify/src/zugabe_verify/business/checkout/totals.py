"""Amount to pay of an order: VAT by rate, split over lines and shipping to the cent (X-20)."""

from collections.abc import Iterator

from zugabe_verify.business.checkout.rounding import (
    BASIS_POINTS,
    is_fair,
    left_of,
    nets_of,
    share,
    summed,
    taxes_of,
    wrong_sums,
)
from zugabe_verify.business.orders import vouchers_of
from zugabe_verify.records import Body

NO_SHIPPING: Body = {"cost_cents": 0, "usual_cents": 0, "free_because": None, "taxes": ()}


def wrong_totals(body: Body) -> Iterator[str]:
    """An order from before has none."""
    totals = body.get("totals")
    if totals is None:
        return
    shipping = shipping_of(body)
    discounts = [*vouchers_of(body), *([body["reward"]] if body["reward"] else [])]
    off = sum(discount["discount_cents"] for discount in discounts)
    due = body["goods_cents"] - off + shipping["cost_cents"]
    if totals["net_cents"] != due:
        yield f"goods, discounts and shipping leave {due} cents and not {totals['net_cents']}"
    yield from wrong_sums(totals)
    yield from wrong_rates(body, totals, shipping)
    yield from wrong_line_taxes(body, totals)
    yield from wrong_shipping(body, shipping)


def shipping_of(body: Body) -> Body:
    return body.get("shipping") or NO_SHIPPING


def rate_of(line: Body) -> int:
    rate: int = line.get("tax_rate", 0)
    return rate


def wrong_rates(body: Body, totals: Body, shipping: Body) -> Iterator[str]:
    """By rate, net is that of lines and shipping, and VAT is rounded once and shared by them."""
    lines, of_shipping = body["lines"], shipping["taxes"]
    nets = summed([
        *((rate_of(line), left_of(line)) for line in lines),
        *nets_of(of_shipping).items(),
    ])  # fmt: skip
    if nets_of(totals["taxes"]) != nets:
        yield f"by rate it taxes {nets_of(totals['taxes'])}, and lines and shipping have {nets}"
    for one in totals["taxes"]:
        tax = share(one["net_cents"], one["rate"], BASIS_POINTS)
        if one["tax_cents"] != tax:
            what = f"{one['rate']} basis points of {one['net_cents']} cents are {tax}"
            yield f"{what} and not {one['tax_cents']}"
    shares = summed([
        *((rate_of(line), line.get("tax_cents", 0)) for line in lines),
        *taxes_of(of_shipping).items(),
    ])  # fmt: skip
    if taxes_of(totals["taxes"]) != shares:
        yield f"the VAT of its lines and shipping sums up to {shares}"


def wrong_line_taxes(body: Body, totals: Body) -> Iterator[str]:
    by_rate = {one["rate"]: one for one in totals["taxes"]}
    for line in body["lines"]:
        of_rate = by_rate.get(rate_of(line), {"tax_cents": 0, "net_cents": 0})
        tax = line.get("tax_cents", 0)
        if not is_fair(tax, of_rate["tax_cents"], left_of(line), of_rate["net_cents"]):
            yield f"the VAT of line {line['number']} is not its share"


def wrong_shipping(body: Body, shipping: Body) -> Iterator[str]:
    """Its cost, and its split by the value of the goods, before discounts if nothing is left."""
    cost, why = shipping["cost_cents"], shipping["free_because"]
    if cost != (0 if why else shipping["usual_cents"]):
        yield f"shipping costs {cost} cents of {shipping['usual_cents']}, free because of {why}"
    if why == "voucher" and not any(one["free_shipping"] for one in vouchers_of(body)):
        yield "shipping is free by a voucher, and none says so"
    nets = nets_of(shipping["taxes"])
    if sum(nets.values()) != cost:
        yield f"shipping costs {cost} cents, and {sum(nets.values())} by rate"
    lines = body["lines"]
    values = summed((rate_of(line), left_of(line)) for line in lines) or summed(
        (rate_of(line), line["net_cents"]) for line in lines
    )
    whole = sum(values.values())
    if whole and any(
        not is_fair(nets.get(rate, 0), cost, values.get(rate, 0), whole)
        for rate in {*nets, *values}
    ):
        yield "shipping is not split by the value of the goods"
