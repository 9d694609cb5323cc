"""Customers that a dealer enabled, and what their users had to accept (BO-11, BO-29)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from zugabe_verify.records import Body, LoggedEvent, instant

CUSTOMERS = {"customer-enabled", "customer-disabled"}
MEMBERSHIP = {*CUSTOMERS, "programme-text-published"}
ALWAYS = datetime.min.replace(tzinfo=UTC)


class Memberships:
    """Events come in the order of each stream."""

    def __init__(self) -> None:
        self._customers: defaultdict[tuple[str, str], list[Body]] = defaultdict(list)
        self._material: defaultdict[str, list[datetime]] = defaultdict(list)

    def take(self, event: LoggedEvent) -> None:
        body = event.body
        if event.name in CUSTOMERS:
            self._customers[body["dealer"], body["customer"]].append(body)
        elif body["is_material"]:
            self._material[body["dealer"]].append(instant(body["published_at"]))

    def enabled_since(self, dealer: str, customer: str, at: datetime) -> datetime | None:
        """None if the customer does not take part at the instant."""
        since: datetime | None = None
        for body in self._customers[dealer, customer]:
            if "disabled_at" in body:
                since = None if instant(body["disabled_at"]) <= at else since
                continue
            begun = instant(body["enabled_at"]) if body.get("enabled_at") else ALWAYS
            since = begun if begun <= at else since
        return since

    def has_accepted(
        self, dealer: str, since: datetime, at: datetime, accepted: Sequence[str]
    ) -> bool:
        """Once since `since`, and since the last text that had to be accepted."""
        material = [published for published in self._material[dealer] if published <= at]
        return any(max([since, *material]) <= instant(one) <= at for one in accepted)


def instants_of(placed: LoggedEvent) -> list[datetime]:
    """The time from which an order counts: its placing; of history, about when it was told."""
    if not placed.body.get("imported"):
        return [instant(placed.body["placed_at"])]
    told = datetime.fromtimestamp(placed.seconds, UTC)
    return [told, told + timedelta(seconds=1)]
