"""Points that moved between users and the account that they share: each lot by name (BO-33)."""

from zugabe_verify.business.account_state import Account, empty, settle
from zugabe_verify.business.scope import Case, Scope
from zugabe_verify.business.without_orders import check_named
from zugabe_verify.records import Body, LoggedEvent

POLICY = "bonus.pools"
PAIRS = {"points-moved-in": "points-moved-out", "debt-moved-in": "debt-moved-out"}


def is_pool(stream: str) -> bool:
    """The account that the users of a customer share."""
    return "/pool:" in stream


class Moves:
    """Points that left one account came into another, once, and as many of them."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._out: dict[str, LoggedEvent] = {}
        self._in: dict[str, LoggedEvent] = {}

    def take(self, event: LoggedEvent) -> None:
        if event.name in PAIRS.values():
            self._match(event, self._in.pop(event.id, None), event)
        elif event.name in PAIRS and event.cause:
            self._match(self._out.pop(event.cause, None), event, event)

    def _match(self, out: LoggedEvent | None, came: LoggedEvent | None, event: LoggedEvent) -> None:
        """`event` is the one of the two that was found last."""
        if out is None:
            if event.cause in self._in:
                self._tell("move-wrong", event, "came in twice")
            self._in[str(event.cause)] = event
        elif came is None:
            self._out[event.id] = event
        elif PAIRS[came.name] != out.name or came.body["points"] != out.body["points"]:
            self._tell("move-wrong", came, f"are not the {out.body['points']} that left")

    def check(self) -> None:
        for event in self._in.values():
            self._tell("move-wrong", event, "came in, and had not left an account, or came twice")
        for event in self._out.values():
            if self._scope.consumed(POLICY, event):
                self._tell("move-missing", event, "left an account and came into no other")

    def _tell(self, kind: str, event: LoggedEvent, what: str) -> None:
        said = f"{event.body['points']} points of {event.name} {event.id} {what}"
        self._scope.findings.add(kind, "bonus", event.stream, said)


def take_move(event: LoggedEvent, account: Account, case: Case) -> None:
    body = event.body
    match event.name:
        case "points-moved-out":
            empty(body["lots"], account, case, "a move")
            check_named(body, case)
            account.passes_on = True
            account.away.update({lot["ordinal"]: lot["points"] for lot in body["lots"]})
            account.total -= body["points"]
        case "points-moved-in":
            come_in(body, account, case)
        case "debt-moved-out":
            if body["points"] > account.owed:
                what = f"{body['points']} owed points moved, of {account.owed}"
                case.tell("move-wrong", what)
            account.owed -= body["points"]
            account.total += body["points"]
        case "debt-moved-in":
            take_debt(body, account, case)
        case _:
            pass


def come_in(body: Body, account: Account, case: Case) -> None:
    lost = sum(lot["points"] for lot in body["lots"] if lot["ordinal"] <= account.left_behind)
    paying = {"points": body["points"] - lost, "settled": body["settled"], "order_id": "a move"}
    settle(paying, account, case)
    for lot in body["lots"]:
        account.lots[lot["ordinal"]] = account.lots.get(lot["ordinal"], 0) + lot["points"]
        if lot.get("active_until"):
            account.last_days[lot["ordinal"]] = lot["active_until"]
        account.away[lot["ordinal"]] -= lot["points"]
    named = sum(lot["points"] for lot in body["lots"]) + body["settled"]
    if named != body["points"]:
        what = f"{body['points']} points came in, and {named} are named by lot or settled"
        case.tell("move-wrong", what)
    account.total += body["points"]


def take_debt(body: Body, account: Account, case: Case) -> None:
    empty(body["lots"], account, case, "a debt that moved")
    let_off = body.get("let_off", 0)
    paid = sum(lot["points"] for lot in body["lots"]) + body["owed"] + let_off
    if paid != body["points"]:
        what = f"a debt of {body['points']} points came in, and {paid} are paid, owed or let off"
        case.tell("move-wrong", what)
    account.owed += body["owed"]
    account.total += let_off - body["points"]
