"""A bonus programme as staff set it up, and what its accounts add up to."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from stories.dealer import LONG_AGO, Dealer, Person

BONUS = "bonus"
BERLIN = ZoneInfo("Europe/Berlin")
COMPANY = "k-metall"
TERMS = {"points_per_euro": 2, "pending_days": 0, "starts_on": LONG_AGO, "needs_acceptance": False}
REWARD = {"title": "5 € Rabatt", "points": 100, "discount_cents": 500}
PROMOTION = {"title": "Dreifach", "factor": 3, "brands": ["Soennecken"]}


async def change(staff: Person, method: str, path: str, body: Any = None) -> None:
    """What staff may do to the programme, with the module that they were sold."""
    (await staff.insist(method, BONUS, path, body, tokens=staff.tokens)).of(204)


async def refused(staff: Person, method: str, path: str, code: str) -> Any:
    return (await staff.ask(method, BONUS, path, tokens=staff.tokens)).refused(code)


async def running(dealer: Dealer, **terms: Any) -> Person:
    """Somebody with the single right, and a programme with a reward, for one customer."""
    await dealer.order_module()
    staff = dealer.staff
    staff.saw(dealer.support)
    await change(staff, "PUT", "/programme", TERMS | terms)
    await change(staff, "PUT", "/programme/rewards/fuenf", REWARD)
    await change(staff, "POST", "/programme/activation")
    await change(staff, "PUT", f"/customers/{COMPANY}/programme")
    return staff


async def texts_of(user: Person) -> Any:
    path = f"/users/{user.name}/programme-texts"
    return (await user.ask("GET", BONUS, path)).of(200)


async def shown_to(user: Person) -> dict[str, Any]:
    """The texts as the user read them, to accept them."""
    texts = (await texts_of(user))["texts"]
    return {"texts": [{"kind": one["kind"], "version": one["version"]} for one in texts]}


async def accounts_of(staff: Person) -> dict[str, Any]:
    """By user, as the dealer sees them one by one."""
    page = (await staff.ask("GET", BONUS, "/accounts", limit="500")).of(200)
    return {one["user"]: one for one in page["items"]}


def today() -> date:
    return datetime.now(BERLIN).date()


def owed_on(day: date, accounts: Iterable[Any]) -> Counter[str]:
    """Added up lot by lot, for the end of a day from today on."""
    total: Counter[str] = Counter()
    for account in accounts:
        for lot in account["lots"]:
            is_active = date.fromisoformat(lot["active_from"]) <= day
            total["active_points" if is_active else "pending_points"] += lot["points"]
        total["held_points"] += account["points_held"]
        total["waiting_points"] += account["points_waiting"]
        total["owed_points"] += account["points_owed"]
    return +total


def told(liability: Any) -> Counter[str]:
    kinds = ("active_points", "pending_points", "held_points", "waiting_points", "owed_points")
    return +Counter({kind: liability[kind] for kind in kinds})
