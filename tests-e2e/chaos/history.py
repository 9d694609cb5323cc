"""Requests of buyers and the answers they got, one JSON object per line."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

PLACED = (200, 201)
SUBMITTED = 202
LATER = 503

type Said = Literal["order", "cancel", "return", "other"]
type Fate = Literal["placed", "submitted", "refused", "unanswered"]
FATES: tuple[Fate, ...] = ("placed", "submitted", "refused", "unanswered")


class History:
    """`attempt` is the idempotency key: the same for repeats, another for another wish. `status` is
    null where no answer came, `part` the id of a return."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fates: dict[tuple[str, str], Fate] = {}
        """By dealer and order, as far as its buyer knows."""
        self.counted: Counter[Fate] = Counter()
        """Orders by fate."""
        self.answered: Counter[tuple[Said, int]] = Counter()
        self._file = path.open("w")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()

    def note(
        self,
        kind: Said,
        dealer: str,
        order: str,
        attempt: str,
        status: int | None,
        body: Any,
        part: str = "",
    ) -> None:
        if status is not None:
            self.answered[kind, status] += 1
        before = self.fates.get((dealer, order))
        if kind == "order" and before != "placed" and (status in PLACED or before != "submitted"):
            if before:
                self.counted[before] -= 1
            self.fates[dealer, order] = now = fate(status)
            self.counted[now] += 1
        line = {
            "kind": kind,
            "dealer": dealer,
            "order": order,
            "attempt": attempt,
            "status": status,
            "body": body,
            "part": part,
            "at": datetime.now(UTC).isoformat(),
        }
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")


def fate(status: int | None) -> Fate:
    if status in PLACED:
        return "placed"
    if status == SUBMITTED:
        return "submitted"
    return "unanswered" if status in (None, LATER) else "refused"
