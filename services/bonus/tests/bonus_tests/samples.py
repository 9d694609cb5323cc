"""Orders, programmes and commands as the tests need them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from bonus.account.hold import HoldReward
from bonus.account.order import BookOrder, EndAttempt
from bonus.account.refusals import Wish
from bonus.account.schedule import SchedulePoints
from bonus.account.undo import CancelOrder, ReturnLines
from bonus.customer.decider import Membership, Span
from bonus.programme.versions import ALWAYS, Active, Programme, Versions
from bonus.text.acceptance import Rules
from bonus.text.decider import Texts
from zugabe_events.contracts.bonus import (
    ProgrammeTerms,
    PromotionAdded,
    RewardAdded,
    RewardAttemptEnded,
)
from zugabe_events.contracts.checkout import (
    Earning,
    Moment,
    OfOrder,
    OrderCancelled,
    OrderLine,
    OrderPlaced,
    OrderReturned,
    ReturnedLine,
    RewardApplied,
    Totals,
)

EMPTY: Mapping[int, int] = {}
DEALER, CUSTOMER, USER = "d1", "c1", "u1"
MARCH_1 = datetime(2026, 3, 1, 11, tzinfo=UTC)
APRIL_1 = datetime(2026, 4, 1, 11, tzinfo=UTC)
TERMS = ProgrammeTerms(
    points_per_euro=1,
    point_value_cents=1,
    count_after_discounts=False,
    pending_days=14,
    excluded_groups=("Kleben & Versenden",),
    starts_on=date(2026, 1, 1),
)
TAKES_PART = Membership((Span(ALWAYS),))


def rules_of(programme: Programme) -> Rules:
    """Of a customer who takes part, where there is nothing to accept."""
    return Rules(Versions((programme,)), TAKES_PART, Texts())


FIVE_EUROS = RewardAdded(DEALER, 2, "five", "5 € Rabatt", points=50, discount_cents=500)


def promotion(
    promotion_id: str,
    factor: int,
    *,
    brands: tuple[str, ...] = (),
    product_groups: tuple[str, ...] = (),
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> PromotionAdded:
    return PromotionAdded(
        dealer=DEALER,
        version=3,
        promotion_id=promotion_id,
        title=f"{factor} x Punkte",
        factor=factor,
        brands=brands,
        product_groups=product_groups,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def programme(*promotions: PromotionAdded, terms: ProgrammeTerms = TERMS) -> Active:
    return Active(
        version=7,
        terms=terms,
        rewards={"five": FIVE_EUROS},
        promotions={one.promotion_id: one for one in promotions},
    )


def line(
    cents: int,
    number: int = 1,
    group: str = "Papier",
    brand: str = "Soennecken",
    quantity: int = 1,
) -> OrderLine:
    return OrderLine(
        number=number,
        article=f"a{number}",
        product_group=group,
        brand=brand,
        quantity=quantity,
        unit_cents=cents,
        net_cents=cents * quantity,
    )


def placed(
    order_id: str,
    *lines: OrderLine,
    reward: RewardApplied | None = None,
    at: datetime = MARCH_1,
    attempt: int = 1,
    points_on: Moment = "placed",
) -> OrderPlaced:
    goods = sum(one.net_cents for one in lines)
    return OrderPlaced(
        order_id=order_id,
        order_number=f"n-{order_id}",
        dealer=DEALER,
        customer=CUSTOMER,
        user=USER,
        attempt=attempt,
        lines=lines,
        goods_cents=goods,
        voucher=None,
        reward=reward,
        refused=(),
        net_cents=goods - (reward.discount_cents if reward else 0),
        explanation=(),
        placed_at=at,
        imported=False,
        earning=Earning(points_on=points_on),
    )


def rewarded(order_id: str, attempt: int = 1, points: int = 50) -> RewardApplied:
    return RewardApplied(
        hold_id=f"{order_id}/{attempt}",
        reward_id="five",
        title="5 € Rabatt",
        points=points,
        base_cents=10_000,
        discount_cents=500,
        shares=(500,),
        streams=(f"account/{DEALER}/{USER}",),
        explanation="",
    )


def booking(
    order: OrderPlaced, now: datetime = MARCH_1, rules: Programme | None = None
) -> BookOrder:
    return BookOrder(order, rules_of(rules or programme()), now)


def euros_ordered(order_id: str, euros: int, at: datetime = MARCH_1) -> BookOrder:
    return booking(placed(order_id, line(euros * 100), at=at))


def cancelled(order_id: str) -> CancelOrder:
    return CancelOrder(
        OrderCancelled(
            order_id=order_id,
            order_number=f"n-{order_id}",
            dealer=DEALER,
            customer=CUSTOMER,
            user=USER,
            placed_at=MARCH_1,
            cancelled_at=APRIL_1,
            reason="Widerruf",
            voucher_hold_id=None,
            reward_hold_id=None,
        )
    )


def share_of(total: int, line: OrderLine, before: int, quantity: int) -> int:
    """As checkout splits an amount: cumulative, rounded half up (X-3)."""

    def up_to(pieces: int) -> int:
        return (2 * total * pieces + line.quantity) // (2 * line.quantity)

    return up_to(before + quantity) - up_to(before)


def returned(
    order: OrderPlaced, return_id: str, pieces: Mapping[int, int], before: Mapping[int, int] = EMPTY
) -> ReturnLines:
    """`pieces` come back by line, after those `before`."""
    lines = [
        ReturnedLine(
            number=one.number,
            quantity=quantity,
            ordered=one.quantity,
            returned_before=before.get(one.number, 0),
            net_cents=share_of(one.net_cents, one, before.get(one.number, 0), quantity),
            voucher_cents=0,
            reward_cents=share_of(one.reward_cents, one, before.get(one.number, 0), quantity),
            tax_cents=0,
        )
        for one in order.lines
        if (quantity := pieces.get(one.number, 0))
    ]
    left = sum(
        one.quantity - before.get(one.number, 0) - pieces.get(one.number, 0) for one in order.lines
    )
    goods = sum(one.net_cents for one in lines)
    return ReturnLines(
        OrderReturned(
            order_id=order.order_id,
            order_number=order.order_number,
            dealer=order.dealer,
            customer=order.customer,
            user=order.user,
            return_id=return_id,
            lines=tuple(lines),
            gifts=(),
            goods_cents=goods,
            net_cents=goods - sum(one.reward_cents for one in lines),
            totals=Totals(0, 0, 0, ()),
            reward_discount_cents=order.reward.discount_cents if order.reward else 0,
            reward_cents_before=sum(
                share_of(one.reward_cents, one, 0, before.get(one.number, 0)) for one in order.lines
            ),
            is_complete=left == 0,
            is_cancellation=left == 0,
            reason="damaged",
            placed_at=order.placed_at,
            returned_at=APRIL_1,
            voucher_hold_ids=(),
            reward_hold_id=order.reward.hold_id if order.reward else None,
        )
    )


def reaching(order_id: str, moment: Moment, at: datetime = APRIL_1) -> SchedulePoints:
    order = OfOrder(order_id, f"n-{order_id}", DEALER, CUSTOMER, USER)
    return SchedulePoints(order, moment, at)


def holding(
    order_id: str,
    attempt: int = 1,
    *,
    nets: tuple[int, ...] = (10_000,),
    now: datetime = APRIL_1,
    deadline: datetime | None = None,
    rules: Programme | None = None,
    reward_id: str = "five",
) -> HoldReward:
    return HoldReward(
        order_id=order_id,
        attempt=attempt,
        dealer=DEALER,
        customer=CUSTOMER,
        user=USER,
        wish=Wish(reward_id, nets, now),
        deadline=deadline or now + timedelta(minutes=15),
        now=now,
        programme=rules or programme(),
        membership=TAKES_PART,
    )


def ending(
    order_id: str, attempt: int = 1, now: datetime = APRIL_1, deadline: datetime | None = None
) -> EndAttempt:
    until = deadline or APRIL_1 + timedelta(minutes=15)
    return EndAttempt(RewardAttemptEnded(order_id, attempt, DEALER, USER, until, now), "lapsed")
