"""Returns of lines of an order, as often as anything is left of it (X-3)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from msgspec import structs

from checkout.fulfilment.payback import paid_cents, totals_back
from checkout.fulfilment.refusals import (
    Excess,
    LineUnknownError,
    NothingShippedError,
    ReturnExceedsError,
    ReturnsByStaffError,
    ReturnsClosedError,
    UnshippedByStaffError,
    return_id_taken,
)
from checkout.fulfilment.shares import discounts_of_pieces, of_pieces
from checkout.fulfilment.state import Placed
from zugabe_events.contracts.checkout import (
    CancelReason,
    OrderReturned,
    ReturnedLine,
    Shipped,
    VoucherShare,
)
from zugabe_events.domain import gifts
from zugabe_events.domain.gifts import Gift


@dataclass(frozen=True, slots=True)
class Return:
    """Take back pieces by number of line. `note` is sealed with the user's key.

    `unshipped`: the dealer takes them back before they leave the warehouse.
    """

    return_id: str
    pieces: Mapping[int, int]
    reason: CancelReason
    note: str | None
    by_buyer: bool
    at: datetime
    unshipped: bool = False


def take_back(command: Return, order: Placed) -> Sequence[OrderReturned]:
    if before := order.returns.get(command.return_id):
        same = {line.number: line.quantity for line in before.lines}
        asked = (command.pieces, command.reason, command.unshipped)
        if asked != (same, before.reason, before.unshipped):
            raise return_id_taken()
        return []
    if command.by_buyer:
        refuse_buyer(command, order)
    refuse_excess(command, order)
    lines = tuple(
        returned_line(order, number, command.pieces[number])
        for number in order.lines
        if number in command.pieces
    )
    is_complete = all(
        line.pieces.left == command.pieces.get(number, 0) for number, line in order.lines.items()
    )
    if is_complete and not order.shipments and not order.returns:
        raise NothingShippedError
    return [
        OrderReturned(
            **order.head.fields,
            return_id=command.return_id,
            lines=lines,
            gifts=gifts_back(order, lines),
            goods_cents=sum(line.net_cents for line in lines),
            net_cents=sum(paid_cents(line) for line in lines),
            totals=totals_back(order, lines, is_complete=is_complete),
            reward_discount_cents=order.reward_discount_cents,
            reward_cents_before=sum(
                line.reward_cents for one in order.returns.values() for line in one.lines
            ),
            is_complete=is_complete,
            is_cancellation=is_complete and order.after_sales.full_return_cancels,
            reason=command.reason,
            placed_at=order.placed_at,
            returned_at=command.at,
            voucher_hold_ids=order.voucher_hold_ids,
            reward_hold_id=order.reward_hold_id,
            note=command.note,
            shipping_cents=order.shipping_cents if is_complete else 0,
            unshipped=command.unshipped,
            vouchers=vouchers_back(order, lines, is_complete=is_complete),
        )
    ]


def refuse_buyer(command: Return, order: Placed) -> None:
    if command.unshipped:
        raise UnshippedByStaffError
    if order.after_sales.return_days is None:
        raise ReturnsByStaffError
    if order.return_ends_at is not None and command.at >= order.return_ends_at:
        raise ReturnsClosedError(order.return_ends_at)


def refuse_excess(command: Return, order: Placed) -> None:
    excesses = []
    for number, asked in command.pieces.items():
        line = order.lines.get(number)
        if line is None:
            raise LineUnknownError(number)
        left = line.pieces.to_ship if command.unshipped else line.pieces.out
        if asked > left:
            excesses.append(Excess(number, asked, left))
    if excesses and not order.shipments and not command.unshipped:
        raise NothingShippedError
    if excesses:
        raise ReturnExceedsError(excesses)


def returned_line(order: Placed, number: int, quantity: int) -> ReturnedLine:
    line = order.lines[number]
    before, ordered = line.pieces.returned, line.pieces.ordered
    back = of_pieces(line.amounts, before, quantity, ordered)
    return ReturnedLine(
        number=number,
        quantity=quantity,
        ordered=ordered,
        returned_before=before,
        net_cents=back.net_cents,
        voucher_cents=back.voucher_cents,
        reward_cents=back.reward_cents,
        tax_cents=back.tax_cents,
    )


def vouchers_back(
    order: Placed, lines: Sequence[ReturnedLine], *, is_complete: bool
) -> tuple[VoucherShare, ...]:
    """Shipping that a voucher saved is saved until nothing of the order is left."""
    shares = [
        discounts_of_pieces(
            placed.net_cents,
            placed.voucher_shares,
            line.returned_before,
            line.quantity,
            line.ordered,
        )
        for line in lines
        if (placed := order.lines[line.number])
    ]
    return tuple(
        structs.replace(
            voucher,
            discount_cents=sum(of_line[index] for of_line in shares),
            shipping_cents=voucher.shipping_cents if is_complete else 0,
        )
        for index, voucher in enumerate(order.vouchers)
    )


def gifts_back(order: Placed, lines: Sequence[ReturnedLine]) -> tuple[Shipped, ...]:
    """Pieces of gifts for which the value of what is kept does not suffice any more."""
    terms = order.after_sales
    if terms.gifts_below_limit == "kept" or not order.gifts:
        return ()
    chosen = [
        gifts.Pieces(Gift(str(number), "", "", gift.limit_cents, date.min), gift.pieces.left)
        for number, gift in order.gifts.items()
    ]
    kept = {
        one.gift.gift: one.pieces
        for one in gifts.reduced(terms.gift_mode, chosen, kept_cents(order, lines))
    }
    back = [Shipped(int(one.gift.gift), one.pieces - kept.get(one.gift.gift, 0)) for one in chosen]
    return tuple(one for one in back if one.quantity)


def kept_cents(order: Placed, lines: Sequence[ReturnedLine]) -> int:
    """The value before discounts of what is kept, as far as it counts for gifts (Q18)."""
    back: dict[int, int] = defaultdict(int)
    for line in (*lines, *(line for one in order.returns.values() for line in one.lines)):
        back[line.number] += line.net_cents
    return sum(
        line.net_cents - back[number]
        for number, line in order.lines.items()
        if line.counts_for_gifts
    )
