"""What buyers asked for and what they were told, one JSON object a line."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

PLACED = (200, 201)
LATER = 503

type Said = Literal["order", "cancellation"]


class History:
    """`attempt` counts the requests for one order; `key` tells repeats from other wishes.
    `status` is null where no answer came."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.orders: dict[tuple[str, str], set[int | None]] = {}
        """By dealer and order, all that was told."""
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
        attempt: int,
        key: str,
        status: int | None,
        body: Any,
    ) -> None:
        if kind == "order":
            self.orders.setdefault((dealer, order), set()).add(status)
        line = {
            "kind": kind,
            "dealer": dealer,
            "order": order,
            "attempt": attempt,
            "key": key,
            "status": status,
            "body": body,
            "at": datetime.now(UTC).isoformat(),
        }
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def counted(self) -> Counter[str]:
        """Orders by what came of them in the end, as far as their buyers know."""
        return Counter(fate(told) for told in self.orders.values())


def fate(told: set[int | None]) -> str:
    if told & set(PLACED):
        return "placed"
    return "unanswered" if told & {None, LATER} else "refused"
