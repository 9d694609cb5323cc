"""Requests and answers of clients, as a file of JSON Lines, against the log.

Each line is one request that ended, `at` the client's time (any JSON value, ignored):

    {"kind": "order", "dealer": "d", "order": "o-1", "attempt": "a-1", "status": 201,
     "body": {"order_number": "1000001", "goods_cents": 5000, "net_cents": 4500}, "at": …}
    {"kind": "cancel", "dealer": "d", "order": "o-1", "attempt": "a-2", "status": 204,
     "body": null, "at": …}
    {"kind": "return", "dealer": "d", "order": "o-1", "part": "r-1", "attempt": "a-3",
     "status": 201, "body": {"goods_cents": 500, "net_cents": 450}, "at": …}

`status` is the HTTP status, or null when no answer came; `body` is the answer's (null for none, and
for problems as you like). `attempt` names the wish: repeats of one request (one Idempotency-Key, or
the same body without one) bear the same `attempt`, other wishes for the same order another one.
Lines of other kinds are passed over.

200 or 201: the order, or its return `part`, is in the log, once, with these sums. A refusal (4xx),
with every other answer to its attempt a refusal too: not in the log through that attempt. Hence,
when all attempts for an order were refused: not in the log. No answer, or 5xx: either.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from zugabe_verify.findings import Findings
from zugabe_verify.progress import Progress
from zugabe_verify.records import LoggedEvent
from zugabe_verify.spill import Spill

SUMS = ("order_number", "goods_cents", "net_cents")
KINDS = {"order-placed": "order", "order-cancelled": "cancel", "order-returned": "return"}
GRANTED = (200, 201)


class Line(msgspec.Struct):
    kind: str
    dealer: str
    order: str
    attempt: str | int
    status: int | None
    body: Any = None
    at: Any = None
    part: str = ""


class Outcome(msgspec.Struct, array_like=True, frozen=True):
    """A line of the file, or (status 0) an event of checkout."""

    kind: str
    attempt: str
    status: int | None
    sums: dict[str, Any]


class History:
    def __init__(self, folder: Path, findings: Findings) -> None:
        self._outcomes = Spill(folder / "history", Outcome)
        self._findings = findings

    def take(self, event: LoggedEvent) -> None:
        if (kind := KINDS.get(event.name)) is not None:
            body = event.body
            outcome = Outcome(kind, "", 0, {name: body.get(name) for name in SUMS})
            part = str(body.get("return_id", ""))
            self._outcomes.put(key_of(str(body["dealer"]), str(body["order_id"]), part), outcome)

    def read(self, path: Path, progress: Progress) -> None:
        """A malformed line is a finding; the rest is read all the same."""
        decoder = msgspec.json.Decoder(Line)
        size, done = path.stat().st_size, 0
        with path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                done += len(raw)
                progress.step("history", done, size)
                try:
                    line = decoder.decode(raw)
                except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                    where = f"line {number}"
                    self._findings.add("client-line", "history", where, f"it is no line: {error}")
                    continue
                if line.kind not in KINDS.values():
                    continue
                body = line.body if isinstance(line.body, dict) else {}
                sums = {name: body[name] for name in SUMS if name in body}
                outcome = Outcome(line.kind, str(line.attempt), line.status, sums)
                self._outcomes.put(key_of(line.dealer, line.order, line.part), outcome)

    def check(self) -> None:
        for key, outcomes in self._outcomes.groups():
            of = {
                kind: [outcome for outcome in outcomes if outcome.kind == kind]
                for kind in KINDS.values()
            }
            self._check_order(key, of["order"])
            self._check_order(key, of["return"], "return")
            self._check_cancel(key, of["cancel"])

    def _check_order(self, key: str, outcomes: list[Outcome], what: str = "order") -> None:
        """Orders, or returns: each has sums that its client was told."""
        logged, answers = split(outcomes)
        granted = [outcome for outcome in answers if outcome.status in GRANTED]
        if granted and not logged:
            self._tell("client-order-missing", key, f"this {what} that a client has is nowhere")
        if len(logged) > 1:
            self._tell("client-order-doubled", key, f"the {what} is there {len(logged)} times")
        for outcome in granted:
            wrong = [
                f"{name} {json.dumps(value)} and not {json.dumps(logged[0].sums[name])}"
                for name, value in outcome.sums.items()
                if logged and logged[0].sums[name] != value
            ]
            if wrong:
                self._tell("client-order-differs", key, f"the client was told {', '.join(wrong)}")
        if logged and answers and all(refused(outcome) for outcome in answers):
            told = f"the client was refused with {answers[-1].status}, and the {what} is there"
            self._tell("client-order-refused", key, told)

    def _check_cancel(self, key: str, outcomes: list[Outcome]) -> None:
        logged, answers = split(outcomes)
        if not logged and any(outcome.status in (200, 204) for outcome in answers):
            self._tell(
                "client-order-missing", key, "the client was told of a cancellation that is nowhere"
            )
        if len(logged) > 1:
            self._tell("client-order-doubled", key, f"the order was cancelled {len(logged)} times")
        if logged and answers and all(refused(outcome) for outcome in answers):
            what = f"cancelling was refused with {answers[-1].status}, and it is cancelled"
            self._tell("client-order-refused", key, what)

    def _tell(self, kind: str, key: str, what: str) -> None:
        self._findings.add(kind, "checkout", f"order/{key}", what)


def key_of(dealer: str, order: str, part: str) -> str:
    """`part` is the id of a return, else ""."""
    return f"{dealer}/{order}/returns/{part}" if part else f"{dealer}/{order}"


def split(outcomes: list[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    logged = [outcome for outcome in outcomes if outcome.status == 0]
    return logged, [outcome for outcome in outcomes if outcome.status != 0]


def refused(outcome: Outcome) -> bool:
    return outcome.status is not None and 400 <= outcome.status < 500
