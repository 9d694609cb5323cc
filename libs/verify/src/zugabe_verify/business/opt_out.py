"""Users who left the programme: every point is forfeited by name, and none comes back (BO-46)."""

from zugabe_verify.business.account_state import Account, empty
from zugabe_verify.business.scope import Case
from zugabe_verify.records import Body, LoggedEvent


def take_opt_out(event: LoggedEvent, account: Account, case: Case) -> None:
    match event.name:
        case "points-forfeited":
            forfeit(event.body, account, case)
        case "programme-left":
            leave(event.body, account, case)
        case "programme-rejoined":
            rejoin(event.body, account, case)
        case _:
            pass


def forfeit(body: Body, account: Account, case: Case) -> None:
    empty(body["lots"], account, case, "the opt-out")
    for lot in body["waiting"]:
        if account.waiting.pop(lot["lot_id"], 0) != lot["points"]:
            case.tell("forfeit-wrong", f"points of {lot['lot_id']} were forfeited, others waited")
    named = sum(lot["points"] for lot in (*body["lots"], *body["waiting"]))
    if named != body["points"]:
        case.tell("forfeit-wrong", f"{body['points']} points were forfeited, and {named} named")
    account.total -= body["points"]


def leave(body: Body, account: Account, case: Case) -> None:
    """Nothing is left but holds of open checkouts, and nothing is owed."""
    left = sum(account.lots.values()) + sum(account.waiting.values())
    if left or body["let_off"] != account.owed:
        what = f"the user left, {left} points stayed and {account.owed} were owed"
        case.tell("forfeit-wrong", f"{what}, of which {body['let_off']} were let off")
    account.owed -= body["let_off"]
    account.total += body["let_off"]
    held = {hold["hold_id"] for hold in account.holds.values()}
    if held != {*body["holds"]}:
        case.tell("forfeit-wrong", f"the user left with the holds {sorted(held)}, others are named")
    account.voided |= held
    for order_id, accrued in account.accrued.items():
        if (away := account.away[accrued["ordinal"]]) > 0:
            account.companys[order_id] = away
    account.left_behind = max(account.lots, default=0)
    account.accrued.clear()
    account.redeemed.clear()
    account.absences.append((body["left_at"], None))


def rejoin(body: Body, account: Account, case: Case) -> None:
    if not account.absences or account.absences[-1][1] is not None:
        case.tell("rejoined-twice", "the user joined again without having left")
        return
    account.absences[-1] = (account.absences[-1][0], body["rejoined_at"])


def check_released(body: Body, account: Account, case: Case) -> None:
    """Points of a hold are forfeited exactly if the user has left since."""
    due = body["points"] if body["hold_id"] in account.voided else 0
    if body.get("forfeited", 0) != due:
        what = f"{body.get('forfeited', 0)} points of {body['hold_id']} were forfeited"
        case.tell("forfeit-wrong", f"{what}, and not {due}")
    account.voided.discard(body["hold_id"])
    account.total -= body.get("forfeited", 0)
