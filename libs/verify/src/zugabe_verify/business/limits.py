"""Limits that users share: never too many at any prefix, and each count belongs to a hold (N-2).

A budget is one of them, counted in cents (X-29)."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from zugabe_verify.business.scope import Scope
from zugabe_verify.records import Body, LoggedEvent
from zugabe_verify.spill import Spill

POLICY = "vouchers.limits"
LIMIT_FIELDS = {
    "campaign": "max_uses",
    "customer": "max_per_customer",
    "budget": "budget_cents",
}
COUNTED = {"use-counted", "budget-reserved"}
RETURNED = {"use-returned", "budget-returned"}
ENDS = {"voucher-released", "voucher-returned"}
IMPORTED = "shared-past-uses-imported"
RELEVANT = {*COUNTED, *RETURNED, *ENDS, "voucher-held", "voucher-use-lost"}


class Use(msgspec.Struct, array_like=True, frozen=True):
    """A step of one hold: it began, it ended, or one of its limits (`kind`) moved."""

    name: str
    stream: str
    kind: str
    limits: list[str]
    ended_heard: bool


@dataclass(slots=True)
class Count:
    """The current count of a shared limit, and its highest."""

    dealer: str
    campaign_id: str
    kind: str
    now: int = 0
    peak: int = 0
    peak_version: int = 0


def hold_key(body: Body) -> str:
    """The hold of an event; what is shared by all dealers has it as `{dealer}:{hold_id}`."""
    dealer, separator, hold_id = body["hold_id"].partition(":")
    return f"{dealer}/{hold_id}" if separator else f"{body['dealer']}/{body['hold_id']}"


class Limits:
    """Takes every use in the order of the log; one count per limit stays in memory."""

    def __init__(self, scope: Scope, folder: Path) -> None:
        self._scope = scope
        self._uses = Spill(folder / "uses", Use)
        self._counts: dict[str, Count] = {}

    def take(self, event: LoggedEvent) -> None:
        if event.name == IMPORTED:
            # No limit refuses what was used before, but it leaves less for what comes.
            self._count(event, event.body["limit"]).now += event.body["uses"]
        if event.name not in RELEVANT:
            return
        body, ended = event.body, self._scope.consumed(POLICY, event)
        is_budget = event.name.startswith("budget-")
        kind = "budget" if is_budget else body.get("limit", "")
        limits = [*body.get("limits", ()), *(["budget"] if body.get("from_budget") else [])]
        use = Use(event.name, event.stream, kind, limits, ended)
        self._uses.put(hold_key(body), use)
        if event.name in COUNTED or event.name in RETURNED:
            count = self._count(event, kind)
            units = body["discount_cents"] if is_budget else 1
            count.now += units if event.name in COUNTED else -units
            if count.now > count.peak:
                count.peak, count.peak_version = count.now, event.version

    def _count(self, event: LoggedEvent, kind: str) -> Count:
        fresh = Count(event.body["dealer"], event.body["campaign_id"], kind)
        return self._counts.setdefault(event.stream, fresh)

    def check(self) -> None:
        for stream, count in self._counts.items():
            versions = self._scope.rules.versions(count.dealer, count.campaign_id)
            limits = [terms.get(LIMIT_FIELDS[count.kind]) for terms in versions]
            known = [limit for limit in limits if limit is not None]
            most = None if None in limits else max(known, default=0)
            if most is not None and count.peak > most:
                units = "cents" if count.kind == "budget" else "uses"
                version = f"version {count.peak_version}"
                what = f"{version} counts {count.peak} {units}, and {most} are allowed"
                self._tell("limit-exceeded", stream, what)
        for hold, uses in self._uses.groups():
            self._check_hold(hold, uses)

    def _check_hold(self, hold: str, uses: list[Use]) -> None:
        holds = [use for use in uses if use.name == "voucher-held"]
        wanted = holds[0].limits if holds else []
        for kind in LIMIT_FIELDS:
            moves = [use for use in uses if use.kind == kind]
            counted = sum(use.name in COUNTED for use in moves)
            returned = sum(use.name in RETURNED for use in moves)
            ending = {*ENDS, "voucher-use-lost"} if kind == "budget" else ENDS
            ends = [use for use in uses if use.name in ending]
            where = moves[0].stream if moves else holds[0].stream if holds else hold
            if counted != (kind in wanted):
                times = f"{counted} times, and not {int(kind in wanted)}"
                what = f"the limit per {kind} counts hold {hold} {times}"
                self._tell("use-miscounted", where, what)
            elif returned > len(ends[:1]) * counted:
                what = f"the limit per {kind} was given back hold {hold} {returned} times"
                self._tell("use-miscounted", where, what)
            elif counted and not returned and any(end.ended_heard for end in ends):
                what = f"the limit per {kind} was not given back hold {hold}, which ended"
                self._tell("use-miscounted", where, what)

    def _tell(self, kind: str, where: str, what: str) -> None:
        self._scope.findings.add(kind, "vouchers", where, what)
