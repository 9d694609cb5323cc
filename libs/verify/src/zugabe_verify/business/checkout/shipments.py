"""Shipments: nothing leaves that was not ordered, or was taken back before."""

from collections.abc import Iterator

from zugabe_verify.business.checkout.fulfilled import Fulfilled
from zugabe_verify.records import Body


def wrong_shipment(body: Body, order: Fulfilled) -> Iterator[str]:
    shipment, pieces = body["shipment_id"], order.pieces
    if shipment in order.shipments:
        yield f"shipment {shipment} left twice"
    asked = {one["number"]: one["quantity"] for one in body["lines"]}
    if len(asked) < len(body["lines"]):
        yield f"shipment {shipment} has a line twice"
    for number, quantity in asked.items():
        left = pieces[number].to_ship if number in pieces else 0
        if not 1 <= quantity <= left:
            yield f"shipment {shipment} has {quantity} of line {number}, of which {left} are left"
    is_complete = all(one.to_ship <= asked.get(number, 0) for number, one in pieces.items())
    if body["is_complete"] != is_complete:
        yield f"shipment {shipment} is {'the' if is_complete else 'not the'} last one"
    if not asked and not body["is_complete"]:
        yield f"shipment {shipment} is empty"
