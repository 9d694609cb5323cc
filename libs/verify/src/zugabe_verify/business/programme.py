"""A dealer's bonus programme: its versions, and the end of its run-off (BO-12)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from zugabe_verify.business.scope import MAX_TIMER_DELAY, Scope
from zugabe_verify.records import BERLIN, LoggedEvent, day_in_berlin


def check_programmes(scope: Scope) -> None:
    for dealer, events in scope.rules.programmes().items():
        where = f"programme/{dealer}"
        for what in (*wrong_versions(events), *wrong_course(events)):
            scope.findings.add("programme-wrong", "bonus", where, what)
        last = scope.rules.programme(dealer, max(event.body["version"] for event in events))
        if last.state == "run-off" and last.ended:
            last_day = date.fromisoformat(last.ended["run_off_until"])
            if end_of(last_day) + MAX_TIMER_DELAY < scope.now:
                what = f"its run-off ended with {last_day}"
                scope.findings.add("programme-not-closed", "bonus", where, what)


def wrong_versions(events: Sequence[LoggedEvent]) -> Iterator[str]:
    versions = [event.body["version"] for event in events]
    if versions != [*range(1, len(versions) + 1)]:
        yield f"its versions are not consecutive: {versions[:20]}"


def wrong_course(events: Sequence[LoggedEvent]) -> Iterator[str]:
    """It is deactivated, runs off, and is closed, after which nothing follows."""
    state = "draft"
    for event in events:
        if state == "closed":
            yield f"{event.name} after it was closed"
        match event.name:
            case "programme-activated":
                state = "active"
            case "programme-deactivated":
                state = "run-off"
                since, until = (
                    day_in_berlin(event.body["effective_at"]),
                    event.body["run_off_until"],
                )
                if until != f"{since.year + 1}-12-31":
                    yield f"deactivated on {since}, it runs off until {until}"
            case "programme-closed":
                if state != "run-off":
                    yield "closed although it was not in its run-off"
                state = "closed"
            case _:
                pass


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), BERLIN)
