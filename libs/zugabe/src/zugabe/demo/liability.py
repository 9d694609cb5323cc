"""Points that the demo's dealer owed at the end of each month, and the cost of closing."""

from collections.abc import AsyncGenerator, Collection, Iterator
from datetime import date, timedelta

from zugabe.demo.client import Client
from zugabe.demo.world import VALID_FROM
from zugabe_events.domain.calendar import german_date
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.money import euros

LAST_DAY = date(1998, 7, 31)
"""A month after the last of the orders, when all their points are active."""


def month_ends(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if (day + timedelta(days=1)).day == 1:
            yield day


async def liability_lines(staff: Client, tokens: Collection[str]) -> AsyncGenerator[str]:
    """A German line a month, and a sentence."""
    for day in month_ends(date.fromisoformat(VALID_FROM), LAST_DAY):
        query = {"day": day.isoformat()}
        owed = (await staff.ask("GET", "bonus", "/liability", tokens=tokens, query=query)).body
        yield (
            f"{german_date(day)}: {thousands(owed['active_points']):>9} Punkte einlösbar,"
            f" {thousands(owed['pending_points']):>7} noch nicht, zusammen"
            f" {euros(owed['value_cents']):>12}"
        )
    query = {"day": LAST_DAY.isoformat()}
    yield (await staff.ask("GET", "bonus", "/liability/closing", query=query)).body["sentence"]
