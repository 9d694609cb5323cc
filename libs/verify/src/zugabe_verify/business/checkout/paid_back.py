"""Amounts to pay back for a return: with all returns together they are the order's (X-3, X-20)."""

from collections.abc import Iterator

from zugabe_verify.business.checkout.fulfilled import Fulfilled
from zugabe_verify.business.checkout.rounding import (
    left_of,
    nets_of,
    summed,
    taxes_of,
    wrong_sums,
)
from zugabe_verify.business.checkout.totals import rate_of, shipping_of
from zugabe_verify.records import Body


def wrong_totals_back(body: Body, order: Fulfilled) -> Iterator[str]:
    totals, shipping = body["totals"], shipping_of(order.body)
    yield from wrong_sums(totals)
    cost = shipping["cost_cents"] if body["is_complete"] else 0
    if body.get("shipping_cents", 0) != cost:
        yield f"it pays back {body.get('shipping_cents', 0)} cents of shipping, and not {cost}"
    if totals["net_cents"] != body["net_cents"] + cost:
        yield f"its net is not {body['net_cents'] + cost} cents"
    if order.body.get("totals") is None:
        if totals["tax_cents"] or totals["taxes"]:
            yield "it pays back VAT that its order does not have"
        return
    rates = {line["number"]: rate_of(line) for line in order.body["lines"]}
    of_shipping = shipping["taxes"] if body["is_complete"] else ()
    lines = [(rates[line["number"]], line) for line in body["lines"] if line["number"] in rates]
    nets = [*((rate, left_of(line)) for rate, line in lines), *nets_of(of_shipping).items()]
    taxes = [*((rate, line["tax_cents"]) for rate, line in lines), *taxes_of(of_shipping).items()]
    said = nets_of(totals["taxes"]), taxes_of(totals["taxes"])
    if said != (summed(nets), summed(taxes)):
        yield f"by rate, its lines and shipping have {summed(nets)}, and VAT of {summed(taxes)}"
    if body["is_complete"]:
        yield from wrong_end(body, order)


def wrong_end(body: Body, order: Fulfilled) -> Iterator[str]:
    totals = order.body["totals"]
    returns = [*order.returns, body]
    every = [one for back in returns for one in back["totals"]["taxes"]]
    due = nets_of(totals["taxes"]), taxes_of(totals["taxes"])
    gross = sum(back["totals"]["gross_cents"] for back in returns)
    if (nets_of(every), taxes_of(every)) != due or gross != totals["gross_cents"]:
        yield f"all returns pay back {gross} cents of {totals['gross_cents']}, by rate or in sum"
