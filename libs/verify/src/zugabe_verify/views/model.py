"""A read model as the auditor works it out: which events a document shows, and what it says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zugabe_verify.told import Body, Told, instant


@dataclass(frozen=True, slots=True)
class Model:
    """`key` answers None for an event that no document shows; `fold` gets those of one document.

    `fold` answers the fields that are compared, None before there is a document. Texts that only
    phrase other fields are left out.
    """

    name: str
    log: str
    key: Callable[[Told], str | None]
    fold: Callable[[Sequence[Told]], Body | None]


def same(expected: Any, shown: Any) -> bool:
    """MongoDB keeps milliseconds; fields that we do not work out are not compared."""
    if isinstance(shown, datetime) and isinstance(expected, str):
        return milliseconds(instant(expected)) == milliseconds(shown)
    if isinstance(expected, Mapping):
        return isinstance(shown, Mapping) and all(
            name in shown and same(value, shown[name]) for name, value in expected.items()
        )
    if isinstance(expected, list | tuple):
        return (
            isinstance(shown, list | tuple)
            and len(expected) == len(shown)
            and all(map(same, expected, shown))
        )
    return bool(expected == shown)


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000) // 1_000


def difference(expected: Body, shown: Body) -> str | None:
    """The fields in which a document is not what its events make it."""
    wrong = [name for name, value in expected.items() if not same(value, shown.get(name))]
    return ", ".join(wrong) or None


def picked(body: Body, *names: str) -> Body:
    return {name: body[name] for name in names}
