"""Folded states as bytes and back; that of every decider is tried wherever `given` folds one."""

import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map
from kernel_tests.toy import Added

from zugabe_events.domain.decider import Decider
from zugabe_events.domain.event import Event
from zugabe_events.domain.expiring_map import ExpiringMap
from zugabe_events.eventstore.code_fingerprint import fingerprint, of_module
from zugabe_events.eventstore.state_codec import UnstorableError, from_bytes, to_bytes


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Leaf:
    name: str
    at: datetime | None = None
    double: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "double", self.name * 2)


@dataclass(frozen=True)
class Tree:
    """As states are made."""

    leaves: tuple[Leaf, ...] = ()
    by_name: Map[str, Any] = field(default_factory=Map)
    fading: ExpiringMap[int] = field(default_factory=ExpiringMap)
    event: Added | None = None
    rest: Any = None


NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
plain = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.dates()
    | st.times()
    | st.timedeltas()
    | st.datetimes(timezones=st.just(UTC))
    | st.uuids()
    | st.decimals(allow_nan=False)
    | st.just(Colour.RED)
    | st.builds(Leaf, st.text(), st.none() | st.just(NOON))
    | st.builds(Added, st.text(), st.integers(0, 10**9))
)
keys = st.text() | st.integers(0, 9) | st.dates() | st.tuples(st.dates(), st.integers(0, 9))
nested = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(keys, inner)
        | st.dictionaries(keys, inner).map(Map)
        | st.frozensets(keys)
        | st.builds(lambda rest: Tree(rest=rest), inner)
    ),
    max_leaves=20,
)


@given(nested)
def test_what_a_state_may_hold_comes_back_as_it_was(value: Any) -> None:
    again = from_bytes(to_bytes(value))
    assert again == value
    assert type(again) is type(value)
    assert to_bytes(again) == to_bytes(value)


def test_the_order_of_a_dict_stays_and_that_of_a_map_does_not_matter() -> None:
    assert list(from_bytes(to_bytes({"b": 1, "a": 2}))) == ["b", "a"]
    names = [f"n{number}" for number in range(50)]
    one, other = Map({name: 1 for name in names}), Map({name: 1 for name in reversed(names)})
    assert to_bytes(one) == to_bytes(other)


def test_the_bytes_are_the_same_in_every_process() -> None:
    program = (
        "from immutables import Map; from zugabe_events.eventstore.state_codec import to_bytes;"
        "print(to_bytes((Map({str(n): n for n in range(99)}), frozenset('abcdef'))).hex())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_a_state_of_many_parts_comes_back() -> None:
    fading: ExpiringMap[int] = ExpiringMap()
    tree = Tree(
        leaves=(Leaf("a", NOON), Leaf("b")),
        by_name=Map(
            {"a": (date(2026, 5, 4), time(12), timedelta(1), Decimal("1.10"), UUID(int=7))}
        ),
        fading=fading.put("k", 1, NOON, NOON),
        event=Added("n", 1),
    )
    assert from_bytes(to_bytes(tree)) == tree


def test_what_has_no_bytes_is_refused() -> None:
    for value in (object(), 2**70, Tree(rest=lambda: None)):
        with pytest.raises(UnstorableError):
            to_bytes(value)


def test_bytes_make_no_object_of_a_class_that_is_no_state() -> None:
    """Whoever can write to the database cannot run code here."""
    for name in ("subprocess:Popen", "builtins:eval", "no.such:Thing", "toy:Nothing"):
        with pytest.raises(LookupError):
            from_bytes(msgspec.msgpack.encode(["of", name, "true"]))


def evolve(state: int, event: Event) -> int:
    return state


def test_other_code_of_a_fold_has_another_fingerprint(tmp_path: Any, monkeypatch: Any) -> None:
    """Its own module, or one that this uses, however far away; and not what it does not use."""
    monkeypatch.syspath_prepend(tmp_path)
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("")
    sources = {
        "far": "LIMIT = 1\n",
        "near": "from shop.far import LIMIT\n",
        "fold": "from shop import near\nimport datetime\n",
        "other": "A = 1\n",
    }

    def look() -> str | None:
        for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
            del sys.modules[name]
        of_module.cache_clear()
        for name, source in sources.items():
            (package / f"{name}.py").write_text(source)
        __import__("shop.fold")
        __import__("shop.other")
        return of_module("shop.fold", "builtins")

    first = look()
    assert first is not None
    assert look() == first
    sources["other"] = "A = 22\n"
    assert look() == first
    for name in ("far", "near", "fold"):
        sources[name] += "# another one\n"
        changed = look()
        assert changed not in (None, first)
        first = changed
    mine: Decider[Any, int, Event] = Decider("mine", 0, lambda command, state: [], evolve)
    assert fingerprint(mine) is not None
