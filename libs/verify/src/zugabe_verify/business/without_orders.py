"""Points that move without an order: expired, corrected by hand, or brought along (Q10, X-30)."""

from zugabe_verify.business.account_state import Account, empty, settle
from zugabe_verify.business.scope import Case
from zugabe_verify.records import Body, LoggedEvent, day_in_berlin

MAX_ALONE = 1_000
"""Points that one person may correct alone."""


def take_without_order(event: LoggedEvent, account: Account, case: Case) -> None:
    body = event.body
    match event.name:
        case "points-expired":
            expire(body, account, case)
        case "points-credited":
            credit(body, account, case)
        case "points-debited":
            empty(body["lots"], account, case, f"the correction {body['correction_id']}")
            check_named(body, case)
            account.owed += body.get("owed", 0)
            check_consent(body, body["correction_id"], body["debited_by"], account, case)
            account.total -= body["points"]
        case "correction-proposed":
            account.proposed[body["correction_id"]] = body
        case "correction-rejected":
            account.proposed.pop(body["correction_id"], None)
        case _:
            pass


def check_named(body: Body, case: Case) -> None:
    named = sum(lot["points"] for lot in body["lots"]) + body.get("owed", 0)
    if named != body["points"]:
        case.tell("points-wrong", f"{body['points']} points went, and {named} are named by lot")


def expire(body: Body, account: Account, case: Case) -> None:
    empty(body["lots"], account, case, "expiry")
    check_named(body, case)
    today = day_in_berlin(body["expired_at"]).isoformat()
    for lot in body["lots"]:
        last = account.last_days.get(lot["ordinal"])
        if last is None or last >= today:
            what = f"points of lot {lot['ordinal']} expired on {today}"
            case.tell("expired-early", f"{what}, and count until {last or 'ever'}")
    account.total -= body["points"]


def credit(body: Body, account: Account, case: Case) -> None:
    credit_id = body["credit_id"]
    if credit_id in account.credited:
        case.tell("credited-twice", f"{credit_id} was credited again")
    account.credited.add(credit_id)
    if body["origin"] == "correction":
        check_consent(body, credit_id, body["credited_by"], account, case)
    settle({**body, "order_id": credit_id}, account, case)
    account.lots[body["ordinal"]] = body["points"] - body["settled"]
    note_last_day(body, account)
    account.total += body["points"]


def check_consent(body: Body, correction_id: str, first: str, account: Account, case: Case) -> None:
    """Above the limit, somebody else agreed to what was proposed."""
    second, proposed = body["consented_by"], account.proposed.pop(correction_id, None)
    if not second:
        if body["points"] > MAX_ALONE:
            case.tell("correction-alone", f"{correction_id} moves {body['points']} points alone")
    elif second == first or proposed is None or abs(proposed["points"]) != body["points"]:
        case.tell("correction-alone", f"nobody else agreed to the correction {correction_id}")


def note_last_day(body: Body, account: Account) -> None:
    if body.get("active_until"):
        account.last_days[body["ordinal"]] = body["active_until"]
