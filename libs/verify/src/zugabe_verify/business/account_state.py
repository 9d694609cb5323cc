"""A user's bonus account while its events are folded again."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from zugabe_verify.business.scope import Case
from zugabe_verify.records import Body, instant


@dataclass(slots=True)
class Account:
    """`lots` are points left by ordinal; what is booked goes by order; `total` is the balance.

    `waiting` are points that wait for their order; `undone` counts by kind and cause. `last_days`
    are those of lots that expire. `absences` are the times since a user left the programme, until
    they joined again; of `voided` holds nothing comes back. `proposed` are corrections.
    `accepted` is when the user accepted the programme's texts. `passes_on`: its points moved to the
    account that users share, and its debts do. `away` are points there by ordinal, `companys` those
    by order that users left there when they left the programme; lots up to `left_behind` are not
    theirs again.
    """

    lots: dict[int, int] = field(default_factory=dict)
    holds: dict[str, Body] = field(default_factory=dict)
    owed: int = 0
    total: int = 0
    waiting: dict[str, int] = field(default_factory=dict)
    accrued: dict[str, Body] = field(default_factory=dict)
    redeemed: dict[str, Body] = field(default_factory=dict)
    ever_held: dict[str, Body] = field(default_factory=dict)
    times: Counter[tuple[str, str]] = field(default_factory=Counter)
    undone: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    last_days: dict[int, str] = field(default_factory=dict)
    absences: list[tuple[str, str | None]] = field(default_factory=list)
    voided: set[str] = field(default_factory=set)
    proposed: dict[str, Body] = field(default_factory=dict)
    credited: set[str] = field(default_factory=set)
    passes_on: bool = False
    away: Counter[int] = field(default_factory=Counter)
    companys: dict[str, int] = field(default_factory=dict)
    left_behind: int = 0
    accepted: list[str] = field(default_factory=list)

    def was_left(self, placed_at: str) -> bool:
        """The user left the programme when or after the order was placed (BO-46)."""
        at = instant(placed_at)
        return any(back is None or at < instant(back) for _, back in self.absences)

    @property
    def stands_at(self) -> int:
        on_hold = sum(hold["points"] for hold in self.holds.values())
        waiting = sum(self.waiting.values())
        return int(sum(self.lots.values()) + on_hold + waiting - self.owed)


def settle(body: Body, account: Account, case: Case) -> None:
    """Points that come in pay a debt first."""
    due = min(account.owed, body["points"])
    if body["settled"] != due:
        what = f"{body['settled']} points of {body['order_id']} paid a debt of {account.owed}"
        case.tell("balance-wrong", f"{what}, and not {due}")
    account.owed -= body["settled"]


def fill(body: Body, account: Account, case: Case) -> None:
    for lot in body["lots"]:
        if lot["ordinal"] not in account.lots:
            case.tell(
                "lot-unknown",
                f"{body['hold_id']} gives points to lot {lot['ordinal']}, never earned",
            )
        account.lots[lot["ordinal"]] = account.lots.get(lot["ordinal"], 0) + lot["points"]


def empty(lots: Iterable[Body], account: Account, case: Case, why: str) -> None:
    for lot in lots:
        left = account.lots.get(lot["ordinal"])
        if left is None:
            case.tell("lot-unknown", f"{why} takes points from lot {lot['ordinal']}, never earned")
        elif left < lot["points"]:
            what = f"{why} takes {lot['points']} points from lot {lot['ordinal']}, which has {left}"
            case.tell("lot-overdrawn", what)
        account.lots[lot["ordinal"]] = (left or 0) - lot["points"]
