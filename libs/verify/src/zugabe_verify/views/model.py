"""A read model as the auditor computes it: the events of each document, and its fields."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zugabe_verify.records import Body, LoggedEvent, instant


@dataclass(frozen=True, slots=True)
class Model:
    """`key` answers None for an event that no document shows; `fold` gets those of one document.

    `fold` answers the fields that are compared, None before there is a document. Texts that only
    phrase other fields are left out.
    """

    name: str
    log: str
    key: Callable[[LoggedEvent], str | None]
    fold: Callable[[Sequence[LoggedEvent]], Body | None]

    @property
    def service(self) -> str:
        """Whose read model it is; the log may be another service's."""
        return self.name.partition(".")[0]


def same(expected: Any, stored: Any) -> bool:
    """MongoDB keeps milliseconds; fields that the auditor does not compute are not compared."""
    if expected == stored:
        return True
    if isinstance(stored, datetime) and isinstance(expected, str):
        return milliseconds(instant(expected)) == milliseconds(stored)
    if isinstance(expected, dict):
        return isinstance(stored, dict) and all(
            name in stored and same(value, stored[name]) for name, value in expected.items()
        )
    if isinstance(expected, list | tuple):
        return (
            isinstance(stored, list | tuple)
            and len(expected) == len(stored)
            and all(map(same, expected, stored))
        )
    return False


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000) // 1_000


def difference(expected: Body, stored: Body) -> str | None:
    """The fields in which a document differs from its events."""
    wrong = [name for name, value in expected.items() if not same(value, stored.get(name))]
    return ", ".join(wrong) or None


def picked(body: Body, *names: str) -> Body:
    return {name: body[name] for name in names}


def by_part(seen: Mapping[str, int]) -> dict[str, int]:
    """By `LOG:PART`; a log that went on under a new id, which stands between them, counts on."""
    highest: dict[str, int] = {}
    for place, pos in seen.items():
        log, _, part = place.split(":")
        highest[f"{log}:{part}"] = max(pos, highest.get(f"{log}:{part}", 0))
    return highest
